"""What a record cites, over the API (R12)."""

import uuid
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.citations import actions
from agreements.citations.models import Citation
from agreements.sharing.api.base import SeeingViewSet
from agreements.sharing.disclosure import disclose
from agreements.sharing.models import Record
from portal.api.viewsets import ANY_OFFICER

RELEASE = Permission.RECORD_RELEASE


class CitationSerializer(serializers.ModelSerializer[Citation]):
    class Meta:
        model = Citation
        fields = ["id", "record", "source", "cited_at"]
        read_only_fields = fields


class CiteInput(serializers.Serializer[Any]):
    source = serializers.UUIDField()  # type: ignore[assignment]


class CitationViewSet(SeeingViewSet):
    """Beside the records: what one cites, as far as the reader sees that."""

    required_permissions = {"citations": ANY_OFFICER, "cite": RELEASE, "uncite": RELEASE}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Record.objects.none()
        return self.seen().select_related("owner__country")

    def _rows(self) -> Any:
        return Citation.objects.visible_to(self.access).select_related("record", "source__owner")

    @extend_schema(operation_id="records_citations_list", responses=CitationSerializer(many=True))
    def citations(self, request: Request, pk: uuid.UUID) -> Response:
        """What it cites."""
        record: Record = self.get_object()
        rows = list(self._rows().filter(record=record))
        disclose(request._request, [record, *(row.source for row in rows)])
        return Response(CitationSerializer(rows, many=True).data)

    @extend_schema(operation_id="records_citations_create", request=CiteInput, responses={201: CitationSerializer})
    def cite(self, request: Request, pk: uuid.UUID) -> Response:
        """Cite a record that one sees: the own one takes the strictest terms of both."""
        record: Record = self.get_object()
        source = self.named_record(self.valid(CiteInput)["source"], "source")
        row = actions.cite(record=record, source=source, by=self.by)
        disclose(request._request, [record, source])
        return Response(CitationSerializer(row).data, status=201)

    @extend_schema(operation_id="citations_destroy", responses={204: None})
    def uncite(self, request: Request, pk: uuid.UUID) -> Response:
        """Take a citation out; the marking stays."""
        actions.uncite(citation=get_object_or_404(self._rows(), pk=pk), by=self.by)
        return Response(status=204)
