"""The one door to records. Every reader starts here, or with a detail's `visible_to`, which leads here."""

import re
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Cast, Right

from agreements.sharing import feed
from agreements.sharing.lanes import Door, Sight
from agreements.sharing.statements import Place

if TYPE_CHECKING:
    from agencies.directory.models import Appointment
    from agreements.sharing.models import Record, Release  # noqa: F401

__all__ = ["DetailQuerySet", "Place", "RecordQuerySet", "ReleaseQuerySet", "Sight", "ThroughTheDoor"]


# Three letters of the kind, and the tail of the key (`Record.reference`).
REFERENCE = re.compile(r"[A-Za-z]{3}-[0-9A-Fa-f]{8}")


def _related(model: type[models.Model], field: str) -> Any:
    """The rows a field leads to. The models import this module, so they are found through each other."""
    related: Any = model._meta.get_field(field).related_model
    return related._default_manager


class ReleaseQuerySet(models.QuerySet["Release"]):
    def standing(self) -> "ReleaseQuerySet":
        """Not revoked. Whether they are live, the policy says."""
        return self.filter(revoked_at=None)

    def with_audience(self) -> "ReleaseQuerySet":
        """With what `readers` asks of each. Few audiences are of a circle, a unit or an officer: these are asked for
        by themselves, and only where there are some."""
        return self.select_related("clause__agreement", "audience").prefetch_related(
            "audience__circle",
            "audience__unit",
            "audience__appointment__officer",
            "audience__appointment__agency",
        )

    def live_for(self, access: Sight) -> "ReleaseQuerySet":
        """Those by which the officer sees their record now."""
        return self.filter(Door(access, access.kinds, of="id"), revoked_at=None)


_D = TypeVar("_D", bound=models.Model)


class ThroughTheDoor(models.QuerySet[_D]):
    """What the rows of records, and of their details, can be asked once they went through `visible_to`."""

    def newest(self, count: int, *, before: Place | None = None, after: Place | None = None) -> Sequence[_D]:
        """The newest rows by time and key, newest first; `before` or `after` a place, nearest first.

        Costs the same however many records there are (docs/performance.md).
        """
        return feed.newest(self, count, before=before, after=after)

    def capped_count(self, cap: int = 1000) -> int:
        """How many, counted no further than `cap`."""
        return feed.capped_count(self, cap)


class RecordQuerySet(ThroughTheDoor["Record"]):
    def visible_to(self, access: Sight) -> "RecordQuerySet":
        """The records that the acting appointment may see now (R1–R9, R13)."""
        return self.filter(Door(access, access.kinds), kind__in=access.kinds)

    def of_kind(self, kind: str) -> "RecordQuerySet":
        return self.filter(kind=kind)

    def matching(self, words: str) -> "RecordQuerySet":
        """Full-text search in title and text, or the record of a reference, among rows that are already visible."""
        if keys := self._referred_to(words):
            return self.filter(pk__in=keys)
        return self.filter(search=SearchQuery(words, config="simple", search_type="websearch"))

    def of_reference(self, reference: str) -> "RecordQuerySet":
        """Those of a reference ("REP-1A2B3C4D"): one or none, save where two end alike. The index begins with the owner:
        narrow by owners first."""
        prefix, _, tail = reference.strip().partition("-")
        ending = self.alias(ending=Right(Cast("pk", models.TextField()), 8))
        return ending.filter(ending=tail.lower(), kind__istartswith=prefix)

    def _referred_to(self, words: str) -> list[uuid.UUID]:
        """Keys of the records that the words are a reference of, as far as the database shows them at all."""
        if not REFERENCE.fullmatch(words.strip()):
            return []
        owners: Any = self.model._meta.get_field("owner").related_model
        rows: Any = self.model._default_manager.filter(owner__in=owners._default_manager.values("pk"))
        return list(rows.of_reference(words).values_list("pk", flat=True))

    def in_box(self, west: float, south: float, east: float, north: float) -> "RecordQuerySet":
        """With a place inside the box, in degrees. A box whose west lies east of its east crosses 180°."""
        rows = self.filter(latitude__range=(south, north))
        if west <= east:
            return rows.filter(longitude__range=(west, east))
        return rows.filter(Q(longitude__gte=west) | Q(longitude__lte=east))

    def unopened_by(self, appointment: "Appointment") -> "RecordQuerySet":
        """Other agencies' records whose own pages the officer has not opened. Own ones are not counted as opened."""
        opened = _related(self.model, "openings").filter(record=OuterRef("pk"), appointment=appointment)
        return self.exclude(owner__in=appointment.agencies).exclude(Exists(opened))


class DetailQuerySet(ThroughTheDoor[_D]):
    """Rows of a room whose primary key is their record: reached only through it.

    `kind` is the one kind of record that such rows detail; where a room has it, its lists are read faster.
    """

    kind = ""

    def visible_to(self, access: Sight) -> Self:
        kinds = access.kinds & {self.kind} if self.kind else access.kinds
        return self.filter(Door(access, kinds, "record_id")).select_related(
            "record", "record__owner", "record__owner__country", "record__operation"
        )
