"""What the API tells and takes. Fields are listed one by one; hosts and operations only where they may be seen."""

from typing import Any

from rest_framework import serializers

from agencies.directory.models import Classification, Country
from agreements.register.choices import Category
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import Tlp
from operations.patrols import journal, photos, resting
from operations.patrols.choices import ObservationType
from operations.patrols.models import Leg, Observation, Patrol, Photo, Team, Track
from operations.types.filling import Filling
from portal.api.fields import InstantField
from portal.positions.fields import PlacedSerializer


class RecordSerializer(serializers.ModelSerializer[Any]):
    """The columns of the record above those of its detail."""

    id = serializers.UUIDField(source="pk", read_only=True)
    reference = serializers.CharField(source="record.reference", read_only=True)
    title = serializers.CharField(source="record.title", read_only=True)
    owner = serializers.UUIDField(source="record.owner_id", read_only=True)
    classification = serializers.IntegerField(source="record.classification", read_only=True)
    tlp = serializers.IntegerField(source="record.tlp", read_only=True)
    categories = serializers.ListField(source="record.categories", child=serializers.CharField(), read_only=True)
    version = serializers.IntegerField(source="record.version", read_only=True)
    latitude = serializers.FloatField(source="record.latitude", read_only=True)
    longitude = serializers.FloatField(source="record.longitude", read_only=True)
    zone = serializers.CharField(source="record.zone", read_only=True)

    def seen(self, key: Any) -> str | None:
        """The key of another record, if the reader may see that too (R23)."""
        return str(key) if key and self.context["view"].may_name(key) else None


RECORD_FIELDS = [
    "id",
    "reference",
    "title",
    "owner",
    "classification",
    "tlp",
    "categories",
    "version",
    "latitude",
    "longitude",
    "zone",
]


class TeamSerializer(serializers.ModelSerializer[Team]):
    leader_function = serializers.CharField(source="leader.function", read_only=True, default=None)

    class Meta:
        model = Team
        fields = ["agency", "strength", "functions", "vehicles", "radio_channel", "leader_function"]


class PatrolSerializer(RecordSerializer):
    operation = serializers.SerializerMethodField()
    overdue = serializers.BooleanField(read_only=True)
    teams = TeamSerializer(many=True, read_only=True)

    class Meta:
        model = Patrol
        fields = [
            *RECORD_FIELDS,
            "operation",
            "objective",
            "starts_at",
            "ends_at",
            "started_at",
            "ended_at",
            "state",
            "overdue",
            "meeting_point",
            "cancel_reason",
            "teams",
        ]
        read_only_fields = fields

    def get_operation(self, row: Patrol) -> str | None:
        return self.seen(row.record.operation_id)


class TrackSerializer(serializers.ModelSerializer[Track]):
    geometry = serializers.SerializerMethodField(help_text="GeoJSON MultiLineString.")
    bounds = serializers.ListField(
        child=serializers.FloatField(), read_only=True, help_text="West, south, east, north."
    )

    class Meta:
        model = Track
        fields = [
            "geometry",
            "bounds",
            "length_m",
            "outliers",
            "started_at",
            "ended_at",
            "point_count",
            "digest",
            "imported_at",
        ]
        read_only_fields = fields

    def get_geometry(self, row: Track) -> dict[str, Any]:
        return {"type": "MultiLineString", "coordinates": row.lines}


class LegListSerializer(serializers.ListSerializer[Any]):
    """Asks once for all how long they rested."""

    def to_representation(self, data: Any) -> Any:
        rows = list(data)
        resting.load(rows)
        return super().to_representation(rows)


class LegSerializer(RecordSerializer):
    patrol = serializers.SerializerMethodField()
    duration_s = serializers.SerializerMethodField(help_text="Seconds, up to now while it runs, without pauses.")
    rested_s = serializers.SerializerMethodField(help_text="Seconds of its pauses.")
    track = serializers.SerializerMethodField()

    class Meta:
        model = Leg
        list_serializer_class = LegListSerializer
        fields = [
            *RECORD_FIELDS,
            "patrol",
            "territory",
            "started_at",
            "ended_at",
            "duration_s",
            "rested_s",
            "note",
            "track",
        ]
        read_only_fields = fields

    def get_patrol(self, row: Leg) -> str | None:
        return self.seen(row.record.host_id)

    def get_duration_s(self, row: Leg) -> float:
        return row.duration.total_seconds()

    def get_rested_s(self, row: Leg) -> float:
        resting.load([row])
        return row.rested.total_seconds() if row.rested else 0.0

    def get_track(self, row: Leg) -> dict[str, Any] | None:
        return TrackSerializer(row.track).data if journal.has_track(row) else None


class PhotoSerializer(serializers.ModelSerializer[Photo]):
    class Meta:
        model = Photo
        fields = ["id", "width", "height", "digest", "added_at"]
        read_only_fields = fields


class FilledPart(serializers.Serializer[Any]):
    """Of which type of its operation an entry is, as that was then, and what was filled in."""

    catalogue = serializers.UUIDField(help_text="Key of the version of the types.")
    number = serializers.IntegerField(help_text="Of that version.")
    older = serializers.BooleanField(help_text="A newer version counted when it was received.")
    form = serializers.DictField(help_text="The type: its key, labels and fields.")
    values = serializers.DictField(help_text="By the key of the field.")


