"""What the lists are narrowed by over the API."""

import uuid
from typing import Any

import django_filters

from agreements.sharing.api.filters import OfRecordFilterSet
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.minutes.choices import OVERDUE, ActionState, State
from operations.minutes.forms.filters import AGENCY, MINE, stands, whose
from operations.minutes.models import ActionItem, Minutes, MinutesCopy


class MinutesFilterSet(OfRecordFilterSet):
    meeting = django_filters.UUIDFilter(field_name="meeting")
    state = django_filters.ChoiceFilter(choices=State.choices)
    to_agree = django_filters.BooleanFilter(
        method="waiting", help_text="True: those that wait for the reader's agency."
    )

    class Meta:
        model = Minutes
        fields: list[str] = []

    def waiting(self, rows: Any, name: str, value: bool) -> Any:
        by = access_of(self.request._request).appointment
        return rows.awaiting(by.agencies) if value and by is not None else rows


class CopyFilterSet(django_filters.FilterSet):
    minutes = django_filters.UUIDFilter(field_name="minutes", help_text="Key of the minutes.")

    class Meta:
        model = MinutesCopy
        fields: list[str] = []


class ActionFilterSet(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        method="standing", choices=[(OVERDUE, "Overdue"), *ActionState.choices], help_text="As it stands now."
    )
    whose = django_filters.ChoiceFilter(method="owned", choices=[(MINE, "Mine"), (AGENCY, "My agency's")])
    operation = django_filters.UUIDFilter(method="of_operation")
    minutes = django_filters.UUIDFilter(field_name="minutes")

    class Meta:
        model = ActionItem
        fields: list[str] = []

    def standing(self, rows: Any, name: str, value: str) -> Any:
        return stands(rows, value, access_of(self.request._request).at)

    def owned(self, rows: Any, name: str, value: str) -> Any:
        by = access_of(self.request._request).appointment
        return whose(rows, value, by) if by is not None else rows.none()

    def of_operation(self, rows: Any, name: str, value: uuid.UUID) -> Any:
        seen = Record.objects.visible_to(access_of(self.request._request)).filter(pk=value)
        return rows.filter(minutes__record__operation__in=seen)
