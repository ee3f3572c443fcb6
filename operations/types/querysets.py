"""Catalogues by who may read them: published ones with their operation, a draft is its planners' own."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from agencies.directory.roles import Permission
from agreements.sharing.models import Record
from agreements.sharing.policy import Access

if TYPE_CHECKING:
    from operations.types.models import Catalogue  # noqa: F401


class CatalogueQuerySet(models.QuerySet["Catalogue"]):
    def visible_to(self, access: Access) -> "CatalogueQuerySet":
        operations = Record.objects.visible_to(access).of_kind("operation")
        by = access.appointment
        plans = by is not None and by.may(Permission.OPERATION_PLAN)
        drafts = Q(number=None, record__owner__in=by.agencies) if by is not None and plans else Q(pk=None)
        return self.filter(Q(number__isnull=False) | drafts, record__in=operations)

    def published(self) -> "CatalogueQuerySet":
        return self.filter(number__isnull=False)

    def with_words(self) -> "CatalogueQuerySet":
        return self.select_related("record__owner__country", "made_by__officer", "published_by__agency__country")

    def newest(self) -> "CatalogueQuerySet":
        """The version that counts of each operation."""
        return self.published().order_by("record_id", "-number").distinct("record_id")
