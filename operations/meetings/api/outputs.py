"""What the API tells of meetings: as much as their pages. Answers reach the caller, and each agency its own (R5)."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.sharing.api import DetailSerializer
from agreements.sharing.api.parts import AgencyPart, OfficerPart, RecordSerializer
from operations.meetings import looking
from operations.meetings.choices import Answer, SeatRole
from operations.meetings.looking import Room
from operations.meetings.models import AgendaItem, CalendarFeed, Meeting, MeetingPaper, MeetingTime
from operations.meetings.presenting import Attendee, Sheet
from operations.meetings.seats import Quorum
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


class TimePart(serializers.ModelSerializer[MeetingTime]):
    """One time at which it takes place, or was to."""

    planned = serializers.SerializerMethodField(help_text="On the wall clock of its zone: names it for life.")
    moved = serializers.BooleanField(read_only=True)
    presences = serializers.SerializerMethodField(help_text="Agencies that were there, as its caller noted.")

    class Meta:
        model = MeetingTime
        fields = ["id", "planned", "starts_at", "ends_at", "moved", "state", "cancel_reason", "presences"]
        read_only_fields = fields

    @extend_schema_field(serializers.DateTimeField())
    def get_planned(self, row: MeetingTime) -> str:
        return row.planned.isoformat()

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_presences(self, row: MeetingTime) -> list[uuid.UUID]:
        """For the agency that called it (R5, R18)."""
        if not self.context.get("called"):
            return []
        return sorted(presence.agency_id for presence in row.presences.all())


class ItemPart(serializers.ModelSerializer[AgendaItem]):
    class Meta:
        model = AgendaItem
        fields = ["id", "position", "text", "minutes", "presenter", "source"]
        read_only_fields = fields


class PaperPart(serializers.ModelSerializer[MeetingPaper]):
    record = RecordSerializer(read_only=True)

    class Meta:
        model = MeetingPaper
        fields = ["id", "record", "added_at"]
        read_only_fields = fields


class SeatPart(serializers.Serializer[Any]):
    agency = serializers.UUIDField()
    role = serializers.ChoiceField(choices=SeatRole.choices)


class QuorumPart(serializers.Serializer[Quorum]):
    reached = serializers.BooleanField()
    least = serializers.IntegerField(help_text="So many agencies must be there. 0: not said.")
    coming = serializers.IntegerField()
    missing = AgencyPart(many=True, help_text="Those that must be there and do not come.")
    by_attendance = serializers.BooleanField(help_text="By who was there; otherwise by the answers so far.")


class FeedSerializer(serializers.ModelSerializer[CalendarFeed]):
    """An address of the own calendar. The address itself is told once, when it is made."""

    class Meta:
        model = CalendarFeed
        fields = ["id", "name", "made_at", "read_at", "revoked_at"]
        read_only_fields = fields


class MadeFeedSerializer(FeedSerializer):
    address = serializers.CharField(read_only=True, help_text="Never told again.")

    class Meta(FeedSerializer.Meta):
        fields = [*FeedSerializer.Meta.fields, "address"]
        read_only_fields = fields


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
            "kind",
            "starts_at",
            "ends_at",
            "over_at",
            "rule",
            "quorum",
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
    times = serializers.SerializerMethodField()
    items = serializers.SerializerMethodField()
    papers = serializers.SerializerMethodField(help_text="Those that the reader sees.")
    seats = serializers.SerializerMethodField()
    quorum_state = serializers.SerializerMethodField(help_text="For the agency that called it (R5).")
    own_reminders = serializers.SerializerMethodField(help_text="Minutes before. Null: as the meeting says.")
    may = serializers.SerializerMethodField()

    class Meta(MeetingSerializer.Meta):
        fields = [
            *MeetingSerializer.Meta.fields,
            "agenda",
            "reminders",
            "participants",
            "attendees",
            "own_answer",
            "times",
            "items",
            "papers",
            "seats",
            "quorum_state",
            "own_reminders",
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

    def _room(self, row: Meeting) -> Room:
        return self.context["view"].room(row)

    @extend_schema_field(TimePart(many=True))
    def get_times(self, row: Meeting) -> Any:
        called = row.record.owner_id in self.context["view"].by.agencies
        rows: Any = row.times.prefetch_related("presences") if called else row.times.all()
        return TimePart(rows, many=True, context={"called": called}).data

    @extend_schema_field(ItemPart(many=True))
    def get_items(self, row: Meeting) -> Any:
        return ItemPart(self._room(row).items, many=True).data

    @extend_schema_field(PaperPart(many=True))
    def get_papers(self, row: Meeting) -> Any:
        return PaperPart(self._room(row).papers, many=True, context=self.context).data

    @extend_schema_field(SeatPart(many=True))
    def get_seats(self, row: Meeting) -> Any:
        """Of the agencies that the reader knows to take part (R18)."""
        return [{"agency": part.agency_id, "role": getattr(part, "role", "")} for part in self._sheet(row).seated]

    @extend_schema_field(QuorumPart(allow_null=True))
    def get_quorum_state(self, row: Meeting) -> Any:
        found = self._room(row).quorum
        return QuorumPart(found).data if found else None

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField(), allow_null=True))
    def get_own_reminders(self, row: Meeting) -> list[int] | None:
        return looking.own_leads(row, self.context["view"].by)

    @extend_schema_field(serializers.DictField(child=serializers.BooleanField()))
    def get_may(self, row: Meeting) -> Any:
        return self._sheet(row).steps
