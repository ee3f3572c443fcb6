"""Two-person release over the API (R20)."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.approvals import actions
from agreements.approvals.models import Approval
from agreements.approvals.reading import preview_of
from agreements.sharing.api.base import HangingViewSet
from agreements.sharing.api.inputs import ReleaseInput
from agreements.sharing.api.outputs import ReleasePreviewSerializer
from agreements.sharing.api.parts import OfficerPart
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of

RELEASE = Permission.RECORD_RELEASE


class ApprovalSerializer(serializers.ModelSerializer[Approval]):
    """A release that waits for a second officer of the own agency, or what became of it."""

    asked_by = OfficerPart(read_only=True)
    decided_by = OfficerPart(read_only=True, allow_null=True)
    target = serializers.CharField(read_only=True)
    audience = serializers.CharField(source="audience.kind", read_only=True)
    clause = serializers.UUIDField(source="audience.clause_id", read_only=True)

    class Meta:
        model = Approval
        fields = [
            "id",
            "record",
            "audience",
            "target",
            "clause",
            "purpose",
            "until",
            "via",
            "asked_by",
            "asked_at",
            "state",
            "decided_by",
            "decided_at",
            "words",
            "release",
        ]
        read_only_fields = fields


class ApprovalInput(ReleaseInput):
    record = serializers.UUIDField()


class DeclineReleaseInput(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=300)


class ApprovalViewSet(HangingViewSet):
    """Of the own agency, for records that the officer sees."""

    serializer_class = ApprovalSerializer
    model = Approval
    keyset = ("-asked_at", "-pk")
    filterset_fields = {"record": ["exact"], "state": ["exact"]}
    required_permissions = dict.fromkeys(
        ("list", "retrieve", "create", "preview", "approve", "decline", "take_back"), RELEASE
    )

    @extend_schema(request=ApprovalInput, responses={201: ApprovalSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a second officer, where a release answers that it needs one."""
        values = self.valid(ApprovalInput)
        record = self.named_record(values.pop("record"))
        terms = {name: values.get(name) for name in ("clause", "purpose", "until")}
        row = actions.ask(record=record, to=ReleaseInput.to(values), by=self.by, **terms)  # type: ignore[arg-type]
        return self.created(self.again(row))

    @extend_schema(responses=ReleasePreviewSerializer)
    @action(detail=True)
    def preview(self, request: Request, pk: uuid.UUID) -> Response:
        """Who would see the record by it now (R27)."""
        row: Approval = self.get_object()
        disclose(request._request, [row.record])
        found = preview_of(row, access_of(request._request).at)
        return Response(ReleasePreviewSerializer(found, context=self.get_serializer_context()).data)

    @extend_schema(request=None, responses=ApprovalSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: uuid.UUID) -> Response:
        """As the second officer: release it."""
        return self.shown(self.again(actions.approve(approval=self.get_object(), by=self.by)))

    @extend_schema(request=DeclineReleaseInput, responses=ApprovalSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: uuid.UUID) -> Response:
        """As the second officer: no, and why."""
        row = actions.decline(approval=self.get_object(), by=self.by, **self.valid(DeclineReleaseInput))
        return self.shown(self.again(row))

    @extend_schema(request=None, responses=ApprovalSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: uuid.UUID) -> Response:
        """As who asked."""
        return self.shown(self.again(actions.take_back(approval=self.get_object(), by=self.by)))
