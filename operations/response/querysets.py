"""Responses by what is true of them. Every reader starts with `visible_to`."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.acquaintance import by_agreement, by_circle
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from agreements.sharing.querysets import DetailQuerySet
from operations.response.choices import STANDING, AskedState, HandoverState, ResponseState, TaskState

if TYPE_CHECKING:
    from operations.response.models import Asked, AssistanceCall, Desk, Handover, Procedure, Response, Task  # noqa: F401


def _agencies(access: Access) -> frozenset[object]:
    return frozenset(access.appointment.agencies) if access.appointment else frozenset()


class ResponseQuerySet(DetailQuerySet["Response"]):
    """A response is its incident's owner's own business, but for whether it runs and how it ended."""

    kind = "incident"

    def under_way(self) -> Self:
        return self.filter(state=ResponseState.OPEN)


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, access: Access) -> Self:
        """To the owner of the incident; to a partner only what was offered to it, on its handover (R18)."""
        return self.filter(response__record__owner__in=_agencies(access), response__in=_seen(access, "incident"))

    def with_words(self) -> Self:
        return self.select_related(
            "response__record__owner__country", "response__lead", "assignee__officer", "assignee__agency", "ended_by__officer",
            "ended_by__agency", "made_by__officer", "made_by__agency", "procedure",
        ).prefetch_related("handovers__agency__country", "handovers__answered_by__agency")  # fmt: skip

    def todo(self) -> Self:
        """Those that still wait for the own agency: neither ended nor in another's hands."""
        handovers: Any = self.model._meta.get_field("handovers").related_model
        out = handovers._default_manager.filter(task=OuterRef("pk"), state__in=STANDING)
        return self.filter(state=TaskState.OPEN, response__state=ResponseState.OPEN).exclude(Exists(out))

    def of(self, by: Appointment) -> Self:
        return self.filter(assignee=by)

    def late(self, at: datetime) -> Self:
        return self.filter(due_at__lte=at)


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, access: Access) -> Self:
        """To the owner of the incident and to the agency that it was offered to, while they see the incident (R5)."""
        agencies = _agencies(access)
        sides = Q(response__record__owner__in=agencies) | Q(agency__in=agencies)
        return self.filter(sides, response__in=_seen(access, "incident"))

    def with_words(self) -> Self:
        return self.select_related(
            "response__record__owner__country", "task", "agency__country", "offered_by__officer", "offered_by__agency",
            "answered_by__officer", "answered_by__agency",
        )  # fmt: skip

    def offered_to(self, by: Appointment) -> Self:
        return self.filter(state=HandoverState.OFFERED, agency__in=by.agencies)


class ProcedureQuerySet(DetailQuerySet["Procedure"]):
    kind = "procedure"

    def in_use(self) -> Self:
        return self.filter(retired_at=None)


class AssistanceQuerySet(DetailQuerySet["AssistanceCall"]):
    kind = "assistance"

    def running(self) -> Self:
        return self.filter(ended_at=None)

    def waiting_for(self, by: Appointment) -> Self:
        """Those that the officer's desk was asked for and has not answered."""
        return self.running().filter(asked__agency__in=by.agencies, asked__state=AskedState.ASKED)


class AskedQuerySet(models.QuerySet["Asked"]):
    def visible_to(self, access: Access) -> Self:
        """All to the asker's agency; to one that was asked its own line alone (R18), while it sees the call."""
        agencies = _agencies(access)
        sides = Q(call__record__owner__in=agencies) | Q(agency__in=agencies)
        return self.filter(sides, call__in=_seen(access, "assistance"))

    def with_words(self) -> Self:
        return self.select_related(
            "call__record__owner__country", "agency__country", "clause__agreement", "answered_by__officer",
            "answered_by__agency", "arrival_told_by__officer", "arrival_told_by__agency",
        )  # fmt: skip


class DeskQuerySet(models.QuerySet["Desk"]):
    def visible_to(self, access: Access) -> Self:
        """Those of the own agency, and of agencies with which it shares an agreement or a circle (R18)."""
        by = access.appointment
        if by is None or not by.may(Permission.INCIDENT_VIEW):
            return self.none()
        known = {*by.agencies, *by_agreement(by, access.at), *by_circle(by, access.at)}
        return self.filter(agency__in=known).select_related("agency__country")

    def manned(self) -> Self:
        return self.filter(closed_at=None)


def _seen(access: Access, kind: str) -> Any:
    return Record.objects.visible_to(access).of_kind(kind).values("pk")
