"""A meeting of a1 and b that was held an hour ago: Xenia called it, Yann came for b. Lars keeps its minutes."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.sharing.policy import access
from operations.meetings.models import Meeting
from operations.minutes.actions import agreeing, keeping, points
from operations.minutes.content import content_digest
from operations.minutes.models import ActionItem, Assent, Minutes, MinutesCopy, Point
from tests.operations.meetings.conftest import Hall, desk, hall, pass_time, work

__all__ = ["desk", "hall", "pass_time", "work"]  # fixtures and helpers, found here by pytest


@dataclass
class Secretary:
    """Short ways to keep minutes in the cast's world."""

    hall: Hall
    meeting: Meeting

    @property
    def cast(self) -> Any:
        return self.hall.cast

    def begin(self, by: Appointment | None = None, **values: Any) -> Minutes:
        return keeping.begin(meeting=self.meeting.record, by=by or self.cast.lars, **values)

    def item(self, row: Minutes, title: str = "Boats without lights", **values: Any) -> Point:
        return points.add_point(minutes=row, by=self.cast.lars, title=title, text="Seen twice.", **values)

    def decision(self, row: Minutes, text: str = "Both sides check boats at night.") -> Point:
        return points.add_point(minutes=row, by=self.cast.lars, under=self.item(row), text=text)

    def action(self, row: Minutes, **values: Any) -> ActionItem:
        decision = values.pop("decision", None) or self.decision(row)
        defaults: dict[str, Any] = {
            "text": "List the boats", "agency": self.cast.b, "due_on": self.day(7), "clause": None,
            "objective": "Quiet nights",
        }  # fmt: skip
        return points.add_action(decision=decision, by=self.cast.lars, **{**defaults, **values})

    def day(self, ahead: int) -> date:
        return timezone.localdate() + timedelta(days=ahead)

    def put(self, **values: Any) -> Minutes:
        """Minutes with one action item of b, put to the agencies."""
        row = self.begin()
        self.action(row, **values)
        return keeping.put_forward(minutes=self.again(row), by=self.cast.lars)

    def agree(self, row: Minutes, by: Appointment, **values: Any) -> Assent:
        row = self.again(row)
        return agreeing.agree(minutes=row, by=by, **{"seen": content_digest(row), **values})

    def again(self, row: Minutes) -> Minutes:
        return Minutes.objects.select_related("record__owner__country").get(pk=row.pk)

    def agreed(self, **values: Any) -> tuple[MinutesCopy, MinutesCopy]:
        """The copies of a1 and b."""
        row = self.put(**values)
        self.agree(row, self.cast.lars)
        self.agree(row, self.cast.yann)
        return self.copy(self.cast.a1), self.copy(self.cast.b)

    def copy(self, agency: Any) -> MinutesCopy:
        return MinutesCopy.objects.select_related("record__owner").get(record__owner=agency)

    def only(self, row: Minutes) -> ActionItem:
        return ActionItem.objects.with_words().get(minutes=row)

    def sees(self, who: Appointment, model: Any) -> list[Any]:
        return list(model.objects.visible_to(access(who, timezone.now())).values_list("pk", flat=True))


@pytest.fixture
def secretary(hall: Hall) -> Secretary:
    now = timezone.now()
    meeting = hall.joint(starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))
    return Secretary(hall, meeting)
