"""How records look through the API, and how a marking is sent."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.directory.models import Agency, Appointment, Classification, Country
from agreements.register.choices import Category
from agreements.sharing.actions.records import Marking
from agreements.sharing.api.sight import Sight
from agreements.sharing.choices import HandlingCode, Tlp
from agreements.sharing.models import Record


class AgencyPart(serializers.ModelSerializer[Agency]):
    """An agency, as far as everybody knows it."""

    class Meta:
        model = Agency
        fields = ["id", "name", "acronym", "country"]
        read_only_fields = fields


class OfficerPart(serializers.Serializer[Appointment]):
    """Officers of the reader's agency by name, all others by function only (R18)."""

    function = serializers.CharField(read_only=True)
    agency = serializers.UUIDField(source="agency_id", read_only=True)
    name = serializers.SerializerMethodField(help_text="Only of the own agency; null otherwise.")

    def get_name(self, row: Appointment) -> str | None:
        sight: Sight = self.context["sight"]
        return str(row.officer) if sight.access.owns(row.agency_id) else None


class MarkingSerializer(serializers.Serializer[Any]):
    """A marking: what clauses and readers are measured against (R2, R7, R10)."""

    categories = serializers.ListField(child=serializers.ChoiceField(choices=Category.choices), required=False)
    classification = serializers.ChoiceField(choices=Classification.choices, required=False)
    tlp = serializers.ChoiceField(choices=Tlp.choices, required=False)
    rel_to = serializers.PrimaryKeyRelatedField(
        queryset=Country.objects.all(),
        many=True,
        required=False,
        allow_null=True,
        help_text="Countries it may go to. Null narrows nothing; empty means nobody.",
    )
    display_only = serializers.BooleanField(required=False)
    handling_codes = serializers.ListField(child=serializers.ChoiceField(choices=HandlingCode.choices), required=False)
    handling_note = serializers.CharField(required=False, allow_blank=True, max_length=300)

    @staticmethod
    def marking(values: dict[str, Any], first: Marking | None = None) -> Marking:
        """What was sent, over `first` (or over the marking of a new record)."""
        marking = {**(first or Marking()).values()}
        marking.update({name: values[name] for name in marking if name in values})
        if values.get("rel_to") is not None:
            marking["rel_to"] = [row.pk for row in values["rel_to"]]
        return Marking(**marking)


class RecordSerializer(serializers.ModelSerializer[Record]):
    """What every record tells, of whatever kind.

    Operation and host are named only while they are visible. What is display-only keeps its content from
    receivers: title, place and details are null, and `withheld` is true (R7).
    """

    owner = AgencyPart(read_only=True)
    author = OfficerPart(read_only=True)
    reference = serializers.CharField(read_only=True)
    operation = serializers.SerializerMethodField()
    host = serializers.SerializerMethodField()
    withheld = serializers.SerializerMethodField()

    class Meta:
        model = Record
        fields = [
            "id",
            "kind",
            "reference",
            "title",
            "owner",
            "author",
            "operation",
            "host",
            "categories",
            "classification",
            "tlp",
            "rel_to",
            "display_only",
            "handling_codes",
            "handling_note",
            "occurred_at",
            "recorded_at",
            "zone",
            "latitude",
            "longitude",
            "version",
            "withheld",
        ]
        read_only_fields = fields

    CONTENT = ("title", "latitude", "longitude")

    @property
    def sight(self) -> Sight:
        return self.context["sight"]  # type: ignore[no-any-return]

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_operation(self, row: Record) -> Any:
        return self.sight.sees(row, row.operation_id)

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_host(self, row: Record) -> Any:
        return self.sight.sees(row, row.host_id)

    def get_withheld(self, row: Record) -> bool:
        return is_withheld(row, self.sight)

    def to_representation(self, instance: Record) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if shown["withheld"]:
            shown.update(dict.fromkeys(self.CONTENT))
        return shown


def is_withheld(record: Record, sight: Sight) -> bool:
    """Whether the record's content stays out of the API for this reader (R7)."""
    return record.display_only and not sight.access.owns(record.owner_id)
