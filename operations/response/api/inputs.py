"""What the API takes of responses."""

from typing import Any

from rest_framework import serializers

from agencies.directory.limits import PHONE
from agencies.directory.models import Agency, Appointment
from agreements.register.choices import Category
from agreements.sharing.actions.records import Marking
from agreements.sharing.api.parts import MarkingSerializer
from operations.incidents.api.inputs import OfOperation, own_officers
from operations.response.actions import assistance as calls
from operations.response.actions import desks, handovers, procedures, responses
from operations.response.actions.procedures import Line
from operations.response.choices import Ending, Result, Situation
from operations.response.models import Procedure
from portal.positions.fields import PlacedSerializer


class OwnOfficerField(serializers.PrimaryKeyRelatedField):
    """An appointment of the own agency that is in effect."""

    def get_queryset(self) -> Any:
        return own_officers(self.context)


class TaskChange(serializers.Serializer[Any]):
    assignee = OwnOfficerField(queryset=Appointment.objects.none(), allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)


class TaskInput(serializers.Serializer[Any]):
    id = serializers.UUIDField(required=False, help_text="Sent twice under the same id, one task is made.")
    what = serializers.CharField(max_length=responses.WHAT_LENGTH)
    assignee = OwnOfficerField(queryset=Appointment.objects.none(), required=False, allow_null=True)
    due_at = serializers.DateTimeField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "id" in attrs:
            attrs["key"] = attrs.pop("id")
        return attrs


class TaskEndInput(serializers.Serializer[Any]):
    done = serializers.BooleanField()
    result = serializers.CharField(max_length=responses.WORDS_LENGTH, required=False, allow_blank=True)


class FollowInput(serializers.Serializer[Any]):
    procedure = serializers.PrimaryKeyRelatedField(queryset=Procedure.objects.none(), help_text="One that you see.")

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        sight = self.context.get("sight")
        if sight is not None:
            fields["procedure"].queryset = Procedure.objects.visible_to(sight.access)  # type: ignore[attr-defined]
        return fields


class LeadInput(serializers.Serializer[Any]):
    lead = OwnOfficerField(queryset=Appointment.objects.none())


class ResponseCloseInput(serializers.Serializer[Any]):
    result = serializers.ChoiceField(choices=Result.choices)
    words = serializers.CharField(max_length=responses.WORDS_LENGTH, required=False, allow_blank=True)


class OfferInput(serializers.Serializer[Any]):
    agency = serializers.PrimaryKeyRelatedField(
        queryset=Agency.objects.all(), help_text="One that reads the incident already."
    )
    message = serializers.CharField(max_length=handovers.WORDS_LENGTH, required=False, allow_blank=True)


class HandoverDeclineInput(serializers.Serializer[Any]):
    answer = serializers.CharField(max_length=handovers.WORDS_LENGTH)


class StepInput(serializers.Serializer[Any]):
    what = serializers.CharField(max_length=procedures.WHAT_LENGTH)
    minutes = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=procedures.LONGEST)


def _lines(rows: Any) -> list[Line]:
    return [Line(row["what"], row.get("minutes")) for row in rows]


class ProcedureVersionInput(serializers.Serializer[Any]):
    steps = StepInput(many=True)
    note = serializers.CharField(max_length=procedures.NOTE_LENGTH, required=False, allow_blank=True)

    def validate_steps(self, rows: Any) -> list[Line]:
        return _lines(rows)


class ProcedureInput(OfOperation, MarkingSerializer):
    name = serializers.CharField(max_length=procedures.NAME_LENGTH)
    steps = StepInput(many=True)

    def validate_steps(self, rows: Any) -> list[Line]:
        return _lines(rows)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return self.marked(super().validate(attrs))


def _require_position(values: dict[str, Any]) -> None:
    if values.get("position") is None:
        raise serializers.ValidationError({"latitude": ["Say where: latitude and longitude, or position."]})


class AssistanceInput(PlacedSerializer, MarkingSerializer):
    """`agencies` by an article; `without_article`, with `danger`, as a call of danger to life (R24)."""

    id = serializers.UUIDField(required=False, help_text="Sent twice under the same id, it goes out once.")
    situation = serializers.ChoiceField(choices=Situation.choices)
    needed = serializers.CharField(max_length=calls.NEEDED_LENGTH)
    place = serializers.CharField(max_length=calls.PLACE_LENGTH, required=False, allow_blank=True)
    call_back = serializers.CharField(max_length=40, validators=[PHONE])
    agencies = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.active(), many=True, required=False)
    without_article = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.active(), many=True, required=False)
    danger = serializers.CharField(max_length=500, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        by = self.context["sight"].access.appointment
        usual = Marking(categories=[Category.OPERATIONAL.value], classification=min(1, by.clearance))
        marking = MarkingSerializer.marking(attrs, usual)
        values = {name: value for name, value in attrs.items() if name not in marking.values()}
        _require_position(values)
        if "id" in values:
            values["key"] = values.pop("id")
        return {**values, "marking": marking}


class MoreInput(serializers.Serializer[Any]):
    agencies = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.active(), many=True, allow_empty=False)


class ComingInput(serializers.Serializer[Any]):
    means = serializers.CharField(max_length=calls.MEANS_LENGTH)
    expected_at = serializers.DateTimeField()


class CannotInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=calls.WORDS_LENGTH)


class EndingInput(serializers.Serializer[Any]):
    ending = serializers.ChoiceField(choices=Ending.choices)
    words = serializers.CharField(max_length=calls.WORDS_LENGTH, required=False, allow_blank=True)


class DeskInput(PlacedSerializer):
    name = serializers.CharField(max_length=desks.NAME_LENGTH)
    telephone = serializers.CharField(max_length=40, required=False, allow_blank=True, validators=[PHONE])
    reach_km = serializers.IntegerField(min_value=1, max_value=desks.FARTHEST_KM)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        _require_position(attrs)
        return attrs
