"""What an agreement lets flow from whom to whom, by the same functions that decide."""

import uuid
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.register.choices import Category
from agreements.register.models import Agreement
from agreements.sharing.api.parts import AgencyPart
from agreements.sharing.asking import instant_of_agreement
from agreements.sharing.presenting import Flow, flows_of
from portal.api.viewsets import KernelViewSet

AT = OpenApiParameter("at", OpenApiTypes.DATETIME, description="Of another instant, not ahead.")
KNOWN = OpenApiParameter(
    "known", OpenApiTypes.STR, enum=["then", "now"], description="By facts recorded by then, or by all until today."
)


class FlowSerializer(serializers.Serializer[Any]):
    """One open channel."""

    sender = AgencyPart()
    receiver = AgencyPart()
    clause = serializers.UUIDField(source="clause.id")
    article = serializers.CharField(source="clause.article")
    kind = serializers.CharField(source="clause.kind")
    categories = serializers.SerializerMethodField()
    ceiling = serializers.IntegerField(source="channel.ceiling")
    since = serializers.DateTimeField(source="channel.since")

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=Category.choices)))
    def get_categories(self, row: Flow) -> list[str]:
        return sorted(row.channel.categories)


class FlowViewSet(KernelViewSet):
    """Beside the register's agreements, which do not know channels."""

    required_permissions = {"flows": Permission.AGREEMENT_VIEW}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Agreement.objects.none()
        return Agreement.objects.visible_to(self.by)

    @extend_schema(parameters=[AT, KNOWN], responses=FlowSerializer(many=True))
    def flows(self, request: Request, pk: uuid.UUID) -> Response:
        """Every channel that is open today, or was at another instant (R14)."""
        agreement, asked = self.get_object(), request.query_params
        now, zone = timezone.now(), self.by.agency.zone
        try:
            when = instant_of_agreement(asked.get("at", ""), asked.get("known", ""), agreement, now, zone)
        except ValueError as error:
            raise ValidationError({"at": [str(error)]}) from None
        rows = flows_of(agreement, when.at or now, when.known)
        return Response(FlowSerializer(rows, many=True, context=self.get_serializer_context()).data)
