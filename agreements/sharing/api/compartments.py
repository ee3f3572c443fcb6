"""Compartments of the own agency, as far as the officer is inside of them (R3)."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.models import Appointment, Unit
from agencies.directory.roles import Permission
from agreements.sharing.actions import compartments as actions
from agreements.sharing.api.circles import CircleViewSet
from agreements.sharing.api.inputs import KnownField, known_compartments, known_officers
from agreements.sharing.api.outputs import NamedSerializer
from agreements.sharing.compartments import inside
from agreements.sharing.models import Circle
from portal.api.viewsets import ANY_OFFICER


def own_units(context: Any) -> Any:
    return Unit.objects.open().filter(agency__in=context["sight"].access.appointment.agencies)


def own_officers(context: Any) -> Any:
    return known_officers(context).filter(agency__in=context["sight"].access.appointment.agencies)


class CompartmentSerializer(serializers.ModelSerializer[Circle]):
    """A compartment and who is inside of it now."""

    officers = serializers.SerializerMethodField()

    class Meta:
        model = Circle
        fields = ["id", "name", "unit", "opened_at", "officers"]
        read_only_fields = fields

    @extend_schema_field(NamedSerializer(many=True))
    def get_officers(self, row: Circle) -> Any:
        return NamedSerializer(inside(row, self.context["sight"].access.at), many=True).data


class CompartmentInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    unit = KnownField(own_units, queryset=Unit.objects.none(), required=False, allow_null=True)


class InsideInput(serializers.Serializer[Any]):
    appointment = KnownField(own_officers, queryset=Appointment.objects.none())


class ConfineInput(serializers.Serializer[Any]):
    """Null opens it to the whole agency again."""

    compartment = KnownField(known_compartments, queryset=Circle.objects.none(), allow_null=True)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)


class CompartmentViewSet(CircleViewSet):
    """Those that the officer is inside of."""

    serializer_class = CompartmentSerializer
    queryset = Circle.objects.none()
    keyset = ("-opened_at", "-pk")
    required_permissions = {
        "list": ANY_OFFICER,
        "retrieve": ANY_OFFICER,
        "create": Permission.COMPARTMENT_KEEP,
        "let_in": Permission.COMPARTMENT_KEEP,
        "put_out": Permission.COMPARTMENT_KEEP,
    }

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return known_compartments(self.get_serializer_context())

    @extend_schema(request=CompartmentInput, responses={201: CompartmentSerializer})
    def create(self, request: Request) -> Response:
        """Open one; its opener is inside."""
        return self.created(actions.open_compartment(by=self.by, **self.valid(CompartmentInput)))

    @extend_schema(request=InsideInput, responses={201: CompartmentSerializer})
    @action(detail=True, methods=["post"], url_path="officers")
    def let_in(self, request: Request, pk: uuid.UUID) -> Response:
        """Let an own officer in."""
        row: Circle = self.get_object()
        actions.let_in(compartment=row, by=self.by, **self.valid(InsideInput))
        return self.shown(row, status=201)

    @extend_schema(responses={204: None})
    @action(detail=True, methods=["delete"], url_path="officers/<uuid:appointment>")
    def put_out(self, request: Request, pk: uuid.UUID, appointment: uuid.UUID) -> Response:
        """Put an officer out: closed on the next request (R13)."""
        row: Circle = self.get_object()
        officer = own_officers(self.get_serializer_context()).filter(pk=appointment).first()
        if officer is None:
            raise NotFound
        actions.put_out(compartment=row, appointment=officer, by=self.by)
        return Response(status=204)
