"""Partner agencies over the API: the same actions as the pages, for the same people."""

import uuid
from datetime import datetime
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.acquaintance import known_to
from agencies.directory.actions import may_manage
from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agencies.onboarding import designations, tasks
from agencies.onboarding.actions import closing, contacts, halting, inviting
from agencies.onboarding.api import serializers
from agencies.onboarding.choices import State
from agencies.onboarding.foreseeing import Foreseen
from agencies.onboarding.models import Closing, Contact, Halt, Invitation
from portal.api.viewsets import KernelViewSet, ReadViewSet

VIEW, MANAGE, INVITE = Permission.DIRECTORY_VIEW, Permission.AGENCY_MANAGE, Permission.AGENCY_INVITE


class InvitationFilterSet(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=State.choices, method="so_far")

    class Meta:
        model = Invitation
        fields = ["country"]

    def so_far(self, rows: Any, name: str, value: str) -> QuerySet[Invitation]:
        found: QuerySet[Invitation] = rows.in_state(value, timezone.now())
        return found


class InvitationViewSet(ReadViewSet):
    """Agencies that were asked to take part. Inviting opens nothing (R22)."""

    required_permissions = dict.fromkeys(
        ("list", "retrieve", "create", "resend", "withdraw", "release", "refuse"), INVITE
    )
    serializer_class = serializers.AgencyInvitationSerializer
    queryset = Invitation.objects.none()
    keyset = ("-invited_at", "-pk")
    filterset_class = InvitationFilterSet

    def get_queryset(self) -> QuerySet[Invitation]:
        if getattr(self, "swagger_fake_view", False):
            return Invitation.objects.none()
        return Invitation.objects.visible_to(self.by).with_words()

    @extend_schema(request=serializers.InvitationInput, responses={201: serializers.AgencyInvitationSerializer})
    def create(self, request: Request) -> Response:
        """Invite an agency. The link goes to the mail that is named, and is in no answer."""
        return self.created(inviting.invite(by=self.by, **self.valid(serializers.InvitationInput)))

    @extend_schema(request=None, responses=serializers.AgencyInvitationSerializer)
    @action(detail=True, methods=["post"])
    def resend(self, request: Request, pk: uuid.UUID) -> Response:
        """Send another link. The earlier one works no more."""
        return self.shown(inviting.resend(invitation=self.get_object(), by=self.by))

    @extend_schema(request=None, responses=serializers.AgencyInvitationSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: uuid.UUID) -> Response:
        """Take it back, also after it was accepted, until the agency is let in."""
        return self.shown(inviting.withdraw(invitation=self.get_object(), by=self.by))

    @extend_schema(request=None, responses=serializers.AgencyInvitationSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: uuid.UUID) -> Response:
        """As the second person: let in an agency that has accepted. Its admin gets a link by mail."""
        return self.shown(inviting.release(invitation=self.get_object(), by=self.by))

    @extend_schema(request=serializers.RefuseAgencyInput, responses=serializers.AgencyInvitationSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: uuid.UUID) -> Response:
        """As the second person: do not let it in, and say why."""
        return self.shown(
            inviting.refuse(invitation=self.get_object(), by=self.by, **self.valid(serializers.RefuseAgencyInput))
        )


class ContactViewSet(ReadViewSet):
    """Contacts by function, of agencies that share an agreement or an operation with the reader's (R18)."""

    required_permissions = {"list": VIEW, "retrieve": VIEW, "create": MANAGE, "end": MANAGE}
    serializer_class = serializers.ContactSerializer
    queryset = Contact.objects.none()
    keyset = ("pk",)
    filterset_fields = ["agency", "function"]

    @cached_property
    def at(self) -> datetime:
        return timezone.now()

    def get_queryset(self) -> QuerySet[Contact]:
        if getattr(self, "swagger_fake_view", False):
            return Contact.objects.none()
        rows = Contact.objects.current().select_related("agency")
        if self.by.may(Permission.AGENCY_MANAGE_ANY):
            return rows
        return rows.of_known(known_to(self.by, self.at))

    @extend_schema(request=serializers.ContactInput, responses={201: serializers.ContactSerializer})
    def create(self, request: Request) -> Response:
        """Enter how a function is reached. The contact before ends; none is ever changed."""
        values = self.valid(serializers.ContactInput)
        key = values.pop("agency", None) or self.by.agency_id
        agency = Agency.objects.kept().filter(pk=key).select_related("country").first()
        if agency is None:
            raise ValidationError({"agency": ["There is no such agency."]})
        return self.created(contacts.set_contact(agency=agency, by=self.by, **values))

    @extend_schema(request=None, responses=serializers.ContactSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: uuid.UUID) -> Response:
        """The function has no contact of its own any more: the desk answers."""
        return self.shown(contacts.end_contact(contact=self.get_object(), by=self.by))


