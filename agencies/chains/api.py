"""Duty chains over the API: the own agency's steps, and who is on duty now."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.chains import actions
from agencies.chains.choices import DutyDay, StepKind
from agencies.chains.duty import chain_of, gaps_of, on_duty
from agencies.chains.models import LONGEST_WAIT, DutyHours, DutyStep
from agencies.chains.week import Shift
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import ROLE_CHOICES, Permission
from portal.api.viewsets import ReadViewSet

VIEW, MANAGE = Permission.DIRECTORY_VIEW, Permission.AGENCY_MANAGE


class DutyHoursPart(serializers.ModelSerializer[DutyHours]):
    """On the agency's clock; hours that end no later than they start end the day after."""

    day = serializers.ChoiceField(choices=DutyDay.choices)

    class Meta:
        model = DutyHours
        fields = ("day", "starts", "ends")


class DutyStepSerializer(serializers.ModelSerializer[DutyStep]):
    """A step of a duty chain. Without hours it is on duty always."""

    hours = DutyHoursPart(many=True, read_only=True)
    words = serializers.CharField(read_only=True)

    class Meta:
        model = DutyStep
        fields = ("id", "agency", "position", "kind", "role", "post", "deputy", "wait", "hours", "words")
        read_only_fields = fields


class DutyStepChange(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=StepKind.choices)
    role = serializers.ChoiceField(choices=ROLE_CHOICES, required=False, allow_blank=True)
    post = serializers.PrimaryKeyRelatedField(queryset=Appointment.objects.all(), required=False, allow_null=True)
    deputy = serializers.PrimaryKeyRelatedField(queryset=Appointment.objects.all(), required=False, allow_null=True)
    wait = serializers.IntegerField(min_value=1, max_value=LONGEST_WAIT, help_text="Minutes until the next is told.")
    hours = DutyHoursPart(many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {**attrs, "hours": [Shift(**row) for row in attrs.get("hours", ())]}


class DutyStepInput(DutyStepChange):
    agency = serializers.UUIDField(required=False, help_text="Default: the own one.")


class MoveInput(serializers.Serializer[Any]):
    up = serializers.BooleanField(help_text="True: told one earlier; false: one later.")


class OnDutyPart(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    words = serializers.CharField()
    wait = serializers.IntegerField(help_text="Minutes until the next is told.")
    people = serializers.SerializerMethodField(help_text="Keys of appointments; empty: nobody works there now.")

    def get_people(self, row: Any) -> list[uuid.UUID]:
        return [person.pk for person in row.people]


class DutySerializer(serializers.Serializer[Any]):
    """The own agency's steps that are on duty now, and the hours of the week in which none is."""

    steps = OnDutyPart(many=True)
    gaps = serializers.ListField(child=serializers.CharField())


class DutyStepViewSet(ReadViewSet):
    """Steps of the own agency's duty chain; partners never read them."""

    required_permissions = {
        "list": VIEW, "retrieve": VIEW, "on_duty": VIEW, "create": MANAGE, "change": MANAGE, "move": MANAGE, "remove": MANAGE,
    }  # fmt: skip
    serializer_class = DutyStepSerializer
    queryset = DutyStep.objects.none()
    keyset = ("id",)
    filterset_fields: Any = ["agency"]

    def get_queryset(self) -> QuerySet[DutyStep]:
        if getattr(self, "swagger_fake_view", False):
            return DutyStep.objects.none()
        return DutyStep.objects.visible_to(self.by).with_words()

    def _again(self, row: DutyStep) -> DutyStep:
        return DutyStep.objects.with_words().get(pk=row.pk)

    @extend_schema(request=DutyStepInput, responses={201: DutyStepSerializer})
    def create(self, request: Request) -> Response:
        """Put a step at the end of the agency's chain."""
        values = self.valid(DutyStepInput)
        agency = Agency.objects.active().filter(pk=values.pop("agency", None) or self.by.agency_id).first()
        if agency is None:
            raise ValidationError({"agency": ["There is no such agency."]})
        return self.created(self._again(actions.add_step(agency=agency, by=self.by, **values)))

    @extend_schema(request=DutyStepChange, responses=DutyStepSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: uuid.UUID) -> Response:
        """Say anew whom it tells, when, and how long the next waits: all of it."""
        row = actions.change_step(step=self.get_object(), by=self.by, **self.valid(DutyStepChange))
        return self.shown(self._again(row))

    @extend_schema(request=MoveInput, responses=DutyStepSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: uuid.UUID) -> Response:
        """Told one earlier, or one later."""
        row = actions.move_step(step=self.get_object(), by=self.by, up=self.valid(MoveInput)["up"])
        return self.shown(self._again(row))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: uuid.UUID) -> Response:
        """Take it out; those after it move up."""
        actions.remove_step(step=self.get_object(), by=self.by)
        return Response(status=204)

    @extend_schema(operation_id="duty_steps_on_duty", responses=DutySerializer)
    @action(detail=False, filterset_fields=None, pagination_class=None, url_path="on-duty", url_name="on-duty")
    def on_duty(self, request: Request) -> Response:
        """Who of the own agency is told now, in which order."""
        now = timezone.now()
        found = {"steps": on_duty(self.by.agency, now), "gaps": gaps_of(chain_of(self.by.agency, now))}
        return Response(DutySerializer(found).data)
