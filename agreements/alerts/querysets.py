"""Alerts as their recipient may know of them now."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from agreements.alerts import kinds
from agreements.register.models import Agreement
from agreements.sharing.models import Record
from agreements.sharing.policy import Access

if TYPE_CHECKING:
    from agreements.alerts.models import Alert  # noqa: F401

# An inbox badge says "99+" beyond it.
MOST_COUNTED = 100


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, access: Access) -> "AlertQuerySet":
        """The recipient's own, where the subject is visible to them at this moment; all else does not exist (R17)."""
        if access.appointment is None:
            return self.none()
        records = Record.objects.visible_to(access).values("pk")
        agreements = Agreement.objects.visible_to(access.appointment).values("pk")
        subject = Q(record__isnull=False) | Q(agreement__isnull=False) | kinds.standing_alone(access)
        return self.filter(
            subject,
            Q(record=None) | Q(record__in=records),
            Q(agreement=None) | Q(agreement__in=agreements),
            appointment=access.appointment,
            kind__in=kinds.names(),
        )

    def unread(self) -> "AlertQuerySet":
        """Neither seen nor settled by what happened since."""
        return self.filter(seen_at=None, done_at=None)

    def with_subjects(self) -> "AlertQuerySet":
        """With what their lines are made of, in the same query."""
        return self.select_related(
            "record__owner__country", "agreement", "appointment__agency", "recall__owner__country"
        )

    def capped_count(self) -> int:
        return self.order_by()[:MOST_COUNTED].count()
