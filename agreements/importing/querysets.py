"""Imports by who may know of them: treaty admins of the agency that made them, and nobody else."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.importing.choices import KEPT, WILL_BE_MADE, RowState

if TYPE_CHECKING:
    from agreements.importing.models import CountryName, Import, ImportRow, KeptMapping  # noqa: F401


class _OfAgency:
    """Rows with an `agency`."""

    def _own(self, by: Appointment | None) -> dict[str, Any] | None:
        if by is None or not by.may(Permission.AGREEMENT_DRAFT):
            return None
        return {"agency__in": by.agencies}


class ImportQuerySet(models.QuerySet["Import"], _OfAgency):
    def visible_to(self, by: Appointment | None) -> Self:
        own = self._own(by)
        return self.none() if own is None else self.filter(**own)


class MappingQuerySet(models.QuerySet["KeptMapping"], _OfAgency):
    def visible_to(self, by: Appointment | None) -> Self:
        own = self._own(by)
        return self.none() if own is None else self.filter(**own)


class NameQuerySet(models.QuerySet["CountryName"], _OfAgency):
    def visible_to(self, by: Appointment | None) -> Self:
        own = self._own(by)
        return self.none() if own is None else self.filter(**own)


class RowQuerySet(models.QuerySet["ImportRow"]):
    def visible_to(self, by: Appointment | None) -> Self:
        if by is None or not by.may(Permission.AGREEMENT_DRAFT):
            return self.none()
        return self.filter(of__agency__in=by.agencies)

    def counts(self) -> dict[str, int]:
        """Rows by state, and the sums that a page shows; they add up to `all`."""
        found = dict(self.order_by().values_list("state").annotate(Count("pk")))
        counts = {state.value: found.get(state.value, 0) for state in RowState}
        counts["all"] = sum(found.values())
        counts["will_be_made"] = sum(counts[state] for state in WILL_BE_MADE)
        counts["kept"] = sum(counts[state] for state in KEPT)
        return counts
