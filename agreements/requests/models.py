"""What an officer asks for by a reference, and the owner's records that it is of: two tables, for the first must be
the same whether there are any of the second (R17)."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.functional import cached_property

from agencies.directory.models import Agency, Appointment, new_key
from agreements.register.choices import Purpose
from agreements.register.models import Clause
from agreements.requests.choices import CHIPS, Side, State
from agreements.sharing.models import Audience, Record, Release
from agreements.sharing.policy import Access


def lapses() -> datetime:
    """When a request made now ends without an answer."""
    return timezone.now() + timedelta(days=settings.ACCESS_REQUEST_DAYS)


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    def visible_to(self, access: Access) -> Self:
        """Those that the acting appointment made: an officer's references are not the colleagues' to read."""
        return self.none() if access.appointment is None else self.filter(asked_by__in=access.appointment.chain)

    def in_state(self, state: str, at: datetime) -> Self:
        """As the asker reads it at that instant: what has lapsed has, though the sweep may be late."""
        over = Q(state=State.SENT, lapses_at__lte=at)
        if state == State.SENT:
            return self.filter(state=State.SENT, lapses_at__gt=at)
        return self.filter(Q(state=state) | over) if state == State.LAPSED else self.filter(state=state)

    def with_words(self) -> Self:
        return self.select_related("agency__country", "clause__agreement", "asked_by__agency__country")


class AccessRequest(models.Model):
    """The asker's row. Nothing in it depends on whether the reference is of anything."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", help_text="Of whom it is asked.")
    reference = models.CharField(max_length=40)
    purpose = models.CharField(max_length=30, choices=Purpose)
    clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="+", help_text="The proposed legal basis."
    )
    reason = models.CharField(max_length=500)
    until = models.DateTimeField(null=True, blank=True, help_text="Until when it is wanted.")
    asked_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    lapses_at = models.DateTimeField(default=lapses)
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    closed_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True, help_text="Why it was refused, where that may be told.")

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["asked_by", "-asked_at"], name="access_request_mine")]
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "agency", "reference"], condition=Q(state="sent"), name="access_requested_once"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def state_at(self, at: datetime) -> State:
        return State.LAPSED if self.state == State.SENT and self.lapses_at <= at else State(self.state)

    @property
    def now(self) -> State:
        return self.state_at(timezone.now())

    @property
    def chip(self) -> str:
        return CHIPS[self.now]


class AskedRecordQuerySet(models.QuerySet["AskedRecord"]):
    def visible_to(self, access: Access) -> Self:
        """The own agency's records, where the officer sees the record (R5). The asker has no part in this row."""
        if access.appointment is None:
            return self.none()
        own = self.filter(record__owner__in=access.agencies)
        return own.filter(record__in=Record.objects.visible_to(access))

    def given_to(self, access: Access) -> Self:
        """Of requests that the acting appointment made: what was approved, where the record is visible now (R13)."""
        if access.appointment is None:
            return self.none()
        mine = self.filter(request__asked_by__in=access.appointment.chain, state=Side.APPROVED)
        return mine.filter(record__in=Record.objects.visible_to(access))

    def waiting(self, at: datetime) -> Self:
        return self.filter(state=Side.OPEN, request__lapses_at__gt=at)

    def with_words(self) -> Self:
        place = Release.objects.standing().filter(content_object=OuterRef("record"), group=OuterRef("release__group"))
        newest = place.order_by("-released_at", "-pk").values("pk")[:1]
        return self.annotate(standing=Subquery(newest)).select_related(
            "record__owner__country",
            "request__asked_by__agency__country",
            "request__asked_by__unit__agency",
            "request__clause__agreement",
            "decided_by__officer",
            "audience__agency",
            "audience__unit",
            "audience__appointment__agency",
            "audience__clause__agreement",
            "release__audience__agency",
            "release__audience__unit",
            "release__audience__appointment__agency",
            "release__clause__agreement",
        )


class AskedRecord(models.Model):
    """The owner's side: one record that the reference is of, and what became of it. Made after the request, apart
    from it, and only where there is such a record."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    request = models.ForeignKey(AccessRequest, models.PROTECT, related_name="asked_records")
    record = models.ForeignKey(Record, models.PROTECT, related_name="access_requests")
    known = models.BooleanField(
        default=False,
        help_text="A hit, or having opened it before, has told the asker that there is such a record (R16, R19).",
    )
    state = models.CharField(max_length=10, choices=Side, default=Side.OPEN)
    audience = models.ForeignKey(
        Audience,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="For whom a second officer is asked.",
    )
    decided_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True)
    release = models.OneToOneField(Release, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AskedRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-request__asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "record"], name="asked_record_once"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(release__isnull=False, decided_by__isnull=False),
                name="approved_request_made_its_release",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} ({self.words_now})"

    def is_open(self, at: datetime) -> bool:
        return self.state == Side.OPEN and self.request.lapses_at > at

    @cached_property
    def given(self) -> Release | None:
        """The release by which it is open: the answer's, or what was released to the same since, which closed that."""
        first = self.release
        if first is None or first.revoked_at is None:
            return first
        rows = Release.objects.select_related("audience__agency", "audience__unit", "clause__agreement")
        # Known of rows that were read `with_words`: most were taken back, and that was that.
        if hasattr(self, "standing"):
            return rows.get(pk=self.standing) if self.standing else first
        same = rows.standing().filter(content_object=self.record_id, group=first.group_id)
        return same.order_by("-released_at", "-pk").first() or first

    @property
    def ended_at(self) -> datetime | None:
        """When the access that was given ended, if it has."""
        if self.given is None:
            return None
        until, now = self.given.until, timezone.now()
        return self.given.revoked_at or (until if until and until <= now else None)

    @property
    def now(self) -> Side:
        over = self.state == Side.OPEN and self.request.lapses_at <= timezone.now()
        return Side.CLOSED if over else Side(self.state)

    @property
    def words_now(self) -> str:
        if self.given is not None and self.ended_at:
            return "Taken back" if self.given.revoked_at else "Approved, and run out"
        if self.now == Side.OPEN and self.audience is not None:
            return "Waits for a second officer"
        return str(self.now.label)

    @property
    def chip(self) -> str:
        return "ended" if self.ended_at else CHIPS[self.now]
