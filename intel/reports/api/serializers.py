"""What the API tells of reports and takes. Fields are listed one by one."""

from datetime import UTC, datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from rest_framework import serializers

from agencies.directory.models import Classification, valid_time_zone
from agreements.register.choices import Category
from agreements.sharing.actions.records import Marking
from agreements.sharing.api.base import DetailSerializer
from agreements.sharing.api.parts import MarkingSerializer
from agreements.sharing.compartments import compartments_of
from agreements.sharing.models import Circle, Record
from intel.reports.actions import BODY_LENGTH, REASON_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH
from intel.reports.grading import SchemeName
from intel.reports.models import Report
from portal.positions.fields import PlacedSerializer

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class ReportSerializer(DetailSerializer[Report]):
    """A report beside its record: the record's `occurred_at` is the time of the information."""

    source_words = serializers.CharField(read_only=True, help_text="What the source's grade means in the scheme.")
    information_words = serializers.CharField(read_only=True, help_text="What the information's grade means in it.")

    class Meta:
        model = Report
        fields = [
            "id",
            "record",
            "summary",
            "body",
            "scheme",
            "source_grade",
            "source_words",
            "information_grade",
            "information_words",
            "state",
            "changed_at",
            "withdrawn_at",
            "withdraw_reason",
        ]
        read_only_fields = fields


class ReportChange(PlacedSerializer):
    """What may be changed. Everything left out stays as it is."""

    title = serializers.CharField(max_length=TITLE_LENGTH, required=False)
    summary = serializers.CharField(max_length=SUMMARY_LENGTH, required=False)
    body = serializers.CharField(max_length=BODY_LENGTH, required=False, allow_blank=True)
    scheme = serializers.ChoiceField(choices=SchemeName.choices, required=False)
    source_grade = serializers.CharField(max_length=1, required=False)
    information_grade = serializers.CharField(max_length=1, required=False)
    occurred_at = serializers.DateTimeField(
        required=False,
        validators=[
            MinValueValidator(EARLIEST, "The year must be 2000 or later."),
            MaxValueValidator(LATEST, "The year must be before 2100."),
        ],
    )
    zone = serializers.CharField(max_length=64, required=False, validators=[valid_time_zone])


REQUIRED = ("title", "summary", "scheme", "source_grade", "information_grade")


class ReportInput(ReportChange, MarkingSerializer):
    """`id` is made on the device: sending the same one again makes nothing new."""

    id = serializers.UUIDField(required=False)
    operation = serializers.PrimaryKeyRelatedField(
        queryset=Record.objects.none(), required=False, allow_null=True, help_text="One that the writer sees."
    )
    compartment = serializers.PrimaryKeyRelatedField(
        queryset=Circle.objects.none(), required=False, allow_null=True, help_text="One that the writer is inside of."
    )

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name in REQUIRED:
            fields[name].required = True
        sight = self.context.get("sight")
        if sight is not None:
            operations = Record.objects.visible_to(sight.access).of_kind("operation")
            fields["operation"].queryset = operations  # type: ignore[attr-defined]
            own = compartments_of(sight.access.appointment, sight.access.at)
            fields["compartment"].queryset = own  # type: ignore[attr-defined]
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Put the marking together, too."""
        attrs = super().validate(attrs)
        marking = MarkingSerializer.marking(attrs, self._usual())
        values = {name: value for name, value in attrs.items() if name not in marking.values()}
        if "id" in values:
            values["key"] = values.pop("id")
        return {**values, "marking": marking}

    def _usual(self) -> Marking:
        """The marking of what says nothing of it: as the form begins, never unclassified."""
        by = self.context["sight"].access.appointment
        level = min(Classification.RESTRICTED.value, by.clearance)
        return Marking(categories=[Category.CRIMINAL_INTELLIGENCE.value], classification=level)


class WithdrawInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=REASON_LENGTH)
