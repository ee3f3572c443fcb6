"""What the list of meetings is narrowed by."""

import uuid

import django_filters

from agreements.register.models import Agreement
from agreements.sharing.models import Record
from operations.meetings.choices import MeetingState
from operations.meetings.models import Meeting
from operations.meetings.querysets import MeetingQuerySet

UPCOMING, PAST = "upcoming", "past"


class MeetingFilterSet(django_filters.FilterSet):
    q = django_filters.CharFilter(method="matching", max_length=200, help_text="Words of title, agenda and place.")
    when = django_filters.ChoiceFilter(
        choices=[(UPCOMING, "Upcoming"), (PAST, "Past")],
        method="in_time",
        help_text="Upcoming: not over yet, the next first. Otherwise the latest start comes first.",
    )
    state = django_filters.ChoiceFilter(choices=MeetingState.choices)
    agency = django_filters.UUIDFilter(field_name="record__owner", help_text="The agency that called it.")
    operation = django_filters.UUIDFilter(method="of_operation")
    agreement = django_filters.UUIDFilter(method="of_agreement")
    since = django_filters.IsoDateTimeFilter(field_name="over_at", lookup_expr="gte")
    till = django_filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="lt")

    class Meta:
        model = Meeting
        fields: list[str] = []

    def matching(self, rows: MeetingQuerySet, name: str, value: str) -> MeetingQuerySet:
        return rows.filter(record__in=Record.objects.matching(value))

    def in_time(self, rows: MeetingQuerySet, name: str, value: str) -> MeetingQuerySet:
        at = self.request.access.at
        return rows.upcoming(at) if value == UPCOMING else rows.past(at)

    def of_operation(self, rows: MeetingQuerySet, name: str, value: uuid.UUID) -> MeetingQuerySet:
        """Of a hidden operation as of an unknown one, nothing (R17)."""
        seen = Record.objects.visible_to(self.request.access).filter(pk=value)
        return rows.filter(record__operation__in=seen)

    def of_agreement(self, rows: MeetingQuerySet, name: str, value: uuid.UUID) -> MeetingQuerySet:
        seen = Agreement.objects.visible_to(self.request.access.appointment).filter(pk=value)
        return rows.filter(agreement__in=seen)
