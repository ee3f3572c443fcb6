"""What the API takes of joint reports."""

from typing import Any

from rest_framework import serializers

from agencies.directory.models import Agency, Classification
from agreements.register.choices import Category
from agreements.sharing.actions.records import Marking
from agreements.sharing.api.parts import MarkingSerializer
from agreements.sharing.models import Record
from operations.joint.actions.reports import REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from operations.joint.actions.signing import STATEMENT_LENGTH
from operations.joint.choices import Decision, Form
from portal.api.fields import InstantField
from portal.positions.fields import PlacedSerializer


class JointReportChange(PlacedSerializer):
    """What may be changed before all have signed. Everything left out stays as it is."""

    title = serializers.CharField(max_length=TITLE_LENGTH, required=False)
    starts_at = InstantField(required=False)
    ends_at = InstantField(required=False)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    text = serializers.CharField(max_length=TEXT_LENGTH, required=False)
    open_points = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True)


class JointReportInput(JointReportChange, MarkingSerializer):
    """A draft with its sides and its marking. `id` is made on the device: sending it again makes nothing new."""

    id = serializers.UUIDField(required=False)
    host = serializers.PrimaryKeyRelatedField(
        queryset=Record.objects.none(), help_text="A patrol or, for a shift, an operation that the writer sees."
    )
    sides = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.select_related("country"), many=True)
    form = serializers.ChoiceField(choices=Form.choices, required=False)
    language = serializers.CharField(max_length=8, required=False)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name in ("title", "starts_at", "ends_at", "text"):
            fields[name].required = True
        # Each side keeps a copy for good.
        del fields["display_only"]
        sight = self.context.get("sight")
        if sight is not None:
            hosts = Record.objects.visible_to(sight.access).filter(kind__in=("patrol", "operation"))
            fields["host"].queryset = hosts.select_related("owner__country")  # type: ignore[attr-defined]
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        by = self.context["sight"].access.appointment
        level = min(Classification.RESTRICTED.value, by.clearance)
        usual = Marking(categories=[Category.OPERATIONAL.value], classification=level)
        marking = MarkingSerializer.marking(attrs, usual)
        values = {name: value for name, value in attrs.items() if name not in marking.values()}
        if "id" in values:
            values["key"] = values.pop("id")
        return {**values, "marking": marking}


class JointWordsInput(serializers.Serializer[Any]):
    """The text in another language; an empty text takes it away."""

    language = serializers.CharField(max_length=8)
    text = serializers.CharField(max_length=TEXT_LENGTH, allow_blank=True)
    open_points = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True)


class JointSignInput(serializers.Serializer[Any]):
    """`seen` is the `content_digest` of what the officer read."""

    seen = serializers.CharField(max_length=64)
    decision = serializers.ChoiceField(choices=Decision.choices)
    statement = serializers.CharField(max_length=STATEMENT_LENGTH, required=False, allow_blank=True)
    device = serializers.UUIDField(required=False, allow_null=True, help_text="A key that the app made itself.")
    device_at = InstantField(required=False, allow_null=True, help_text="By the device's clock.")


class JointReasonInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=REASON_LENGTH)
