"""Observation types over the API: versions of an operation, the draft, and each as JSON Schema."""

import uuid
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django_filters.rest_framework import FilterSet, UUIDFilter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.sharing.api.base import HangingViewSet
from agreements.sharing.api.parts import OfficerPart, is_withheld
from agreements.sharing.disclosure import items_of
from agreements.sharing.models import Record
from agreements.sharing.policy import decide
from operations.types import actions, schema
from operations.types.choices import FieldKind, ObservationType
from operations.types.definitions import Type, read_types
from operations.types.models import Catalogue
from portal.api.renderers import SchemaRenderer
from portal.audit import recording
from portal.ui.errors import Refused

VIEW, PLAN = Permission.OPERATION_VIEW, Permission.OPERATION_PLAN
TEXTS = "By language: {en: …, de: …}. English is always there."


class TypeChoicePart(serializers.Serializer[Any]):
    key = serializers.CharField()
    labels = serializers.DictField(child=serializers.CharField())


class TypeFieldPart(serializers.Serializer[Any]):
    """One field of a type. `unit`, `minimum` and `maximum` are of numbers, `longest` of texts, `choices` of choices."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=FieldKind.choices)
    labels = serializers.DictField(child=serializers.CharField(), help_text=TEXTS)
    hints = serializers.DictField(child=serializers.CharField(), required=False)
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]
    personal = serializers.BooleanField(
        required=False, help_text="Holds personal data: an entry with it is marked so, and waits (R6)."
    )
    unit = serializers.CharField(required=False)
    minimum = serializers.FloatField(required=False, allow_null=True)
    maximum = serializers.FloatField(required=False, allow_null=True)
    longest = serializers.IntegerField(required=False)
    choices = TypeChoicePart(many=True, required=False)


class TypePart(serializers.Serializer[Any]):
    """A type: what it counts as in every operation, and its fields in their order."""

    key = serializers.CharField()
    base = serializers.ChoiceField(choices=ObservationType.choices)
    labels = serializers.DictField(child=serializers.CharField(), help_text=TEXTS)
    quick = serializers.BooleanField(required=False, help_text="Has a button of its own on the device.")
    fields = TypeFieldPart(many=True, required=False)  # type: ignore[assignment]


class CatalogueSerializer(serializers.ModelSerializer[Catalogue]):
    """The types of an operation in one version. A draft has no number, and is its planners' own."""

    operation = serializers.UUIDField(source="record_id", read_only=True)
    types = serializers.SerializerMethodField()
    published_by = OfficerPart(read_only=True, allow_null=True)

    class Meta:
        model = Catalogue
        fields = ["id", "operation", "number", "revision", "types", "published_at", "published_by"]
        read_only_fields = fields

    @extend_schema_field(TypePart(many=True, allow_null=True))
    def get_types(self, row: Catalogue) -> Any:
        return None if is_withheld(row.record, self.context["sight"]) else row.types


class RevisionInput(serializers.Serializer[Any]):
    revision = serializers.IntegerField(min_value=1, max_value=2_000_000_000, help_text="Of the draft that was read.")


class CatalogueInput(RevisionInput):
    """`types` take the place of all types of the draft."""

    types = serializers.ListField(child=serializers.DictField(), max_length=200)

    def validate_types(self, rows: Any) -> tuple[Type, ...]:
        try:
            return read_types(rows)
        except Refused as refused:
            raise ValidationError([f"{refused.message} (at {refused.field})"]) from None


class CatalogueBody(RevisionInput):
    """As it is described: a fault is told with its place."""

    types = TypePart(many=True)


class SchemaInput(RevisionInput):
    """`schema`: JSON Schema 2020-12, each type under `$defs`. References are not followed."""

    schema = serializers.DictField()

    def validate_schema(self, raw: Any) -> tuple[Type, ...]:
        try:
            return schema.read(raw)
        except Refused as refused:
            raise ValidationError([refused.message]) from None


class CatalogueFilterSet(FilterSet):
    operation = UUIDFilter(field_name="record")


