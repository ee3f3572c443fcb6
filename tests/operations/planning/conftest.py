"""An operation that a1 leads on Art. 7, to which b is invited."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agreements.register.choices import ActionKind, Purpose
from agreements.register.models import TreatyAction
from agreements.sharing.models import Record
from agreements.sharing.policy import access
from operations.planning.actions import invitations, operations, team
from operations.planning.models import Operation
from tests.conftest import Cast

SQUARE = {"type": "Polygon", "coordinates": [[[9.0, 47.6], [9.2, 47.6], [9.2, 47.7], [9.0, 47.7], [9.0, 47.6]]]}
INSTRUCTIONS = "Finish, return, report to the duty desk."


def sees(who: Appointment, row: Any) -> bool:
    record = row if isinstance(row, Record) else row.record
    return Record.objects.visible_to(access(who, timezone.now())).filter(pk=record.pk).exists()


def suspend(cast: Cast) -> None:
    """The treaty is suspended from yesterday on."""
    TreatyAction.objects.create(
        agreement=cast.art7.agreement,
        kind=ActionKind.SUSPENSION,
        done_on=date.today() - timedelta(days=1),
        effective_on=date.today() - timedelta(days=1),
        recorded_at=timezone.now(),
        recorded_by=cast.tara,
        recorded_for=cast.a1.country,
    )


@dataclass
class Desk:
    """Short ways to plan in the cast's world."""

    cast: Cast

    def plan(self, by: Appointment | None = None, **values: Any) -> Operation:
        now = timezone.now()
        defaults: dict[str, Any] = {
            "by": by or self.cast.xenia,
            "name": "Autumn",
            "objective": "Watch the lake.",
            "clauses": [self.cast.art7],
            "purpose": Purpose.BORDER_OPERATION,
            "host_state": self.cast.a1.country,
            "starts_at": now - timedelta(days=1),
            "ends_at": now + timedelta(days=30),
            "instructions": INSTRUCTIONS,
            "area": SQUARE,
        }
        return operations.plan_operation(**{**defaults, **values})

    def invite(self, operation: Operation, agency: Agency | None = None, by: Appointment | None = None) -> Any:
        return invitations.invite_agency(
            operation=operation, agency=agency or self.cast.b, clause=self.cast.art7, by=by or self.cast.xenia
        )

    def joined(self, **values: Any) -> Operation:
        """Planned, b invited and in, its liaison officer assigned."""
        row = self.plan(**values)
        self.invite(row)
        invitations.accept_invitation(operation=row, by=self.cast.yara)
        team.assign_officer(operation=row, appointment=self.cast.yann, by=self.cast.yara)
        return row


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)
