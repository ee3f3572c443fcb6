"""Whom an alarm is told to, step by step, until somebody of the own agency acts on it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.distress import actions as distress
from agreements.distress.choices import Nature
from operations.field.receiving import is_held
from operations.patrols import rights
from operations.patrols.models import Patrol
from operations.safety.actions import alarms, notices
from operations.safety.actions.timers import timer_for
from operations.safety.choices import Cause, Result, Step
from operations.safety.models import Alarm, Told
from portal.audit import recording
from portal.outbox import due, messages
from portal.ui.errors import Refused

NO_PLACE = "No place is known: telephone them."
NO_NUMBER = "Your agency keeps no call-back number of its duty desk."
NO_NEIGHBOUR = "No agency of another country has a team on the patrol."
MAY_NOT = "The officer's role sends no call of danger to life: the duty desk does it by hand."
ASKED, UNANSWERED = "The officer asks for it.", "No own answer within {minutes} minutes."


def plan(alarm: Alarm) -> list[tuple[Step, int]]:
    """The steps, each with the minutes after which it is taken while nobody acts."""
    timer = timer_for(alarm.signal.patrol, alarm.agency_id)
    if alarm.cause == Cause.MISSED:
        return [(Step.TEAM, 0), (Step.DESK, timer.desk_after), (Step.PARTNERS, timer.partners_after)]
    abroad = 0 if alarm.neighbours_asked else timer.neighbours_after
    return [(Step.DESK, 0), (Step.PARTNERS, abroad), (Step.NEIGHBOURS, abroad)]


def arm(alarm: Alarm) -> list[Step]:
    """Be woken for the steps that wait; the own steps to be taken at once. What goes abroad is a message of its own: if it
    fails, the own officers are alerted all the same."""
    now: list[Step] = []
    for step, minutes in plan(alarm):
        key, payload = f"{alarms.step_key(alarm)}{step.value}", {"alarm": str(alarm.pk), "step": step.value}
        if minutes:
            due.schedule(
                kind=alarms.STEP, key=key, fire_at=alarm.raised_at + timedelta(minutes=minutes), payload=payload
            )
        elif step in (Step.PARTNERS, Step.NEIGHBOURS):
            messages.emit(kind=alarms.STEP, key=key, payload=payload)
        else:
            now.append(step)
    return now


def note(
    alarm: Alarm, step: Step, result: Result, *, count: int = 0, why: str = "", by: Appointment | None = None
) -> Told:
    """Keep that the step was taken, once; taken again by hand, it says what came of that."""
    values = {"result": result, "count": count, "why": why[:300], "by": by, "at": timezone.now()}
    row, _ = Told.objects.update_or_create(alarm=alarm, step=step, defaults=values)
    data = {"step": step.value, "result": result.value, "count": count}
    recording.record(verb="alarm.tell", by=by, subject_kind="alarm", subject_id=alarm.pk, data=data)
    return row


def tell_partners(alarm: Alarm, by: Appointment | None = None) -> Told:
    """By itself in the name of who sent the signal, as a log goes out (R6); by hand, held for that officer's tap."""
    author = by or alarm.signal.sent_by
    try:
        if by is None and not author.is_in_effect(timezone.now()):
            raise Refused("The officer's appointment is over: release it by hand.", code="state")
        with transaction.atomic():
            notice = notices.tell_partners(alarm=alarm, by=author, shown=by is None)
    except Refused as refused:
        why = "The patrol is hidden: no article." if refused.code == "not_found" else refused.message
        return note(alarm, Step.PARTNERS, Result.NOBODY, why=why, by=by)
    if is_held(notice.record):
        return note(alarm, Step.PARTNERS, Result.HELD, why=notices.HELD, by=by)
    patrol = Patrol.objects.get(pk=alarm.signal.patrol)
    return note(alarm, Step.PARTNERS, Result.TOLD, count=len(notices.partners_of(patrol, alarm.agency)), by=by)


def neighbours_of(alarm: Alarm) -> list[Agency]:
    """The agencies of other countries with a team on the patrol: those who know where the team is."""
    patrol = Patrol.objects.filter(pk=alarm.signal.patrol).first()
    found = notices.partners_of(patrol, alarm.agency) if patrol else []
    return [agency for agency in found if agency.country_id != alarm.agency.country_id and agency.acts_now]


def call_neighbours(alarm: Alarm, by: Appointment | None = None) -> Told:
    """Danger to life: nature, place and a call-back number for one hour, without an article, reviewed later (R24)."""
    sender, place = by or alarm.signal.sent_by, notices.last_place(alarm.signal)
    agencies, number = neighbours_of(alarm), alarm.agency.desk_phone
    gaps = {
        MAY_NOT: sender.may(Permission.DISTRESS_SEND) and sender.is_in_effect(timezone.now()),
        NO_PLACE: place.latitude is not None,
        NO_NUMBER: bool(number),
        NO_NEIGHBOUR: bool(agencies),
    }
    gap = next((why for why, met in gaps.items() if not met), "")
    if gap or place.latitude is None or place.longitude is None:
        return note(alarm, Step.NEIGHBOURS, Result.NOBODY, why=gap, by=by)
    minutes = timer_for(alarm.signal.patrol, alarm.agency_id).neighbours_after
    why = ASKED if alarm.neighbours_asked else UNANSWERED.format(minutes=minutes)
    try:
        with transaction.atomic():
            call = distress.send(
                nature=Nature.OFFICER,
                position=(place.latitude, place.longitude),
                call_back=number,
                reason=f"{Cause(alarm.cause).label} in the field. {'Sent by hand.' if by else why}",
                agencies=agencies,
                by=sender,
            )
    except Refused as refused:
        return note(alarm, Step.NEIGHBOURS, Result.NOBODY, why=refused.message, by=by)
    alarm.call = call
    alarm.save(update_fields=["call"])
    return note(alarm, Step.NEIGHBOURS, Result.TOLD, count=len(agencies), by=by)


@transaction.atomic
def further(*, alarm: Alarm, step: str, by: Appointment) -> Alarm:
    """An officer of the own agency does not wait: partners or neighbours now. Raises Refused with what is missing."""
    row = alarms.locked(alarm.pk)
    if row is None or row.agency_id not in by.agencies:
        raise Refused("There is no such alarm.", code="not_found")
    rights.require_role(by, Permission.PATROL_RUN)
    if row.closed_at is not None:
        raise Refused("It is closed already.", code="state")
    if step == Step.PARTNERS:
        if hasattr(row, "notice"):
            raise Refused("Its notice is written already: release it there.", code="state")
        told = tell_partners(row, by)
    else:
        if row.call is not None:
            raise Refused("Neighbours are called already.", code="state")
        told = call_neighbours(row, by)
    if told.result == Result.NOBODY:
        raise Refused(told.why, code="state")
    return row