class CatalogueViewSet(HangingViewSet):
    """Observation types as far as the reader may see their operation."""

    model = Catalogue
    serializer_class = CatalogueSerializer
    keyset = ("-made_at", "-pk")
    filterset_class = CatalogueFilterSet
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "update": PLAN,
        "destroy": PLAN,
        "publish": PLAN,
        "as_schema": VIEW,
        "take_schema": PLAN,
    }

    def get_renderers(self) -> Any:
        """What is put in is answered as every row is; the schema alone has a media type of its own."""
        return [JSONRenderer()] if self.action == "take_schema" else super().get_renderers()

    @extend_schema(request=CatalogueBody, responses=CatalogueSerializer)
    def update(self, request: Request, pk: str) -> Response:
        """Put other types into the draft: the operation's owner. 412 when a colleague changed it since `revision`."""
        row = actions.change(catalogue=self.get_object(), by=self.by, **self.valid(CatalogueInput))
        return self.shown(self.again(row))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Drop the draft. Published versions stay."""
        actions.drop(catalogue=self.get_object(), by=self.by)
        return Response(status=204)

    @extend_schema(request=RevisionInput, responses=CatalogueSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Make the draft the version that counts. Entries keep the version that they were made with."""
        row = actions.publish(catalogue=self.get_object(), by=self.by, **self.valid(RevisionInput))
        return self.shown(self.again(row))

    @extend_schema(responses={(200, "application/schema+json"): OpenApiResponse(OpenApiTypes.OBJECT)}, filters=False)
    @action(
        detail=True,
        url_path="schema",
        url_name="schema",
        renderer_classes=[SchemaRenderer, JSONRenderer],
        pagination_class=None,
    )
    def as_schema(self, request: Request, pk: str) -> HttpResponse:
        """As JSON Schema 2020-12: an entry's values are one of its definitions."""
        row: Catalogue = self.get_object()
        decision = decide(self.access, row.record, "export")
        if not decision:
            raise PermissionDenied(decision.missing[0])
        recording.disclose(by=self.by, items=self.disclosures([row]))
        return JsonResponse(row.schema, content_type="application/schema+json")

    @extend_schema(
        operation_id="observation_types_schema_update",
        request=SchemaInput,
        responses=CatalogueSerializer,
        filters=False,
    )
    @as_schema.mapping.put
    def take_schema(self, request: Request, pk: str) -> Response:
        """Put the types of a JSON Schema into the draft. What no form could ask for is refused at its place."""
        values = self.valid(SchemaInput)
        row = actions.change(
            catalogue=self.get_object(), by=self.by, revision=values["revision"], types=values["schema"]
        )
        return self.shown(self.again(row))


class OperationTypesViewSet(HangingViewSet):
    """The versions of one operation, under its address."""

    model = Catalogue
    serializer_class = CatalogueSerializer
    pagination_class = None  # type: ignore[assignment]
    filter_backends = []
    required_permissions = {"versions": VIEW, "begin": PLAN}

    def _operation(self) -> Record:
        if getattr(self, "swagger_fake_view", False):
            return Record()
        rows = self.seen().of_kind("operation").select_related("owner__country")
        found: Record = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found

    @extend_schema(operation_id="operations_observation_types_list", responses=CatalogueSerializer(many=True))
    def versions(self, request: Request, pk: uuid.UUID) -> Response:
        """Every version that the reader may see: the draft first, then the one that counts."""
        operation = self._operation()
        rows = list(self.get_queryset().filter(record=operation))
        recording.disclose(by=self.by, items=items_of(self.access, [operation]))
        return Response(CatalogueSerializer(rows, many=True, context=self.get_serializer_context()).data)

    @extend_schema(
        operation_id="operations_observation_types_begin", request=None, responses={201: CatalogueSerializer}
    )
    def begin(self, request: Request, pk: uuid.UUID) -> Response:
        """Begin a draft with the types of the version that counts, or get the one that there is."""
        row = actions.begin(operation=self._operation(), by=self.by)
        return self.shown(self.again(row), status=201)
