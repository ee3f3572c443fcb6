"""Minutes of a meeting: a record of the agency that called it, with items, decisions and action items."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, new_key, valid_time_zone
from agreements.register.models import Clause
from agreements.sharing.models import Record
from operations.minutes.choices import OVERDUE, ActionState, Level, State
from operations.minutes.querysets import ActionQuerySet, AssentQuerySet, MinutesQuerySet
from operations.sealing.models import SharedText


class Minutes(SharedText):
    """What was said and decided at a meeting. Title, marking and zone are its record's; the record's author is the
    secretary.

    `meeting` and `time`, the one of its times, are keys and no foreign keys: who reads the minutes need not see the
    meeting (R23). Times and place are those of the meeting when the minutes were begun, as they are agreed on.
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="minutes")
    meeting = models.UUIDField(db_index=True)
    time = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, default="en", help_text="In which they were written.")
    opening = models.TextField(blank=True, help_text="Who chaired, who was excused, what was noted at the start.")
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1, help_text="Counts changes since they were put to the agencies.")
    put_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdraw_reason = models.CharField(max_length=300, blank=True)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]
        verbose_name_plural = "minutes"
        constraints = [
            models.UniqueConstraint(
                fields=["time"], condition=~Q(state=State.WITHDRAWN.value), name="minutes_once_for_a_sitting"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="minutes_end_after_start"),
            models.CheckConstraint(
                condition=Q(state=State.AGREED.value, agreed_at__isnull=False)
                | (~Q(state=State.AGREED.value) & Q(agreed_at=None)),
                name="minutes_agreed_when",
            ),
            models.CheckConstraint(
                condition=Q(state=State.WITHDRAWN.value, withdrawn_at__isnull=False)
                | (~Q(state=State.WITHDRAWN.value) & Q(withdrawn_at=None, withdraw_reason="")),
                name="minutes_withdrawn_when",
            ),
        ]

    @property
    def said(self) -> AssentQuerySet:
        return self.approvals.all()


class Side(models.Model):
    """An agency that attended, and whose agreement the minutes need. The hosting one is among them."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="sides")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["agency__country_id", "agency__name"]
        constraints = [models.UniqueConstraint(fields=["minutes", "agency"], name="minutes_side_once")]

    def __str__(self) -> str:
        return self.agency.short


class Point(models.Model):
    """An item of the agenda with what was said, or a decision taken under one."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="points")
    level = models.CharField(max_length=10, choices=Level)
    under = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="decisions")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(level=Level.ITEM.value, under=None) & ~Q(title=""))
                | (Q(level=Level.DECISION.value, under__isnull=False, title="") & ~Q(text="")),
                name="minutes_decision_under_an_item",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:80]


class ActionItem(models.Model):
    """What an agency undertook to do by a day, for an article or for the operation's objective.

    `due_at` is the end of the day `due_on` by the clock of `zone`. Its officer is named by the owner agency itself.
    What the agencies agree on is the item, not how it stands.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="action_items")
    decision = models.ForeignKey(Point, models.CASCADE, related_name="action_items")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", help_text="That does it.")
    due_on = models.DateField(help_text="The last day.")
    zone = models.CharField(max_length=64, validators=[valid_time_zone])
    due_at = models.DateTimeField(help_text="The end of the last day.")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="+")
    objective = models.CharField(max_length=300, blank=True, help_text="Of the operation, in words.")
    officer = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=ActionState, default=ActionState.OPEN)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["due_at"], name="action_open", condition=Q(state=ActionState.OPEN.value))]
        constraints = [
            models.CheckConstraint(
                condition=Q(clause__isnull=False) | ~Q(objective=""), name="action_for_an_article_or_objective"
            ),
            models.CheckConstraint(
                condition=Q(state=ActionState.OPEN.value, ended_at=None)
                | (~Q(state=ActionState.OPEN.value) & Q(ended_at__isnull=False)),
                name="action_ended_when",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def record(self) -> Record:
        """The record that it hangs from: the minutes'."""
        return self.minutes.record

    def is_overdue(self, at: datetime) -> bool:
        return self.state == ActionState.OPEN and self.due_at <= at

    def stands(self, at: datetime) -> str:
        """Its state, or that it is overdue."""
        return OVERDUE if self.is_overdue(at) else self.state

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class Report(models.Model):
    """What was said about an action item and what became of it by that.

    An agency's report reaches the agency that keeps the minutes, and nobody else (R5); what the latter says of its
    own minutes is for all who read them.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="reports")
    action = models.ForeignKey(ActionItem, models.CASCADE, related_name="reports")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    note = models.TextField()
    state = models.CharField(max_length=10, choices=ActionState, help_text="Of the item from then on.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.agency.short}: {self.get_state_display()}"


def no_texts() -> dict[str, Any]:
    return {}


class Wording(models.Model):
    """The minutes in another language: `texts` by the key of each point and action item, and `title` and `opening`.

    All wordings are agreed on together.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=8)
    texts = models.JSONField(default=no_texts)
    written_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["minutes", "language"], name="minutes_wording_once")]

    def __str__(self) -> str:
        return self.language
