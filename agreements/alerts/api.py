"""Alerts over the API: list them, mark them as seen."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.alerts import actions, kinds
from agreements.alerts.choices import Family
from agreements.alerts.models import Alert
from agreements.alerts.querysets import AlertQuerySet
from agreements.alerts.views.inbox import address_of
from agreements.sharing.api.parts import is_withheld
from agreements.sharing.api.sight import Sight
from agreements.sharing.disclosure import items_of
from agreements.sharing.middleware import access_of
from portal.api.viewsets import ANY_OFFICER, ReadViewSet


class AlertSerializer(serializers.ModelSerializer[Alert]):
    """An alert with its line, which is worked out now."""

    kind_label = serializers.CharField(source="sheet.label", read_only=True)
    family = serializers.ChoiceField(choices=Family.choices, source="sheet.family", read_only=True)
    mandatory = serializers.BooleanField(source="sheet.mandatory", read_only=True, help_text="Cannot be switched off.")
    line = serializers.SerializerMethodField(help_text="Without content where the record is display-only (R7).")
    reference = serializers.CharField(read_only=True)
    address = serializers.SerializerMethodField(help_text="Path of the page it is about.")

    class Meta:
        model = Alert
        fields = (
            "id",
            "kind",
            "kind_label",
            "family",
            "mandatory",
            "line",
            "reference",
            "urgency",
            "severity",
            "certainty",
            "exercise",
            "record",
            "agreement",
            "address",
            "created_at",
            "seen_at",
            "done_at",
            "superseded_at",
        )
        read_only_fields = fields

    def get_line(self, alert: Alert) -> str:
        if alert.record is not None and is_withheld(alert.record, Sight(access_of(self.context["request"]._request))):
            return f"{alert.sheet.label}: {alert.record.reference}"
        return alert.line

    def get_address(self, alert: Alert) -> str:
        return address_of(alert)


class UnreadSerializer(serializers.Serializer[Any]):
    unread = serializers.IntegerField(help_text="Counted no further than 100.")


class SeenSerializer(serializers.Serializer[Any]):
    seen = serializers.IntegerField(help_text="How many were new.")


class AlertFilterSet(filters.FilterSet):
    family = filters.ChoiceFilter(choices=Family.choices, method="of_family")

    class Meta:
        model = Alert
        fields = {
            "kind": ["exact"],
            "urgency": ["exact"],
            "severity": ["exact"],
            "exercise": ["exact"],
            "seen_at": ["isnull"],
        }

    def of_family(self, rows: AlertQuerySet, name: str, value: str) -> AlertQuerySet:
        return rows.filter(kind__in=kinds.names_of(value))


class AlertViewSet(ReadViewSet):
    """The officer's own alerts, newest first, as far as what they are about is visible now."""

    serializer_class = AlertSerializer
    keyset = ("-created_at", "-pk")
    filterset_class = AlertFilterSet
    required_permissions = {
        "list": ANY_OFFICER,
        "retrieve": ANY_OFFICER,
        "seen": ANY_OFFICER,
        "all_seen": ANY_OFFICER,
        "unread": ANY_OFFICER,
    }

    def get_queryset(self) -> AlertQuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Alert.objects.none()
        return Alert.objects.visible_to(access_of(self.request._request)).with_subjects()

    def disclosures(self, rows: Sequence[Any]) -> Iterable[Mapping[str, Any]]:
        records = {row.record.pk: row.record for row in rows if row.record is not None}
        return items_of(access_of(self.request._request), records.values())

    @extend_schema(request=None, responses=AlertSerializer)
    @action(detail=True, methods=["post"])
    def seen(self, request: Request, pk: Any = None) -> Response:
        """Mark one as seen."""
        alert = self.get_object()
        actions.mark_seen(alerts=Alert.objects.filter(pk=alert.pk), by=self.by)
        return self.shown(self.get_object())

    @extend_schema(operation_id="alerts_all_seen_create", request=None, responses=SeenSerializer)
    @action(detail=False, methods=["post"], url_path="seen", url_name="all-seen")
    def all_seen(self, request: Request) -> Response:
        """Mark all that is shown now as seen."""
        count = actions.mark_seen(alerts=self.get_queryset(), by=self.by)
        return Response({"seen": count})

    @extend_schema(responses=UnreadSerializer)
    @action(detail=False, filterset_class=None, pagination_class=None)
    def unread(self, request: Request) -> Response:
        """How many wait, and nothing else."""
        return Response({"unread": self.get_queryset().unread().capped_count()})
