"""What the API tells of meetings: as much as their pages. Answers reach the caller, and each agency its own (R5)."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.sharing.api import DetailSerializer
from agreements.sharing.api.parts import AgencyPart, OfficerPart
from operations.meetings.choices import Answer
from operations.meetings.models import Meeting
from operations.meetings.presenting import Attendee, Sheet
from operations.planning.api.outputs import ParticipantPart


class AttendeePart(serializers.Serializer[Attendee]):
    """One officer who is sent: own ones by name, others by function (R18)."""

    id = serializers.UUIDField(source="assignment.pk", help_text="Of the assignment.")
    officer = OfficerPart(source="assignment.appointment")
    agency = AgencyPart(source="assignment.appointment.agency")
    answer_told = serializers.BooleanField(source="told", help_text="Whether the reader is told the answer (R5).")
    answer = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=Answer.choices, allow_null=True))
    def get_answer(self, row: Attendee) -> str | None:
        return row.answer if row.told and row.answer else None


class MeetingSerializer(DetailSerializer[Meeting]):
    """A meeting in a list. What it is about is named only while that is visible (R23)."""

    title = serializers.CharField(source="record.title", read_only=True)
    zone = serializers.CharField(source="record.zone", read_only=True)
    agreement = serializers.SerializerMethodField()
    circle = serializers.UUIDField(source="record.circle.pk", read_only=True)

    class Meta:
        model = Meeting
        fields = [
            "id",
            "record",
            "title",
            "starts_at",
            "ends_at",
            "zone",
            "place",
            "link",
            "agreement",
            "state",
            "cancel_reason",
            "sequence",
            "circle",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_agreement(self, row: Meeting) -> uuid.UUID | None:
        return self.context["view"].sees_agreement(row.agreement_id)


class MeetingDetailSerializer(MeetingSerializer):
    """With agenda and reminders, who takes part, who attends, and what the asker may do now."""

    participants = serializers.SerializerMethodField()
    attendees = serializers.SerializerMethodField()
    own_answer = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()

    class Meta(MeetingSerializer.Meta):
        fields = [
            *MeetingSerializer.Meta.fields,
            "agenda",
            "reminders",
            "participants",
            "attendees",
            "own_answer",
            "may",
        ]
        read_only_fields = fields

    def _sheet(self, row: Meeting) -> Sheet:
        return self.context["view"].sheet(row)

    @extend_schema_field(ParticipantPart(many=True))
    def get_participants(self, row: Meeting) -> Any:
        return ParticipantPart(self._sheet(row).parts, many=True).data

    @extend_schema_field(AttendeePart(many=True))
    def get_attendees(self, row: Meeting) -> Any:
        rows: Any = self._sheet(row).attendees
        return AttendeePart(rows, many=True, context=self.context).data

    @extend_schema_field(serializers.ChoiceField(choices=Answer.choices, allow_null=True))
    def get_own_answer(self, row: Meeting) -> str | None:
        mine = self._sheet(row).mine
        return mine.answer if mine and mine.answer else None

    @extend_schema_field(serializers.DictField(child=serializers.BooleanField()))
    def get_may(self, row: Meeting) -> Any:
        return self._sheet(row).steps
