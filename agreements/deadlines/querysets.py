"""Reviews by who may know of them: with their agreement (R23)."""

from typing import TYPE_CHECKING

from django.db import models

from agencies.directory.models import Appointment
from agreements.register.models import Agreement

if TYPE_CHECKING:
    from agreements.deadlines.models import Review  # noqa: F401  It is named in a base class.


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, appointment: Appointment | None) -> "ReviewQuerySet":
        return self.filter(agreement__in=Agreement.objects.visible_to(appointment).values("pk"))

    def standing(self) -> "ReviewQuerySet":
        """Not ended."""
        return self.filter(ended_at=None)
