"""The demonstration's drafts: one half filled in and shared with a colleague, one waiting for a second officer."""

from datetime import timedelta

from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Classification, Country
from agreements.drafting import actions
from agreements.drafting.actions.days import Days, OfParty
from agreements.register.choices import ActionKind, ClauseKind, InstrumentKind, Onward, Purpose
from agreements.register.models import Agreement, Clause
from portal.ui import demo

HALF, WAITING = "Arrangement on the Rhine Ferries", "Rhine Harbours Arrangement"
SOURCE = "Invented for the demonstration."


def register() -> None:
    demo.register(demo.Step("drafts", 35, load))


def load() -> int:
    """Begin the drafts that are not there yet; how many are new."""
    made = 0
    for name, begin in ((HALF, _half), (WAITING, _waiting)):
        if not Agreement.objects.filter(short_name=name).exists():
            begin(name)
            made += 1
    return made


def _officer(username: str) -> Appointment:
    return Appointment.objects.get(officer__username=username)


def _half(name: str) -> None:
    by = _officer("ch.treaty")
    draft = actions.start(by=by, short_name=name, kind=InstrumentKind.IMPLEMENTING_ARRANGEMENT)
    actions.save_name(
        agreement=draft,
        by=by,
        title="Arrangement on Controls aboard the Ferries of Lake Constance (invented)",
        invented=True,
        source=SOURCE,
    )
    actions.mark(agreement=draft, by=by, task="name", done=True)
    actions.add_party(agreement=draft, by=by, country=Country.objects.get(pk="AT"))
    actions.add_article(
        agreement=draft,
        by=by,
        article="Art. 1",
        kind=ClauseKind.JOINT_PATROL,
        summary="Both sides control passengers aboard, in mixed teams.",
    )
    actions.share(agreement=draft, by=by, officer=_officer("ch.treaty2"))
    partner = Agency.objects.get(acronym="AT Police")
    actions.share(agreement=draft, by=by, agency=partner, tasks=["contacts", "parties"])


def _waiting(name: str) -> None:
    by, today = _officer("ch.treaty"), timezone.localdate()
    signed, force = today - timedelta(days=20), today + timedelta(days=40)
    above = Clause.objects.get(agreement__short_name="Swiss-German Police Treaty 2022", article="Art. 21")
    draft = actions.start(by=by, short_name=name, kind=InstrumentKind.TECHNICAL_ARRANGEMENT, made_under=above)
    actions.save_name(
        agreement=draft,
        by=by,
        title="Technical Arrangement on Joint Patrols in the Harbours of Basel (invented)",
        invented=True,
        source=SOURCE,
    )
    actions.add_party(agreement=draft, by=by, country=Country.objects.get(pk="DE"))
    for acronym in ("BAZG", "BPOL"):
        actions.name_agency(agreement=draft, by=by, agency=Agency.objects.get(acronym=acronym), starts_on=force)
    bound = OfParty(bound_by=ActionKind.DEFINITIVE_SIGNATURE, bound_on=signed, bound_from=force)
    head = {"concluded_on": signed, "expires_on": None, "notice_months": 6, "time_zone": "Europe/Zurich"}
    actions.save_dates(agreement=draft, by=by, days=Days(head, force, {"CH": bound, "DE": bound}))
    article = actions.add_article(
        agreement=draft,
        by=by,
        article="§ 2",
        kind=ClauseKind.INFORMATION_SHARING,
        summary="What joint patrols in the harbours log is shared between the services that take part.",
    )
    actions.set_terms(
        clause=article,
        by=by,
        categories=["operational"],
        purposes=[Purpose.BORDER_OPERATION, Purpose.COORDINATION],
        ceiling=Classification.RESTRICTED,
        onward=Onward.CONSENT,
        retention_days=365,
    )
    actions.save_area(
        agreement=draft, by=by, territory="The harbours of Basel and Weil am Rhein, and the water between them."
    )
    for task in ("name", "parties", "dates", "area", "articles", "powers", "sharing", "contacts", "documents"):
        actions.mark(agreement=draft, by=by, task=task, done=True)
    actions.ask(agreement=draft, by=by, note="As agreed at Basel. Please look at § 2.")
