"""Powers by who may know of them: whoever sees their agreement (R23)."""

from typing import TYPE_CHECKING

from django.db import models

from agencies.directory.models import Appointment
from agreements.register.models import Agreement

if TYPE_CHECKING:
    from agreements.powers.models import Power  # noqa: F401  It is named in a base class.


class PowerQuerySet(models.QuerySet["Power"]):
    def visible_to(self, appointment: Appointment | None) -> "PowerQuerySet":
        return self.filter(clause__agreement__in=Agreement.objects.visible_to(appointment))

    def with_sides(self) -> "PowerQuerySet":
        """With what a line about each names."""
        return self.select_related("clause__agreement", "actor", "host", "recorded_for", "replaces__clause__agreement")
