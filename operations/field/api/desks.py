"""What is decided at a desk: between versions, and on what waits in quarantine; and the crossing log."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.sharing.api.base import DetailViewSet, HangingViewSet, SeeingViewSet
from agreements.sharing.disclosure import items_of
from operations.field import quarantine
from operations.field.actions import crossings, versions
from operations.field.api.outputs import CrossingSerializer, QuarantinedSerializer, ToldSerializer, VersionSerializer
from operations.field.choices import Outcome
from operations.field.inputs import EnterBody, LeaveBody
from operations.field.models import Crossing, Quarantined, Signal, Told, Version
from operations.patrols.models import Patrol
from portal.api.fields import InstantField
from portal.api.viewsets import ReadViewSet


class OutcomeInput(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=Outcome.choices)


class VersionViewSet(HangingViewSet):
    """Versions of the own agency's entries, the newest first: that wait, and what became of others."""

    serializer_class = VersionSerializer
    model = Version
    keyset = ("-recorded_at", "-pk")
    filterset_fields = {"record": ["exact"], "state": ["exact"]}
    required_permissions = dict.fromkeys(("list", "retrieve", "decide"), Permission.PATROL_RUN)

    @extend_schema(request=OutcomeInput, responses=VersionSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: uuid.UUID) -> Response:
        """As the leader of the team on the patrol: which of the two stands."""
        row = versions.decide(version=self.get_object(), by=self.by, **self.valid(OutcomeInput))
        return self.shown(self.again(row))


class QuarantineDecisionInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class QuarantineViewSet(SeeingViewSet, ReadViewSet):
    """What waits for a supervisor of the own agency, and what was decided, the newest first."""

    serializer_class = QuarantinedSerializer
    queryset = Quarantined.objects.none()
    keyset = ("-pk",)
    filterset_fields = {"state": ["exact"]}
    required_permissions = dict.fromkeys(("list", "retrieve", "admit", "reject"), Permission.FIELD_SUPERVISE)

    def get_queryset(self) -> QuerySet[Quarantined]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Quarantined.objects.visible_to(self.access).with_words()

    def _again(self, row: Quarantined) -> Quarantined:
        return Quarantined.objects.with_words().get(pk=row.pk)

    @extend_schema(request=QuarantineDecisionInput, responses=QuarantinedSerializer)
    @action(detail=True, methods=["post"])
    def admit(self, request: Request, pk: uuid.UUID) -> Response:
        """Take it into the log as an act of yours, held. Refused with what the log refuses."""
        return self.shown(
            self._again(quarantine.admit(row=self.get_object(), by=self.by, **self.valid(QuarantineDecisionInput)))
        )

    @extend_schema(request=QuarantineDecisionInput, responses=QuarantinedSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: uuid.UUID) -> Response:
        """Leave it out. It stays here with your reason, which its sender is not told."""
        return self.shown(
            self._again(quarantine.reject(row=self.get_object(), by=self.by, **self.valid(QuarantineDecisionInput)))
        )


class SignalSerializer(serializers.ModelSerializer[Signal]):
    """A check-in or a call for help, of the own agency."""

    officer = serializers.CharField(source="sent_by.officer.full_name", read_only=True)
    patrol = serializers.SerializerMethodField(help_text="While it may be seen.")

    class Meta:
        model = Signal
        fields = [
            "id",
            "kind",
            "patrol",
            "officer",
            "at",
            "received_at",
            "latitude",
            "longitude",
            "accuracy_m",
            "words",
            "next_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_patrol(self, row: Any) -> Any:
        return row.patrol if row.patrol_is_seen else None


class SignalViewSet(SeeingViewSet, ReadViewSet):
    """Check-ins and calls for help of the own agency, the newest first."""

    serializer_class = SignalSerializer
    queryset = Signal.objects.none()
    keyset = ("-at", "-pk")
    filterset_fields = {"kind": ["exact"]}
    required_permissions = dict.fromkeys(("list", "retrieve"), Permission.PATROL_VIEW)

    def get_queryset(self) -> QuerySet[Signal]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Signal.objects.visible_to(self.access).with_words(self.access)

    def disclosures(self, rows: Sequence[Any]) -> Iterable[Mapping[str, Any]]:
        return items_of(self.access, self.seen().filter(pk__in={row.patrol for row in rows if row.patrol_is_seen}))


class ToldViewSet(DetailViewSet):
    """What devices told beside entries and crossings, as far as the reader may see those, the newest first."""

    serializer_class = ToldSerializer
    model = Told
    required_permissions = dict.fromkeys(("list", "retrieve"), Permission.PATROL_VIEW)


class LeaveInput(LeaveBody):
    crossing = None  # type: ignore[assignment]
    left_at = InstantField(required=False)


class EnterInput(EnterBody):
    id = serializers.UUIDField(required=False)  # type: ignore[assignment]
    patrol = serializers.UUIDField()
    entered_at = InstantField(required=False)


class CrossingViewSet(DetailViewSet):
    """Stays on partner territory, as far as the reader may see them, the newest first."""

    serializer_class = CrossingSerializer
    model = Crossing
    required_permissions = {
        "list": Permission.PATROL_VIEW,
        "retrieve": Permission.PATROL_VIEW,
        "create": Permission.PATROL_RUN,
        "leave": Permission.PATROL_RUN,
    }

    @extend_schema(request=EnterInput, responses={201: CrossingSerializer})
    def create(self, request: Request) -> Response:
        """The own team entered partner territory. Without `shown`, it is held (R6)."""
        values = self.valid(EnterInput)
        host = self.named_record(values.pop("patrol"), "patrol")
        if host.kind != "patrol":
            raise serializers.ValidationError({"patrol": ["There is no such record."]})
        row = crossings.enter(patrol=Patrol.objects.get(pk=host.pk), by=self.by, **values)
        return self.shown(self.get_queryset().get(pk=row.pk), status=201)

    @extend_schema(request=LeaveInput, responses=CrossingSerializer)
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: uuid.UUID) -> Response:
        """The team has left it."""
        crossings.leave(crossing=self.get_object(), by=self.by, **self.valid(LeaveInput))
        return self.shown(self.get_object())
