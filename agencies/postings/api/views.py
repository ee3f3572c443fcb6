"""Postings, acting-for, accounts and handovers over the API: the same actions as the pages."""

import uuid
from datetime import datetime
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.models import Agency, Appointment, Officer
from agencies.directory.roles import Permission
from agencies.postings import accounts, deputies, handover, posting
from agencies.postings.api import serializers
from agencies.postings.handover import Wish
from agencies.postings.models import Handover, Posting
from agencies.postings.showing import shown_to_partners
from portal.api.viewsets import KernelViewSet, ReadViewSet

VIEW, MANAGE = Permission.DIRECTORY_VIEW, Permission.AGENCY_MANAGE


class PostingViewSet(ReadViewSet):
    """Postings of the own agency's officers, and those posted here."""

    required_permissions = {
        "list": MANAGE,
        "retrieve": MANAGE,
        "create": MANAGE,
        "accept": MANAGE,
        "drop": MANAGE,
        "recall": MANAGE,
    }
    serializer_class = serializers.PostingSerializer
    queryset = Posting.objects.none()
    keyset = ("-starts_on", "-id")
    filterset_fields = ["sender", "host", "kind"]

    def get_queryset(self) -> QuerySet[Posting]:
        if getattr(self, "swagger_fake_view", False):
            return Posting.objects.none()
        return Posting.objects.kept_by(self.by).with_words()

    @extend_schema(request=serializers.PostingInput, responses={201: serializers.PostingSerializer})
    def create(self, request: Request) -> Response:
        """Propose one. Opens nothing before an admin of the other agency, another person, accepts."""
        return self.created(posting.propose(by=self.by, **self.valid(serializers.PostingInput)))

    @extend_schema(request=serializers.PostingAcceptInput, responses=serializers.PostingSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: uuid.UUID) -> Response:
        """Accept it: the rights come and go with the days."""
        return self.shown(
            posting.accept(posting=self.get_object(), by=self.by, **self.valid(serializers.PostingAcceptInput))
        )

    @extend_schema(request=serializers.PostingReasonInput, responses=serializers.PostingSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: uuid.UUID) -> Response:
        """Decline a proposal, or take the own one back."""
        return self.shown(
            posting.drop(posting=self.get_object(), by=self.by, **self.valid(serializers.PostingReasonInput))
        )

    @extend_schema(request=serializers.PostingReasonInput, responses=serializers.PostingSerializer)
    @action(detail=True, methods=["post"])
    def recall(self, request: Request, pk: uuid.UUID) -> Response:
        """End it at once (R13)."""
        return self.shown(
            posting.recall(posting=self.get_object(), by=self.by, **self.valid(serializers.PostingReasonInput))
        )


class AbroadViewSet(KernelViewSet):
    """What an agency's page tells of postings."""

    required_permissions = {"list": VIEW}
    serializer_class = serializers.AbroadSerializer
    queryset = Agency.objects.none()
    filter_backends: list[Any] = []
    pagination_class = None

    @extend_schema(operation_id="agencies_posted", responses=serializers.AbroadSerializer(many=True))
    def list(self, request: Request, pk: uuid.UUID) -> Response:
        """Functions posted at the agency, and away from it, that you may know of (R18)."""
        agency = Agency.objects.known().filter(pk=pk).first()
        if agency is None:
            raise NotFound
        rows = shown_to_partners(agency, self.by, timezone.now())
        return Response(serializers.AbroadSerializer(rows, many=True).data)


class DeputyViewSet(ReadViewSet):
    """Who acts for whom, inside the own agency."""

    required_permissions = {"list": VIEW, "retrieve": VIEW, "create": VIEW, "withdraw": VIEW}
    serializer_class = serializers.DeputySerializer
    queryset = Appointment.objects.none()
    keyset = ("-starts_on", "id")
    filterset_fields = ["officer", "acts_for"]

    def get_queryset(self) -> QuerySet[Appointment]:
        if getattr(self, "swagger_fake_view", False):
            return Appointment.objects.none()
        return deputies.deputies_seen_by(self.by)

    @extend_schema(request=serializers.DeputyInput, responses={201: serializers.DeputySerializer})
    def create(self, request: Request) -> Response:
        """Name who acts for oneself; an admin for any officer of the agency."""
        return self.created(deputies.name(by=self.by, **self.valid(serializers.DeputyInput)))

    @extend_schema(request=None, responses=serializers.DeputySerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: uuid.UUID) -> Response:
        """End it at once (R13)."""
        deputies.withdraw(deputy=self.get_object(), by=self.by)
        return self.shown(self.get_object())


