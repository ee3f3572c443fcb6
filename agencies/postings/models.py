"""Officers over time: postings at other agencies, and what was handed over when an appointment ended."""

from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Classification
from agencies.directory.roles import ROLE_CHOICES
from agencies.postings.choices import Outcome, PostingKind, PostingState
from agencies.postings.querysets import HandoverQuerySet, PostingQuerySet
from portal.keys import new_key


class Posting(models.Model):
    """An officer of one agency who serves at another from a first to a last day, counted where the host is.

    Proposed by an admin of the one, accepted by an admin of the other. A secondment is an appointment at the host; a
    liaison officer has no right there and is told by function, contact and accreditation alone.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    kind = models.CharField(max_length=12, choices=PostingKind)
    sender = models.ForeignKey(Agency, models.PROTECT, related_name="postings_out")
    host = models.ForeignKey(Agency, models.PROTECT, related_name="postings_in")
    home = models.ForeignKey(
        Appointment,
        models.PROTECT,
        null=True,
        related_name="postings",
        help_text="The officer's own post at the sender, named by the sender.",
    )
    function = models.CharField(max_length=120, help_text="What partners are shown instead of a name (R18).")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES, blank=True)
    clearance = models.PositiveSmallIntegerField(choices=Classification, null=True)
    starts_on = models.DateField(help_text="First day, where the host is.")
    ends_on = models.DateField(help_text="Last day, where the host is.")
    pauses_home = models.BooleanField(default=False, help_text="Whether the rights at the sender rest meanwhile.")
    contact = models.CharField(max_length=120, blank=True, help_text="How partners reach the liaison officer.")
    accreditation = models.CharField(max_length=120, blank=True)
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    proposed_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+", editable=False)
    by_host = models.BooleanField(default=False, editable=False, help_text="Whether the host proposed it.")
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+", editable=False)
    dropped_at = models.DateTimeField(null=True, editable=False)
    dropped_by = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+", editable=False)
    recalled_at = models.DateTimeField(null=True, editable=False)
    recalled_by = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+", editable=False)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was declined or recalled.")
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, null=True, related_name="posting", editable=False, help_text="At the host."
    )

    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="posting_ends_after_start"),
            models.CheckConstraint(condition=~Q(sender=F("host")), name="posting_leaves_home"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None, appointment=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, home__isnull=False),
                name="posting_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(kind="liaison", role="", clearance=None, appointment=None)
                | (Q(kind="secondment", clearance__isnull=False) & ~Q(role="")),
                name="posting_of_liaison_has_no_right",
            ),
            models.CheckConstraint(
                condition=Q(recalled_at=None) | Q(accepted_at__isnull=False), name="posting_recalled_once_accepted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function}, {self.sender.short} at {self.host.short}"

    def begins_at(self) -> datetime:
        return self._midnight(self.starts_on)

    def ends_at(self) -> datetime:
        """The instant after the last day, where the host is."""
        return self._midnight(self.ends_on + timedelta(days=1))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self.host.zone)

    @property
    def home_pause(self) -> list[datetime] | None:
        """From when until when the rights at the sender rest, as it stands beside them; None: they do not."""
        if not self.pauses_home or self.accepted_at is None:
            return None
        return [max(self.begins_at(), self.accepted_at), self.ends_at()]

    def state_at(self, at: datetime) -> PostingState:
        if self.recalled_at is not None and self.recalled_at <= at:
            return PostingState.RECALLED
        if self.dropped_at is not None:
            return PostingState.DECLINED
        if at >= self.ends_at():
            return PostingState.ENDED
        if self.accepted_at is None:
            return PostingState.PROPOSED
        return PostingState.ACTIVE if self.begins_at() <= at else PostingState.PLANNED

    @property
    def now(self) -> PostingState:
        return self.state_at(timezone.now())


class Handover(models.Model):
    """One officer's open items passed on, in one action, by the officer or by an admin of the agency."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="handovers")
    successor = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="taken_over")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+", editable=False)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"Handover of {self.appointment}"


class HandoverItem(models.Model):
    """What became of one open item. It holds a kind and a key, never a title: who may read it reads it in its room."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    handover = models.ForeignKey(Handover, models.CASCADE, related_name="items")
    duty = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["duty", "id"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "duty", "key"], name="handover_item_once"),
            models.CheckConstraint(condition=~Q(outcome="left") | ~Q(reason=""), name="handover_item_left_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.get_outcome_display()}"
