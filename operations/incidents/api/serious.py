"""Serious incidents, and levels that are proposed, over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.sharing.api.base import DetailViewSet, HangingViewSet
from operations.incidents.actions import levels, serious
from operations.incidents.api import inputs, serializers
from operations.incidents.models import LevelProposal, SeriousIncident

VIEW, REPORT = Permission.INCIDENT_VIEW, Permission.INCIDENT_REPORT


class SeriousViewSet(DetailViewSet):
    """Serious incidents that the reader told, or was named for."""

    model = SeriousIncident
    serializer_class = serializers.SeriousSerializer
    required_permissions = {"list": VIEW, "retrieve": VIEW, "create": REPORT, "take": VIEW, "close": VIEW}

    def get_queryset(self) -> Any:
        rows = super().get_queryset().select_related("taken_by__officer", "taken_by__agency")
        return rows.prefetch_related("concerned")

    @extend_schema(request=inputs.SeriousInput, responses={201: serializers.SeriousSerializer})
    def create(self, request: Request) -> Response:
        """Tell it outside the chain of command. Where category and text disagree it asks: send it again with `sure`."""
        return self.created(serious.tell(by=self.by, **self.valid(inputs.SeriousInput)))

    @extend_schema(request=None, responses=serializers.SeriousSerializer)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Response:
        """Take it up: whoever was told, and is not concerned."""
        serious.take(serious=self.get_object(), by=self.by)
        return self.shown(self.get_object())

    @extend_schema(request=inputs.FindingInput, responses=serializers.SeriousSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close it with what was found: whoever took it up."""
        serious.close(serious=self.get_object(), by=self.by, **self.valid(inputs.FindingInput))
        return self.shown(self.get_object())


class ProposalViewSet(HangingViewSet):
    """Levels proposed for reports and events: to their owner and to the proposer's agency (R5)."""

    model = LevelProposal
    serializer_class = serializers.ProposalSerializer
    keyset = ("-proposed_at", "-pk")
    required_permissions = {"list": VIEW, "retrieve": VIEW, "decide": REPORT}

    @extend_schema(request=inputs.LevelDecideInput, responses=serializers.ProposalSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Accept or decline: never who proposed it."""
        row = levels.decide(proposal=self.get_object(), by=self.by, **self.valid(inputs.LevelDecideInput))
        return self.shown(self.again(row))
