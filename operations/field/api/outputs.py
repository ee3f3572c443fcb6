"""What the API answers to devices, and tells of versions, quarantine and crossings."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.sharing.api import DetailSerializer
from agreements.sharing.api.parts import AgencyPart, OfficerPart
from operations.field.choices import Flag, ReceiptState
from operations.field.models import Crossing, Quarantined, Told, Version
from operations.field.receiving import Result
from operations.patrols.choices import ObservationType


class FieldErrorPart(serializers.Serializer[Any]):
    field = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class ItemResultSerializer(serializers.Serializer[Result]):
    """What became of one item. `received` is said by the server alone, once for each item, and every time the same."""

    id = serializers.UUIDField(allow_null=True)
    state = serializers.ChoiceField(choices=ReceiptState.choices)
    reference = serializers.CharField(allow_blank=True, help_text="To quote it by. Empty unless it was received.")
    record = serializers.UUIDField(allow_null=True, help_text="Key of the record that it made or changed.")
    version = serializers.IntegerField(
        allow_null=True, help_text="Of an entry, as it stood with this item: an edit names it. Null where two wait."
    )
    received_at = serializers.DateTimeField()
    held = serializers.BooleanField(help_text="Whether it waits for a tap before a partner reads it (R6).")
    code = serializers.CharField(
        allow_blank=True, help_text="Why it was refused: other_body, depends, missing, invalid, state, checksum …"
    )
    flags = serializers.ListField(child=serializers.ChoiceField(choices=Flag.choices))
    errors = FieldErrorPart(many=True)  # type: ignore[assignment]


class BatchResultSerializer(serializers.Serializer[Any]):
    """The answers in the order in which the items were sent."""

    received_at = serializers.DateTimeField()
    drift_seconds = serializers.FloatField(help_text="Server minus device.")
    results = ItemResultSerializer(many=True)


class KitSerializer(serializers.Serializer[Any]):
    """What may be taken along until `until`. The next contact that leaves something out withdraws it."""

    as_of = serializers.DateTimeField()
    until = serializers.DateTimeField()
    officer = serializers.DictField()
    operations = serializers.ListField(child=serializers.DictField())
    patrols = serializers.ListField(child=serializers.DictField())
    legs = serializers.ListField(child=serializers.DictField(), help_text="Of the own team, as far as they run.")
    observation_types = serializers.ListField(child=serializers.DictField())
    powers = serializers.ListField(child=serializers.DictField(), help_text="A powers card for each operation.")
    areas = serializers.DictField(help_text="GeoJSON FeatureCollection of the areas of operation.")
    instructions = serializers.ListField(
        child=serializers.DictField(), help_text="For when the basis falls away (R24)."
    )


class TrackWords(serializers.Serializer[Any]):
    length_m = serializers.FloatField()
    point_count = serializers.IntegerField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class VersionSerializer(serializers.ModelSerializer[Version]):
    """Words or a track beside those that stand."""

    made_by = OfficerPart(read_only=True)
    decided_by = OfficerPart(read_only=True, allow_null=True)
    type = serializers.ChoiceField(choices=ObservationType.choices, read_only=True, allow_blank=True)
    track = serializers.SerializerMethodField()

    class Meta:
        model = Version
        fields = [
            "id",
            "record",
            "based_on",
            "type",
            "text",
            "latitude",
            "longitude",
            "values",
            "track",
            "made_by",
            "made_at",
            "recorded_at",
            "state",
            "decided_by",
            "decided_at",
            "entry",
        ]
        read_only_fields = fields

    @extend_schema_field(TrackWords(allow_null=True))
    def get_track(self, row: Version) -> Any:
        return None if row.track is None else {name: row.track.get(name) for name in TrackWords().fields}


class QuarantinedSerializer(serializers.ModelSerializer[Quarantined]):
    """An item that waits for a supervisor, or what was said of it."""

    officer = serializers.CharField(source="receipt.officer.full_name", read_only=True)
    function = serializers.CharField(source="receipt.appointment.function", read_only=True)
    agency = AgencyPart(read_only=True)
    kind = serializers.CharField(source="receipt.kind", read_only=True)
    happened_at = serializers.DateTimeField(source="receipt.happened_at", read_only=True)
    received_at = serializers.DateTimeField(source="receipt.received_at", read_only=True)
    device = serializers.UUIDField(source="receipt.device", read_only=True)
    record = serializers.UUIDField(source="receipt.record", read_only=True, allow_null=True)
    decided_by = OfficerPart(read_only=True, allow_null=True)
    item = serializers.DictField(read_only=True)

    class Meta:
        model = Quarantined
        fields = [
            "id",
            "officer",
            "function",
            "agency",
            "cause",
            "kind",
            "happened_at",
            "received_at",
            "device",
            "item",
            "state",
            "decided_by",
            "decided_at",
            "reason",
            "record",
        ]
        read_only_fields = fields


class CrossingSerializer(DetailSerializer[Crossing]):
    """A stay on partner territory, with the limits as they were then."""

    until = serializers.DateTimeField(read_only=True, allow_null=True, help_text="When the shortest limit runs out.")
    limits = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = Crossing
        fields = [
            "id",
            "record",
            "territory",
            "basis",
            "place",
            "notified",
            "entered_at",
            "left_at",
            "left_latitude",
            "left_longitude",
            "left_place",
            "limits",
            "until",
        ]
        read_only_fields = fields


class ToldSerializer(DetailSerializer[Told]):
    """How the device came by the place, and why another time was given than the tap's."""

    class Meta:
        model = Told
        fields = ["id", "record", "at", "drift_ms", "method", "accuracy_m", "time_reason"]
        read_only_fields = fields
