"""What the lists of joint reports are narrowed by over the API."""

import uuid
from typing import Any

import django_filters

from agreements.sharing.api.filters import OfRecordFilterSet
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.joint.choices import Form, State
from operations.joint.models import JointReport, SealedCopy


class ReportFilterSet(OfRecordFilterSet):
    state = django_filters.ChoiceFilter(choices=State.choices)
    form = django_filters.ChoiceFilter(choices=Form.choices)
    host = django_filters.UUIDFilter(method="of_host", help_text="A patrol, or an operation for its shifts.")
    to_sign = django_filters.BooleanFilter(method="waiting", help_text="True: those that wait for the reader's side.")

    class Meta:
        model = JointReport
        fields: list[str] = []

    def of_host(self, rows: Any, name: str, value: uuid.UUID) -> Any:
        seen = Record.objects.visible_to(access_of(self.request._request)).filter(pk=value)
        return rows.filter(record__host__in=seen)

    def waiting(self, rows: Any, name: str, value: bool) -> Any:
        by = access_of(self.request._request).appointment
        return rows.awaiting(by.agencies) if value and by is not None else rows


class CopyFilterSet(OfRecordFilterSet):
    report = django_filters.UUIDFilter(field_name="report", help_text="Key of the joint report.")

    class Meta:
        model = SealedCopy
        fields: list[str] = []
