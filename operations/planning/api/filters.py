"""What the list of operations is narrowed by."""

from datetime import datetime

import django_filters

from agreements.sharing.models import Record
from operations.planning.choices import OperationState
from operations.planning.models import Operation
from operations.planning.querysets import OperationQuerySet


class OperationFilterSet(django_filters.FilterSet):
    q = django_filters.CharFilter(method="matching", max_length=200, help_text="Words of name and objective.")
    state = django_filters.ChoiceFilter(choices=OperationState.choices)
    agency = django_filters.UUIDFilter(field_name="record__owner", help_text="The agency that leads it.")
    agreement = django_filters.UUIDFilter(field_name="agreement", help_text="The legal basis.")
    host_state = django_filters.CharFilter(field_name="host_state", max_length=12)
    since = django_filters.IsoDateTimeFilter(method="from_instant", help_text="Running at or after this instant.")
    till = django_filters.IsoDateTimeFilter(method="to_instant", help_text="Running before this instant.")

    class Meta:
        model = Operation
        fields: list[str] = []

    def matching(self, rows: OperationQuerySet, name: str, value: str) -> OperationQuerySet:
        return rows.filter(record__in=Record.objects.matching(value))

    def from_instant(self, rows: OperationQuerySet, name: str, value: datetime) -> OperationQuerySet:
        return rows.within(value, None)

    def to_instant(self, rows: OperationQuerySet, name: str, value: datetime) -> OperationQuerySet:
        return rows.within(None, value)
