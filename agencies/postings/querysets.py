"""Postings and handovers as their two sides may read them."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agencies.postings.choices import PostingState

if TYPE_CHECKING:
    from agencies.postings.models import Handover, Posting  # noqa: F401  Named in base classes.


class PostingQuerySet(models.QuerySet["Posting"]):
    def kept_by(self, by: Appointment) -> Self:
        """Those that an admin of one of the two agencies answers for. A system admin is of neither side."""
        if not by.may(Permission.AGENCY_MANAGE) or by.may(Permission.AGENCY_MANAGE_ANY):
            return self.none()
        return self.filter(Q(sender__in=by.agencies) | Q(host__in=by.agencies))

    def of_agencies(self, agencies: Collection[uuid.UUID]) -> Self:
        return self.filter(Q(sender__in=agencies) | Q(host__in=agencies))

    def standing(self) -> Self:
        """Proposed or accepted, neither dropped nor recalled."""
        return self.filter(dropped_at=None, recalled_at=None)

    def in_effect(self, at: datetime) -> list["Posting"]:
        """Those running at `at`. Narrowed with a day to spare, for days are those of the host's zone."""
        day, spare = at.date(), timedelta(days=1)
        rows = self.standing().filter(
            accepted_at__lte=at,
            starts_on__lte=day + spare,
            ends_on__gte=day - spare,
            home__officer__is_active=True,
            sender__is_active=True,
            host__is_active=True,
        )
        rows = rows.select_related("sender__country", "host__country", "home__officer", "home__agency")
        return [row for row in rows if row.state_at(at) == PostingState.ACTIVE]

    def with_words(self) -> Self:
        return self.select_related(
            "sender__country",
            "host__country",
            "home__officer",
            "home__agency",
            "appointment",
            "proposed_by__agency",
            "accepted_by__agency",
            "dropped_by__agency",
            "recalled_by__agency",
        )


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, by: Appointment) -> Self:
        """Those of the own appointment, those taken over under it, and for an admin those of the agency."""
        mine = Q(appointment__in=by.chain) | Q(successor__in=by.chain)
        if by.may(Permission.AGENCY_MANAGE) and not by.may(Permission.AGENCY_MANAGE_ANY):
            mine |= Q(appointment__agency__in=by.agencies)
        return self.filter(mine)

    def with_words(self) -> Self:
        return self.select_related(
            "appointment__officer",
            "appointment__agency__country",
            "successor__officer",
            "successor__agency",
            "made_by__agency",
        )
