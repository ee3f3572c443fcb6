"""What the API tells of incidents. Fields are listed one by one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.sharing.api.base import DetailSerializer
from agreements.sharing.api.parts import OfficerPart
from operations.incidents.models import (
    ChainLink,
    Event,
    EventLink,
    IncidentReport,
    Involved,
    LevelProposal,
    Link,
    Recipient,
    SeriousIncident,
    Validation,
)


class IncidentSerializer(DetailSerializer[IncidentReport]):
    """A report of an incident beside its record. A follow-up's `record.host` is the first report."""

    type_words = serializers.CharField(read_only=True)
    due_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="Until when the first report is due; null where nothing runs."
    )

    class Meta:
        model = IncidentReport
        fields = [
            "id",
            "record",
            "type",
            "type_words",
            "impact",
            "confidence",
            "account",
            "reaction",
            "known_at",
            "state",
            "reported_at",
            "due_at",
            "withdrawn_at",
            "withdraw_reason",
        ]
        read_only_fields = fields


class InvolvedSerializer(serializers.ModelSerializer[Involved]):
    class Meta:
        model = Involved
        fields = ["id", "thing", "subject", "goods", "name", "number", "amount", "is_fact", "added_at"]
        read_only_fields = fields


class ValidationSerializer(serializers.ModelSerializer[Validation]):
    by = OfficerPart(read_only=True)

    class Meta:
        model = Validation
        fields = ["id", "step", "verdict", "words", "by", "at"]
        read_only_fields = fields


class EventSerializer(DetailSerializer[Event]):
    """An event beside its record. Its reports are told one by one, as far as the reader sees them."""

    keeper = OfficerPart(read_only=True)

    class Meta:
        model = Event
        fields = [
            "id",
            "record",
            "keeper",
            "summary",
            "impact",
            "confidence",
            "state",
            "outcome",
            "outcome_words",
            "closed_at",
        ]
        read_only_fields = fields


class EventLinkSerializer(serializers.ModelSerializer[EventLink]):
    class Meta:
        model = EventLink
        fields = ["id", "event", "report", "linked_at"]
        read_only_fields = fields


class IncidentLinkSerializer(serializers.ModelSerializer[Link]):
    kind = serializers.CharField(source="record.kind", read_only=True)

    class Meta:
        model = Link
        fields = ["id", "report", "record", "kind", "linked_at"]
        read_only_fields = fields


class SeriousSerializer(DetailSerializer[SeriousIncident]):
    """A serious incident beside its record: to its author and to those named for it."""

    taken_by = OfficerPart(read_only=True, allow_null=True)
    concerns = serializers.SerializerMethodField(help_text="Keys of appointments of the own agency.")

    class Meta:
        model = SeriousIncident
        fields = ["id", "record", "kind", "account", "concerns", "taken_by", "taken_at", "closed_at", "finding"]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_concerns(self, row: SeriousIncident) -> list[Any]:
        return [item.appointment_id for item in row.concerned.all()]


class ProposalSerializer(serializers.ModelSerializer[LevelProposal]):
    proposed_by = OfficerPart(read_only=True)
    decided_by = OfficerPart(read_only=True, allow_null=True)

    class Meta:
        model = LevelProposal
        fields = [
            "id",
            "record",
            "impact",
            "confidence",
            "reason",
            "proposed_by",
            "proposed_at",
            "state",
            "decided_by",
            "decided_at",
            "answer",
        ]
        read_only_fields = fields


class ChainLinkSerializer(serializers.ModelSerializer[ChainLink]):
    class Meta:
        model = ChainLink
        fields = ["step", "agency", "role"]
        read_only_fields = fields


class RecipientSerializer(serializers.ModelSerializer[Recipient]):
    class Meta:
        model = Recipient
        fields = ["appointment", "named_at"]
        read_only_fields = fields


class IncidentChainSerializer(serializers.Serializer[Any]):
    """Who validates, and whom the own agency names for serious incidents."""

    links = ChainLinkSerializer(many=True, read_only=True)
    recipients = RecipientSerializer(many=True, read_only=True)
