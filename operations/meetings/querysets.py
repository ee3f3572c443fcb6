"""Meetings by when they are. Every reader starts with `visible_to`."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from agreements.sharing.lanes import Door
from agreements.sharing.querysets import DetailQuerySet, Sight
from operations.meetings.choices import MeetingState

if TYPE_CHECKING:
    from operations.meetings.models import Meeting, MeetingTime  # noqa: F401


class MeetingQuerySet(DetailQuerySet["Meeting"]):
    kind = "meeting"

    def upcoming(self, at: datetime) -> "MeetingQuerySet":
        """Not over yet, the next first."""
        return self.filter(over_at__gt=at).order_by("starts_at", "record_id")

    def past(self, at: datetime) -> "MeetingQuerySet":
        return self.filter(over_at__lte=at).order_by("-starts_at", "-record_id")


class MeetingTimeQuerySet(models.QuerySet["MeetingTime"]):
    """Times of meetings, reached through the meetings that the reader may see."""

    def visible_to(self, access: Sight) -> "MeetingTimeQuerySet":
        rows = self.filter(Door(access, access.kinds & {MeetingQuerySet.kind}, "meeting_id"))
        return rows.select_related("meeting__record__owner__country", "meeting__record__operation")

    def upcoming(self, at: datetime) -> "MeetingTimeQuerySet":
        """Not over yet, the next first."""
        return self.filter(ends_at__gt=at).order_by("starts_at", "id")

    def past(self, at: datetime) -> "MeetingTimeQuerySet":
        return self.filter(ends_at__lte=at).order_by("-starts_at", "-id")

    def taking_place(self) -> "MeetingTimeQuerySet":
        """Neither cancelled alone nor with their meeting."""
        return self.filter(state=MeetingState.CALLED, meeting__state=MeetingState.CALLED)
