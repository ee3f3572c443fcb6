"""What an agreement lets flow from whom to whom, by the same functions that decide."""

import uuid
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.register.choices import Category
from agreements.register.models import Agreement
from agreements.sharing.api.parts import AgencyPart
from agreements.sharing.presenting import Flow, flows_of
from portal.api.viewsets import KernelViewSet


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

    @extend_schema(responses=FlowSerializer(many=True))
    def flows(self, request: Request, pk: uuid.UUID) -> Response:
        """Every channel that is open today."""
        rows = flows_of(self.get_object(), timezone.now())
        return Response(FlowSerializer(rows, many=True, context=self.get_serializer_context()).data)
