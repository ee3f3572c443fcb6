"""Meetings by when they are. Every reader starts with `visible_to`."""

from datetime import datetime
from typing import TYPE_CHECKING

from agreements.sharing.querysets import DetailQuerySet

if TYPE_CHECKING:
    from operations.meetings.models import Meeting  # noqa: F401


class MeetingQuerySet(DetailQuerySet["Meeting"]):
    kind = "meeting"

    def upcoming(self, at: datetime) -> "MeetingQuerySet":
        """Not over yet, the next first."""
        return self.filter(ends_at__gt=at).order_by("starts_at", "record_id")

    def past(self, at: datetime) -> "MeetingQuerySet":
        return self.filter(ends_at__lte=at).order_by("-starts_at", "-record_id")