class PartnerViewSet(KernelViewSet):
    """Agencies as partners, by the agency's key."""

    required_permissions = {
        "retrieve": VIEW,
        "languages": MANAGE,
        "verify": MANAGE,
        "settle": MANAGE,
        "suspend": INVITE,
        "suspend_what_if": INVITE,
    }
    serializer_class = serializers.PartnerSerializer
    queryset = Agency.objects.known().select_related("country")
    filterset_fields: list[str] = []

    @cached_property
    def at(self) -> datetime:
        return timezone.now()

    def _partner(self, agency: Agency) -> Response:
        manages = may_manage(agency, self.by)
        known = manages or agency.pk in self.by.agencies or agency.pk in known_to(self.by, self.at)
        told = {
            "id": agency.pk,
            "state": "closed" if agency.is_closed else "suspended" if agency.is_suspended else "active",
            "languages": {code: agency.language_levels.get(code, "") for code in agency.languages},
            "contacts": contacts.reached(agency, self.at) if known else None,
            "designations": designations.standing(agency, self.by, self.at),
            "tasks": tasks.steps(agency, self.by, self.at) if manages else None,
        }
        return Response(serializers.PartnerSerializer(told).data)

    @extend_schema(responses=serializers.PartnerSerializer)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """Whether anybody acts for it, whom to call, for which agreements it is designated, what it has yet to enter."""
        return self._partner(self.get_object())

    @extend_schema(request=serializers.LanguagesInput, responses=serializers.PartnerSerializer)
    @action(detail=True, methods=["put"])
    def languages(self, request: Request, pk: uuid.UUID) -> Response:
        """In which languages partners are answered on duty, and how well."""
        rows = self.valid(serializers.LanguagesInput)["languages"]
        levels = {row["language"]: row["level"] for row in rows}
        return self._partner(contacts.set_languages(agency=self.get_object(), levels=levels, by=self.by))

    @extend_schema(request=serializers.VerifyInput, responses=serializers.PartnerSerializer)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: uuid.UUID) -> Response:
        """Somebody tried a contact or the desk today, and it answered."""
        values = self.valid(serializers.VerifyInput)
        return self._partner(contacts.verify(agency=self.get_object(), by=self.by, **values))

    @extend_schema(request=serializers.SettleInput, responses=serializers.PartnerSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: uuid.UUID) -> Response:
        """There is no more to enter for a task of the list; or there is after all."""
        agency = self.get_object()
        contacts.settle(agency=agency, by=self.by, **self.valid(serializers.SettleInput))
        return self._partner(agency)

    @extend_schema(request=serializers.SuspendInput, responses={201: serializers.HaltSerializer})
    @action(detail=True, methods=["post"])
    def suspend(self, request: Request, pk: uuid.UUID) -> Response:
        """Nobody acts for it from the next request on. Another officer lifts it."""
        row = halting.suspend(agency=self.get_object(), by=self.by, **self.valid(serializers.SuspendInput))
        return self.shown(row, status=201, serializer_class=serializers.HaltSerializer)

    @extend_schema(request=None, responses=serializers.LossesSerializer)
    @action(detail=True, methods=["post"], url_path="suspend-what-if")
    def suspend_what_if(self, request: Request, pk: uuid.UUID) -> Response:
        """What suspending it would take away (R28)."""
        return _losses(halting.what_if(agency=self.get_object(), by=self.by))


def _losses(found: Foreseen) -> Response:
    return Response(serializers.LossesSerializer(found).data)


class HaltViewSet(ReadViewSet):
    """Suspensions of agencies, standing and lifted ones."""

    required_permissions = dict.fromkeys(("list", "retrieve", "lift"), INVITE)
    serializer_class = serializers.HaltSerializer
    queryset = Halt.objects.none()
    keyset = ("-halted_at", "-pk")
    filterset_fields = ["agency"]

    def get_queryset(self) -> QuerySet[Halt]:
        if getattr(self, "swagger_fake_view", False):
            return Halt.objects.none()
        return Halt.objects.visible_to(self.by).with_words()

    @extend_schema(request=serializers.LiftInput, responses=serializers.HaltSerializer)
    @action(detail=True, methods=["post"])
    def lift(self, request: Request, pk: uuid.UUID) -> Response:
        """As another officer than who suspended it: its officers act again from the next request on."""
        return self.shown(halting.lift(halt=self.get_object(), by=self.by, **self.valid(serializers.LiftInput)))


class ClosingViewSet(ReadViewSet):
    """Closings of agencies: proposed by one officer, agreed by another, final."""

    required_permissions = dict.fromkeys(("list", "retrieve", "create", "agree", "drop", "what_if"), VIEW)
    serializer_class = serializers.ClosingSerializer
    queryset = Closing.objects.none()
    keyset = ("-proposed_at", "-pk")
    filterset_fields = ["agency"]

    def get_queryset(self) -> QuerySet[Closing]:
        if getattr(self, "swagger_fake_view", False):
            return Closing.objects.none()
        return Closing.objects.visible_to(self.by).with_words()

    @extend_schema(request=serializers.ClosingInput, responses={201: serializers.ClosingSerializer})
    def create(self, request: Request) -> Response:
        """Propose that an agency is no more from a day on, with a successor (R30) or without."""
        return self.created(closing.propose(by=self.by, **self.valid(serializers.ClosingInput)))

    @extend_schema(request=serializers.CloseWhatIfInput, responses=serializers.LossesSerializer)
    @action(detail=False, methods=["post"], url_path="what-if")
    def what_if(self, request: Request) -> Response:
        """What closing an agency would take away, as if it were agreed (R28)."""
        return _losses(closing.what_if(by=self.by, **self.valid(serializers.CloseWhatIfInput)))

    @extend_schema(request=None, responses=serializers.ClosingSerializer)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: uuid.UUID) -> Response:
        """As the second person. It is final."""
        return self.shown(closing.agree(closing=self.get_object(), by=self.by))

    @extend_schema(request=None, responses=serializers.ClosingSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: uuid.UUID) -> Response:
        """Let a proposal fall. What was agreed stays."""
        return self.shown(closing.drop(closing=self.get_object(), by=self.by))
