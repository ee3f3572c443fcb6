"""What lists of the details of records are narrowed by alike."""

import uuid
from typing import Any

import django_filters

from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record


class OfRecordFilterSet(django_filters.FilterSet):
    q = django_filters.CharFilter(method="matching", max_length=200)
    operation = django_filters.UUIDFilter(method="of_operation")

    def matching(self, rows: Any, name: str, value: str) -> Any:
        return rows.matching(value)

    def of_operation(self, rows: Any, name: str, value: uuid.UUID) -> Any:
        """Of a hidden operation as of an unknown one, nothing (R17)."""
        seen = Record.objects.visible_to(access_of(self.request._request)).filter(pk=value)
        return rows.filter(record__operation__in=seen)
