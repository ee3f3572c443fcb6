"""What must still happen, remembered by the database (design: "Messages that survive").

A message commits together with its cause. Celery only carries nudges with primary keys; whatever was not
nudged is swept. A reminder is a row of the due table, never an ETA in a broker.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.keys import new_key
from portal.outbox.querysets import MessageQuerySet


class Message(models.Model):
    """One effect to bring about, once per `key`, however often its handler runs."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=250, unique=True)
    payload = models.JSONField(default=dict, help_text="Primary keys only, never content.")
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    set_aside_at = models.DateTimeField(null=True, blank=True, help_text="Given up; somebody must look at it.")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="message_waiting",
                condition=Q(done_at__isnull=True, set_aside_at__isnull=True),
            ),
            models.Index(fields=["set_aside_at"], name="message_set_aside", condition=Q(set_aside_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Due(models.Model):
    """Something that must happen at an instant: reminder, deadline. Moving it moves the row."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=200, unique=True)
    fire_at = models.DateTimeField()
    zone = models.CharField(max_length=64, default="UTC", help_text="Time zone the event was planned in.")
    local_rule = models.TextField(blank=True, help_text="In words or ISO 8601: what `fire_at` was derived from.")
    payload = models.JSONField(default=dict, help_text="Primary keys only, never content.")
    fired_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["fire_at", "id"]
        verbose_name_plural = "due"
        indexes = [
            models.Index(
                fields=["fire_at"],
                name="due_armed",
                condition=Q(fired_at__isnull=True, cancelled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} at {self.fire_at:%Y-%m-%d %H:%M}Z"


class Heartbeat(models.Model):
    """When a periodic task last ran: beat, broker and worker are all alive, or it would not have."""

    name = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}Z"


class IdempotencyKey(models.Model):
    """The answer to a write that may be sent again, by appointment, endpoint and the key the client chose."""

    appointment = models.UUIDField()
    endpoint = models.CharField(max_length=250)
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    subject = models.CharField(max_length=64, blank=True, help_text="Key of what the answer is about.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment", "endpoint", "key"], name="idempotency_key_once"),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_age")]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.key}"
