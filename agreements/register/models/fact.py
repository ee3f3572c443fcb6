"""What every dated fact carries."""

from django.db import models
from django.utils import timezone

from agencies.directory.models import Appointment, Country, new_key


class Fact(models.Model):
    """What every dated fact carries: when and by whom it was recorded (R14), and for which country."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+", editable=False)
    recorded_for = models.ForeignKey(Country, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        abstract = True
