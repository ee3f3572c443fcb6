"""What the API takes of incidents."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from agencies.directory.models import Agency, Appointment, Classification, valid_time_zone
from agencies.directory.roles import ROLE_CHOICES
from agreements.register.choices import Category
from agreements.sharing.actions.records import Marking
from agreements.sharing.api.parts import MarkingSerializer
from agreements.sharing.models import Record
from operations.incidents import types
from operations.incidents.actions.events import SUMMARY_LENGTH
from operations.incidents.actions.reports import ACCOUNT_LENGTH, REASON_LENGTH, TITLE_LENGTH
from operations.incidents.actions.serious import FINDING_LENGTH
from operations.incidents.choices import ChainStep, Confidence, Goods, Impact, Outcome, SeriousKind, Subject, Thing
from operations.incidents.models import IncidentReport
from portal.positions.fields import PlacedSerializer


class PlacedInput(PlacedSerializer):
    """A time, its zone and a place."""

    occurred_at = serializers.DateTimeField(required=False)
    zone = serializers.CharField(max_length=64, required=False, validators=[valid_time_zone])


class IncidentChange(PlacedInput):
    """What may be changed of a draft, or of what was returned. Everything left out stays as it is."""

    title = serializers.CharField(max_length=TITLE_LENGTH, required=False)
    type = serializers.ChoiceField(choices=types.CHOICES, required=False)
    impact = serializers.ChoiceField(choices=Impact.choices, required=False)
    confidence = serializers.ChoiceField(choices=Confidence.choices, required=False)
    account = serializers.CharField(max_length=ACCOUNT_LENGTH, required=False)
    reaction = serializers.CharField(max_length=ACCOUNT_LENGTH, required=False, allow_blank=True)
    known_at = serializers.DateTimeField(required=False)


class OfOperation(serializers.Serializer[Any]):
    """`id` is made on the device: sending the same one again makes nothing new."""

    id = serializers.UUIDField(required=False)
    operation = serializers.PrimaryKeyRelatedField(
        queryset=Record.objects.none(), required=False, allow_null=True, help_text="One that the writer sees."
    )

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name in getattr(self, "needed", ()):
            fields[name].required = True
        sight = self.context.get("sight")
        if sight is not None:
            operations = Record.objects.visible_to(sight.access).of_kind("operation")
            fields["operation"].queryset = operations  # type: ignore[attr-defined]
        return fields

    def marked(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """With the marking put together, and the device's key under its name."""
        by = self.context["sight"].access.appointment
        level = min(Classification.RESTRICTED.value, by.clearance)
        usual = Marking(categories=[Category.OPERATIONAL.value], classification=level)
        marking = MarkingSerializer.marking(attrs, usual)
        values = {name: value for name, value in attrs.items() if name not in marking.values()}
        if "id" in values:
            values["key"] = values.pop("id")
        return {**values, "marking": marking}


class IncidentInput(OfOperation, IncidentChange, MarkingSerializer):
    """A draft with its marking; `follows` makes it a follow-up of a first report that the writer sees."""

    needed = ("title", "type", "impact", "confidence", "account")
    follows = serializers.PrimaryKeyRelatedField(
        queryset=IncidentReport.objects.none(), required=False, allow_null=True
    )

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        sight = self.context.get("sight")
        if sight is not None:
            fields["follows"].queryset = IncidentReport.objects.visible_to(sight.access)  # type: ignore[attr-defined]
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return self.marked(super().validate(attrs))


class InvolvedInput(serializers.Serializer[Any]):
    thing = serializers.ChoiceField(choices=Thing.choices)
    subject = serializers.ChoiceField(choices=Subject.choices, required=False, allow_blank=True)
    goods = serializers.ChoiceField(choices=Goods.choices, required=False, allow_blank=True)
    name = serializers.CharField(max_length=200)
    number = serializers.CharField(max_length=60, required=False, allow_blank=True)
    amount = serializers.CharField(max_length=60, required=False, allow_blank=True)
    is_fact = serializers.BooleanField(required=False)


