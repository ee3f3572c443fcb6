"""Lars of a1 sends; a1 and b are bound by Art. 7, a2 and c are not. The clock is moved by hand, the sweep run by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.alerts.models import Alert
from agreements.bulletins import actions
from agreements.bulletins.actions import Draft
from agreements.bulletins.choices import TargetKind
from agreements.bulletins.models import Bulletin, Receipt
from agreements.bulletins.scopes import Scope
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import Tlp
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from tests.conftest import Cast

PLAIN = Marking(categories=["operational"], classification=1, tlp=Tlp.AMBER.value)
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)


class Moved:
    """The portal's clock, which stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self, tz: Any = None) -> datetime:
        return self.at.astimezone(tz)

    def __getattr__(self, name: str) -> Any:
        return getattr(datetime, name)

    def on(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)


@contextmanager
def moved_clock(at: datetime = NOON) -> Iterator[Moved]:
    found = Moved(at)
    with patch.object(timezone, "datetime", found):
        yield found


@pytest.fixture
def clock() -> Iterator[Moved]:
    """Stands at noon (UTC) of a Wednesday."""
    with moved_clock() as found:
        yield found


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """No nudges: `settled` does what the worker would."""
    breaker.trip()
    yield
    breaker.reset()


def settle_all() -> None:
    while sweep():
        pass


@dataclass
class Room:
    """Short ways to send and to ask."""

    cast: Cast

    def desk(self, agency: Any) -> Scope:
        return Scope(TargetKind.DESK, agency)

    def draft(self, *scopes: Scope, **values: Any) -> Draft:
        base: dict[str, Any] = {
            "headline": "Stop the white van", "instruction": "Hold it at the bridge and call us.", "marking": PLAIN,
            "scopes": scopes or (self.desk(self.cast.b),), "severity": "Severe",
        }  # fmt: skip
        return Draft(**{**base, **values})

    def send(
        self, *scopes: Scope, by: Appointment | None = None, updates: Bulletin | None = None, **values: Any
    ) -> Bulletin:
        return actions.send(draft=self.draft(*scopes, **values), by=by or self.cast.lars, updates=updates)

    def asking(self, *scopes: Scope, minutes: int = 20, **values: Any) -> Bulletin:
        return self.send(*scopes, **{"acknowledging": "anyone", "minutes": minutes, **values})

    def told(self, kind: str = "bulletins.sent") -> list[str]:
        """Who has an alert of that kind, after everything that waits was handled."""
        settle_all()
        rows = Alert.objects.filter(kind=kind).select_related("appointment__officer")
        return sorted(row.appointment.officer.username for row in rows)

    def receipt(self, row: Bulletin, agency: Any) -> Receipt:
        return Receipt.objects.with_words().get(bulletin=row, agency=agency)


@pytest.fixture
def room(cast: Cast) -> Room:
    return Room(cast)


@pytest.fixture
def settled() -> Any:
    return settle_all
