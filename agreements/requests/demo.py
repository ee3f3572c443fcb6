"""The demonstration's access requests, both to Swiss customs: one waits for an answer, one was approved for a month."""

from datetime import timedelta

from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.register.choices import Purpose
from agreements.requests import actions, handling
from agreements.requests.models import AccessRequest, AskedRecord
from agreements.requests.reading import answers_to, bases_for
from agreements.sharing.models import Record
from portal.ui import demo

# Who asks for what, on the basis of an article of which arrangement, why, and who approved it.
SAMPLES = (
    (
        "at.liaison",
        "Boats without lights off Ermatingen",
        "Alpine Rhine",
        "Quoted by its number in the minutes of the lake meeting. The same boats may come to our shore next.",
        "",
    ),
    (
        "de.analyst",
        "Engine numbers of two boats at Mammern",
        "Upper Rhine",
        "A colleague of the lake post named it on the telephone. We hold an engine with its number filed off.",
        "ch.analyst",
    ),
)


def load() -> int:
    """Requests that are not there yet; how many are new."""
    return sum(_load(*sample) for sample in SAMPLES)


def _load(login: str, title: str, arrangement: str, reason: str, approved_by: str) -> int:
    record = Record.objects.filter(title=title, owner__acronym="BAZG").select_related("owner").first()
    by, owner = _officer(login), _officer(approved_by or "ch.analyst")
    if record is None or by is None or owner is None or AccessRequest.objects.filter(asked_by=by).exists():
        return 0
    bases = bases_for(by, timezone.now(), record.owner).get(record.owner_id, [])
    basis = next((row for row in bases if arrangement in row.agreement.title and "§" in row.article), None)
    row = actions.ask(
        agency=record.owner,
        reference=record.reference,
        purpose=basis.purposes[0] if basis else Purpose.LAW_ENFORCEMENT,
        clause=basis,
        reason=reason,
        by=by,
    )
    # At once, so that a visitor need not wait for the worker; its own message then finds it done.
    handling.asked({"request": str(row.pk)})
    if approved_by:
        _approve(AskedRecord.objects.with_words().get(request=row), owner)
    return 1


def _approve(asked: AskedRecord, by: Appointment) -> None:
    offer = answers_to(asked, by, timezone.now()).offers.fits[0]
    until = timezone.now() + timedelta(days=30)
    purpose = offer.clause.purposes[0]
    actions.approve(asked=asked, to=offer.to, clause=offer.clause, purpose=purpose, until=until, by=by)


def _officer(login: str) -> Appointment | None:
    rows = Appointment.objects.filter(officer__username=login, ended_at=None)
    return rows.select_related("agency__country", "officer", "unit").first()


def register() -> None:
    demo.register(demo.Step("access requests", 72, load))
