"""How an action item stands: its agency names an officer and reports, the chair closes it or takes it up again."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.alerts import concerned
from agreements.sharing.models import Record
from operations.minutes import alerting, lifecycle, reminders, rights, sittings
from operations.minutes.choices import ActionState
from operations.minutes.models import ActionItem, Report
from operations.planning.rights import require_role
from portal import second_lock
from portal.audit import recording
from portal.ui.errors import Refused

NOTE_LENGTH = 2000


@transaction.atomic
def name_officer(*, action: ActionItem, by: Appointment, officer: Appointment | None) -> ActionItem:
    """The agency that undertook it names who sees to it, or nobody any more. Others read the function alone (R18)."""
    item = _own(action, by)
    require_role(by, Permission.MEETING_CALL)
    lifecycle.require_action(item.state, "report")
    if officer is not None and officer.pk not in {row.pk for row in nameable(item, by)}:
        raise Refused("Name an officer of your agency who sees the minutes.", field="officer")
    if item.officer_id == (officer.pk if officer else None):
        return item
    _keep(item, officer=officer)
    _note("action.name", by, item, officer=str(officer.pk) if officer else None)
    if officer is not None:
        alerting.given(item, f"officer:{officer.pk}")
    return item


def nameable(item: ActionItem, by: Appointment) -> list[Appointment]:
    """Officers of the agency who may see the minutes now."""
    rows = concerned.viewers(item.minutes.record, [item.agency_id], timezone.now())
    return sorted(rows, key=lambda row: str(row.officer))


@transaction.atomic
def report(*, action: ActionItem, by: Appointment, note: str, done: bool = False) -> Report:
    """Say for the own agency how it stands, or that it is done. The note reaches the agency that keeps the minutes by
    the act itself, and nobody else (R5)."""
    item = _own(action, by)
    if not by.may(Permission.MEETING_CALL) and item.officer_id not in by.chain:
        raise Refused("The officer named for it reports, or one who calls meetings.", code="forbidden")
    lifecycle.require_action(item.state, "report")
    return _said(item, by, item.agency, note, ActionState.DONE if done else ActionState.OPEN, "action.report")


@transaction.atomic
def close(*, action: ActionItem, by: Appointment, note: str, state: str) -> Report:
    """The chair closes it: done, or dropped, with a note that all who read the minutes read."""
    item = _chaired(action, by)
    lifecycle.require_action(item.state, "close")
    if state not in (ActionState.DONE, ActionState.DROPPED):
        raise Refused("Close it as done or as dropped.", field="state")
    return _said(item, by, item.minutes.record.owner, note, ActionState(state), "action.close")


@transaction.atomic
def reopen(*, action: ActionItem, by: Appointment, note: str) -> Report:
    """The chair takes it up again: it was not done after all."""
    item = _chaired(action, by)
    lifecycle.require_action(item.state, "reopen")
    return _said(item, by, item.minutes.record.owner, note, ActionState.OPEN, "action.reopen")


def _own(action: ActionItem, by: Appointment) -> ActionItem:
    item = rights.locked_action(action, by)
    lifecycle.require(item.minutes.state, "act")
    if item.agency_id not in by.agencies:
        raise Refused(f"Only {item.agency.short} does this.", code="forbidden")
    return item


def _chaired(action: ActionItem, by: Appointment) -> ActionItem:
    item = rights.locked_action(action, by)
    lifecycle.require(item.minutes.state, "act")
    if not sittings.chairs(by, item.minutes.record.owner_id):
        raise Refused("Only the agency that called the meeting closes its action items.", code="forbidden")
    return item


def _said(item: ActionItem, by: Appointment, agency: Agency, note: str, state: ActionState, verb: str) -> Report:
    if not note.strip():
        raise Refused("Say how it stands." if state == ActionState.OPEN else "Say how or why.", field="note")
    if len(note) > NOTE_LENGTH:
        raise Refused(f"{NOTE_LENGTH} characters at most.", field="note")
    now = timezone.now()
    row = Report.objects.create(
        minutes=item.minutes, action=item, agency=agency, by=by, note=note.strip(), state=state, at=now
    )
    was = item.state
    if state != was:
        _keep(item, state=state, ended_at=None if state == ActionState.OPEN else now)
    _note(verb, by, item, report=str(row.pk), state=state)
    if item.state == ActionState.OPEN:
        if was != ActionState.OPEN:
            reminders.arm(item)
    else:
        reminders.disarm(item)
        alerting.settle_action(item)
    alerting.reported(row)
    return row


def _keep(item: ActionItem, **values: object) -> None:
    for name, value in values.items():
        setattr(item, name, value)
    item.save(update_fields=list(values))
    _moved(item)


@second_lock.opened("a partner's report moves the minutes that it is about")
def _moved(item: ActionItem) -> None:
    Record.objects.filter(pk=item.minutes_id).update(version=F("version") + 1)


def _note(verb: str, by: Appointment, item: ActionItem, **data: object) -> None:
    facts = {"action": str(item.pk), **data}
    recording.record(verb=verb, by=by, subject_kind="minutes", subject_id=str(item.minutes_id), data=facts)
