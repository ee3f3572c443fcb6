"""What the API tells of an agreement's life."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.register.models import ForceCondition, Relation


class ConsentPart(serializers.Serializer[Any]):
    country = serializers.CharField(source="country.pk")
    day = serializers.DateField()
    sign = serializers.CharField(help_text="As the UN Treaty Collection prints it.")
    starts = serializers.DateField(allow_null=True, help_text="From when it binds, as far as it is computed.")


class ForcePart(serializers.Serializer[Any]):
    """What the entry into force waits for, on paper. `stated`: recorded, which wins over what is computed."""

    words = serializers.CharField()
    later_words = serializers.CharField()
    given = ConsentPart(many=True)
    wanted = serializers.IntegerField()
    missing = serializers.SerializerMethodField()
    met = serializers.DateField(allow_null=True)
    starts = serializers.DateField(allow_null=True)
    stated = serializers.DateField(allow_null=True)
    confirmed_by = serializers.ListField(child=serializers.CharField())

    def get_missing(self, row: Any) -> list[str]:
        return [country.pk for country in row.missing]


class NoticePart(serializers.Serializer[Any]):
    """A notice that runs, with the last day on which its party is still bound."""

    kind = serializers.CharField()
    country = serializers.CharField(source="country.pk")
    given = serializers.DateField()
    last_day = serializers.DateField()
    days_left = serializers.IntegerField()


class RenewalPart(serializers.Serializer[Any]):
    """The term that runs, until when notice against the next is in time, and whether one was given."""

    term_ends = serializers.DateField()
    notice_by = serializers.DateField()
    stops = serializers.BooleanField()


class ConditionSerializer(serializers.ModelSerializer[ForceCondition]):
    confirmed_by = serializers.SerializerMethodField(help_text="Countries that confirmed it besides its recorder.")

    class Meta:
        model = ForceCondition
        fields = [
            "id", "recorded_at", "recorded_for", "confirmed_by", "consents", "required", "delay", "delay_unit",
            "later_delay", "later_unit", "article", "rectifies", "source",
        ]  # fmt: skip
        read_only_fields = fields

    def get_confirmed_by(self, row: ForceCondition) -> list[str]:
        return sorted(confirmation.country_id for confirmation in row.confirmations.all())


class RelationSerializer(serializers.ModelSerializer[Relation]):
    class Meta:
        model = Relation
        fields = ["id", "agreement", "kind", "other", "starts_on", "note", "recorded_at", "recorded_for"]
        read_only_fields = fields


class EdgePart(serializers.Serializer[Any]):
    words = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    note = serializers.CharField()


class KinSerializer(serializers.Serializer[Any]):
    """An instrument of the family; `edge` tells what it is to the one above."""

    id = serializers.UUIDField(source="agreement.pk")
    short_name = serializers.CharField(source="agreement.short_name")
    edge = EdgePart(allow_null=True)
    below = serializers.SerializerMethodField()

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_below(self, row: Any) -> Any:
        return KinSerializer(row.below, many=True).data


class CoverPart(serializers.Serializer[Any]):
    agreement = serializers.UUIDField(source="treaty.id")
    clause = serializers.UUIDField(source="clause.id")
    words = serializers.CharField()


class OverlapSerializer(serializers.Serializer[Any]):
    """Two articles that cover the same flows, and which of them governs; `governs` null: both apply."""

    first = CoverPart(source="ruling.first")
    second = CoverPart(source="ruling.second")
    rule = serializers.CharField(source="ruling.rule")
    governs = serializers.SerializerMethodField()
    sentence = serializers.CharField(source="ruling.sentence")
    enforced = serializers.BooleanField(source="ruling.enforced", help_text="Whether the access policy acts on it.")
    countries = serializers.ListField(child=serializers.CharField(), source="others")
    categories = serializers.ListField(child=serializers.CharField())

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_governs(self, row: Any) -> uuid.UUID | None:
        return row.ruling.governs and row.ruling.governs.treaty.id


class ComparedSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.CharField()
    after = serializers.CharField()
    changed = serializers.BooleanField()
