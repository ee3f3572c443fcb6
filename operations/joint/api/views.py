"""Joint reports over the API: the same rows and actions as the pages."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.sharing.api.base import DetailViewSet
from agreements.sharing.disclosure import disclose
from operations.joint import annex, verifying
from operations.joint.actions import reports, signing
from operations.joint.actions.signing import Device
from operations.joint.api import inputs, serializers
from operations.joint.api.filters import CopyFilterSet, ReportFilterSet
from operations.joint.models import JointReport, SealedCopy, Statement
from operations.joint.presenting import statements_of
from operations.sealing import basis
from operations.sealing.api import SealedViewSet

VIEW, RUN = Permission.PATROL_VIEW, Permission.PATROL_RUN
IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description="ETag of the version you read."
)


class JointReportViewSet(DetailViewSet):
    """Joint reports as far as the reader may see them, the newest first."""

    model = JointReport
    serializer_class = serializers.JointReportSerializer
    filterset_class = ReportFilterSet
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": RUN,
        "partial_update": RUN,
        "words": RUN,
        "footings": RUN,
        "put_forward": RUN,
        "sign": RUN,
        "take_back": RUN,
        "withdraw": RUN,
        "signatures": VIEW,
        "entries": VIEW,
    }

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.prefetch_related("sides", "wordings")

    @extend_schema(request=inputs.JointReportInput, responses={201: serializers.JointReportSerializer})
    def create(self, request: Request) -> Response:
        """Write a draft about a patrol or a shift. It goes to nobody until it is put to its sides."""
        row = reports.write(by=self.by, **self.valid(inputs.JointReportInput))
        return self.created(self._again(row))

    @extend_schema(parameters=[IF_MATCH], request=inputs.JointReportChange, responses=serializers.JointReportSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the text. Once it is with its sides, all sign anew."""
        row: JointReport = self.get_object()
        version = self.check_version(row)
        reports.change(report=row, by=self.by, version=version, **self.valid(inputs.JointReportChange))
        return self.shown(self.get_object())

    @extend_schema(request=inputs.JointWordsInput, responses=serializers.JointReportSerializer)
    @action(detail=True, methods=["post"])
    def words(self, request: Request, pk: str) -> Response:
        """Put the text into another language, or take that away."""
        reports.put_into_words(report=self.get_object(), by=self.by, **self.valid(inputs.JointWordsInput))
        return self.shown(self.get_object())

    @extend_schema(responses=serializers.JointFootingSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def footings(self, request: Request, pk: str) -> Response:
        """To its owner: by which article each side would read it (R27)."""
        row: JointReport = self._told(request)
        if not self.access.owns(row.record.owner_id):
            raise PermissionDenied(f"Only {row.record.owner.short} puts it to the sides.")
        found = basis.footings(row.record, basis.others_of(row, self.by), self.by, self.access.at)
        return Response(serializers.JointFootingSerializer(found, many=True).data)

    @extend_schema(request=None, responses=serializers.JointReportSerializer)
    @action(detail=True, methods=["post"], url_path="put-forward")
    def put_forward(self, request: Request, pk: str) -> Response:
        """Put it to its sides, under an article for each; to none where one is missing."""
        reports.put_forward(report=self.get_object(), by=self.by)
        return self.shown(self.get_object())

    @extend_schema(request=inputs.JointSignInput, responses={201: serializers.JointSignatureSerializer})
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: str) -> Response:
        """Sign for the own agency. The last signature seals it: each side then owns a copy under /joint-copies/."""
        row: JointReport = self.get_object()
        values = self.valid(inputs.JointSignInput)
        agent = request.headers.get("user-agent", "")
        device = Device(values.pop("device", None), values.pop("device_at", None), agent)
        found = signing.sign(report=row, by=self.by, device=device, **values)
        statements = statements_of([found], self.access)
        disclose(request._request, [row.record, *(item.record for item in statements.values())])
        context = {**self.get_serializer_context(), "statements": statements}
        return Response(serializers.JointSignatureSerializer(found, context=context).data, status=201)

    @extend_schema(request=None, responses=serializers.JointReportSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        """Take the own side's signature back before all have signed."""
        signing.take_back(report=self.get_object(), by=self.by)
        return self.shown(self.get_object())

    @extend_schema(request=inputs.JointReasonInput, responses=serializers.JointReportSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take it back before all have signed: signatures lapse, releases are revoked."""
        reports.withdraw(report=self.get_object(), by=self.by, **self.valid(inputs.JointReasonInput))
        return self.shown(self.get_object())

    @extend_schema(responses=serializers.JointSignatureSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def signatures(self, request: Request, pk: str) -> Response:
        """All signatures, also those that lapsed."""
        row: JointReport = self.get_object()
        found = list(row.signatures.with_words())
        statements = statements_of(found, self.access)
        disclose(request._request, [row.record, *(item.record for item in statements.values())])
        context = {**self.get_serializer_context(), "statements": statements}
        return Response(serializers.JointSignatureSerializer(found, many=True, context=context).data)

    @extend_schema(responses=serializers.JointEntriesSerializer, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def entries(self, request: Request, pk: str) -> Response:
        """The entries of the log that the reader's side may keep."""
        row: JointReport = self.get_object()
        found, records = annex.entries_of(row, self.access)
        disclose(request._request, [row.record, *records])
        return Response({"entries": found})

    def _told(self, request: Request) -> JointReport:
        row: JointReport = self.get_object()
        disclose(request._request, [row.record])
        return row

    def _again(self, row: JointReport) -> JointReport:
        found: JointReport = self.get_queryset().get(pk=row.pk)
        return found


class StatementViewSet(DetailViewSet):
    """Statements of sides that the reader may see."""

    model = Statement
    serializer_class = serializers.JointStatementSerializer
    required_permissions = {"list": VIEW, "retrieve": VIEW}


class CopyViewSet(SealedViewSet):
    """Sealed copies: the own agency's, and what others released of theirs."""

    model = SealedCopy
    serializer_class = serializers.SealedCopySerializer
    line_serializer_class = serializers.SealedLineSerializer
    filterset_class = CopyFilterSet
    required_permissions = {"list": VIEW, "retrieve": VIEW, "verify": VIEW}

    @extend_schema(responses=serializers.SealedVerifySerializer, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def verify(self, request: Request, pk: str) -> Response:
        """Work out every digest again, and ask the ledger."""
        row: SealedCopy = self.get_object()
        told = self.verified(row, verifying.checks_of(row))
        return Response(serializers.SealedVerifySerializer(told).data)
