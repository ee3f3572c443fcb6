"""Rows of imports, and names of countries that were decided."""

import uuid
from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.importing import actions, reading
from agreements.importing.api import parts
from agreements.importing.choices import Level, RowState
from agreements.importing.models import CountryName, ImportRow
from agreements.register.models import Agreement
from portal.api.viewsets import ListMixin, ReadViewSet

DRAFT = Permission.AGREEMENT_DRAFT


class RowFilterSet(django_filters.FilterSet):
    of = django_filters.UUIDFilter(help_text="The import.")
    state = django_filters.ChoiceFilter(choices=RowState.choices)
    level = django_filters.ChoiceFilter(choices=Level.choices, method="narrowed", help_text="With such a finding.")
    code = django_filters.CharFilter(method="narrowed", max_length=40, help_text="With a finding of this reason.")
    q = django_filters.CharFilter(method="narrowed", max_length=200, help_text="Words of the title.")

    class Meta:
        model = ImportRow
        fields: list[str] = []

    def narrowed(self, rows: Any, name: str, value: str) -> Any:
        return reading.narrowed(rows, {name: value})


class ImportRowViewSet(ReadViewSet):
    """Rows of the own agency's imports, with what the check found; give `of` for those of one import."""

    serializer_class = parts.RowSerializer
    queryset = ImportRow.objects.none()
    filterset_class = RowFilterSet
    keyset = ("of", "number", "pk")
    required_permissions = dict.fromkeys(("list", "retrieve", "cells", "decide"), DRAFT)

    def get_queryset(self) -> Any:
        return self.queryset if getattr(self, "swagger_fake_view", False) else ImportRow.objects.visible_to(self.by)

    def seen_of(self, rows: list[ImportRow]) -> set[Any]:
        """The agreements of these rows that the reader may see, in one query for a page."""
        if not hasattr(self, "_seen"):
            keys = {row.agreement_id for row in rows if row.agreement_id}
            self._seen = set(Agreement.objects.visible_to(self.by).filter(pk__in=keys).values_list("pk", flat=True))
        return self._seen

    @extend_schema(request=parts.CellsInput, responses=parts.RowSerializer)
    @action(detail=True, methods=["put"])
    def cells(self, request: Request, pk: uuid.UUID) -> Response:
        """Repair it: the cells in the order of the columns. It is checked at once."""
        row = self.get_object()
        return self.shown(actions.edit_row(row=row, by=self.by, **self.valid(parts.CellsInput)))

    @extend_schema(request=parts.DecideInput, responses=parts.RowSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: uuid.UUID) -> Response:
        """Leave it out, make it new, or add its facts to an agreement that is there. Empty: take a decision back."""
        row = self.get_object()
        return self.shown(actions.decide_row(row=row, by=self.by, **self.valid(parts.DecideInput)))


class CountryNameViewSet(ListMixin):
    """What the own agency decided that names of countries mean."""

    serializer_class = parts.NameSerializer
    queryset = CountryName.objects.none()
    keyset = ("name", "pk")
    filterset_fields = {"country": ["exact"]}
    required_permissions = dict.fromkeys(("list", "create", "destroy"), DRAFT)

    def get_queryset(self) -> Any:
        return self.queryset if getattr(self, "swagger_fake_view", False) else CountryName.objects.visible_to(self.by)

    @extend_schema(request=parts.NameInput, responses={201: parts.NameSerializer})
    def create(self, request: Request) -> Response:
        """Decide what a name means, or revise it. Rows that wait for it are checked again."""
        return self.shown(actions.decide_name(by=self.by, **self.valid(parts.NameInput)), status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: uuid.UUID) -> Response:
        """Forget it: the name is asked again."""
        actions.forget_name(name=self.get_object(), by=self.by)
        return Response(status=204)
