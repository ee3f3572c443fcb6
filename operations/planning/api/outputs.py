"""What the API tells of operations: as much as their pages, others' officers by function only (R18)."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.register.models import Clause
from agreements.sharing.api import DetailSerializer
from agreements.sharing.api.outputs import AssignmentSerializer, StandingOrderSerializer
from agreements.sharing.api.parts import AgencyPart
from agreements.sharing.models import Participation
from operations.planning.basis import Basis
from operations.planning.models import Instruction, Operation
from operations.planning.presenting import Sheet


class BasisClausePart(serializers.ModelSerializer[Clause]):
    """An article on which operations stand."""

    agreement_name = serializers.CharField(source="agreement.short_name", read_only=True)
    invented = serializers.BooleanField(source="agreement.invented", read_only=True)

    class Meta:
        model = Clause
        fields = ["id", "article", "agreement", "agreement_name", "invented"]
        read_only_fields = fields


class UsableClauseSerializer(BasisClausePart):
    """An article that the own agency may plan on today."""

    class Meta(BasisClausePart.Meta):
        fields = [*BasisClausePart.Meta.fields, "kind", "purposes", "ceiling"]
        read_only_fields = fields


class ReachSerializer(serializers.Serializer[Any]):
    """An agency that can be invited today, and under what."""

    agency = AgencyPart()
    clause = serializers.UUIDField(source="clause.pk")
    sentence = serializers.CharField()
    purpose = serializers.CharField()
    ceiling = serializers.IntegerField()


class BasisLinePart(serializers.Serializer[Any]):
    agency = AgencyPart(allow_null=True, help_text="None: the lead, towards anybody.")
    holds = serializers.BooleanField()
    sentence = serializers.CharField()


class BasisPart(serializers.Serializer[Basis]):
    """Whether the legal basis holds today, worked out now (R13)."""

    holds = serializers.BooleanField()
    lines = BasisLinePart(many=True)


class ParticipantPart(serializers.ModelSerializer[Participation]):
    """An agency that takes part, or is invited and has not answered."""

    agency = AgencyPart(read_only=True)

    class Meta:
        model = Participation
        fields = ["id", "agency", "invited_at", "accepted_at", "ended_at"]
        read_only_fields = fields


class OperationSerializer(DetailSerializer[Operation]):
    """An operation in a list. `circle` is what standing orders and participations name it by."""

    name = serializers.CharField(source="record.title", read_only=True)
    clauses = BasisClausePart(many=True, read_only=True)
    circle = serializers.UUIDField(source="record.circle.pk", read_only=True)

    class Meta:
        model = Operation
        fields = [
            "id",
            "record",
            "name",
            "state",
            "state_reason",
            "objective",
            "agreement",
            "clauses",
            "purpose",
            "host_state",
            "host_commander",
            "host_contact",
            "starts_at",
            "ends_at",
            "circle",
        ]
        read_only_fields = fields


class OperationDetailSerializer(OperationSerializer):
    """With its area, the basis between the sides, who takes part, the team, the own agency's orders and copy.

    `may` says which steps work for the asker now.
    """

    area = serializers.SerializerMethodField()
    basis = serializers.SerializerMethodField()
    participants = serializers.SerializerMethodField()
    team = serializers.SerializerMethodField()
    standing_orders = serializers.SerializerMethodField()
    own_instructions = serializers.SerializerMethodField(help_text="The newest copy that the own agency holds (R24).")
    instructions_changed = serializers.SerializerMethodField(help_text="Whether the lead changed them since.")
    may = serializers.SerializerMethodField()

    class Meta(OperationSerializer.Meta):
        fields = [
            *OperationSerializer.Meta.fields,
            "area",
            "instructions",
            "basis",
            "participants",
            "team",
            "standing_orders",
            "own_instructions",
            "instructions_changed",
            "may",
        ]
        read_only_fields = fields

    def _sheet(self, row: Operation) -> Sheet:
        return self.context["view"].sheet(row)

    @extend_schema_field({"type": ["object", "null"], "description": "GeoJSON Polygon (RFC 7946)."})
    def get_area(self, row: Operation) -> Any:
        return row.area

    @extend_schema_field(BasisPart)
    def get_basis(self, row: Operation) -> Any:
        return BasisPart(self._sheet(row).basis).data

    @extend_schema_field(ParticipantPart(many=True))
    def get_participants(self, row: Operation) -> Any:
        return ParticipantPart(self._sheet(row).parts, many=True).data

    @extend_schema_field(AssignmentSerializer(many=True))
    def get_team(self, row: Operation) -> Any:
        rows = [member.assignment for member in self._sheet(row).members]
        return AssignmentSerializer(rows, many=True, context=self.context).data

    @extend_schema_field(StandingOrderSerializer(many=True))
    def get_standing_orders(self, row: Operation) -> Any:
        return StandingOrderSerializer(self._sheet(row).orders, many=True).data

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_own_instructions(self, row: Operation) -> Any:
        copy = self._sheet(row).instruction
        return copy and copy.pk

    def get_instructions_changed(self, row: Operation) -> bool:
        return self._sheet(row).instructions_changed

    @extend_schema_field(serializers.DictField(child=serializers.BooleanField()))
    def get_may(self, row: Operation) -> Any:
        return self._sheet(row).steps


class InvitationSerializer(serializers.Serializer[Any]):
    """An invitation to the own agency that waits for an answer."""

    operation = OperationSerializer()
    invited_at = serializers.DateTimeField(source="part.invited_at")
    basis = BasisPart()


class InstructionSerializer(DetailSerializer[Instruction]):
    """The own agency's copy of what teams do when the legal basis falls away (R24)."""

    class Meta:
        model = Instruction
        fields = ["id", "record", "text"]
        read_only_fields = fields


@extend_schema_field(OpenApiTypes.OBJECT)
class AreaField(serializers.JSONField):
    """A GeoJSON polygon. What is wrong with it, the action says at this field."""
