"""What the API tells of what a step would change (R28)."""

from typing import Any

from rest_framework import serializers


class LinePart(serializers.Serializer[Any]):
    """An article that closes or opens between two parties."""

    article = serializers.CharField()
    agreement = serializers.CharField()
    sides = serializers.ListField(child=serializers.CharField())
    data = serializers.CharField()  # type: ignore[assignment]
    ceiling = serializers.CharField()


class EffectPart(serializers.Serializer[Any]):
    """Records that an agency would lose and gain: those of the asker's party, or lost or gained by it (R28)."""

    agency = serializers.UUIDField(source="agency.pk")
    acronym = serializers.CharField(source="agency.short")
    kind = serializers.CharField()
    lost = serializers.IntegerField()
    gained = serializers.IntegerField()


class StandingPart(serializers.Serializer[Any]):
    """One that the reader may see."""

    id = serializers.UUIDField(source="key")
    title = serializers.CharField()


class FootingPart(serializers.Serializer[Any]):
    """How many operations, patrols or meetings lose and gain their legal basis: those of the asker's party or with its
    part. Named are those that the reader may see (R28)."""

    kind = serializers.CharField(source="words")
    lost = serializers.IntegerField()
    gained = serializers.IntegerField()
    losing = StandingPart(many=True)
    gaining = StandingPart(many=True)


class ForeseenSerializer(serializers.Serializer[Any]):
    """What a step would change from its first day of effect on."""

    at = serializers.DateTimeField()
    closes = LinePart(many=True)
    opens = LinePart(many=True)
    effects = EffectPart(many=True)
    footings = FootingPart(many=True)
    confirmed = serializers.BooleanField(help_text="Whether it is told as if every party had confirmed it (R22).")
