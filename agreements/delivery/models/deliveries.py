"""One alert on its way by one channel, and each attempt. Neither holds content."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import new_key
from agreements.alerts.models import Alert
from agreements.delivery.choices import OPEN, Channel, DeliveryState, Outcome, Reason
from agreements.delivery.models.outlets import Outlet
from agreements.delivery.querysets import DeliveryQuerySet


class Delivery(models.Model):
    """One alert by one channel. Sent again after a crash, it carries the same Message-ID: at least once, honestly.

    `due_at`: not before that instant. Several that are due together leave as one message: one of them is *sent*, the
    others are *merged* into it (`carried_by`).
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    alert = models.ForeignKey(Alert, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.MAIL)
    outlet = models.ForeignKey(Outlet, models.CASCADE, null=True, blank=True, related_name="deliveries")
    occurrence = models.CharField(
        max_length=64, blank=True, help_text="Digest of kind and key, where an outlet is told of it once."
    )
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    reason = models.CharField(max_length=8, choices=Reason, default=Reason.NONE, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    carried_by = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="carried")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "channel"], name="delivery_once_per_channel", condition=Q(outlet=None)
            ),
            models.UniqueConstraint(
                fields=["alert", "outlet"], name="delivery_once_per_outlet", condition=Q(outlet__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["outlet", "occurrence"], name="delivery_once_per_occurrence", condition=~Q(occurrence="")
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "held"], ended_at=None)
                | (~Q(state__in=["waiting", "held"]) & Q(ended_at__isnull=False)),
                name="delivery_is_open_or_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(carried_by__isnull=False), name="delivery_is_merged_into_one"
            ),
        ]
        indexes = [
            models.Index(fields=["state"], name="delivery_state"),
            models.Index(fields=["due_at"], name="delivery_open", condition=Q(state__in=["waiting", "held"])),
            models.Index(fields=["-created_at", "-id"], name="delivery_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def history(self) -> "list[Attempt]":
        """Its attempts, or those of the message that it left with."""
        return list((self.carried_by or self).attempted.all())


class Attempt(models.Model):
    """One attempt to hand a message over: when, and what came of it. A test of an outlet belongs to no delivery."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, blank=True, related_name="attempted")
    outlet = models.ForeignKey(Outlet, models.CASCADE, null=True, blank=True, related_name="attempts")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=8, choices=Outcome)
    code = models.CharField(max_length=40, blank=True, help_text="A number of the protocol or a kind of error.")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(delivery__isnull=False) | Q(outlet__isnull=False), name="attempt_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.code}".strip()
