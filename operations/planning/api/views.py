"""Operations and the copies of their instructions over the API."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.powers.api import ASKED, asked_of
from agreements.powers.outputs import PowersCardSerializer
from agreements.register.models import Clause
from agreements.sharing.api import DetailViewSet
from agreements.sharing.api.inputs import known_clauses
from agreements.sharing.disclosure import note_opening
from agreements.sharing.policy import decide
from operations.planning import basis, cards, presenting, rights
from operations.planning.actions import operations
from operations.planning.api import inputs, outputs
from operations.planning.api.filters import OperationFilterSet
from operations.planning.api.team import TeamViewSet
from operations.planning.models import Instruction, Operation
from portal.api.renderers import GeoJsonRenderer
from portal.audit import recording

VIEW, PLAN, JOIN = Permission.OPERATION_VIEW, Permission.OPERATION_PLAN, Permission.OPERATION_JOIN


class OperationViewSet(TeamViewSet):
    """Operations as far as the reader may see them, latest start first."""

    model = Operation
    serializer_class = outputs.OperationSerializer
    filterset_class = OperationFilterSet
    keyset = ("-record__occurred_at", "-pk")
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": PLAN,
        "partial_update": PLAN,
        "open": PLAN,
        "close": PLAN,
        "archive": PLAN,
        "cancel": PLAN,
        "map": VIEW,
        "powers_card": VIEW,
        "usable_clauses": PLAN,
        "reach": PLAN,
        "invitations": VIEW,
        "invite": PLAN,
        "accept": JOIN,
        "end_participation": JOIN,
        "end_what_if": JOIN,
        "assign": JOIN,
        "unassign": JOIN,
        "take_instructions": JOIN,
    }

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if getattr(self, "swagger_fake_view", False) else rows.with_basis()

    def sheet(self, row: Operation) -> presenting.Sheet:
        """What the page shows besides the columns: worked out once for an answer."""
        if getattr(self, "_sheet_of", None) is not row:
            self._sheet_of, self._sheet = row, presenting.sheet(row, self.by, self.access.at)
        return self._sheet

    def disclosures(self, rows: Sequence[Any]) -> Iterable[Mapping[str, Any]]:
        """Besides the operations, the own copy of the instructions that an answer about one of them names."""
        told = getattr(self, "_sheet_of", None) in rows and self._sheet.instruction
        return super().disclosures([*rows, told] if told else rows)

    def shown(self, row: Any, **options: Any) -> Response:
        options.setdefault("serializer_class", None)
        options["serializer_class"] = options["serializer_class"] or outputs.OperationDetailSerializer
        return super().shown(row, **options)

    @extend_schema(responses=outputs.OperationDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One operation, its legal basis as it stands now, and what the asker may do."""
        row = self.get_object()
        note_opening(self.access, row.record)
        return self.shown(row)

    @extend_schema(request=inputs.OperationInput, responses={201: outputs.OperationDetailSerializer})
    def create(self, request: Request) -> Response:
        """Plan an operation on articles of one agreement that the own agency may use today."""
        values = self.valid(inputs.OperationInput)
        values["clauses"] = self._clauses(values["clauses"])
        return self.created(operations.plan_operation(by=self.by, **values))

    def _clauses(self, keys: list[uuid.UUID]) -> list[Clause]:
        """Articles of agreements that the officer may see. Others are unknown here (R17)."""
        known = known_clauses(self.get_serializer_context()).in_bulk(keys)
        errors: Any = {n: ["There is no such article."] for n, key in enumerate(keys) if key not in known}
        if errors:
            raise ValidationError({"clauses": errors})
        return [known[key] for key in dict.fromkeys(keys)]

    @extend_schema(request=inputs.OperationChangeInput, responses=outputs.OperationDetailSerializer)
    def partial_update(self, request: Request, pk: uuid.UUID) -> Response:
        """Change the plan. Send the ETag that was read as If-Match."""
        row: Operation = self.get_object()
        rights.require_lead(self.by, row.record, "changes its plan")
        version = self.check_version(row)
        values = self.valid(inputs.OperationChangeInput, partial=True)
        if "clauses" in values:
            values["clauses"] = self._clauses(values["clauses"])
        operations.edit(operation=row, by=self.by, version=version, **values)
        return self.shown(self.get_object())

    @extend_schema(request=None, responses=outputs.OperationDetailSerializer)
    @action(detail=True, methods=["post"])
    def open(self, request: Request, pk: uuid.UUID) -> Response:
        """Open a planned operation: its legal basis must hold today."""
        operations.open_operation(operation=self.get_object(), by=self.by)
        return self.shown(self.get_object())

    @extend_schema(request=None, responses=outputs.OperationDetailSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: uuid.UUID) -> Response:
        """Close it: what was released stays readable, nothing new goes in (R4)."""
        operations.close_operation(operation=self.get_object(), by=self.by)
        return self.shown(self.get_object())

    @extend_schema(request=None, responses=outputs.OperationDetailSerializer)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: uuid.UUID) -> Response:
        """Put a closed operation away."""
        operations.archive(operation=self.get_object(), by=self.by)
        return self.shown(self.get_object())

    @extend_schema(request=inputs.ReasonInput, responses=outputs.OperationDetailSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: uuid.UUID) -> Response:
        """Call it off, with a reason that the partners read."""
        row = self.get_object()
        operations.cancel(operation=row, by=self.by, **self.valid(inputs.ReasonInput))
        return self.shown(self.get_object())

    @extend_schema(responses={(200, "application/geo+json"): OpenApiResponse(OpenApiTypes.OBJECT)})
    @action(detail=True, renderer_classes=[GeoJsonRenderer, JSONRenderer])
    def map(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        """The area as a GeoJSON feature collection (RFC 7946)."""
        row: Operation = self.get_object()
        decision = decide(self.access, row.record, "export")
        if not decision:
            raise PermissionDenied(decision.missing[0])
        recording.disclose(by=self.by, items=self.disclosures([row]))
        return JsonResponse(presenting.area_features(row), content_type="application/geo+json")

    @extend_schema(parameters=ASKED, responses=PowersCardSerializer)
    @action(detail=True, url_path="powers-card", filterset_class=None, pagination_class=None)
    def powers_card(self, request: Request, pk: uuid.UUID) -> Response:
        """What officers may do in each other's states, valid on its day alone: limits in metres and seconds."""
        row: Operation = self.get_object()
        decision = decide(self.access, row.record, "export")
        if not decision:
            raise PermissionDenied(decision.missing[0])
        asked, agencies = asked_of(request.query_params), cards.taking_part(row, self.by, self.access.at)
        recording.disclose(by=self.by, items=self.disclosures([row]))
        return Response(PowersCardSerializer(cards.among(agencies, self.by, asked, self.access.at)).data)

    @extend_schema(responses=outputs.UsableClauseSerializer(many=True))
    @action(detail=False, url_path="usable-clauses", filterset_class=None, pagination_class=None)
    def usable_clauses(self, request: Request) -> Response:
        """Articles on which the own agency may plan today: each opens a channel for operational data."""
        return self.answer(outputs.UsableClauseSerializer, list(basis.usable(self.by.agency, self.access.at)), [])


class InstructionViewSet(DetailViewSet):
    """The own agency's copies: they stay when the operation becomes hidden (R24)."""

    model = Instruction
    serializer_class = outputs.InstructionSerializer
    keyset = ("-record__recorded_at", "-pk")
    required_permissions = {"list": VIEW, "retrieve": VIEW}
