"""The register as a file, as far as the reader may see it."""

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from agencies.directory.roles import Permission
from agreements.importing.exporting.leaving import KINDS, register_file
from portal.api.renderers import CsvRenderer, XlsxRenderer
from portal.api.viewsets import KernelViewSet
from portal.ui.errors import Refused

KIND = OpenApiParameter(
    "kind", OpenApiTypes.STR, enum=list(KINDS), description="Default: json, which holds every fact."
)


class RegisterExportViewSet(KernelViewSet):
    """The register as a file (R23). It stands in the ledger."""

    required_permissions = {"list": Permission.AGREEMENT_VIEW}
    query_parameters = ("kind",)
    renderer_classes = [JSONRenderer, CsvRenderer, XlsxRenderer]
    filter_backends: list[type] = []  # type: ignore[assignment]
    pagination_class = None

    @extend_schema(
        operation_id="register_export_retrieve",
        parameters=[KIND],
        responses={(200, "application/json"): OpenApiResponse(OpenApiTypes.OBJECT)},
    )
    def list(self, request: Request) -> HttpResponseBase:
        """Every agreement that the reader may see, with all its facts: as JSON, or as tables in CSV or XLSX."""
        try:
            return register_file(kind=request.query_params.get("kind", "json"), by=self.by)
        except Refused as refused:
            raise ValidationError({"kind": [refused.message]}) from refused
