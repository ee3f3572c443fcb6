"""What left the portal, and the outlets of an agency."""

import uuid
from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.actions import may_manage
from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.alerts.choices import Severity
from agreements.delivery import actions
from agreements.delivery.choices import Method, OutletKind
from agreements.delivery.models import Attempt, Delivery, Outlet
from agreements.delivery.querysets import DeliveryQuerySet
from portal.api.viewsets import ANY_OFFICER, ReadViewSet

MANAGE = Permission.AGENCY_MANAGE


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """One attempt: a number of the protocol or a kind of error, never the other side's words."""

    test = serializers.SerializerMethodField()

    class Meta:
        model = Attempt
        fields = ["at", "outcome", "code", "test"]
        read_only_fields = fields

    def get_test(self, row: Attempt) -> bool:
        return row.delivery_id is None


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One alert by one channel."""

    reference = serializers.CharField(source="alert.reference")
    urgency = serializers.CharField(source="alert.urgency")
    officer = serializers.SerializerMethodField(help_text="Null for a webhook: it is the agency's.")
    history = AttemptSerializer(many=True, help_text="Its attempts, or those of the message that it left with.")

    class Meta:
        model = Delivery
        fields = [
            "id", "reference", "urgency", "officer", "channel", "outlet", "state", "reason", "created_at", "due_at",
            "ended_at", "carried_by", "history",
        ]  # fmt: skip
        read_only_fields = fields

    def get_officer(self, row: Delivery) -> str | None:
        return None if row.outlet and row.outlet.is_webhook else str(row.alert.appointment.officer_id)


class DeliveryViewSet(ReadViewSet):
    """The officer's own deliveries; to an agency's admin those of its officers and systems. Newest first."""

    required_permissions = {"list": ANY_OFFICER, "retrieve": ANY_OFFICER}
    serializer_class = DeliverySerializer
    keyset = ("-created_at", "-pk")
    filterset_fields = ["state", "channel"]

    def get_queryset(self) -> DeliveryQuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Delivery.objects.none()
        attempts = Prefetch("attempted", Attempt.objects.order_by("at", "pk"))
        rows = Delivery.objects.visible_to(self.by).shown()
        return rows.select_related("carried_by").prefetch_related(attempts, "carried_by__attempted")


class OutletSerializer(serializers.ModelSerializer[Outlet]):
    """A webhook or the gateway. Headers by their names alone; the secret is told once, where it is made."""

    attempts = serializers.SerializerMethodField(help_text="The latest, newest first.")
    secret = serializers.SerializerMethodField(help_text="Null but in the answer that made it.")

    class Meta:
        model = Outlet
        fields = [
            "id", "agency", "kind", "name", "url", "method", "body", "severity_least", "created_at", "changed_at",
            "attempts", "secret",
        ]  # fmt: skip
        read_only_fields = fields

    def get_attempts(self, row: Outlet) -> list[dict[str, Any]]:
        return list(AttemptSerializer(row.attempts.order_by("-at", "-pk")[:20], many=True).data)

    def get_secret(self, row: Outlet) -> str | None:
        return getattr(row, "told", None)


class OutletChange(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    url = serializers.CharField(max_length=500)
    method = serializers.ChoiceField(choices=Method.choices, required=False)
    headers = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    body = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    severity_least = serializers.ChoiceField(choices=Severity.choices, required=False, allow_blank=True)


class OutletInput(OutletChange):
    agency = serializers.UUIDField(required=False, help_text="Default: the own one.")
    kind = serializers.ChoiceField(choices=OutletKind.choices)


class OutletViewSet(ReadViewSet):
    """Where the alerts of an agency go beside its officers' mail; to its admins."""

    required_permissions = dict.fromkeys(
        ("list", "retrieve", "create", "partial_update", "end", "renew_secret", "try_it"), MANAGE
    )
    serializer_class = OutletSerializer
    keyset = ("created_at", "pk")
    filterset_fields = ["agency", "kind"]

    def get_queryset(self) -> QuerySet[Outlet]:
        if getattr(self, "swagger_fake_view", False):
            return Outlet.objects.none()
        rows = Outlet.objects.filter(ended_at=None).select_related("agency")
        return rows if self.by.may(Permission.AGENCY_MANAGE_ANY) else rows.filter(agency__in=self.by.agencies)

    @extend_schema(request=OutletInput, responses={201: OutletSerializer})
    def create(self, request: Request) -> Response:
        """Set one up. Of a webhook, the answer holds its secret: this once."""
        values = self.valid(OutletInput)
        key = values.pop("agency", None) or self.by.agency_id
        agency = Agency.objects.active().filter(pk=key).first()
        if agency is None or not may_manage(agency, self.by):
            raise ValidationError({"agency": ["You keep no such agency."]})
        row, secret = actions.add_outlet(agency=agency, by=self.by, **values)
        row.told = secret or None  # type: ignore[attr-defined]
        return self.created(row)

    @extend_schema(request=OutletChange, responses=OutletSerializer)
    def partial_update(self, request: Request, pk: uuid.UUID) -> Response:
        """Change it. Without `headers` those that are kept stay."""
        row = self.get_object()
        version = self.check_version(row)
        values = self.valid(OutletChange, partial=True)
        return self.shown(actions.change_outlet(outlet=row, by=self.by, version=version, **values))

    @extend_schema(request=None, responses=OutletSerializer)
    @action(detail=True, methods=["post"], url_path="secret", url_name="secret")
    def renew_secret(self, request: Request, pk: uuid.UUID) -> Response:
        """Another secret for a webhook; the answer holds it, this once."""
        secret = actions.renew_secret(outlet=self.get_object(), by=self.by)
        row = self.get_object()
        row.told = secret
        return self.shown(row)

    @extend_schema(request=None, responses={202: None})
    @action(detail=True, methods=["post"], url_path="try", url_name="try")
    def try_it(self, request: Request, pk: uuid.UUID) -> Response:
        """Send a test. What came of it stands among the attempts some seconds later."""
        actions.try_outlet(outlet=self.get_object(), by=self.by)
        return Response(status=202)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: uuid.UUID) -> Response:
        """Nothing goes there any more, and its keys are forgotten."""
        actions.end_outlet(outlet=self.get_object(), by=self.by)
        return Response(status=204)
