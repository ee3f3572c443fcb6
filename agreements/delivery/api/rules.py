"""An officer's own rules, number, quiet hours and digest hour."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.alerts.choices import Family, Severity
from agreements.delivery import actions
from agreements.delivery.choices import Channel, Manner, Weekday
from agreements.delivery.models import Preference, Rule
from agreements.delivery.presenting import rows_of
from agreements.sharing.middleware import access_of
from portal.api.viewsets import ANY_OFFICER, KernelViewSet, ReadViewSet


class PreferenceSerializer(serializers.ModelSerializer[Preference]):
    """On the clock of the officer's zone."""

    quiet_days = serializers.ListField(
        child=serializers.ChoiceField(choices=Weekday.choices), required=False, max_length=7
    )

    class Meta:
        model = Preference
        fields = ["number", "quiet_from", "quiet_until", "quiet_days", "digest_hour", "digest_weekday"]


class PreferenceViewSet(KernelViewSet):
    """The officer's number, quiet hours and digest hour."""

    required_permissions = {"read": ANY_OFFICER, "change": ANY_OFFICER}
    serializer_class = PreferenceSerializer
    queryset = Preference.objects.none()

    def _row(self) -> Preference:
        return Preference.objects.filter(pk=self.by.officer_id).first() or Preference(officer=self.by.officer)

    @extend_schema(responses=PreferenceSerializer)
    def read(self, request: Request) -> Response:
        """What is chosen, or the defaults."""
        return Response(PreferenceSerializer(self._row()).data)

    @extend_schema(request=PreferenceSerializer, responses=PreferenceSerializer)
    def change(self, request: Request) -> Response:
        """Choose. What is left out is as at the beginning."""
        row = actions.change_preference(by=self.by, **self.valid(PreferenceSerializer))
        return Response(PreferenceSerializer(row).data)


class RuleInput(serializers.Serializer[Any]):
    families = serializers.ListField(
        child=serializers.ChoiceField(choices=Family.choices), required=False, max_length=len(Family)
    )
    severity_least = serializers.ChoiceField(choices=Severity.choices, required=False, allow_blank=True)
    operation = serializers.UUIDField(required=False, allow_null=True)
    area = serializers.JSONField(required=False, allow_null=True, help_text="GeoJSON Polygon (RFC 7946).")
    words = serializers.CharField(max_length=100, required=False, allow_blank=True)
    manner = serializers.ChoiceField(choices=Manner.choices)
    channels = serializers.ListField(
        child=serializers.ChoiceField(choices=Channel.choices), required=False, max_length=2
    )


class NewRuleInput(RuleInput):
    id = serializers.UUIDField(required=False, help_text="Made by the sender: sent again, it makes nothing new.")


class DeliveryRuleSerializer(serializers.ModelSerializer[Rule]):
    """A rule; the first that fits decides. `operation` is null where it is hidden by now."""

    operation = serializers.SerializerMethodField()

    class Meta:
        model = Rule
        fields = ["id", "position", "families", "severity_least", "operation", "area", "words", "manner", "channels"]
        read_only_fields = fields

    def get_operation(self, rule: Rule) -> uuid.UUID | None:
        if rule.operation_id is None:
            return None
        row = rows_of([rule], access_of(self.context["request"]._request))[0]
        return row.operation.pk if row.operation else None


class RuleViewSet(ReadViewSet):
    """The officer's own rules, in the order in which they are asked."""

    required_permissions = dict.fromkeys(("list", "retrieve", "create", "update", "destroy", "up"), ANY_OFFICER)
    serializer_class = DeliveryRuleSerializer
    keyset = ("position", "pk")
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Rule]:
        if getattr(self, "swagger_fake_view", False):
            return Rule.objects.none()
        return Rule.objects.filter(officer=self.by.officer_id)

    @extend_schema(request=NewRuleInput, responses={201: DeliveryRuleSerializer})
    def create(self, request: Request) -> Response:
        """Add a rule after the others."""
        values = self.valid(NewRuleInput)
        return self.created(actions.add_rule(by=self.by, key=values.pop("id", None), **values))

    @extend_schema(request=RuleInput, responses=DeliveryRuleSerializer)
    def update(self, request: Request, pk: uuid.UUID) -> Response:
        """Put another in its place. What is left out is empty."""
        return self.shown(actions.change_rule(rule=self.get_object(), by=self.by, **self.valid(RuleInput)))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: uuid.UUID) -> Response:
        """Forget it."""
        actions.remove_rule(rule=self.get_object(), by=self.by)
        return Response(status=204)

    @extend_schema(request=None, responses=DeliveryRuleSerializer)
    @action(detail=True, methods=["post"])
    def up(self, request: Request, pk: uuid.UUID) -> Response:
        """Ask it before the one above it."""
        actions.move_rule(rule=self.get_object(), by=self.by)
        return self.shown(self.get_object())
