"""Duty chains of the demonstration's agencies: invented."""

from datetime import time

from agencies.chains import actions
from agencies.chains.choices import StepKind
from agencies.chains.week import Shift
from agencies.directory.models import Appointment
from agencies.directory.roles import Role
from portal.ui import demo

OFFICE = [Shift(day, time(7), time(19)) for day in (1, 2, 3, 4, 5)]
NIGHT = [*(Shift(day, time(19), time(7)) for day in (1, 2, 3, 4, 5)), *(Shift(d, time(7), time(7)) for d in (6, 7))]
ADMINS = ("ch.admin", "de.admin", "at.admin")


def load() -> int:
    """By day the desk and then a liaison officer, by night and at weekends the commander; how many steps are new."""
    made = 0
    for name in ADMINS:
        by = Appointment.objects.select_related("agency", "officer").filter(officer__username=name).first()
        if by is None or by.agency.duty_steps.exists():
            continue
        for values in (
            {"kind": StepKind.DESK, "wait": 10},
            {"kind": StepKind.ROLE, "role": Role.LIAISON_OFFICER, "wait": 15, "hours": OFFICE},
            {"kind": StepKind.ROLE, "role": Role.COMMANDER, "wait": 15, "hours": NIGHT},
        ):
            actions.add_step(agency=by.agency, by=by, **values)  # type: ignore[arg-type]
            made += 1
    return made


def register() -> None:
    demo.register(demo.Step("duty chains", 13, load))
