"""What the viewsets of operations share, and the meetings' with them: answers about other rows than records."""

import uuid
from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from agencies.directory.models import Appointment
from agreements.sharing.api import DetailViewSet
from agreements.sharing.models import Record
from operations.planning.basis import Reach
from portal.audit import recording


class PlanningViewSet(DetailViewSet):
    def answer(self, serializer_class: Any, rows: Any, shown: list[Any], *, status: int = 200) -> Response:
        """What is no record itself, with the one entry for the records it shows."""
        recording.disclose(by=self.by, items=self.disclosures(shown))
        many = isinstance(rows, list)
        return Response(serializer_class(rows, many=many, context=self.get_serializer_context()).data, status=status)

    def part_of(self, record: Record, agency: uuid.UUID) -> Any:
        """The agency's present or last part in the record's circle."""
        return record.circle.participations.filter(agency=agency).select_related("agency").latest("invited_at")


def chosen(found: list[Reach], agency: Any) -> Reach:
    """The way to reach that agency. Raises ValidationError when there is none today."""
    item = next((item for item in found if item.agency == agency), None)
    if item is None:
        raise ValidationError({"agency": ["No article reaches this agency today, or it is invited already."]})
    return item


def own_officer(rows: "QuerySet[Appointment]", key: uuid.UUID) -> Appointment:
    """One of those who can be assigned. All others are unknown here (R18)."""
    row = rows.filter(pk=key).first()
    if row is None:
        raise ValidationError({"appointment": ["There is no such officer of your agency who could be assigned."]})
    return row
