"""Two-person release over the API (R20)."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.approvals import actions
from agreements.approvals.models import Approval
from agreements.approvals.reading import preview_of
from agreements.sharing.api.inputs import ReleaseInput
from agreements.sharing.api.outputs import ReleasePreviewSerializer
from agreements.sharing.api.parts import OfficerPart
from agreements.sharing.api.sight import Sight
from agreements.sharing.disclosure import disclose, items_of
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from portal.api.viewsets import ReadViewSet

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


class ApprovalViewSet(ReadViewSet):
    """Of the own agency, for records that the officer sees."""

    serializer_class = ApprovalSerializer
    queryset = Approval.objects.none()
    keyset = ("-asked_at", "-pk")
    filterset_fields = {"record": ["exact"], "state": ["exact"]}
    required_permissions = dict.fromkeys(
        ("list", "retrieve", "create", "preview", "approve", "decline", "take_back"), RELEASE
    )

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if not getattr(self, "swagger_fake_view", False):
            context["sight"] = Sight(access_of(self.request._request))
        return context

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Approval.objects.visible_to(access_of(self.request._request)).with_words()

    def disclosures(self, rows: Sequence[Any]) -> Iterable[Mapping[str, Any]]:
        named = {row.record_id: row.record for row in rows}
        return items_of(access_of(self.request._request), named.values())

    @extend_schema(request=ApprovalInput, responses={201: ApprovalSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a second officer, where a release answers that it needs one."""
        values = self.valid(ApprovalInput)
        seen = Record.objects.visible_to(access_of(self.request._request)).filter(pk=values.pop("record"))
        record = seen.select_related("owner__country").first()
        if record is None:
            raise ValidationError({"record": ["There is no such record."]})
        terms = {name: values.get(name) for name in ("clause", "purpose", "until")}
        row = actions.ask(record=record, to=ReleaseInput.to(values), by=self.by, **terms)  # type: ignore[arg-type]
        return self.created(self._again(row))

    def _again(self, row: Approval) -> Approval:
        return Approval.objects.with_words().get(pk=row.pk)

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
        return self.shown(self._again(actions.approve(approval=self.get_object(), by=self.by)))

    @extend_schema(request=DeclineReleaseInput, responses=ApprovalSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: uuid.UUID) -> Response:
        """As the second officer: no, and why."""
        row = actions.decline(approval=self.get_object(), by=self.by, **self.valid(DeclineReleaseInput))
        return self.shown(self._again(row))

    @extend_schema(request=None, responses=ApprovalSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: uuid.UUID) -> Response:
        """As who asked."""
        return self.shown(self._again(actions.take_back(approval=self.get_object(), by=self.by)))