class AccountViewSet(KernelViewSet):
    """Accounts of the own agency, by how long ago they were used; a system admin's those of any, by `agency`."""

    required_permissions = {"list": MANAGE, "wake": MANAGE}
    serializer_class = serializers.AccountSerializer
    queryset = Officer.objects.none()
    filter_backends: list[Any] = []
    pagination_class = None

    query_parameters = ("agency",)

    @extend_schema(
        parameters=[OpenApiParameter("agency", OpenApiTypes.UUID, description="Default: the own one.")],
        responses=serializers.AccountSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """All of them, by name."""
        agency = self._agency(request.query_params.get("agency"))
        rows = accounts.accounts_of(agency, timezone.now())
        return Response(serializers.AccountSerializer(rows, many=True).data)

    @extend_schema(request=serializers.WakeInput, responses={204: None})
    @action(detail=True, methods=["post"])
    def wake(self, request: Request, pk: uuid.UUID) -> Response:
        """Let a dormant account sign in again."""
        values = self.valid(serializers.WakeInput)
        agency = self._agency(str(values.pop("agency", None) or ""))
        held = Appointment.objects.filter(agency=agency).values("officer")
        officer = Officer.objects.filter(pk__in=held).filter(pk=pk).first()
        if officer is None:
            raise NotFound
        accounts.wake(officer=officer, agency=agency, by=self.by, **values)
        return Response(status=204)

    def _agency(self, key: str | None) -> Agency:
        agency = accounts.agency_of(self.by, key)
        if agency is None:
            raise NotFound
        return agency


class HandoverFilterSet(django_filters.FilterSet):
    class Meta:
        model = Handover
        fields = ["appointment", "successor"]


class HandoverViewSet(ReadViewSet):
    """What was handed over: for who gave and took it, and for the agency's admins."""

    required_permissions = {"list": VIEW, "retrieve": VIEW, "create": VIEW, "duties": VIEW, "gaps": MANAGE}
    serializer_class = serializers.HandoverSerializer
    queryset = Handover.objects.none()
    keyset = ("-made_at", "-id")
    filterset_class = HandoverFilterSet

    @cached_property
    def at(self) -> datetime:
        return timezone.now()

    def get_queryset(self) -> QuerySet[Handover]:
        if getattr(self, "swagger_fake_view", False):
            return Handover.objects.none()
        return Handover.objects.visible_to(self.by).with_words()

    def _told(self, row: Handover, status: int = 200) -> Response:
        self.items = handover.items_of(row, self.by, self.at)
        handover.disclose(self.by, [item.words for item in self.items])
        context = self.get_serializer_context()
        return Response(serializers.HandoverDetailSerializer(row, context=context).data, status=status)

    @extend_schema(responses=serializers.HandoverDetailSerializer)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """With its items, titled where you may read them now."""
        return self._told(self.get_object())

    @extend_schema(request=serializers.HandoverInput, responses={201: serializers.HandoverDetailSerializer})
    def create(self, request: Request) -> Response:
        """Pass on what an appointment leaves open, in one action."""
        values = self.valid(serializers.HandoverInput)
        wishes = {
            (item["duty"], item["key"]): Wish(item["way"], item.get("reason", "")) for item in values.pop("wishes", ())
        }
        row = handover.hand_over(
            appointment=values["appointment"], successor=values.get("successor"), by=self.by, wishes=wishes
        )
        return self._told(row, 201)

    @extend_schema(operation_id="appointments_duties", responses=serializers.DutySerializer(many=True))
    @action(detail=False, methods=["get"], url_path="duties/<uuid:appointment>", pagination_class=None)
    def duties(self, request: Request, appointment: uuid.UUID) -> Response:
        """What an appointment leaves open: its officer reads titles, an admin kinds and numbers."""
        row = Appointment.objects.filter(agency__in=self.by.agencies, pk=appointment).select_related("agency").first()
        if row is None or not handover.may_hand_over(row, self.by):
            raise NotFound
        lines = handover.checklist(row, self.by, self.at)
        handover.disclose(self.by, [line.words for line in lines])
        return Response(serializers.DutySerializer(lines, many=True).data)

    @extend_schema(responses=serializers.GapSerializer(many=True))
    @action(detail=False, methods=["get"], pagination_class=None)
    def gaps(self, request: Request) -> Response:
        """Ended appointments with open items nobody took over."""
        rows = handover.gaps_of(self.by.agency, self.at)
        return Response(serializers.GapSerializer(rows, many=True).data)
