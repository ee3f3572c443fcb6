"""What lists are narrowed by."""

import uuid

import django_filters
from django.utils import timezone

from agreements.sharing.models import Record
from operations.patrols.choices import PatrolState
from operations.patrols.models import Patrol
from operations.patrols.querysets import PatrolQuerySet


class PatrolFilterSet(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=PatrolState.choices)
    operation = django_filters.UUIDFilter(method="of_operation")
    agency = django_filters.UUIDFilter(field_name="record__owner")
    since = django_filters.IsoDateTimeFilter(field_name="ends_at", lookup_expr="gte")
    till = django_filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="lt")
    overdue = django_filters.BooleanFilter(method="that_are_overdue")

    class Meta:
        model = Patrol
        fields = ["state", "operation", "agency", "since", "till", "overdue"]

    def of_operation(self, rows: PatrolQuerySet, name: str, value: uuid.UUID) -> PatrolQuerySet:
        """Of a hidden operation as of an unknown one, nothing (R17)."""
        seen = Record.objects.visible_to(self.request.access).filter(pk=value)
        return rows.filter(record__operation__in=seen)

    def that_are_overdue(self, rows: PatrolQuerySet, name: str, value: bool) -> PatrolQuerySet:
        late = rows.overdue(timezone.now())
        return late if value else rows.exclude(pk__in=late.values("pk"))
