"""A desk: the treaty of X and Y with terms, and the worker's part done at an instant of one's choice."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from agreements.alerts.models import Alert
from agreements.deadlines.reminders import DUE
from agreements.register import actions as register
from agreements.register.models import Agreement
from portal.outbox.models import Due
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from tests.conftest import Cast
from tests.doors.clock import DAY_0, Clock, clock


class Desk:
    def __init__(self, cast: Cast, moved: Clock) -> None:
        self.cast, self.moved = cast, moved

    @property
    def treaty(self) -> Agreement:
        return self.cast.art7.agreement

    def day(self, number: int) -> date:
        return DAY_0.date() + timedelta(days=number)

    def term(self, number: int | None, **values: Any) -> None:
        """The treaty's last day, so many days after the start."""
        last = None if number is None else self.day(number)
        Agreement.objects.filter(pk=self.treaty.pk).update(expires_on=last, **values)
        self.cast.art7.agreement.refresh_from_db()

    def work(self) -> None:
        while sweep():
            pass

    def go_to(self, instant: datetime) -> None:
        self.moved.days = (instant - DAY_0) / timedelta(days=1)
        self.work()

    def armed(self) -> list[tuple[str, int]]:
        rows = Due.objects.filter(key__startswith="deadline:", fired_at=None, cancelled_at=None)
        return sorted((row.payload["day"], row.payload["lead"]) for row in rows)

    def told(self) -> list[tuple[str, str]]:
        rows = Alert.objects.filter(kind=DUE).values_list("appointment__officer__username", "subject")
        return sorted(rows)

    def draft(self, **values: Any) -> Agreement:
        return register.register(
            by=self.cast.tara, title="Zebra draft in full", short_name="Zebra draft", kind="agreement",
            parties=[self.cast.a1.country, self.cast.b.country], draft=True, **values,
        )  # fmt: skip


@pytest.fixture
def desk(cast: Cast) -> Iterator[Desk]:
    breaker.trip()
    with clock(0.4) as moved:
        yield Desk(cast, moved)
    breaker.reset()
