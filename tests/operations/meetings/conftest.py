"""Meetings that a1 calls and to which b is invited."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.register.choices import Purpose
from operations.meetings import actions
from operations.meetings.actions import Invitee
from operations.meetings.models import Meeting
from portal.outbox import due, messages
from portal.outbox.models import Message
from tests.conftest import Cast
from tests.operations.planning.conftest import desk

__all__ = ["desk"]  # a fixture, found here by pytest


def pass_time(until: Any) -> None:
    """What sweep and worker do at `until`: fire what is due, then handle every waiting message."""
    due.fire(until)
    # The clock of the test is ahead of that of the worker, which leaves alone what is not due yet.
    Message.objects.filter(done_at=None, due_at__gt=timezone.now()).update(due_at=timezone.now())
    work()


def work() -> None:
    for _ in range(20):
        waiting = list(Message.objects.filter(done_at=None, set_aside_at=None, attempts=0))
        if not waiting:
            return
        for message in waiting:
            messages.dispatch(message.pk)
    pytest.fail(f"Still waiting: {waiting}")


@dataclass
class Hall:
    """Short ways to call meetings in the cast's world."""

    cast: Cast

    @property
    def b(self) -> Invitee:
        return Invitee(self.cast.b, self.cast.art7, Purpose.COORDINATION)

    def call(self, by: Appointment | None = None, **values: Any) -> Meeting:
        now = timezone.now()
        defaults: dict[str, Any] = {
            "by": by or self.cast.xenia,
            "title": "Weekly coordination",
            "starts_at": now + timedelta(days=3),
            "ends_at": now + timedelta(days=3, hours=1),
            "place": "Bridge",
            "agenda": "Boats.",
        }
        return actions.call(**{**defaults, **values})

    def joint(self, **values: Any) -> Meeting:
        """b is invited, Yann has accepted for it."""
        row = self.call(invitees=[self.b], **values)
        actions.accept_invitation(meeting=row, by=self.cast.yann)
        return row


@pytest.fixture
def hall(cast: Cast) -> Hall:
    return Hall(cast)
