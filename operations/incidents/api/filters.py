"""What the lists of incidents are narrowed by over the API."""

import uuid
from typing import Any

import django_filters

from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.incidents.choices import EventState, Impact, ReportState
from operations.incidents.models import Event, IncidentReport


class _OfRecord(django_filters.FilterSet):
    q = django_filters.CharFilter(method="matching", max_length=200)
    impact = django_filters.ChoiceFilter(choices=Impact.choices, lookup_expr="gte", help_text="At least.")
    owner = django_filters.UUIDFilter(field_name="record__owner_id")
    operation = django_filters.UUIDFilter(method="of_operation")
    since = django_filters.IsoDateTimeFilter(field_name="record__occurred_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="record__occurred_at", lookup_expr="lt")

    def matching(self, rows: Any, name: str, value: str) -> Any:
        return rows.matching(value)

    def of_operation(self, rows: Any, name: str, value: uuid.UUID) -> Any:
        """Of a hidden operation as of an unknown one, nothing (R17)."""
        seen = Record.objects.visible_to(access_of(self.request._request)).filter(pk=value)
        return rows.filter(record__operation__in=seen)


class IncidentFilterSet(_OfRecord):
    state = django_filters.ChoiceFilter(choices=ReportState.choices)
    first = django_filters.UUIDFilter(method="following", help_text="Follow-ups of this first report.")
    to_validate = django_filters.BooleanFilter(method="waiting", help_text="True: those that wait for the reader.")

    class Meta:
        model = IncidentReport
        fields: list[str] = []

    def following(self, rows: Any, name: str, value: uuid.UUID) -> Any:
        seen = Record.objects.visible_to(access_of(self.request._request)).filter(pk=value)
        return rows.filter(record__host__in=seen)

    def waiting(self, rows: Any, name: str, value: bool) -> Any:
        by = access_of(self.request._request).appointment
        return rows.to_validate(by) if value and by is not None else rows


class EventFilterSet(_OfRecord):
    state = django_filters.ChoiceFilter(choices=EventState.choices)

    class Meta:
        model = Event
        fields: list[str] = []
