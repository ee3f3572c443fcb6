"""The one door to records. Every reader starts here, or with a detail's `visible_to`, which leads here."""

from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from agencies.directory.models import Appointment
    from agreements.sharing.models import Record, Release  # noqa: F401


class Sight(Protocol):
    """What a queryset needs of an access: the same conditions the policy decides by."""

    @property
    def kinds(self) -> frozenset[str]: ...

    def live_releases(self) -> Q: ...


def _related(model: type[models.Model], field: str) -> Any:
    """The rows a field leads to. The models import this module, so they are found through each other."""
    related: Any = model._meta.get_field(field).related_model
    return related._default_manager


class ReleaseQuerySet(models.QuerySet["Release"]):
    def standing(self) -> "ReleaseQuerySet":
        """Not revoked. Whether they are live, the policy says."""
        return self.filter(revoked_at=None)

    def with_audience(self) -> "ReleaseQuerySet":
        """With what `readers` asks of each, in the same query."""
        return self.select_related(
            "clause__agreement", "audience__circle", "audience__appointment__officer", "audience__appointment__agency"
        )

    def live_for(self, access: Sight) -> "ReleaseQuerySet":
        return self.filter(revoked_at=None, kind__in=access.kinds).filter(access.live_releases())


class RecordQuerySet(models.QuerySet["Record"]):
    def visible_to(self, access: Sight) -> "RecordQuerySet":
        """The records that the acting appointment may see now (R1–R9, R13)."""
        live = (
            _related(self.model, "releases")
            .filter(content_object=OuterRef("pk"), revoked_at=None)
            .filter(access.live_releases())
        )
        return self.filter(Exists(live), kind__in=access.kinds)

    def of_kind(self, kind: str) -> "RecordQuerySet":
        return self.filter(kind=kind)

    def matching(self, words: str) -> "RecordQuerySet":
        """Full-text search in title and text, among rows that are already visible."""
        return self.filter(search=SearchQuery(words, config="simple", search_type="websearch"))

    def unopened_by(self, appointment: "Appointment") -> "RecordQuerySet":
        """Other agencies' records whose own pages the officer has not opened. Own ones are not counted as opened."""
        opened = _related(self.model, "openings").filter(record=OuterRef("pk"), appointment=appointment)
        return self.exclude(owner=appointment.agency_id).exclude(Exists(opened))

    def capped_count(self, cap: int = 1000) -> int:
        """How many, counted no further than `cap`."""
        return self.order_by()[:cap].count()


_D = TypeVar("_D", bound=models.Model)


class DetailQuerySet(models.QuerySet[_D]):
    """Rows of a room whose primary key is their record: reached only through it."""

    def visible_to(self, access: Sight) -> Self:
        return self.filter(record__in=_related(self.model, "record").visible_to(access)).select_related(
            "record", "record__owner", "record__owner__country", "record__operation"
        )
