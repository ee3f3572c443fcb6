"""Reports over the API: the same rows and actions as the pages. Marking and releasing stand under /records/."""

from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.sharing.api.base import DetailViewSet
from intel.reports import actions
from intel.reports.api import serializers
from intel.reports.api.filters import ReportFilterSet
from intel.reports.models import Report

VIEW, WRITE = Permission.REPORT_VIEW, Permission.REPORT_WRITE
IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description="ETag of the version you read."
)


class ReportViewSet(DetailViewSet):
    """Intelligence reports as far as the reader may see them, newest information first."""

    model = Report
    serializer_class = serializers.ReportSerializer
    filterset_class = ReportFilterSet
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": WRITE,
        "partial_update": WRITE,
        "withdraw": WRITE,
    }

    @extend_schema(request=serializers.ReportInput, responses={201: serializers.ReportSerializer})
    def create(self, request: Request) -> Response:
        """Write a report. It goes to nobody outside the agency until it is released."""
        return self.created(actions.write(by=self.by, **self.valid(serializers.ReportInput)))

    @extend_schema(parameters=[IF_MATCH], request=serializers.ReportChange, responses=serializers.ReportSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change text, grade, time or place of an own report."""
        row: Report = self.get_object()
        version = self.check_version(row)
        values = self.valid(serializers.ReportChange)
        actions.change(report=row, by=self.by, version=version, **values)
        return self.shown(self.get_object())

    @extend_schema(request=serializers.WithdrawInput, responses=serializers.ReportSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take it back for good: every release is revoked, none can follow."""
        row: Report = self.get_object()
        actions.withdraw(report=row, by=self.by, **self.valid(serializers.WithdrawInput))
        return self.shown(self.get_object())
