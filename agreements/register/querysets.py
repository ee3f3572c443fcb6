"""Agreements by who may know of them (R23)."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission

if TYPE_CHECKING:
    from agreements.register.models import Agreement  # noqa: F401  It is named in a base class.


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, appointment: Appointment | None) -> "AgreementQuerySet":
        """Agreements and their status are for officers of their parties and signatories; drafts for the
        drafting agency and those it invites (R23)."""
        if appointment is None or not appointment.may(Permission.AGREEMENT_VIEW):
            return self.none()
        party = Q(registered_at__isnull=False, parties__country=appointment.agency.country_id)
        designated = Q(registered_at__isnull=False, designations__agency__in=appointment.agencies)
        drafting = Q(registered_at=None) & (
            Q(drafted_by__in=appointment.agencies) | Q(invited__in=appointment.agencies)
        )
        seen = self.model._default_manager.filter(party | designated | drafting).values("pk")
        return self.filter(pk__in=seen)
