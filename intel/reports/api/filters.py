"""What the list of reports is narrowed by over the API."""

import django_filters

from agencies.directory.models import Classification
from agreements.sharing.api.filters import OfRecordFilterSet
from agreements.sharing.choices import Tlp
from intel.reports.grading import SchemeName
from intel.reports.lifecycle import ReportState
from intel.reports.models import Report


class ReportFilterSet(OfRecordFilterSet):
    scheme = django_filters.ChoiceFilter(choices=SchemeName.choices)
    source_grade = django_filters.CharFilter(max_length=1, help_text="With `scheme`: alone it means many things.")
    information_grade = django_filters.CharFilter(max_length=1)
    classification = django_filters.ChoiceFilter(field_name="record__classification", choices=Classification.choices)
    tlp = django_filters.ChoiceFilter(field_name="record__tlp", choices=Tlp.choices)
    owner = django_filters.UUIDFilter(field_name="record__owner_id")
    state = django_filters.ChoiceFilter(choices=ReportState.choices)
    since = django_filters.IsoDateTimeFilter(field_name="record__occurred_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="record__occurred_at", lookup_expr="lt")

    class Meta:
        model = Report
        fields: list[str] = []
