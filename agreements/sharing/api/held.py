"""What waits for a tap, over the API (R6)."""

import uuid
from typing import Any

import django_filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.sharing.actions.held import release_held
from agreements.sharing.api.base import DetailViewSet
from agreements.sharing.api.outputs import ReleaseSerializer
from agreements.sharing.api.parts import RecordSerializer
from agreements.sharing.holding import MOST, Held, HeldRow, held_of
from agreements.sharing.models import Record, Release
from portal.audit import recording

PLACE = OpenApiParameter("place", OpenApiTypes.UUID, description="Of this operation or this patrol alone.")


class HeldRowSerializer(serializers.Serializer[HeldRow]):
    """A held entry with the one release that a tap would make, or what is missing."""

    record = RecordSerializer()
    clause = serializers.UUIDField(source="offer.clause.pk", default=None, allow_null=True)
    article = serializers.CharField(source="offer.clause", default=None, allow_null=True)
    purpose = serializers.CharField(allow_blank=True)
    words = serializers.CharField(source="offer.words", default=None, allow_null=True)
    missing = serializers.CharField(allow_blank=True)


class HeldSerializer(serializers.Serializer[Held]):
    rows = HeldRowSerializer(many=True)
    more = serializers.BooleanField(help_text=f"Whether there are more than these {MOST}.")


class TapInput(serializers.Serializer[Any]):
    """Which to release, all or none."""

    records = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=MOST)


class HeldViewSet(DetailViewSet):
    """Own entries that nobody abroad was given, newest first."""

    model = Record
    required_permissions = {"list": Permission.RECORD_RELEASE, "release": Permission.RECORD_RELEASE}
    query_parameters = ("place",)
    filterset_class: type[django_filters.FilterSet] | None = None
    pagination_class = None

    def get_queryset(self) -> Any:
        return Record.objects.none()

    def record_of(self, row: Any) -> Record:
        return row

    def _held(self) -> Held:
        key = self.request.query_params.get("place", "")
        place = None
        if key:
            place = self._seen(key)
            if place is None:
                raise ValidationError({"place": ["There is no such record."]})
        return held_of(self.access, place, self.access.at)

    def _seen(self, text: str) -> Record | None:
        try:
            return Record.objects.visible_to(self.access).filter(pk=uuid.UUID(text)).first()
        except ValueError:
            return None

    @extend_schema(operation_id="records_held_list", parameters=[PLACE], responses=HeldSerializer)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What waits, each with the article that would let it go."""
        found = self._held()
        rows = [row.record for row in found.rows]
        self.sight.prime(rows)
        recording.disclose(by=self.by, items=self.disclosures(rows))
        return Response(HeldSerializer(found, context=self.get_serializer_context()).data)

    @extend_schema(operation_id="records_held_release", request=TapInput, responses={201: ReleaseSerializer(many=True)})
    def release(self, request: Request) -> Response:
        """Release those named, each to its operation's circle under the article beside it."""
        keys = self.valid(TapInput)["records"]
        known = {row.record.pk: row for row in self._held().rows}
        errors: Any = {n: ["This does not wait here."] for n, key in enumerate(keys) if key not in known}
        if errors:
            raise ValidationError({"records": errors})
        made = release_held(rows=[known[key] for key in dict.fromkeys(keys)], by=self.by)
        shown = [known[row.content_object_id].record for row in made]
        recording.disclose(by=self.by, items=self.disclosures(shown))
        rows = Release.objects.filter(pk__in=[row.pk for row in made])
        rows = rows.select_related("audience__appointment__officer").order_by("released_at", "pk")
        return Response(ReleaseSerializer(rows, many=True, context=self.get_serializer_context()).data, status=201)
