"""What the directory tells and takes."""

import uuid
from typing import Any

from django.contrib.auth.validators import UnicodeUsernameValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.directory import actions
from agencies.directory.acting import appointments_in_effect
from agencies.directory.limits import DAYS, PHONE
from agencies.directory.models import (
    Agency,
    Appointment,
    Classification,
    Country,
    Officer,
    Succession,
    Unit,
    valid_time_zone,
)
from agencies.directory.roles import ROLE_CHOICES
from portal.positions.notations import Notation


class CountrySerializer(serializers.ModelSerializer[Country]):
    class Meta:
        model = Country
        fields = ["code", "alpha3", "name", "kind"]


class AgencySerializer(serializers.ModelSerializer[Agency]):
    """An agency. Its desk and the functions there are for agencies that share something with it (R18)."""

    desk_phone = serializers.SerializerMethodField()
    desk_email = serializers.SerializerMethodField()

    class Meta:
        model = Agency
        fields = [
            "id",
            "name",
            "native_name",
            "acronym",
            "kind",
            "country",
            "parent",
            "time_zone",
            "languages",
            "desk_phone",
            "desk_email",
        ]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_desk_phone(self, row: Agency) -> str | None:
        return row.desk_phone if self._knows(row) else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_desk_email(self, row: Agency) -> str | None:
        return row.desk_email if self._knows(row) else None

    def _knows(self, row: Agency) -> bool:
        known: set[uuid.UUID] = self.context["view"].known
        return row.pk in known


class UnitSerializer(serializers.ModelSerializer[Unit]):
    """A unit of an agency."""

    class Meta:
        model = Unit
        fields = ["id", "agency", "name", "closed_at"]
        read_only_fields = ["id", "agency", "closed_at"]


class AgencyDetailSerializer(AgencySerializer):
    """With units and functions there, for agencies that share something with it: never how many officers have one
    (R18)."""

    functions = serializers.SerializerMethodField()
    second_officer_above = serializers.SerializerMethodField(
        help_text="For the own agency; null: one officer releases."
    )
    units = serializers.SerializerMethodField()

    class Meta(AgencySerializer.Meta):
        fields = [*AgencySerializer.Meta.fields, "functions", "units", "second_officer_above"]

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_second_officer_above(self, row: Agency) -> int | None:
        by = self.context["view"].by
        return row.second_officer_above if row.pk in by.agencies or actions.may_manage(row, by) else None

    @extend_schema_field(UnitSerializer(many=True, allow_null=True))
    def get_units(self, row: Agency) -> list[dict[str, Any]] | None:
        return list(UnitSerializer(row.units.open(), many=True).data) if self._knows(row) else None

    @extend_schema_field(serializers.ListField(child=serializers.CharField(), allow_null=True))
    def get_functions(self, row: Agency) -> list[str] | None:
        if not self._knows(row):
            return None
        at = self.context["view"].at
        staff = row.appointments.in_effect(at).select_related("agency", "officer")
        return sorted({post.function for post in staff if post.is_in_effect(at)})


class ContactsInput(serializers.Serializer[Any]):
    desk_phone = serializers.CharField(required=False, allow_blank=True, max_length=40, validators=[PHONE])
    desk_email = serializers.EmailField(required=False, allow_blank=True, max_length=254)
    second_officer_above = serializers.ChoiceField(choices=Classification.choices, required=False, allow_null=True)


class OfficerSerializer(serializers.ModelSerializer[Appointment]):
    """An appointment of the own agency; other agencies' officers are not listed (R18)."""

    name = serializers.CharField(source="officer.full_name", read_only=True)

    class Meta:
        model = Appointment
        fields = [
            "id",
            "officer",
            "name",
            "agency",
            "role",
            "function",
            "unit",
            "clearance",
            "starts_on",
            "ends_on",
            "ended_at",
        ]
        read_only_fields = fields


class NewOfficerSerializer(OfficerSerializer):
    """Once, with the link to set the first password. It is kept nowhere."""

    sign_in_link = serializers.SerializerMethodField(help_text="Works once, for three days. Hand it to the officer.")

    class Meta(OfficerSerializer.Meta):
        fields = [*OfficerSerializer.Meta.fields, "sign_in_link"]
        read_only_fields = fields

    def get_sign_in_link(self, row: Appointment) -> str:
        return str(self.context["sign_in_link"])


