"""The fields for a position, of forms and of the API, and for an area."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from rest_framework import serializers

from portal.positions import areas, reading
from portal.ui.errors import Refused

Pair = tuple[float, float]


class PositionField(forms.CharField):
    """(latitude, longitude) in degrees, or None; typed in any notation. Its initial value is a text (`written`)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "max_length": reading.LONGEST, "help_text": reading.HELP, **options})
        self.widget.attrs.update({"autocomplete": "off", "spellcheck": "false", "data-position": ""})

    def clean(self, value: Any) -> Any:
        try:
            return reading.parse(super().clean(value))
        except Refused as refused:
            raise ValidationError(refused.message) from None


class AreaField(forms.CharField):
    """A polygon, drawn on the map or written; the text stays beside the map for keyboards and screen readers."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 6, "data-area": "", "spellcheck": "false", "autocomplete": "off"})
        super().__init__(**{"required": False, "widget": widget, "help_text": areas.HELP, "strip": True, **options})

    def prepare_value(self, value: Any) -> Any:
        return areas.written(value) if isinstance(value, dict) else value

    def clean(self, value: Any) -> Any:
        try:
            return areas.parse(super().clean(value))
        except Refused as refused:
            raise ValidationError(refused.message) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return json.dumps(initial) != json.dumps(data)


class TypedPosition(serializers.CharField):
    """A text in any notation; (latitude, longitude) inside."""

    def __init__(self, **options: Any) -> None:
        words = f"In place of latitude and longitude: {reading.HELP[0].lower()}{reading.HELP[1:]}"
        super().__init__(**{"required": False, "max_length": reading.LONGEST, "help_text": words, **options})

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            return reading.parse(text)
        except Refused as refused:
            raise serializers.ValidationError(refused.message) from None


class DegreesField(serializers.FloatField):
    """A number of degrees: NaN would pass every bound."""

    def to_internal_value(self, data: Any) -> float:
        value = float(super().to_internal_value(data))
        if not abs(value) <= 360:
            raise serializers.ValidationError("This is not a number of degrees.")
        return value


class PlacedSerializer(serializers.Serializer[Any]):
    """Takes a position as two numbers or as one text. Validated, it is `position`: a pair, None, or left out."""

    latitude = DegreesField(required=False, allow_null=True, min_value=-90, max_value=90)
    longitude = DegreesField(required=False, allow_null=True, min_value=-180, max_value=180)
    position = TypedPosition(allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return placed(super().validate(attrs))


def placed(attrs: dict[str, Any]) -> dict[str, Any]:
    """Put the position together: both halves or a text, not both; null takes it away. Raises ValidationError."""
    halves = {"latitude", "longitude"} & attrs.keys()
    if not halves:
        return attrs
    if "position" in attrs:
        raise serializers.ValidationError({"position": ["Give latitude and longitude, or a text, not both."]})
    latitude, longitude = attrs.pop("latitude", None), attrs.pop("longitude", None)
    if (latitude is None) != (longitude is None):
        raise serializers.ValidationError({"latitude": ["Give both latitude and longitude, or neither."]})
    return {**attrs, "position": None if latitude is None else (latitude, longitude)}
