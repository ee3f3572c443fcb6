"""Rows of partner agencies by who may know of them."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission

if TYPE_CHECKING:
    from agencies.onboarding.models import Closing, Contact, Halt, Invitation  # noqa: F401  Named in base classes.


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, by: Appointment) -> "InvitationQuerySet":
        """Of treaty admins: those of the own state, and those of agencies of it. A system admin's are all."""
        if not by.may(Permission.AGENCY_INVITE):
            return self.none()
        if by.may(Permission.AGENCY_MANAGE_ANY):
            return self
        own = by.agency.country_id
        return self.filter(Q(invited_by__agency__country=own) | Q(country=own))

    def open(self, at: datetime) -> "InvitationQuerySet":
        """Those whose link works at `at`: neither answered nor withdrawn, and not too old."""
        return self.filter(expires_at__gt=at, accepted_at=None, declined_at=None, withdrawn_at=None, refused_at=None)

    def to_let_in(self) -> "InvitationQuerySet":
        """Accepted ones that wait for a second officer."""
        return self.filter(accepted_at__isnull=False, released_at=None, refused_at=None, withdrawn_at=None)

    def in_state(self, state: str, at: datetime) -> "InvitationQuerySet":
        """Those that have come so far by `at`."""
        still = {"accepted_at": None, "declined_at": None, "withdrawn_at": None, "refused_at": None}
        answers: dict[str, InvitationQuerySet] = {
            "sent": self.open(at).filter(opened_at=None),
            "opened": self.open(at).filter(opened_at__isnull=False),
            "expired": self.filter(expires_at__lte=at, **still),
            "accepted": self.to_let_in(),
            "released": self.filter(released_at__isnull=False),
            "declined": self.filter(declined_at__isnull=False, withdrawn_at=None),
            "refused": self.filter(refused_at__isnull=False),
            "withdrawn": self.filter(withdrawn_at__isnull=False),
        }
        return answers[state]

    def with_words(self) -> "InvitationQuerySet":
        return self.select_related("country", "invited_by__agency__country", "decided_by__agency__country", "agency")


class ContactQuerySet(models.QuerySet["Contact"]):
    def current(self) -> "ContactQuerySet":
        return self.filter(ended_at=None)

    def of_known(self, known: Collection[uuid.UUID]) -> "ContactQuerySet":
        """Current ones of agencies that the reader may know (R18)."""
        return self.current().filter(agency__in=known).select_related("agency")


def _of_admins(by: Appointment) -> Q | None:
    """Agencies whose end is this officer's matter: an admin's own, a treaty admin's state's; None: all."""
    if by.may(Permission.AGENCY_MANAGE_ANY):
        return None
    mine = Q(agency__in=by.agencies) if by.may(Permission.AGENCY_MANAGE) else Q(pk__in=[])
    return mine | Q(agency__country=by.agency.country_id) if by.may(Permission.AGENCY_INVITE) else mine


class HaltQuerySet(models.QuerySet["Halt"]):
    def visible_to(self, by: Appointment) -> "HaltQuerySet":
        """Of system admins and of treaty admins of the agency's state: nobody of a suspended agency acts."""
        known = _of_admins(by)
        return self if known is None else self.filter(known)

    def standing(self) -> "HaltQuerySet":
        return self.filter(lifted_at=None)

    def with_words(self) -> "HaltQuerySet":
        return self.select_related("agency__country", "halted_by__agency", "lifted_by__agency")


class ClosingQuerySet(models.QuerySet["Closing"]):
    def visible_to(self, by: Appointment) -> "ClosingQuerySet":
        """Of the agency's admins, of those of its successor, of treaty admins of its state, and of system admins."""
        known = _of_admins(by)
        if known is None:
            return self
        taking = Q(succession__successor__in=by.agencies) if by.may(Permission.AGENCY_MANAGE) else Q(pk__in=[])
        return self.filter(known | taking)

    def open(self) -> "ClosingQuerySet":
        return self.filter(agreed_at=None, dropped_at=None)

    def over(self) -> "ClosingQuerySet":
        """Those that have taken effect."""
        return self.filter(closes_at__lte=timezone.now())

    def with_words(self) -> "ClosingQuerySet":
        return self.select_related(
            "agency__country",
            "proposed_by__agency",
            "agreed_by__agency",
            "succession__successor__country",
            "succession__predecessor__country",
            "succession__proposed_by__agency",
        )
