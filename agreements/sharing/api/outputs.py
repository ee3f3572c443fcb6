"""What sharing's API answers besides records."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.directory.models import Appointment
from agreements.sharing.api.parts import AgencyPart, OfficerPart, RecordSerializer
from agreements.sharing.models import Assignment, Circle, Participation, Release, StandingOrder
from agreements.sharing.policy import Decision, decide


class GroundPart(serializers.Serializer[Any]):
    """One reason: the rule, the sentence, and the clause behind it."""

    rule = serializers.CharField()
    sentence = serializers.CharField()
    clause = serializers.UUIDField(source="clause_id", allow_null=True)


class DecisionSerializer(serializers.Serializer[Decision]):
    """Allowed or not, with reasons (R26)."""

    allowed = serializers.BooleanField()
    grounds = GroundPart(many=True)
    missing = serializers.ListField(child=serializers.CharField())


class RecordDetailSerializer(RecordSerializer):
    """A record with the reasons why the reader sees it."""

    grounds = serializers.SerializerMethodField()

    class Meta(RecordSerializer.Meta):
        fields = [*RecordSerializer.Meta.fields, "grounds"]
        read_only_fields = fields

    def get_grounds(self, row: Any) -> list[dict[str, Any]]:
        decision = decide(self.sight.access, row)
        return list(GroundPart(list(decision.grounds), many=True).data)


class ReaderPart(serializers.Serializer[Any]):
    """One agency: whether it sees the record by one release, with the article, or what is missing."""

    agency = AgencyPart()
    sees = serializers.BooleanField()
    sentence = serializers.CharField()
    clause = serializers.UUIDField(source="clause.pk", allow_null=True, default=None)
    since = serializers.DateTimeField(source="proposal.released_at", allow_null=True)


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    """A release, for the agency that made it."""

    audience = serializers.CharField(source="audience.kind", read_only=True)
    country = serializers.CharField(source="audience.country_id", read_only=True, allow_null=True)
    agency = serializers.UUIDField(source="audience.agency_id", read_only=True, allow_null=True)
    unit = serializers.UUIDField(source="audience.unit_id", read_only=True, allow_null=True)
    function = serializers.CharField(source="audience.function", read_only=True)
    circle = serializers.SerializerMethodField(help_text="Null while what it belongs to is hidden.")
    officer = OfficerPart(source="audience.appointment", read_only=True, allow_null=True)
    record = serializers.UUIDField(source="content_object_id", read_only=True)
    via = serializers.UUIDField(source="via_id", read_only=True, allow_null=True, help_text="Passed on by a receiver.")

    class Meta:
        model = Release
        fields = [
            "id",
            "record",
            "audience",
            "country",
            "agency",
            "unit",
            "function",
            "circle",
            "officer",
            "clause",
            "purpose",
            "provider",
            "via",
            "released_at",
            "until",
            "standing_order",
            "revoked_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_circle(self, row: Release) -> Any:
        circle = row.audience.circle
        hidden = circle is None or (circle.record_id and not self.context["sight"].knows(circle.record_id))
        return None if hidden or circle is None else circle.pk


class NamedSerializer(serializers.ModelSerializer[Appointment]):
    """An own officer who sees a record by name."""

    name = serializers.CharField(source="officer.full_name", read_only=True)
    function = serializers.CharField(read_only=True)

    class Meta:
        model = Appointment
        fields = ["id", "name", "function"]
        read_only_fields = fields


class AudienceSerializer(serializers.Serializer[Any]):
    """Who sees a record: for its owner (R18, R26)."""

    own = serializers.CharField()
    sees = ReaderPart(many=True)
    blocked = ReaderPart(many=True)
    releases = ReleaseSerializer(many=True)
    opened = serializers.SerializerMethodField()

    def get_opened(self, panels: Any) -> list[dict[str, Any]]:
        return [
            {"agency": str(row["agency"].pk), "function": row["function"], "last_at": row["last_at"].isoformat()}
            for row in panels.openings
        ]


class SoFarPart(serializers.Serializer[Any]):
    """A narrower or shorter release by which an agency sees it already."""

    part = serializers.CharField(source="part_words")
    until = serializers.DateTimeField(allow_null=True)


class GainPart(ReaderPart):
    """An agency with officers new to it; `so_far` the parts of it that see it without the release."""

    so_far = SoFarPart(many=True)


class ReleasePreviewSerializer(serializers.Serializer[Any]):
    """Who would see it: agencies with officers new to it, those that see it already as widely and as long, those that
    could not. `shortens`: the release to the same audience that it would close, and that would have ended later."""

    gained = GainPart(many=True)
    already = ReaderPart(many=True)
    blocked = ReaderPart(many=True)
    shortens = SoFarPart(allow_null=True)


class PartSerializer(serializers.Serializer[Any]):
    """A part of an agency that keeps the rest: a unit, a function, a named officer, or everybody else there."""

    agency = AgencyPart()
    part = serializers.CharField()
    sentence = serializers.CharField()


class LostPart(serializers.Serializer[Any]):
    agency = AgencyPart()
    sentence = serializers.CharField()


class MarkingEffectSerializer(serializers.Serializer[Any]):
    """What a new marking would change (R21). `kept` may be in part: then `parts_lost` says who loses it. `refused` is why
    it would not be saved; empty if it would be."""

    lost = serializers.SerializerMethodField()
    kept = AgencyPart(many=True)
    gained = AgencyPart(many=True)
    parts_lost = PartSerializer(many=True)
    parts_gained = PartSerializer(many=True)
    refused = serializers.CharField(allow_blank=True)

    def get_lost(self, effect: Any) -> list[dict[str, Any]]:
        rows = [{"agency": agency, "sentence": sentence} for agency, sentence in effect.lost]
        return list(LostPart(rows, many=True).data)


class AudienceLineSerializer(serializers.Serializer[Any]):
    """Who will read a record once it is saved, or why it is held (R6, R27)."""

    own = serializers.CharField()
    held = serializers.BooleanField()
    reason = serializers.CharField()
    readers = ReaderPart(many=True)
    standing_order = serializers.UUIDField(source="order.pk", allow_null=True, default=None)
    photographs = serializers.BooleanField()


class OfferPart(serializers.Serializer[Any]):
    """One release that an article allows today."""

    clause = serializers.UUIDField(source="clause.pk")
    article = serializers.CharField(source="clause")
    purposes = serializers.ListField(source="clause.purposes", child=serializers.CharField())
    audience = serializers.CharField(source="to.kind")
    country = serializers.CharField(source="to.country.pk", default=None, allow_null=True)
    agency = serializers.UUIDField(source="to.agency.pk", default=None, allow_null=True)
    unit = serializers.UUIDField(source="to.unit.pk", default=None, allow_null=True)
    function = serializers.CharField(source="to.function")
    circle = serializers.UUIDField(source="to.circle.pk", default=None, allow_null=True)
    appointment = serializers.UUIDField(source="to.appointment.pk", default=None, allow_null=True)
    words = serializers.CharField()


class OffersSerializer(serializers.Serializer[Any]):
    fits = OfferPart(many=True)
    missing = serializers.ListField(child=serializers.CharField())


class StandingOrderSerializer(serializers.ModelSerializer[StandingOrder]):
    """A standing order of the own agency."""

    class Meta:
        model = StandingOrder
        fields = [
            "id",
            "circle",
            "agency",
            "clause",
            "purpose",
            "kinds",
            "categories",
            "ceiling",
            "tlp",
            "photographs",
            "issued_at",
            "ends_on",
            "revoked_at",
        ]
        read_only_fields = fields


class CirclePart(serializers.ModelSerializer[Circle]):
    class Meta:
        model = Circle
        fields = ["id", "kind", "name", "owner", "record", "opened_at", "closed_at"]
        read_only_fields = fields


class ParticipationSerializer(serializers.ModelSerializer[Participation]):
    """An agency's part in an operation, meeting or board that the reader sees. Answered at that record's own page."""

    circle = CirclePart(read_only=True)

    class Meta:
        model = Participation
        fields = ["id", "circle", "agency", "invited_at", "accepted_at", "ended_at"]
        read_only_fields = fields


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    """An officer's role in a circle: own officers by name, others by function (R18)."""

    circle = serializers.UUIDField(source="participation.circle_id", read_only=True)
    officer = OfficerPart(source="appointment", read_only=True)

    class Meta:
        model = Assignment
        fields = ["id", "circle", "participation", "officer", "role", "directs", "assigned_at", "ends_on", "ended_at"]
        read_only_fields = fields
