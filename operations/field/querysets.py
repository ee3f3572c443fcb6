"""Rows of the field by what is true of them. Every reader starts with `visible_to`."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef

from agencies.directory.roles import Permission
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from agreements.sharing.querysets import DetailQuerySet
from operations.field.choices import QuarantineState, VersionState

if TYPE_CHECKING:
    from operations.field.models import Crossing, Pause, Quarantined, Signal, Told, Version  # noqa: F401


class QuarantinedQuerySet(models.QuerySet["Quarantined"]):
    def visible_to(self, access: Access) -> Self:
        """Those of the own agency, to its supervisors alone."""
        by = access.appointment
        if by is None or not by.may(Permission.FIELD_SUPERVISE):
            return self.none()
        return self.filter(agency__in=by.agencies)

    def waiting(self) -> Self:
        return self.filter(state=QuarantineState.WAITING)

    def with_words(self) -> Self:
        return self.select_related(
            "agency__country", "receipt__officer", "receipt__appointment", "decided_by__officer", "decided_by__agency"
        )


class VersionQuerySet(models.QuerySet["Version"]):
    def visible_to(self, access: Access) -> Self:
        """Those of the own agency's entries that the officer sees (R21)."""
        by = access.appointment
        if by is None:
            return self.none()
        return self.filter(record__in=Record.objects.visible_to(access).filter(owner__in=by.agencies))

    def waiting(self) -> Self:
        return self.filter(state=VersionState.WAITING)

    def with_words(self) -> Self:
        return self.select_related(
            "record__owner__country",
            "record__observation",
            "record__leg",
            "made_by__officer",
            "made_by__agency",
            "decided_by__officer",
            "decided_by__agency",
        )


class PauseQuerySet(models.QuerySet["Pause"]):
    def running(self) -> Self:
        return self.filter(ended_at=None)


class CrossingQuerySet(DetailQuerySet["Crossing"]):
    kind = "crossing"

    def open(self) -> Self:
        """Those that were not left yet."""
        return self.filter(left_at=None)


class ToldQuerySet(DetailQuerySet["Told"]):
    """To whoever sees the record that it was told with."""


class SignalQuerySet(models.QuerySet["Signal"]):
    def visible_to(self, access: Access) -> Self:
        """Those of the own agency."""
        by = access.appointment
        if by is None or not by.may(Permission.PATROL_VIEW):
            return self.none()
        return self.filter(sent_by__agency__in=by.agencies)

    def with_words(self, access: Access) -> Self:
        """With who sent each, and whether its patrol may be named to the reader (R17)."""
        seen = Record.objects.visible_to(access).filter(pk=OuterRef("patrol"))
        return self.select_related("sent_by__officer", "sent_by__agency").annotate(patrol_is_seen=Exists(seen))
