"""What the API takes. `id` is made by the sender: sending the same one again makes nothing new."""

from typing import Any

from rest_framework import serializers

from agencies.directory.models import Agency, Classification, Country, valid_time_zone
from agreements.register.choices import Purpose
from agreements.sharing.choices import AssignmentRole, Tlp
from operations.planning.api.outputs import AreaField
from portal.api.fields import InstantField

MOST_CLAUSES = 50
MOST_AGENCIES = 100


def widest_but_red(value: int) -> None:
    """RED is for named officers: what is planned together is narrower than nobody else (R7)."""
    if value >= Tlp.RED:
        raise serializers.ValidationError("What others are invited to is not RED: nobody could read it.")


class OperationChangeInput(serializers.Serializer[Any]):
    """The plan. A PATCH changes what it names."""

    name = serializers.CharField(max_length=200)
    objective = serializers.CharField(max_length=5000)
    clauses = serializers.ListField(
        child=serializers.UUIDField(),
        allow_empty=False,
        max_length=MOST_CLAUSES,
        help_text="Articles of one agreement that the own agency may use today: see `usable-clauses`.",
    )
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    host_state = serializers.PrimaryKeyRelatedField(queryset=Country.objects.all())
    host_commander = serializers.CharField(
        max_length=120, required=False, allow_blank=True, help_text="Function, never a name."
    )
    host_contact = serializers.CharField(max_length=200, required=False, allow_blank=True)
    area = AreaField(required=False, allow_null=True, help_text="GeoJSON Polygon (RFC 7946).")
    starts_at = InstantField()
    ends_at = InstantField()
    instructions = serializers.CharField(
        max_length=3000, help_text="What teams do when the legal basis falls away (R24)."
    )


class OperationInput(OperationChangeInput):
    """A new operation. Its marking is changed at its record afterwards, where what that closes is listed (R21)."""

    id = serializers.UUIDField(required=False)
    zone = serializers.CharField(max_length=64, required=False, validators=[valid_time_zone])
    classification = serializers.ChoiceField(choices=Classification.choices, default=Classification.RESTRICTED.value)
    tlp = serializers.ChoiceField(choices=Tlp.choices, default=Tlp.AMBER.value, validators=[widest_but_red])

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "id" in attrs:
            attrs["key"] = attrs.pop("id")
        return attrs


class ReasonInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300, help_text="The partners read it.")


class InviteInput(serializers.Serializer[Any]):
    """Without `clause`: the first article of the basis that reaches the agency today."""

    agency = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.active())
    clause = serializers.UUIDField(required=False)


class AssignInput(serializers.Serializer[Any]):
    """An own officer, the role, and whose teams the officer may direct."""

    appointment = serializers.UUIDField()
    role = serializers.ChoiceField(choices=AssignmentRole.choices, default=AssignmentRole.MEMBER.value)
    directs = serializers.ListField(child=serializers.UUIDField(), default=list, max_length=MOST_AGENCIES)
    ends_on = serializers.DateField(required=False, allow_null=True, help_text="The last day. None: open.")