class LinkSerializer(serializers.Serializer[Any]):
    sign_in_link = serializers.CharField()


class _AppointmentFields(serializers.Serializer[Any]):
    agency = serializers.UUIDField(required=False, help_text="Default: the own one.")
    role = serializers.ChoiceField(choices=ROLE_CHOICES)
    clearance = serializers.ChoiceField(choices=Classification.choices)
    title = serializers.CharField(
        max_length=120, required=False, allow_blank=True, help_text="Function shown to partners, never the name."
    )
    unit = serializers.UUIDField(required=False, allow_null=True, help_text="One of the agency's units.")
    starts_on = serializers.DateField(validators=list(DAYS))
    ends_on = serializers.DateField(required=False, allow_null=True, validators=list(DAYS))


class OfficerInput(_AppointmentFields):
    """A new account with its first appointment."""

    username = serializers.CharField(max_length=150, validators=[UnicodeUsernameValidator()])
    name = serializers.CharField(max_length=150)
    email = serializers.EmailField(max_length=254)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = super().validate(attrs)
        name = values.pop("name")
        return {**values, "full_name": name}


class AppointmentInput(_AppointmentFields):
    officer = serializers.UUIDField()

    def validate_officer(self, key: uuid.UUID) -> Officer:
        """One of those whom the admin keeps. Others are unknown here (R18)."""
        mine = Appointment.objects.administered_by(self.context["view"].by)
        row = Officer.objects.filter(pk=key, appointments__in=mine).distinct().first()
        if row is None:
            raise serializers.ValidationError("There is no such officer at your agency.")
        return row


class SuccessionSerializer(serializers.Serializer[Succession]):
    """One agency follows another (R30). Works once `accepted_at` is there, from `starts_at` on."""

    id = serializers.UUIDField(source="pk")
    predecessor = serializers.UUIDField(source="predecessor_id")
    successor = serializers.UUIDField(source="successor_id")
    starts_on = serializers.DateField()
    starts_at = serializers.DateTimeField(allow_null=True)
    direct = serializers.BooleanField(help_text="False: it follows because its own predecessor did.")
    basis = serializers.CharField()
    proposed_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    dropped_at = serializers.DateTimeField(allow_null=True)


class SuccessionInput(serializers.Serializer[Any]):
    predecessor = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.active())
    successor = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.active())
    starts_on = serializers.DateField(validators=list(DAYS))
    basis = serializers.CharField(max_length=300)


class RoleSerializer(serializers.Serializer[Any]):
    """A line of the one table of roles."""

    role = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    sentence = serializers.CharField()
    permissions = serializers.ListField(child=serializers.CharField())


class MeSerializer(serializers.Serializer[Officer]):
    """The officer's own account, the appointment one acts under, and the others one could."""

    id = serializers.UUIDField(source="pk")
    username = serializers.CharField()
    name = serializers.CharField(source="full_name")
    email = serializers.EmailField()
    time_zone = serializers.CharField(help_text="Empty: that of the agency.")
    notation = serializers.CharField(help_text="How positions are shown on pages: decimal, dms, utm or mgrs.")
    acting = serializers.SerializerMethodField(help_text="Another one: POST /auth/token with `appointment` (R1).")
    appointments = serializers.SerializerMethodField()

    @extend_schema_field(serializers.UUIDField())
    def get_acting(self, row: Officer) -> uuid.UUID:
        return self.context["view"].by.pk

    @extend_schema_field(OfficerSerializer(many=True))
    def get_appointments(self, row: Officer) -> Any:
        return OfficerSerializer(appointments_in_effect(row, self.context["view"].at), many=True).data


class MeInput(serializers.Serializer[Any]):
    time_zone = serializers.CharField(max_length=64, allow_blank=True, validators=[valid_time_zone])
    notation = serializers.ChoiceField(choices=Notation.choices, required=False, help_text="How positions are shown.")
