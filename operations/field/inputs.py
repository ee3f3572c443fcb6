"""Bodies of items. What the API of the patrol log takes, without times, files and keys: the item carries those."""

import uuid
from typing import Any

from rest_framework import serializers

from agencies.directory.models import Country
from agreements.powers.choices import Occasion
from operations.field.choices import PositionMethod
from operations.patrols.api.serializers import LegInput, MarkedInput, ObservationInput, PatrolInput
from operations.patrols.choices import ObservationType
from operations.patrols.photos import MOST
from portal.positions.fields import DegreesField

MOST_AGENCIES = 300
MOST_POINTS = 20_000
SOONEST = 5  # minutes until a next check-in


class ShownInput(MarkedInput):
    """`shown`: the agencies that the device said would read it. Left out, nothing was shown, and it is held (R6)."""

    shown = serializers.ListField(  # type: ignore[assignment]
        child=serializers.UUIDField(), required=False, allow_null=True, max_length=MOST_AGENCIES
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        told: list[uuid.UUID] | None = attrs.get("shown")
        attrs = super().validate(attrs)
        return {**attrs, "shown": False if told is None else frozenset(told)}


class PatrolBody(ShownInput, PatrolInput):
    """Plans a patrol and starts it: for one that nobody had planned."""

    id = None  # type: ignore[assignment]
    starts_at = None  # type: ignore[assignment]
    title = serializers.CharField(max_length=200, default="Patrol")
    objective = serializers.CharField(max_length=5000, default="Started in the field.")


class LegBody(ShownInput, LegInput):
    id = None  # type: ignore[assignment]
    started_at = None  # type: ignore[assignment]
    ended_at = None  # type: ignore[assignment]


class LegEndBody(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class ToldInput(serializers.Serializer[Any]):
    """How the device came by the place, and why another time was given than the tap's."""

    position_method = serializers.ChoiceField(choices=PositionMethod.choices, required=False, allow_blank=True)
    time_reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ObservationBody(ToldInput, ShownInput, ObservationInput):
    """`photographs`: how many will follow. Those wait for a tap, and the entry with them, unless the order names them."""

    id = None  # type: ignore[assignment]
    occurred_at = None  # type: ignore[assignment]
    leg = None  # type: ignore[assignment]
    photos = None  # type: ignore[assignment]
    photographs = serializers.IntegerField(min_value=0, max_value=MOST, default=0)


class EditBody(serializers.Serializer[Any]):
    """New words of an entry, and the version of it that they were made on."""

    edits = serializers.UUIDField()
    version = serializers.IntegerField(min_value=1, max_value=2_000_000_000)
    type = serializers.ChoiceField(choices=ObservationType.choices, required=False)
    text = serializers.CharField(max_length=5000, allow_blank=True)
    values = serializers.JSONField(required=False, help_text="Of the type that the entry has. Left out, they stay.")
    latitude = DegreesField(required=False, min_value=-90, max_value=90)
    longitude = DegreesField(required=False, min_value=-180, max_value=180)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return placed(attrs)


class TrackBody(serializers.Serializer[Any]):
    """A GPX document, or the fixes of the device: pieces of [longitude, latitude, Unix seconds or null].

    A device sends the stretches of a leg as it goes, each with `joins`. Without it, the pieces are the whole recording.
    """

    joins = serializers.BooleanField(
        default=False, help_text="Joined by its times to what this device sent of the leg, in whatever order it comes."
    )
    gpx = serializers.CharField(required=False, trim_whitespace=False)
    pieces = serializers.ListField(
        child=serializers.ListField(child=serializers.ListField(min_length=2, max_length=3)), required=False
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("gpx" in attrs) == ("pieces" in attrs):
            raise serializers.ValidationError({"track": ["Give either gpx or pieces."]})
        if attrs["joins"] and "gpx" in attrs:
            raise serializers.ValidationError(
                {"track": ["A stretch is sent in pieces: a document is a whole recording."]}
            )
        return attrs


class EnterBody(ToldInput, ShownInput):
    """Partner territory is entered: the place is the record's position."""

    id = None  # type: ignore[assignment]
    territory = serializers.PrimaryKeyRelatedField(queryset=Country.objects.all())
    basis = serializers.ChoiceField(choices=Occasion.choices, default=Occasion.JOINT_PATROL.value)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    notified = serializers.CharField(max_length=200, required=False, allow_blank=True)
    accuracy_m = serializers.IntegerField(required=False, min_value=0, max_value=100_000)
    latitude = DegreesField(required=False, min_value=-90, max_value=90)
    longitude = DegreesField(required=False, min_value=-180, max_value=180)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return placed(super().validate(attrs))


class LeaveBody(serializers.Serializer[Any]):
    """Without `crossing`: the own team's open one on the patrol."""

    crossing = serializers.UUIDField(required=False)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    latitude = DegreesField(required=False, min_value=-90, max_value=90)
    longitude = DegreesField(required=False, min_value=-180, max_value=180)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return placed(attrs)


class SignalBody(serializers.Serializer[Any]):
    latitude = DegreesField(required=False, min_value=-90, max_value=90)
    longitude = DegreesField(required=False, min_value=-180, max_value=180)
    accuracy_m = serializers.IntegerField(required=False, min_value=0, max_value=100_000)
    words = serializers.CharField(max_length=500, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return placed(attrs)


class PanicBody(SignalBody):
    neighbours = serializers.BooleanField(
        required=False, help_text="Also the duty desks of neighbours at once, without waiting for an own answer (R24)."
    )


class CheckInBody(SignalBody):
    next_minutes = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=24 * 60,
        help_text="In how many minutes the next one is due, at least 5; 0: none. Left out: as the patrol's timer says.",
    )

    def validate_next_minutes(self, value: int) -> int:
        if 0 < value < SOONEST:
            raise serializers.ValidationError(f"At least {SOONEST} minutes, or 0 for none.")
        return value


def placed(attrs: dict[str, Any]) -> dict[str, Any]:
    """Latitude and longitude as one position, or None."""
    latitude, longitude = attrs.pop("latitude", None), attrs.pop("longitude", None)
    if (latitude is None) != (longitude is None):
        raise serializers.ValidationError({"latitude": ["Give both latitude and longitude, or neither."]})
    return {**attrs, "position": None if latitude is None else (latitude, longitude)}
