"""Who is on duty at an instant, step by step. Worked out when asked: nothing of it is stored (R13)."""

from dataclasses import dataclass, field
from datetime import datetime

from agencies.chains import week
from agencies.chains.choices import StepKind
from agencies.chains.models import DutyStep
from agencies.directory.models import Agency, Appointment, Succession
from agencies.directory.querysets import AppointmentQuerySet
from agencies.directory.roles import ROLES, Permission

# How long the desk of an agency without a chain has, in minutes.
USUAL_WAIT = 15


@dataclass(frozen=True)
class OnDuty:
    """A step that is on duty, with who is told by it: nobody, where nobody works there then."""

    position: int
    words: str
    wait: int
    people: list[Appointment] = field(default_factory=list)


def chain_of(agency: Agency, at: datetime) -> list[DutyStep]:
    """The steps of the agency, or of the one that stands for it by then (R30)."""
    heir = Succession.objects.successor_of(agency.pk, at)
    return list(DutyStep.objects.filter(agency=heir or agency).with_words())


def on_duty(agency: Agency, at: datetime) -> list[OnDuty]:
    """The steps that are on duty at `at`, in order. An agency without a chain has its duty desk, day and night."""
    steps = chain_of(agency, at)
    if not steps:
        return [OnDuty(1, "duty desk", USUAL_WAIT, desk_of(agency, at))]
    return [OnDuty(step.position, step.words, step.wait, _people(step, at)) for step in steps if is_on(step, at)]


def is_on(step: DutyStep, at: datetime) -> bool:
    """Whether its hours hold at `at`, on the agency's clock."""
    shifts = step.shifts
    return not shifts or week.covers(shifts, week.minute_of(at.astimezone(step.agency.zone)))


def desk_of(agency: Agency, at: datetime) -> list[Appointment]:
    """Who acts for the agency's duty desk: those whose role answers calls of danger to life."""
    roles = [role.value for role, sheet in ROLES.items() if Permission.DISTRESS_SEND in sheet.permissions]
    return _at_work(Appointment.objects.standing_for([agency], at).filter(role__in=roles), at)


def _people(step: DutyStep, at: datetime) -> list[Appointment]:
    if step.kind == StepKind.DESK:
        return desk_of(step.agency, at)
    if step.kind == StepKind.ROLE:
        return _at_work(Appointment.objects.standing_for([step.agency], at).filter(role=step.role), at)
    for post in (step.post, step.deputy):
        found = [] if post is None else holders_of(post, at)
        if found:
            return found
    return []


def holders_of(post: Appointment, at: datetime) -> list[Appointment]:
    """Who holds the post at `at`, or goes on from it (R30), and who stands in for it. Who is posted elsewhere, or
    deactivated, or ended, does not."""
    held = post.held_on(at)
    chain = (held or post).chain
    deputies = _at_work(Appointment.objects.filter(acts_for__in=chain), at)
    return [*([held] if held else []), *deputies]


def _at_work(rows: AppointmentQuerySet, at: datetime) -> list[Appointment]:
    found = rows.in_effect(at).select_related("officer", "agency__country").order_by("id")
    return [row for row in found if row.is_in_effect(at)]


def gaps_of(steps: list[DutyStep]) -> list[str]:
    """The hours of the week in which no step is on duty, in words; none where one is always."""
    if not steps or any(not step.shifts for step in steps):
        return []
    return [week.words(span) for span in week.gaps([shift for step in steps for shift in step.shifts])]
