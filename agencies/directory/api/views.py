"""Countries, agencies, officers and appointments over the API. Agency admins keep the own agency, as on the pages."""

import uuid
from datetime import datetime
from functools import cached_property
from typing import Any

import django_filters
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory import actions, succession
from agencies.directory.acquaintance import known_to
from agencies.directory.api import serializers
from agencies.directory.invitations import link_for
from agencies.directory.models import Agency, Appointment, Country, Succession, Unit
from agencies.directory.roles import Permission
from portal.api.viewsets import ANY_OFFICER, ReadViewSet
from portal.outbox.models import IdempotencyKey

VIEW, MANAGE = Permission.DIRECTORY_VIEW, Permission.AGENCY_MANAGE


class CountryViewSet(ReadViewSet):
    required_permissions = {"list": ANY_OFFICER, "retrieve": ANY_OFFICER}
    serializer_class = serializers.CountrySerializer
    queryset = Country.objects.all()
    keyset = ("code",)
    lookup_value_converter = "str"
    filterset_fields = ["kind"]

    def get_object(self) -> Any:
        if "\x00" in self.kwargs["pk"]:
            raise NotFound
        return super().get_object()


class AgencyFilterSet(django_filters.FilterSet):
    q = django_filters.CharFilter(method="matching", max_length=200, help_text="Words of name or acronym.")

    class Meta:
        model = Agency
        fields = ["country", "kind"]

    def matching(self, rows: QuerySet[Agency], name: str, value: str) -> QuerySet[Agency]:
        return rows.filter(Q(name__icontains=value) | Q(acronym__icontains=value))


class AgencyViewSet(ReadViewSet):
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "partial_update": MANAGE,
        "open_unit": MANAGE,
        "close_unit": MANAGE,
    }
    serializer_class = serializers.AgencySerializer
    queryset = Agency.objects.active()
    keyset = ("id",)
    filterset_class = AgencyFilterSet

    def get_serializer_class(self) -> Any:
        return serializers.AgencySerializer if self.action == "list" else serializers.AgencyDetailSerializer

    @cached_property
    def at(self) -> datetime:
        return timezone.now()

    @cached_property
    def known(self) -> set[uuid.UUID]:
        """Whose desk the reader may be shown."""
        return known_to(self.by, self.at)

    def shown(self, row: Any, **options: Any) -> Response:
        """Also when an admin keeps an agency with which the own one shares nothing."""
        if actions.may_manage(row, self.by):
            self.known.add(row.pk)
        return super().shown(row, **options)

    @extend_schema(request=serializers.ContactsInput, responses=serializers.AgencyDetailSerializer)
    def partial_update(self, request: Request, pk: uuid.UUID) -> Response:
        """Change how its duty desk is reached, and which releases need a second officer (R20). Send the ETag that was read
        as If-Match."""
        row = self.get_object()
        if not actions.may_manage(row, self.by):
            self.permission_denied(request, "Only an admin of the agency keeps its entry.")
        version = self.check_version(row)
        sent = self.valid(serializers.ContactsInput)
        with transaction.atomic():
            if "second_officer_above" in sent:
                above = sent.pop("second_officer_above")
                row = actions.set_second_officer(agency=row, above=above, by=self.by, version=version)
                version = row.version
            if sent:
                values = {"desk_phone": row.desk_phone, "desk_email": row.desk_email, **sent}
                row = actions.change_contacts(agency=row, by=self.by, version=version, **values)
        return self.shown(row)

    @extend_schema(request=serializers.UnitSerializer, responses={201: serializers.UnitSerializer})
    @action(detail=True, methods=["post"], url_path="units")
    def open_unit(self, request: Request, pk: uuid.UUID) -> Response:
        """Open a unit of the agency. Units are listed with their agency."""
        row = actions.open_unit(agency=self.get_object(), by=self.by, **self.valid(serializers.UnitSerializer))
        return Response(serializers.UnitSerializer(row).data, status=201)

    @extend_schema(request=None, responses=serializers.UnitSerializer)
    @action(detail=True, methods=["post"], url_path="units/<uuid:unit>/close")
    def close_unit(self, request: Request, pk: uuid.UUID, unit: uuid.UUID) -> Response:
        """Close a unit to which nobody is posted."""
        agency = self.get_object()
        if not actions.may_manage(agency, self.by):
            self.permission_denied(request, "Only an admin of the agency keeps its entry.")
        row = Unit.objects.filter(agency=agency, pk=unit).select_related("agency").first()
        if row is None:
            raise NotFound
        return Response(serializers.UnitSerializer(actions.close_unit(unit=row, by=self.by)).data)


