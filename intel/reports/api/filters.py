"""What the list of reports is narrowed by over the API."""

import uuid
from typing import Any

import django_filters

from agencies.directory.models import Classification
from agreements.sharing.choices import Tlp
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from intel.reports.grading import SchemeName
from intel.reports.lifecycle import ReportState
from intel.reports.models import Report


class ReportFilterSet(django_filters.FilterSet):
    q = django_filters.CharFilter(method="matching", max_length=200)
    scheme = django_filters.ChoiceFilter(choices=SchemeName.choices)
    source_grade = django_filters.CharFilter(max_length=1, help_text="With `scheme`: alone it means many things.")
    information_grade = django_filters.CharFilter(max_length=1)
    classification = django_filters.ChoiceFilter(field_name="record__classification", choices=Classification.choices)
    tlp = django_filters.ChoiceFilter(field_name="record__tlp", choices=Tlp.choices)
    owner = django_filters.UUIDFilter(field_name="record__owner_id")
    operation = django_filters.UUIDFilter(method="of_operation")
    state = django_filters.ChoiceFilter(choices=ReportState.choices)
    since = django_filters.IsoDateTimeFilter(field_name="record__occurred_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="record__occurred_at", lookup_expr="lt")

    class Meta:
        model = Report
        fields: list[str] = []

    def matching(self, rows: Any, name: str, value: str) -> Any:
        return rows.matching(value)

    def of_operation(self, rows: Any, name: str, value: uuid.UUID) -> Any:
        """Of a hidden operation as of an unknown one, nothing (R17)."""
        seen = Record.objects.visible_to(access_of(self.request._request)).filter(pk=value)
        return rows.filter(record__operation__in=seen)
