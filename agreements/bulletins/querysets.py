"""Bulletins and what hangs from them, by who may know of them. Every reader starts with `visible_to`."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from agencies.directory.models import Appointment
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from agreements.sharing.querysets import DetailQuerySet

if TYPE_CHECKING:
    from agreements.bulletins.models import Bulletin, Escalation, Receipt  # noqa: F401


def _sides(access: Access, path: str) -> Q:
    """Of the sender all lines; of a receiver its own (R5, R18): while they see the bulletin."""
    agencies = access.appointment.agencies if access.appointment else ()
    seen = Record.objects.visible_to(access).filter(kind="bulletin")
    return Q(
        Q(bulletin__record__owner__in=agencies) | Q(**{f"{path}agency__in": agencies}), bulletin__in=seen.values("pk")
    )


class BulletinQuerySet(DetailQuerySet["Bulletin"]):
    kind = "bulletin"

    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def waiting_for(self, by: Appointment) -> Self:
        """Those that the officer's agency is asked to acknowledge, and has not."""
        receipts: Any = self.model._meta.get_field("receipts").related_model
        own = receipts._default_manager.filter(bulletin=OuterRef("pk"), agency__in=by.agencies, acknowledged_at=None)
        return self.standing().exclude(acknowledging="nobody").filter(Exists(own))

    def with_words(self) -> Self:
        return self.select_related(
            "record__author__officer",
            "record__author__agency",
            "ended_by__officer",
            "ended_by__agency",
            "supersedes__record",
        )


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def visible_to(self, access: Access) -> Self:
        return self.filter(_sides(access, ""))

    def with_words(self) -> Self:
        return self.select_related(
            "bulletin__record__owner__country",
            "agency__country",
            "clause__agreement",
            "acknowledged_by__officer",
            "acknowledged_by__agency",
        ).prefetch_related("escalations")

    def unanswered(self) -> Self:
        """Those that are still asked for."""
        return self.filter(acknowledged_at=None, bulletin__ended_at=None).exclude(bulletin__acknowledging="nobody")


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def visible_to(self, access: Access) -> Self:
        return self.filter(_sides(access, "receipt__"))