class SuccessionViewSet(ReadViewSet):
    """One agency follows another (R30): for the admins of the two."""

    required_permissions = {"list": MANAGE, "retrieve": MANAGE, "create": MANAGE, "accept": MANAGE, "drop": MANAGE}
    serializer_class = serializers.SuccessionSerializer
    queryset = Succession.objects.none()
    keyset = ("-proposed_at", "-pk")
    filterset_fields = ["predecessor", "successor"]

    def get_queryset(self) -> QuerySet[Succession]:
        if getattr(self, "swagger_fake_view", False):
            return Succession.objects.none()
        return Succession.objects.kept_by(self.by).select_related("predecessor", "successor")

    @extend_schema(request=serializers.SuccessionInput, responses={201: serializers.SuccessionSerializer})
    def create(self, request: Request) -> Response:
        """Propose it. Opens nothing before an admin of the other agency, another person, accepts."""
        return self.created(succession.propose(by=self.by, **self.valid(serializers.SuccessionInput)))

    @extend_schema(request=None, responses=serializers.SuccessionSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: uuid.UUID) -> Response:
        """Accept it: a fact from then on, which nothing takes back."""
        return self.shown(succession.accept(succession=self.get_object(), by=self.by))

    @extend_schema(request=None, responses=serializers.SuccessionSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: uuid.UUID) -> Response:
        """Let a proposal fall."""
        return self.shown(succession.drop(succession=self.get_object(), by=self.by))


class AppointmentBase(ReadViewSet):
    """Appointments of the own agency, past ones too; a system admin's those of all."""

    serializer_class = serializers.OfficerSerializer
    queryset = Appointment.objects.none()
    keyset = ("id",)
    filterset_fields = ["role", "officer", "agency"]

    def get_queryset(self) -> QuerySet[Appointment]:
        if getattr(self, "swagger_fake_view", False):
            return Appointment.objects.none()
        rows = Appointment.objects.select_related("officer", "agency")
        return rows.filter(agency__in=self.by.agencies) | rows.administered_by(self.by)

    def chosen_agency(self, values: dict[str, Any]) -> Agency:
        key = values.pop("agency", None) or self.by.agency_id
        row = Agency.objects.filter(pk=key).first()
        if row is None:
            raise ValidationError({"agency": ["There is no such agency."]})
        return row

    def with_unit(self, agency: Agency, values: dict[str, Any]) -> dict[str, Any]:
        """The unit instead of its key: one of that agency's; anything else is unknown (R18)."""
        key = values.pop("unit", None)
        if key is None:
            return values
        row = agency.units.open().filter(pk=key).first()
        if row is None:
            raise ValidationError({"unit": ["There is no such unit at this agency."]})
        return {**values, "unit": row}


class OfficerViewSet(AppointmentBase):
    """Officers by their appointments."""

    required_permissions = {"list": VIEW, "retrieve": VIEW, "create": MANAGE, "link": MANAGE}

    @extend_schema(request=serializers.OfficerInput, responses={201: serializers.NewOfficerSerializer})
    def create(self, request: Request) -> Response:
        """Make an account with its first appointment. The answer holds the link for the first password, once."""
        values = self.valid(serializers.OfficerInput)
        agency = self.chosen_agency(values)
        row = actions.create_officer(agency=agency, by=self.by, **self.with_unit(agency, values))
        self.link_shown = link_for(row.officer)
        return self.created(row, serializer_class=serializers.NewOfficerSerializer)

    @extend_schema(request=None, responses=serializers.LinkSerializer)
    @action(detail=True, methods=["post"])
    def link(self, request: Request, pk: uuid.UUID) -> Response:
        """A new link, for an officer who has not signed in yet."""
        row = self.get_object()
        actions.invite_to_sign_in(officer=row.officer, agency=row.agency, by=self.by)
        return Response({"sign_in_link": link_for(row.officer)})

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "sign_in_link": getattr(self, "link_shown", "")}

    def _keep(self, row: IdempotencyKey, response: Response) -> None:
        """What is sent again is answered without the link: it would be kept with the answer."""
        kept = Response({**response.data, "sign_in_link": None}, status=response.status_code, headers=response.headers)
        super()._keep(row, kept)


class AppointmentViewSet(AppointmentBase):
    """Dated posts. A change is the end of one and a new one: none is ever edited."""

    required_permissions = {"list": VIEW, "retrieve": VIEW, "create": MANAGE, "end": MANAGE}

    @extend_schema(request=serializers.AppointmentInput, responses={201: serializers.OfficerSerializer})
    def create(self, request: Request) -> Response:
        """Give an officer of the agency a further appointment."""
        values = self.valid(serializers.AppointmentInput)
        agency = self.chosen_agency(values)
        return self.created(actions.give_appointment(agency=agency, by=self.by, **self.with_unit(agency, values)))

    @extend_schema(request=None, responses=serializers.OfficerSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: uuid.UUID) -> Response:
        """End it at once: its access ends on the next request (R13)."""
        return self.shown(actions.end_appointment(appointment=self.get_object(), by=self.by))