class ObservationSerializer(RecordSerializer):
    """`type` is what it counts as in every operation; `filled` what its own operation's type asked for, or null."""

    patrol = serializers.SerializerMethodField()
    leg = serializers.SerializerMethodField()
    occurred_at = serializers.DateTimeField(read_only=True)
    photos = PhotoSerializer(many=True, read_only=True)
    filled = FilledPart(read_only=True, allow_null=True)

    class Meta:
        model = Observation
        fields = [*RECORD_FIELDS, "patrol", "leg", "type", "text", "filled", "occurred_at", "accuracy_m", "photos"]
        read_only_fields = fields

    def get_patrol(self, row: Observation) -> str | None:
        return self.seen(row.record.host_id)

    def get_leg(self, row: Observation) -> str | None:
        return self.seen(row.leg_id)


class NextStepsSerializer(serializers.Serializer[Any]):
    """What the officer goes on with."""

    active = PatrolSerializer(many=True)
    planned = PatrolSerializer(many=True, help_text="Those that start soon.")
    legs_to_finish = LegSerializer(
        many=True, source="hidden", help_text="Own legs that run on a patrol that is over or hidden by now (R23)."
    )


class MarkedInput(serializers.Serializer[Any]):
    """`id` is made on the device: sending the same one again makes nothing new. `shown` false: hold it."""

    id = serializers.UUIDField(required=False)
    categories = serializers.ListField(
        child=serializers.ChoiceField(choices=Category.choices),
        default=lambda: [Category.OPERATIONAL.value],
        min_length=1,
    )
    classification = serializers.ChoiceField(choices=Classification.choices, default=Classification.RESTRICTED.value)
    tlp = serializers.ChoiceField(choices=Tlp.choices, default=Tlp.AMBER.value)
    shown = serializers.BooleanField(default=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Put the marking together, and the position."""
        names = ("categories", "classification", "tlp")
        attrs["marking"] = Marking(**{name: attrs.pop(name) for name in names})
        if "id" in attrs:
            attrs["key"] = attrs.pop("id")
        return attrs


class PlaceInput(PlacedSerializer, MarkedInput):
    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"position": None, **super().validate(attrs)}


class TeamInput(serializers.Serializer[Any]):
    agency = serializers.UUIDField()
    strength = serializers.IntegerField(min_value=1, max_value=200, default=2)
    functions = serializers.CharField(max_length=200, required=False, allow_blank=True)
    vehicles = serializers.CharField(max_length=200, required=False, allow_blank=True)
    radio_channel = serializers.CharField(max_length=60, required=False, allow_blank=True)
    leader = serializers.UUIDField(required=False, help_text="Appointment of the own agency.")


class PatrolInput(PlaceInput):
    operation = serializers.UUIDField()
    title = serializers.CharField(max_length=200)
    objective = serializers.CharField(max_length=5000)
    starts_at = InstantField()
    ends_at = InstantField()
    meeting_point = serializers.CharField(max_length=200, required=False, allow_blank=True)
    teams = TeamInput(many=True)


class StartInput(serializers.Serializer[Any]):
    started_at = InstantField(required=False)


class EndInput(serializers.Serializer[Any]):
    ended_at = InstantField(required=False)


class CancelInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class LegInput(MarkedInput):
    territory = serializers.PrimaryKeyRelatedField(queryset=Country.objects.all())
    started_at = InstantField(required=False)
    ended_at = InstantField(required=False)
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class LegEndInput(EndInput):
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class FilledInput(serializers.Serializer[Any]):
    """`form` is the key of one of the operation's own types, `catalogue` the version that it is of (left out: the one
    that counts), `values` by the keys of its fields. The text may then be empty."""

    form = serializers.CharField(required=False, max_length=40)
    catalogue = serializers.UUIDField(required=False)
    values = serializers.JSONField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        form, catalogue, values = (attrs.pop(name, None) for name in ("form", "catalogue", "values"))
        if form is None and (catalogue or values):
            raise serializers.ValidationError({"form": ["Say of which type the values are."]})
        if not form and not attrs.get("text", "").strip():
            raise serializers.ValidationError({"text": ["This field may not be blank."]})
        if not form and not attrs.get("type"):
            raise serializers.ValidationError({"type": ["This field is required."]})
        attrs.setdefault("type", "")
        return {**attrs, "filling": Filling(form, values or {}, catalogue) if form else None}


class ObservationInput(FilledInput, PlaceInput):
    type = serializers.ChoiceField(
        choices=ObservationType.choices,
        required=False,
        help_text="With `form` the type says it, and this is not asked.",
    )
    text = serializers.CharField(max_length=5000, required=False, allow_blank=True, default="")
    occurred_at = InstantField(required=False)
    accuracy_m = serializers.IntegerField(required=False, min_value=0, max_value=100_000)
    leg = serializers.UUIDField(required=False)
    photos = serializers.ListField(child=serializers.FileField(), required=False, max_length=photos.MOST)


class TrackInput(serializers.Serializer[Any]):
    """Without `leg`: the own leg that runs or ended last without a track; without any, a new one by the track's times."""

    track = serializers.FileField()
    leg = serializers.UUIDField(required=False)
    territory = serializers.PrimaryKeyRelatedField(queryset=Country.objects.all(), required=False)


class PhotoInput(serializers.Serializer[Any]):
    photo = serializers.FileField()