class InvolvedKey(serializers.Serializer[Any]):
    involved = serializers.UUIDField()


class IncidentReasonInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=REASON_LENGTH)


class WordsInput(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=500, required=False, allow_blank=True)


class ReturnInput(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=500)


class LevelsInput(serializers.Serializer[Any]):
    impact = serializers.ChoiceField(choices=Impact.choices)
    confidence = serializers.ChoiceField(choices=Confidence.choices)
    reason = serializers.CharField(max_length=500)


class LevelDecideInput(serializers.Serializer[Any]):
    accept = serializers.BooleanField()
    answer = serializers.CharField(max_length=500, required=False, allow_blank=True)


class EventInput(OfOperation, PlacedInput, MarkingSerializer):
    title = serializers.CharField(max_length=TITLE_LENGTH)
    summary = serializers.CharField(max_length=SUMMARY_LENGTH)
    impact = serializers.ChoiceField(choices=Impact.choices)
    confidence = serializers.ChoiceField(choices=Confidence.choices)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return self.marked(super().validate(attrs))


class ReportKey(serializers.Serializer[Any]):
    report = serializers.UUIDField()


class RecordKey(serializers.Serializer[Any]):
    record = serializers.UUIDField()


class KeeperInput(serializers.Serializer[Any]):
    keeper = serializers.PrimaryKeyRelatedField(queryset=Appointment.objects.none(), help_text="Of the own agency.")

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["keeper"].queryset = own_officers(self.context)  # type: ignore[attr-defined]
        return fields


def own_officers(context: Mapping[str, Any]) -> Any:
    sight = context.get("sight")
    if sight is None:
        return Appointment.objects.none()
    return Appointment.objects.in_effect(timezone.now()).filter(agency__in=sight.access.appointment.agencies)


class CloseInput(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    words = serializers.CharField(max_length=500, required=False, allow_blank=True)


class SeriousInput(OfOperation, PlacedInput):
    """`sure`: the officer has read the question that was asked where category and text disagree."""

    title = serializers.CharField(max_length=TITLE_LENGTH)
    kind = serializers.ChoiceField(choices=SeriousKind.choices)
    account = serializers.CharField(max_length=ACCOUNT_LENGTH)
    categories = serializers.ListField(child=serializers.ChoiceField(choices=Category.choices), required=False)
    classification = serializers.ChoiceField(choices=Classification.choices, required=False)
    concerns = serializers.PrimaryKeyRelatedField(queryset=Appointment.objects.none(), many=True, required=False)
    sure = serializers.BooleanField(required=False)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["concerns"].child_relation.queryset = own_officers(self.context)  # type: ignore[attr-defined]
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        values = super().validate(attrs)
        by = self.context["sight"].access.appointment
        usual = {
            "categories": [Category.PERSONAL_DATA.value],
            "classification": min(Classification.RESTRICTED.value, by.clearance),
        }
        if "id" in values:
            values["key"] = values.pop("id")
        return {**usual, **values}


class FindingInput(serializers.Serializer[Any]):
    finding = serializers.CharField(max_length=FINDING_LENGTH)


class ChainInput(serializers.Serializer[Any]):
    step = serializers.ChoiceField(choices=ChainStep.choices)
    agency = serializers.PrimaryKeyRelatedField(
        queryset=Agency.objects.all(), allow_null=True, help_text="One that takes part; null leaves the step out."
    )
    role = serializers.ChoiceField(choices=ROLE_CHOICES, required=False, allow_blank=True)


class RecipientInput(serializers.Serializer[Any]):
    appointment = serializers.PrimaryKeyRelatedField(queryset=Appointment.objects.none())

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["appointment"].queryset = own_officers(self.context)  # type: ignore[attr-defined]
        return fields
