"""What the API tells of responses. Fields are listed one by one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.sharing.api.base import DetailSerializer
from agreements.sharing.api.parts import AgencyPart, OfficerPart
from operations.response.models import (
    Asked,
    AssistanceCall,
    Desk,
    Handover,
    Procedure,
    ProcedureVersion,
    Response,
    Step,
    Task,
)


class ResponseSerializer(DetailSerializer[Response]):
    """The response to an incident, under the incident's key: that it runs, who leads it, how it ended."""

    lead = OfficerPart(read_only=True)

    class Meta:
        model = Response
        fields = ["id", "record", "lead", "started_at", "state", "result", "result_words", "closed_at"]
        read_only_fields = fields


class TaskSerializer(serializers.ModelSerializer[Task]):
    """A task: its owner's alone. `procedure` is the version that it was made by."""

    assignee = OfficerPart(read_only=True, allow_null=True)
    made_by = OfficerPart(read_only=True)
    ended_by = OfficerPart(read_only=True, allow_null=True)
    shown_state = serializers.SerializerMethodField(help_text="With what became of it at a partner.")

    class Meta:
        model = Task
        fields = [
            "id", "response", "what", "assignee", "due_at", "state", "shown_state", "result", "procedure", "made_by",
            "made_at", "ended_by", "ended_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_shown_state(self, row: Task) -> str:
        return row.shown_state[0]


class TaskHandoverSerializer(serializers.ModelSerializer[Handover]):
    """A task offered to a partner, and its receipt. `own` is the taker's incident, to who sees it; else null."""

    agency = AgencyPart(read_only=True)
    what = serializers.CharField(source="task.what", read_only=True)
    due_at = serializers.DateTimeField(source="task.due_at", read_only=True, allow_null=True)
    offered_by = OfficerPart(read_only=True)
    answered_by = OfficerPart(read_only=True, allow_null=True)
    own = serializers.SerializerMethodField()

    class Meta:
        model = Handover
        fields = [
            "id", "response", "task", "what", "due_at", "agency", "message", "state", "offered_by", "offered_at",
            "answered_by", "answered_at", "answer", "own", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_own(self, row: Handover) -> Any:
        """Of the taker's incident its own officers alone are told here, those who see it (R17)."""
        sight = self.context["sight"]
        by = sight.access.appointment
        mine = by is not None and row.agency_id in by.agencies
        return row.own_id if row.own_id and mine and sight.knows(row.own_id) else None


class ProcedureStepSerializer(serializers.ModelSerializer[Step]):
    class Meta:
        model = Step
        fields = ["position", "what", "minutes"]
        read_only_fields = fields


class ProcedureVersionSerializer(serializers.ModelSerializer[ProcedureVersion]):
    steps = ProcedureStepSerializer(many=True, read_only=True)
    published_by = OfficerPart(read_only=True)

    class Meta:
        model = ProcedureVersion
        fields = ["id", "number", "note", "published_by", "published_at", "steps"]
        read_only_fields = fields


class ProcedureSerializer(DetailSerializer[Procedure]):
    """A procedure beside its record; its versions, with their steps, are told one by one."""

    class Meta:
        model = Procedure
        fields = ["id", "record", "retired_at"]
        read_only_fields = fields


class AssistanceSerializer(DetailSerializer[AssistanceCall]):
    """A call for assistance beside its record, whose `host` is the incident. `distress`: the own agency's call of
    danger to life that went without an article."""

    distress = serializers.SerializerMethodField()

    class Meta:
        model = AssistanceCall
        fields = [
            "id", "record", "situation", "needed", "place", "call_back", "state", "distress", "ending", "ending_words",
            "ended_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_distress(self, row: AssistanceCall) -> Any:
        by = self.context["sight"].access.appointment
        return row.distress_id if by is not None and row.record.owner_id in by.agencies else None


class AssistanceAnswerSerializer(serializers.ModelSerializer[Asked]):
    """An agency that was asked, and its answer: all to the asker, to one that was asked its own line (R18)."""

    agency = AgencyPart(read_only=True)
    answered_by = OfficerPart(read_only=True, allow_null=True)
    article = serializers.CharField(source="clause", read_only=True)

    class Meta:
        model = Asked
        fields = [
            "id", "call", "agency", "clause", "article", "desk", "distance_km", "asked_at", "state", "answered_by",
            "answered_at", "means", "expected_at", "reason", "arrived_at",
        ]  # fmt: skip
        read_only_fields = fields


class CandidateSerializer(serializers.Serializer[Any]):
    """An agency that might come: by which article it may be asked, or what is missing."""

    agency = AgencyPart(read_only=True)
    can_be_asked = serializers.BooleanField(read_only=True)
    words = serializers.CharField(read_only=True)
    missing = serializers.CharField(read_only=True)
    carrier = serializers.CharField(read_only=True, allow_null=True)
    in_range = serializers.BooleanField(read_only=True, allow_null=True)
    distance_km = serializers.SerializerMethodField(help_text="Of those that can be asked alone.")

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_distance_km(self, item: Any) -> Any:
        return item.distance_km if item.can_be_asked else None


class DeskSerializer(serializers.ModelSerializer[Desk]):
    agency = AgencyPart(read_only=True)

    class Meta:
        model = Desk
        fields = ["id", "agency", "name", "telephone", "latitude", "longitude", "reach_km", "set_at"]
        read_only_fields = fields
