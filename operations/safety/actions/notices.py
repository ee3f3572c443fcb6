"""What partners on the patrol are told of an alarm, and what they answer."""

from datetime import UTC

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.sharing.actions import records
from operations.field import kit
from operations.field.models import Signal
from operations.field.receiving import is_held
from operations.patrols import rights
from operations.patrols.models import Patrol
from operations.safety.choices import Cause
from operations.safety.models import Alarm, Answer, Notice
from portal.audit import recording
from portal.outbox import messages
from portal.ui.errors import Refused

KIND = "alarm"
NOTICED, ANSWERED = "safety.noticed", "safety.answered"
NO_PATROL = "It is of no patrol: nobody takes part in it."
ALONE = "No partner has a team on this patrol."
HELD = "No standing order of yours lets alarms go out in this operation, or no article does today: release it by hand."


def partners_of(patrol: Patrol, agency: Agency) -> list[Agency]:
    """The agencies with another team on the patrol."""
    teams = patrol.teams.exclude(agency=agency).select_related("agency__country")
    return list(dict.fromkeys(team.agency for team in teams))


def last_place(signal: Signal) -> Signal:
    """The newest signal of that team that tells a place; the signal itself where none does."""
    if signal.latitude is not None or signal.patrol is None:
        return signal
    rows = Signal.objects.filter(
        patrol=signal.patrol, sent_by__agency=signal.sent_by.agency_id, latitude__isnull=False, at__lte=signal.at
    )
    return rows.order_by("-at", "-pk").first() or signal


@transaction.atomic
def tell_partners(*, alarm: Alarm, by: Appointment, shown: bool = True) -> Notice:
    """Write the notice. With `shown` it goes out at once under the agency's standing order for the operation, if one
    covers alarms (R6); otherwise it is held for a tap.

    Raises Refused where there is no patrol, no partner on it, or `by` may not see it any more.
    """
    patrol = _patrol(alarm, by)
    if not partners_of(patrol, alarm.agency):
        raise Refused(ALONE, code="state")
    place = last_place(alarm.signal)
    position = None if place.latitude is None or place.longitude is None else (place.latitude, place.longitude)
    cause, own = Cause(alarm.cause), alarm.agency
    record = records.create(
        by=by,
        kind=KIND,
        title=f"{cause.label}: team of {own.short}, {alarm.since.astimezone(UTC):%H:%MZ}",
        marking=kit.usual_marking(by),
        occurred_at=min(alarm.since, timezone.now()),
        operation=patrol.record.operation,
        host=patrol.record,
        position=position,
        shown=shown,
    )
    notice = Notice.objects.create(record=record, alarm=alarm, cause=cause, since=alarm.since)
    if not is_held(record):
        messages.emit(kind=NOTICED, key=f"{NOTICED}:{record.pk}", payload={"notice": str(record.pk)})
    return notice


def _patrol(alarm: Alarm, by: Appointment) -> Patrol:
    row = Patrol.objects.select_related("record__operation").filter(pk=alarm.signal.patrol).first()
    if row is None:
        raise Refused(NO_PATROL, code="state")
    rights.require_sight(by, row.record, timezone.now())
    return row


@transaction.atomic
def answer(*, notice: Notice, by: Appointment, acts: bool, words: str = "") -> Answer:
    """As a partner's desk: whether it acts on it. It reaches whose notice it is, by the act itself (R5)."""
    row = Notice.objects.select_for_update(of=("self",)).select_related("record", "alarm").get(pk=notice.pk)
    rights.require_sight(by, row.record, timezone.now())
    rights.require_role(by, Permission.DISTRESS_SEND)
    if row.record.owner_id in by.agencies:
        raise Refused("It is your own: partners answer it.", code="state")
    if row.alarm.closed_at is not None:
        raise Refused("It is over.", code="state")
    if row.answers.filter(agency__in=by.agencies).exists():
        raise Refused("Your agency has answered it already.", code="state")
    found = Answer.objects.create(notice=row, agency=by.agency, by=by, acts=acts, words=words.strip())
    data = {"acts": acts, "owner": row.record.owner_id}
    recording.record(verb="alarm.answer", by=by, subject_kind=KIND, subject_id=row.pk, data=data)
    messages.emit(kind=ANSWERED, key=f"{ANSWERED}:{found.pk}", payload={"answer": str(found.pk)})
    return found
