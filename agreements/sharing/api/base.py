"""The base of viewsets whose rows are records, or the details of records.

    class PatrolSerializer(DetailSerializer[Patrol]):
        class Meta:
            model = Patrol
            fields = ["id", "record", "state", "objective"]

    class PatrolViewSet(DetailViewSet):
        model = Patrol
        serializer_class = PatrolSerializer
        required_permissions = {"list": Permission.PATROL_VIEW, "retrieve": Permission.PATROL_VIEW}

Rows are read through the door, each response writes its entry in the ledger, the ETag is the record's version,
and what is display-only keeps its details from receivers.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Model
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.sharing.api.pages import FeedPagination
from agreements.sharing.api.parts import RecordSerializer, is_withheld
from agreements.sharing.api.sight import Sight
from agreements.sharing.disclosure import items_of, note_opening
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from agreements.sharing.querysets import RecordQuerySet
from portal.api.versions import check_version, etag_of
from portal.api.viewsets import KernelViewSet, ReadViewSet

_M = TypeVar("_M", bound=Model)


class DetailSerializer(serializers.ModelSerializer[_M]):
    """Details beside their record. Of what is withheld, `id` and `record` are told, all else is null."""

    id = serializers.UUIDField(source="pk", read_only=True)
    record = RecordSerializer(read_only=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        if is_withheld(instance.record, self.context["sight"]):
            told = {"id": str(instance.pk), "record": self.fields["record"].to_representation(instance.record)}
            return {**dict.fromkeys(self.fields), **told}
        return super().to_representation(instance)


class SeeingViewSet(KernelViewSet):
    """What of records, and of what belongs to them, the reader may be told."""

    @property
    def access(self) -> Access:
        return access_of(self.request._request)

    @cached_property
    def sight(self) -> Sight:
        return Sight(self.access)

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if not getattr(self, "swagger_fake_view", False):
            context["sight"] = self.sight
        return context

    def seen(self) -> RecordQuerySet:
        return Record.objects.visible_to(self.access)

    def named_record(self, key: uuid.UUID, field: str = "record") -> Record:
        """The record of that key. Raises 400 at the field where the reader sees none: hidden or unknown (R17)."""
        record = self.seen().select_related("owner__country").filter(pk=key).first()
        if record is None:
            raise ValidationError({field: ["There is no such record."]})
        return record


class HangingViewSet(SeeingViewSet, ReadViewSet):
    """Rows that hang from a record: those that their own `visible_to` tells of. Each names its record (R29)."""

    # Its queryset has `visible_to`, and `with_words`, which loads what is shown of a row.
    model: type[Model]

    def get_queryset(self) -> Any:
        manager: Any = self.model._default_manager
        if getattr(self, "swagger_fake_view", False):
            return manager.none()
        return manager.visible_to(self.access).with_words()

    def again(self, row: Any) -> Any:
        """The row after a step, with what is shown of it."""
        manager: Any = self.model._default_manager
        return manager.with_words().get(pk=row.pk)

    def disclosures(self, rows: Sequence[Any]) -> Iterable[Mapping[str, Any]]:
        return items_of(self.access, {row.record_id: row.record for row in rows}.values())


class DetailViewSet(SeeingViewSet, ReadViewSet):
    """List and detail of one kind's detail rows."""

    model: type[Model]
    pagination_class: type[BasePagination] | None = FeedPagination
    keyset = ("-record__occurred_at", "-pk")

    def get_queryset(self) -> Any:
        manager: Any = self.model._default_manager
        if getattr(self, "swagger_fake_view", False):
            return manager.none()
        return manager.visible_to(self.access).select_related(
            "record__owner__country", "record__author__officer", "record__author__agency"
        )

    def record_of(self, row: Any) -> Record:
        return row.record  # type: ignore[no-any-return]

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        self.sight.prime(self.record_of(row) for row in rows or ())
        return rows

    def disclosures(self, rows: Sequence[Any]) -> Iterable[Mapping[str, Any]]:
        shown = [self.record_of(row) for row in rows]
        return items_of(self.access, [*shown, *self.sight.named_by(shown)])

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        note_opening(self.access, self.record_of(row))
        return self.shown(row)

    def shown(self, row: Any, **options: Any) -> Response:
        """As the kernel's, with the record's version as ETag."""
        response = super().shown(row, **options)
        response["ETag"] = etag_of(self.record_of(row))
        return response

    def check_version(self, row: Any) -> int:
        return check_version(self.request, self.record_of(row))
