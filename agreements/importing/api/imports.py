"""Imports: upload, columns, dry run, start, progress, undo."""

import uuid
from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.importing import actions, reading
from agreements.importing.api import parts
from agreements.importing.choices import RowState
from agreements.importing.exporting.leaving import rows_file
from agreements.importing.models import Import
from agreements.importing.undoing import reasons
from agreements.importing.views.steps import FORETOLD
from portal.api.renderers import CsvRenderer, XlsxRenderer
from portal.api.viewsets import ReadViewSet
from portal.ui.errors import Refused

FILES = {(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR)}
KIND = OpenApiParameter("kind", OpenApiTypes.STR, description="csv or xlsx", enum=["csv", "xlsx"])
STATE = OpenApiParameter("state", OpenApiTypes.STR, many=True, description="Rows in these states; default: all.")


class ImportViewSet(ReadViewSet):
    """Imports of the own agency: of its treaty admins, and of nobody else."""

    serializer_class = parts.ImportSerializer
    queryset = Import.objects.none()
    keyset = ("-uploaded_at", "-pk")
    filterset_fields = {"state": ["exact"]}
    required_permissions = dict.fromkeys(
        (
            "list", "retrieve", "create", "columns", "questions", "check", "start", "cancel", "resume", "undo", "foresee_undo",
            "rows", "repair",
        ),
        Permission.AGREEMENT_DRAFT,
    )  # fmt: skip

    def get_queryset(self) -> Any:
        return self.queryset if getattr(self, "swagger_fake_view", False) else Import.objects.visible_to(self.by)

    def get_serializer_class(self) -> Any:
        return parts.ImportSerializer if self.action == "list" else parts.ImportDetailSerializer

    def proposed(self, row: Import) -> Any:
        return actions.proposed(row, self.by)

    def _again(self, row: Import, status: int = 200) -> Response:
        return self.shown(
            Import.objects.visible_to(self.by).get(pk=row.pk),
            status=status,
            serializer_class=parts.ImportDetailSerializer,
        )

    @extend_schema(request={"multipart/form-data": parts.UploadInput}, responses={201: parts.ImportDetailSerializer})
    def create(self, request: Request) -> Response:
        """Upload a list as CSV, XLSX or JSON, or an export of a register. Nothing is made yet."""
        values = self.valid(parts.UploadInput)
        file = values["file"]
        row = actions.upload(file=file, name=file.name, by=self.by, key=values.get("id"))
        return self.created(row, serializer_class=parts.ImportDetailSerializer)

    def get_parsers(self) -> Any:
        if getattr(self, "action_map", {}).get((self.request.method or "").lower() if self.request else "") == "create":
            return [MultiPartParser()]
        return super().get_parsers()

    @extend_schema(request=parts.ColumnsInput, responses=parts.ImportDetailSerializer)
    @action(detail=True, methods=["put"])
    def columns(self, request: Request, pk: uuid.UUID) -> Response:
        """Say what each column means, and check all rows: the dry run."""
        row = self.get_object()
        values = self.valid(parts.ColumnsInput)
        meanings = values.pop("columns")
        mapping = {str(item["column"]): {"field": item["field"], "party": item["party"]} for item in meanings}
        if len(mapping) < len(meanings):
            raise ValidationError({"columns": ["A column is named twice."]})
        options = {**actions.proposed(row, self.by)[1], **values}
        return self._again(actions.name_columns(job=row, by=self.by, mapping=mapping, options=options))

    @extend_schema(responses=parts.QuestionsSerializer)
    @action(detail=True)
    def questions(self, request: Request, pk: uuid.UUID) -> Response:
        """What a person must decide: names of countries, and which of day and month stands first."""
        row = self.get_object()
        found = {"names": reading.asked_names(row, self.by), "day_order": reading.day_order(row)}
        return Response(parts.QuestionsSerializer(found).data)

    @extend_schema(request=parts.ImportCheckInput, responses=parts.ImportDetailSerializer)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: uuid.UUID) -> Response:
        """Check again, with the answer to which of day and month stands first."""
        row = self.get_object()
        return self._again(actions.check_again(job=row, by=self.by, **self.valid(parts.ImportCheckInput)))

    @extend_schema(request=parts.ImportStartInput, responses=parts.ImportDetailSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: uuid.UUID) -> Response:
        """Make what was checked. `counts` of the import tell how far it is."""
        row = self.get_object()
        return self._again(actions.start(job=row, by=self.by, **self.valid(parts.ImportStartInput)))

    @extend_schema(request=None, responses=parts.ImportDetailSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: uuid.UUID) -> Response:
        """Stop after the batch under way. What was made stays."""
        return self._again(actions.cancel(job=self.get_object(), by=self.by))

    @extend_schema(request=None, responses=parts.ImportDetailSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: uuid.UUID) -> Response:
        """Go on where it stopped."""
        return self._again(actions.resume(job=self.get_object(), by=self.by))

    @extend_schema(responses=parts.UndoSerializer)
    @action(detail=True, url_path="undo")
    def foresee_undo(self, request: Request, pk: uuid.UUID) -> Response:
        """What undoing would leave, because somebody has built on it."""
        made = self.get_object().rows.filter(state=RowState.MADE, leads=True).order_by("number")
        rows = list(made[:FORETOLD])
        stays = reasons(rows)
        staying = [{"row": row.number, "title": row.title, "why": stays[row.pk]} for row in rows if row.pk in stays]
        return Response(parts.UndoSerializer({"agreements": made.count(), "staying": staying}).data)

    @extend_schema(request=None, responses=parts.ImportDetailSerializer)
    @foresee_undo.mapping.post
    def undo(self, request: Request, pk: uuid.UUID) -> Response:
        """Take back what it made, and exactly that."""
        return self._again(actions.undo(job=self.get_object(), by=self.by))

    @extend_schema(parameters=[KIND, STATE], responses=FILES)
    @action(detail=True, renderer_classes=[CsvRenderer, XlsxRenderer, JSONRenderer])
    def rows(self, request: Request, pk: uuid.UUID) -> HttpResponseBase:
        """Rows as a file, with number, reason and every column: to repair and send back."""
        kind, states = request.query_params.get("kind", "csv"), request.query_params.getlist("state")
        try:
            return rows_file(job=self.get_object(), kind=kind, by=self.by, states=states)
        except Refused as refused:
            raise ValidationError({refused.field or "kind": [refused.message]}) from refused

    @extend_schema(request={"multipart/form-data": parts.FileInput}, responses=parts.RepairedSerializer)
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def repair(self, request: Request, pk: uuid.UUID) -> Response:
        """Take repaired rows back in, by their numbers."""
        row = self.get_object()
        number = actions.replace_rows(job=row, file=self.valid(parts.FileInput)["file"], by=self.by)
        return Response(parts.RepairedSerializer({"rows": number}).data)
