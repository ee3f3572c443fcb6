"""Who stands behind a fact (R22)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment, Country, new_key
from agreements.register.models.actions import TreatyAction
from agreements.register.models.clauses import Clause
from agreements.register.models.conditions import ForceCondition
from agreements.register.models.designations import Designation


class Confirmation(models.Model):
    """A party's treaty admin confirms a fact that widens; it works between two parties once both did (R22)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    country = models.ForeignKey(Country, models.PROTECT, related_name="+")
    action = models.ForeignKey(TreatyAction, models.CASCADE, null=True, blank=True, related_name="confirmations")
    clause = models.ForeignKey(Clause, models.CASCADE, null=True, blank=True, related_name="confirmations")
    designation = models.ForeignKey(Designation, models.CASCADE, null=True, blank=True, related_name="confirmations")
    condition = models.ForeignKey(ForceCondition, models.CASCADE, null=True, blank=True, related_name="confirmations")
    confirmed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["confirmed_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(action__isnull=False, clause=None, designation=None, condition=None)
                    | Q(action=None, clause__isnull=False, designation=None, condition=None)
                    | Q(action=None, clause=None, designation__isnull=False, condition=None)
                    | Q(action=None, clause=None, designation=None, condition__isnull=False)
                ),
                name="confirmation_of_exactly_one_fact",
            ),
            models.UniqueConstraint(fields=["country", "action"], name="action_confirmed_once_per_country"),
            models.UniqueConstraint(fields=["country", "clause"], name="clause_confirmed_once_per_country"),
            models.UniqueConstraint(fields=["country", "designation"], name="designation_confirmed_once_per_country"),
            models.UniqueConstraint(fields=["country", "condition"], name="condition_confirmed_once_per_country"),
        ]
