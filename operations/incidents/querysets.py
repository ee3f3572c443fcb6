"""Incidents by what is true of them. Every reader starts with `visible_to`."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from agencies.directory.models import Appointment
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from agreements.sharing.querysets import DetailQuerySet
from operations.incidents.choices import FIRST_REPORT, URGENT, ReportState

if TYPE_CHECKING:
    from operations.incidents.models import (  # noqa: F401
        ChainLink,
        Event,
        IncidentReport,
        LevelProposal,
        Recipient,
        SeriousIncident,
    )

OPEN = (ReportState.DRAFT, ReportState.RETURNED)


class ReportQuerySet(DetailQuerySet["IncidentReport"]):
    kind = "incident"

    def matching(self, words: str) -> "ReportQuerySet":
        """Full-text search in title and text."""
        return self.filter(record__in=Record.objects.matching(words))

    def running(self) -> "ReportQuerySet":
        """First reports that are due within 24 hours and were not made yet."""
        return self.filter(impact__in=URGENT, reported_at=None, record__host=None, state__in=OPEN)

    def late(self, at: datetime) -> "ReportQuerySet":
        return self.running().filter(known_at__lte=at - FIRST_REPORT)

    def to_validate(self, by: Appointment) -> "ReportQuerySet":
        """Those that wait for the officer: whose operation's chain names the officer's agency and role at that step."""
        mine = self.model.waiting_states(by)
        found = Q(pk__in=[])
        for state, operations in mine:
            found |= Q(state=state, record__operation__in=operations)
        return self.filter(found)

    def follow_ups_of(self, first: "IncidentReport") -> "ReportQuerySet":
        return self.filter(record__host=first.pk)


class EventQuerySet(DetailQuerySet["Event"]):
    kind = "event"

    def matching(self, words: str) -> "EventQuerySet":
        return self.filter(record__in=Record.objects.matching(words))


class SeriousQuerySet(DetailQuerySet["SeriousIncident"]):
    kind = "serious"


class ProposalQuerySet(models.QuerySet["LevelProposal"]):
    def visible_to(self, access: Access) -> Self:
        """An answer to a record: of its owner and of the proposer's agency, while they see the record (R5)."""
        agencies = access.appointment.agencies if access.appointment else ()
        ours = Q(record__owner__in=agencies) | Q(proposed_by__agency__in=agencies)
        return self.filter(ours, record__in=Record.objects.visible_to(access))

    def with_words(self) -> Self:
        return self.select_related(
            "record__owner__country", "proposed_by__officer", "proposed_by__agency__country", "decided_by__officer",
            "decided_by__agency",
        )  # fmt: skip
