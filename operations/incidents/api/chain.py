"""Beside the operations: who validates their reports, and whom the own agency names for serious incidents."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.sharing.api.base import SeeingViewSet
from agreements.sharing.disclosure import disclose
from agreements.sharing.models import Record
from operations.incidents.actions import chain, serious
from operations.incidents.api import inputs, serializers
from operations.incidents.models import ChainLink, Recipient

PLAN = Permission.OPERATION_PLAN


class ChainViewSet(SeeingViewSet):
    required_permissions = {"chain": PLAN, "set_link": PLAN, "name_recipient": PLAN, "unname_recipient": PLAN}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Record.objects.none()
        return self.seen().of_kind("operation").select_related("owner__country")

    def _answer(self, request: Request, operation: Record, status: int = 200) -> Response:
        disclose(request._request, [operation])
        links = ChainLink.objects.filter(operation=operation)
        own = Recipient.objects.filter(operation=operation, appointment__agency__in=self.by.agencies)
        return Response(serializers.IncidentChainSerializer({"links": links, "recipients": own}).data, status=status)

    @extend_schema(operation_id="operations_incident_chain_retrieve", responses=serializers.IncidentChainSerializer)
    def chain(self, request: Request, pk: uuid.UUID) -> Response:
        """Who validates, and the own agency's recipients of serious incidents."""
        return self._answer(request, self.get_object())

    @extend_schema(
        operation_id="operations_incident_chain_set",
        request=inputs.ChainInput,
        responses=serializers.IncidentChainSerializer,
    )
    def set_link(self, request: Request, pk: uuid.UUID) -> Response:
        """Say who validates at a step, or leave it out: the operation's owner."""
        operation: Record = self.get_object()
        chain.set_link(operation=operation, by=self.by, **self.valid(inputs.ChainInput))
        return self._answer(request, operation)

    @extend_schema(
        operation_id="operations_serious_recipients_name",
        request=inputs.RecipientInput,
        responses=serializers.IncidentChainSerializer,
    )
    def name_recipient(self, request: Request, pk: uuid.UUID) -> Response:
        """Name an officer of the own agency for serious incidents."""
        operation: Record = self.get_object()
        serious.name_recipient(operation=operation, by=self.by, **self.valid(inputs.RecipientInput))
        return self._answer(request, operation)

    @extend_schema(
        operation_id="operations_serious_recipients_unname",
        request=inputs.RecipientInput,
        responses=serializers.IncidentChainSerializer,
    )
    def unname_recipient(self, request: Request, pk: uuid.UUID) -> Response:
        """Name this officer no more; what was told already stays open."""
        operation: Record = self.get_object()
        serious.unname_recipient(operation=operation, by=self.by, **self.valid(inputs.RecipientInput))
        return self._answer(request, operation)
