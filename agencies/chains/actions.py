"""An admin of an agency keeps its duty chain: steps are added, changed, moved and taken out."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from agencies.chains import week
from agencies.chains.choices import StepKind
from agencies.chains.models import LONGEST_WAIT, DutyHours, DutyStep
from agencies.chains.week import Shift
from agencies.directory.actions import may_manage
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Role
from portal.audit import recording
from portal.ui.errors import Refused

MOST_STEPS, MOST_HOURS = 12, 42


def _need(agency: Agency, by: Appointment) -> None:
    if not may_manage(agency, by):
        raise Refused("Only an admin of the agency keeps its duty chain.", code="forbidden")
    # One after the other: places in the chain are counted.
    Agency.objects.select_for_update().get(pk=agency.pk)


@transaction.atomic
def add_step(
    *,
    agency: Agency,
    by: Appointment,
    kind: str,
    wait: int,
    role: str = "",
    post: Appointment | None = None,
    deputy: Appointment | None = None,
    hours: Sequence[Shift] = (),
) -> DutyStep:
    """Put a step at the end of the chain. `wait`: minutes until the next step is told. Without `hours`: always."""
    _need(agency, by)
    values = _checked(agency, kind=kind, wait=wait, role=role, post=post, deputy=deputy, hours=hours)
    if agency.duty_steps.count() >= MOST_STEPS:
        raise Refused(f"A duty chain has {MOST_STEPS} steps at most.", field="kind")
    last = agency.duty_steps.aggregate(last=Max("position"))["last"] or 0
    row = DutyStep.objects.create(agency=agency, position=last + 1, set_by=by, **values)
    _write_hours(row, hours)
    _note("duty_step.add", row, by)
    return row


@transaction.atomic
def change_step(*, step: DutyStep, by: Appointment, hours: Sequence[Shift], **values: Any) -> DutyStep:
    """Say anew whom a step tells, in which hours, and how long the next waits. `values` as `add_step` takes them."""
    _need(step.agency, by)
    checked = _checked(step.agency, hours=hours, **{"role": "", "post": None, "deputy": None, **values})
    row = DutyStep.objects.select_for_update(of=("self",)).select_related("agency").filter(pk=step.pk).first()
    if row is None:
        raise Refused("There is no such step any more.", code="not_found")
    for name, value in {**checked, "set_by": by, "set_at": timezone.now()}.items():
        setattr(row, name, value)
    row.save(update_fields=[*checked, "set_by", "set_at"])
    row.hours.all().delete()
    _write_hours(row, hours)
    _note("duty_step.change", row, by)
    return row


@transaction.atomic
def remove_step(*, step: DutyStep, by: Appointment) -> None:
    """Take a step out; those after it move up. What was told by it stays in the ledger."""
    _need(step.agency, by)
    row = DutyStep.objects.filter(pk=step.pk).first()
    if row is None:
        return
    _note("duty_step.remove", row, by)
    row.delete()
    DutyStep.objects.filter(agency=row.agency_id, position__gt=row.position).update(position=F("position") - 1)


@transaction.atomic
def move_step(*, step: DutyStep, by: Appointment, up: bool) -> DutyStep:
    """Let a step be told one earlier (`up`), or one later. At the end already: nothing changes."""
    _need(step.agency, by)
    row = DutyStep.objects.get(pk=step.pk)
    place = row.position + (-1 if up else 1)
    other = DutyStep.objects.filter(agency=row.agency_id, position=place).first()
    if other is not None:
        DutyStep.objects.filter(pk=other.pk).update(position=row.position)
        row.position = place
        row.save(update_fields=["position"])
        _note("duty_step.move", row, by)
    return row


def _checked(
    agency: Agency,
    *,
    kind: str,
    wait: int,
    role: str,
    post: Appointment | None,
    deputy: Appointment | None,
    hours: Sequence[Shift],
) -> dict[str, Any]:
    """What of it the kind asks for; all else is left out. Refused at the field to blame."""
    if kind not in StepKind.values:
        raise Refused("Say who is told.", field="kind")
    if not 1 <= wait <= LONGEST_WAIT:
        raise Refused("From one minute to one day.", field="wait")
    if kind == StepKind.ROLE and role not in set(Role):
        raise Refused("Say which role.", field="role")
    if kind == StepKind.POST:
        _check_posts(agency, post, deputy)
    if len(hours) > MOST_HOURS:
        raise Refused(f"At most {MOST_HOURS} spans of hours.", field="hours")
    if len({(shift.day, shift.starts) for shift in hours}) < len(hours):
        raise Refused("Two spans begin at the same time of the same day.", field="hours")
    return {
        "kind": kind,
        "wait": wait,
        "role": role if kind == StepKind.ROLE else "",
        "post": post if kind == StepKind.POST else None,
        "deputy": deputy if kind == StepKind.POST else None,
    }


def _check_posts(agency: Agency, post: Appointment | None, deputy: Appointment | None) -> None:
    if post is None:
        raise Refused("Say which post.", field="post")
    now = timezone.now()
    for row, field in ((post, "post"), (deputy, "deputy")):
        if row is None:
            continue
        if row.agency_id not in agency.stands_for(now):
            raise Refused("There is no such post at this agency.", field=field)
        if row.held_on(now) is None and not row.is_paused(now):
            raise Refused("Nobody holds this post today.", field=field)
    if deputy is not None and deputy.pk == post.pk:
        raise Refused("The deputy is another one.", field="deputy")


def _write_hours(row: DutyStep, hours: Sequence[Shift]) -> None:
    DutyHours.objects.bulk_create([DutyHours(step=row, day=one.day, starts=one.starts, ends=one.ends) for one in hours])


def _note(verb: str, row: DutyStep, by: Appointment) -> None:
    hours = [week.words(one.span) for one in row.shifts]
    data = {"agency": str(row.agency_id), "position": row.position, "kind": row.kind, "wait": row.wait, "hours": hours}
    named = {"role": row.role, "post": row.post_id and str(row.post_id), "deputy": row.deputy_id and str(row.deputy_id)}
    facts = {**data, **{name: value for name, value in named.items() if value}}
    recording.record(verb=verb, by=by, subject_kind="duty_step", subject_id=str(row.pk), data=facts)
