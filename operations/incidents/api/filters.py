"""What the lists of incidents are narrowed by over the API."""

import uuid
from typing import Any

import django_filters

from agreements.sharing.api.filters import OfRecordFilterSet
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.incidents.choices import EventState, Impact, ReportState
from operations.incidents.models import Event, IncidentReport


class _OfIncident(OfRecordFilterSet):
    impact = django_filters.ChoiceFilter(choices=Impact.choices, lookup_expr="gte", help_text="At least.")
    owner = django_filters.UUIDFilter(field_name="record__owner_id")
    since = django_filters.IsoDateTimeFilter(field_name="record__occurred_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="record__occurred_at", lookup_expr="lt")


class IncidentFilterSet(_OfIncident):
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


class EventFilterSet(_OfIncident):
    state = django_filters.ChoiceFilter(choices=EventState.choices)

    class Meta:
        model = Event
        fields: list[str] = []
