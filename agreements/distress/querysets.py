"""Calls as one officer may know of them at one instant: nothing of it is stored (R13)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import CharField, Q
from django.db.models.functions import Cast

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.policy import Access

if TYPE_CHECKING:
    from agreements.distress.models import DistressCall

# How long the duty desk of a neighbour reads a call (R24).
HOUR = timedelta(hours=1)


class DistressCallQuerySet(models.QuerySet["DistressCall"]):
    def visible_to(self, access: Access) -> "DistressCallQuerySet":
        """Those of the own agency; those received while their hour runs; to auditors, also what was received before."""
        by = access.appointment
        if by is None or not by.may(Permission.DISTRESS_VIEW):
            return self.none()
        received = Q(pk__in=self._addressed_to(by).values("pk"))
        if not by.may(Permission.LEDGER_VIEW):
            received &= _live(access.at)
        return self.filter(Q(sent_by__agency__in=by.agencies) | received)

    def sent_by_agency_of(self, access: Access) -> "DistressCallQuerySet":
        by = access.appointment
        if by is None or not by.may(Permission.DISTRESS_VIEW):
            return self.none()
        return self.filter(sent_by__agency__in=by.agencies)

    def received_by(self, access: Access) -> "DistressCallQuerySet":
        """Those that the officer reads for the own duty desk at this moment, and no later."""
        by = access.appointment
        if by is None or not by.may(Permission.DISTRESS_SEND):
            return self.none()
        return self.filter(_live(access.at), pk__in=self._addressed_to(by).values("pk"))

    def live(self, at: datetime) -> "DistressCallQuerySet":
        return self.filter(_live(at))

    def unanswered_by(self, by: Appointment) -> "DistressCallQuerySet":
        """Those that nobody of the officer's agency acts on yet."""
        return self.filter(addressees__agency__in=by.agencies, addressees__acknowledged_at=None)

    def to_review(self, by: Appointment, at: datetime) -> "DistressCallQuerySet":
        """Those of the own agency that ended, unreviewed, and were sent by another officer."""
        own = self.filter(sent_by__agency__in=by.agencies, reviewed_at=None)
        return own.exclude(_live(at)).exclude(sent_by__officer=by.officer_id)

    def keys(self) -> models.QuerySet["DistressCall", str]:
        """Their keys as text, as alerts name their subjects."""
        return self.annotate(key=Cast("pk", CharField())).values_list("key", flat=True)

    def with_sides(self) -> "DistressCallQuerySet":
        return self.select_related(
            "sent_by__officer",
            "sent_by__agency__country",
            "ended_by__officer",
            "ended_by__agency",
            "reviewed_by__officer",
            "reviewed_by__agency",
            "after",
        ).prefetch_related(
            "addressees__agency__country",
            "addressees__acknowledged_by__officer",
            "addressees__acknowledged_by__agency",
        )

    def _addressed_to(self, by: Appointment) -> "DistressCallQuerySet":
        return self.model.objects.filter(addressees__agency__in=by.agencies)


def _live(at: datetime) -> Q:
    return Q(sent_at__gt=at - HOUR, ended_at=None)
