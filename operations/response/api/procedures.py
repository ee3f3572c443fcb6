"""Procedures over the API."""

from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response as Answer

from agencies.directory.roles import Permission
from agreements.sharing.api.base import DetailViewSet
from agreements.sharing.api.parts import is_withheld
from agreements.sharing.disclosure import disclose
from operations.response.actions import procedures as actions
from operations.response.api import inputs, outputs
from operations.response.models import Procedure, ProcedureVersion

VIEW, PLAN = Permission.INCIDENT_VIEW, Permission.OPERATION_PLAN
IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description="ETag of the version you read."
)


class ProcedureViewSet(DetailViewSet):
    """Procedures of the own agency, and those that partners released."""

    model = Procedure
    serializer_class = outputs.ProcedureSerializer
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": PLAN,
        "versions": VIEW,
        "publish": PLAN,
        "retire": PLAN,
    }

    @extend_schema(request=inputs.ProcedureInput, responses={201: outputs.ProcedureSerializer})
    def create(self, request: Request) -> Answer:
        """Make a procedure of the own agency, for all its incidents or for one operation's."""
        return self.created(actions.make(by=self.by, **self.valid(inputs.ProcedureInput)))

    @extend_schema(
        operation_id="procedures_versions_list", responses=outputs.ProcedureVersionSerializer(many=True), filters=False
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def versions(self, request: Request, pk: str) -> Answer:
        """Its versions with their steps, the newest first."""
        row: Procedure = self.get_object()
        disclose(request._request, [row.record])
        rows = ProcedureVersion.objects.filter(procedure=row).select_related(
            "published_by__officer", "published_by__agency"
        )
        # Display-only: nothing of it leaves by the API (R7).
        rows = rows.none() if is_withheld(row.record, self.sight) else rows.prefetch_related("steps")
        return Answer(outputs.ProcedureVersionSerializer(rows, many=True, context=self.get_serializer_context()).data)

    @extend_schema(
        operation_id="procedures_versions_create",
        parameters=[IF_MATCH],
        request=inputs.ProcedureVersionInput,
        responses={201: outputs.ProcedureVersionSerializer},
    )
    @versions.mapping.post
    def publish(self, request: Request, pk: str) -> Answer:
        """Publish a new version of its steps."""
        row: Procedure = self.get_object()
        version = self.check_version(row)
        made = actions.publish(procedure=row, by=self.by, version=version, **self.valid(inputs.ProcedureVersionInput))
        disclose(request._request, [row.record])
        return Answer(outputs.ProcedureVersionSerializer(made, context=self.get_serializer_context()).data, status=201)

    @extend_schema(request=None, responses=outputs.ProcedureSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Answer:
        """Take it out of use."""
        actions.retire(procedure=self.get_object(), by=self.by)
        return self.shown(self.get_object())
