"""Recall (R16): whoever opened a record abroad is told when it is withdrawn, reclassified or corrected.

Who is told is settled by the act itself, with keys only: what one saw before it and not after it cannot be asked
later. That those told need not see the record any more is one of the exceptions of R17; nobody else learns anything.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.register.models import Designation
from agreements.sharing.causes import RECALLED
from agreements.sharing.choices import AudienceKind, Recalled
from agreements.sharing.models import Opening, Participation, Record, Release
from agreements.sharing.policy import access
from agreements.sharing.policy.access import treaties_of
from portal import second_lock
from portal.audit import recording
from portal.outbox import messages

Keys = frozenset[uuid.UUID]
# Asked of the policy, officer by officer, and along what was passed on.
RECALLED_FROM = "whom a recall concerns"


def openings_of(record: Record) -> list[Opening]:
    """Who of other agencies opened it, and when last."""
    rows = record.openings.exclude(appointment__agency=record.owner_id)
    return list(rows.select_related("appointment__officer", "appointment__agency__country").order_by("pk"))


@second_lock.opened(RECALLED_FROM)
def seeing(record: Record) -> Keys:
    """The appointments among those that opened it which see it now: one query where nobody did."""
    now, by_agency = timezone.now(), defaultdict(list)
    for row in openings_of(record):
        by_agency[row.appointment.agency_id].append(row.appointment)
    rows = Record.objects.filter(pk=record.pk)
    return frozenset(
        who.pk
        for agency, people in by_agency.items()
        for treaties in [treaties_of(people[0].stands_for(now))]
        for who in people
        if rows.visible_to(access(who, now, treaties)).exists()
    )


def withdrawn(*, record: Record, by: Appointment) -> int:
    """The record as a whole was taken back: whoever opened it is told. How many are."""
    return _tell(record, Recalled.WITHDRAWN, openings_of(record), by, f"{record.pk}:{record.version}")


def release_ended(*, release: Release, before: Keys, by: Appointment) -> int:
    """A release was taken back by its giver or the originator; `before`: who saw the record until then.

    Told are those who lose it by that, and those for whom the release was meant while it was closed to them anyway.
    Whoever goes on seeing it by another release learns nothing, nor does a receiver of another release (R18).
    """
    record = release.content_object
    if not by.agencies & {release.provider_id, record.owner_id}:
        return 0  # Who leaves by itself is not told to.
    rows = openings_of(record)
    if not rows:
        return 0
    after, meant = seeing(record), _meant_for(release, [row.appointment for row in rows])
    told = [row for row in rows if row.appointment_id in (before | meant) - after]
    return _tell(record, Recalled.WITHDRAWN, told, by, str(release.pk))


def reclassified(*, record: Record, before: Keys, by: Appointment) -> int:
    """It was marked anew; `before`: who saw it until then. Those who do not any more are told."""
    lost = before - seeing(record) if before else frozenset()
    told = [row for row in openings_of(record) if row.appointment_id in lost] if lost else []
    return _tell(record, Recalled.RECLASSIFIED, told, by, f"{record.pk}:{record.version}")


def corrected(*, record: Record, by: Appointment, besides: Collection[Appointment] = ()) -> int:
    """Its content was changed: whoever opened it before is told, sight or none; not those told otherwise (`besides`)."""
    others = {who.pk for who in besides}
    told = [row for row in openings_of(record) if row.appointment_id not in others]
    return _tell(record, Recalled.CORRECTED, told, by, f"{record.pk}:{record.version}")


@second_lock.opened(RECALLED_FROM)
def _meant_for(release: Release, people: Iterable[Appointment]) -> Keys:
    """Those for whom it was meant, whether or not its article held: also those to whom its receivers passed it on."""
    found: set[uuid.UUID] = set()
    steps = [release]
    while steps:
        step = steps.pop()
        agencies = _agencies_of(step) - {step.provider_id}
        named = step.audience.appointment_id
        found |= {who.pk for who in people if (who.pk == named if named else who.agency_id in agencies)}
        steps += Release.objects.standing().filter(via=step).select_related("audience", "clause")
    return frozenset(found)


def _agencies_of(release: Release) -> set[uuid.UUID]:
    audience = release.audience
    if audience.agency_id is not None:
        return {audience.agency_id}
    if audience.kind == AudienceKind.CIRCLE:
        rows = Participation.objects.filter(circle=audience.circle_id, accepted_at__isnull=False)
        return set(rows.values_list("agency", flat=True))
    assert release.clause is not None
    named = Designation.objects.filter(agreement=release.clause.agreement_id)
    if audience.country_id is not None:
        named = named.filter(country=audience.country_id)
    return set(named.values_list("agency", flat=True))


def _tell(record: Record, what: Recalled, told: list[Opening], by: Appointment, key: str) -> int:
    """Queue the alert and note it in the record's story: with keys and instants, never content."""
    if not told:
        return 0
    key = f"{key}:{what}"
    payload = {
        "record": str(record.pk),
        "what": what.value,
        "key": key,
        "at": timezone.now().isoformat(),
        "opened": {str(row.appointment_id): row.last_at.isoformat() for row in told},
    }
    messages.emit(kind=RECALLED, key=f"{RECALLED}:{key}", payload=payload)
    agencies = sorted({str(row.appointment.agency_id) for row in told})
    recording.record(
        verb="record.recall",
        by=by,
        subject_kind=record.kind,
        subject_id=str(record.pk),
        data={"what": what.value, "agencies": agencies},
    )
    return len(told)
