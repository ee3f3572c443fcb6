"""Where an agency lets its alerts go beside the mail of its officers."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, new_key
from agreements.alerts.choices import Severity
from agreements.delivery.choices import Method, OutletKind


class Outlet(models.Model):
    """A webhook or an HTTP gateway of one agency. What it is sent holds no content, whatever its templates say.

    A webhook is told of each occurrence once, for the whole agency. A gateway carries text messages to the numbers
    of officers. The secret and the headers are sealed (see `sealing`); the secret is shown once.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="outlets")
    kind = models.CharField(max_length=8, choices=OutletKind)
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500, help_text="https. Of a gateway: may hold placeholders.")
    method = models.CharField(max_length=4, choices=Method, default=Method.POST)
    headers = models.TextField(blank=True, help_text="Sealed: one a line, Name: value.")
    body = models.TextField(blank=True, help_text="Of a gateway: with placeholders.")
    secret = models.TextField(blank=True, help_text="Sealed: what a webhook is signed with.")
    severity_least = models.CharField(
        max_length=9, choices=Severity, blank=True, help_text="Of a webhook: less severe ones are not sent."
    )
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=Q(kind="gateway", ended_at=None), name="one_gateway_of_each_agency"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_webhook(self) -> bool:
        return self.kind == OutletKind.WEBHOOK

    @property
    def version(self) -> int:
        """Another number after each change, for If-Match."""
        return int(self.changed_at.timestamp() * 1_000_000)
