"""A patrol of a1 and b under way, led by a1, and a tablet of Anton's."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.outbox import due
from portal.outbox.models import Due
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from tests.operations.field.conftest import Device, Joint, desk, device_of, joint

__all__ = ["Device", "Joint", "desk", "device_of", "joint"]  # fixtures, found here by pytest

PLACE = {"latitude": 47.6, "longitude": 9.1}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    breaker.trip()
    yield
    breaker.reset()


def work() -> None:
    while sweep():
        pass


def later(minutes: float, kind: str = "safety.step") -> None:
    """So many minutes pass for what is armed: what is due by then comes about."""
    for row in Due.objects.filter(kind=kind, fired_at=None, cancelled_at=None):
        Due.objects.filter(pk=row.pk).update(fire_at=row.fire_at - timedelta(minutes=minutes))
    due.fire(timezone.now())
    work()


def missed(device: Device, patrol: Any) -> None:
    """A check-in that was due five minutes ago."""
    device.one(device.item("check_in", {"next_minutes": 5, **PLACE}, patrol=patrol.pk, ago=10))
    assert due.fire(timezone.now()) >= 1
    work()
