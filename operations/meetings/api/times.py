"""One time of a row of meetings: moved, cancelled, and who was there."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.models import Agency
from operations.meetings import actions
from operations.meetings.api import inputs, outputs
from operations.meetings.api.attending import AttendingViewSet
from operations.planning import rights
from operations.planning.api.inputs import ReasonInput


class TimesViewSet(AttendingViewSet):
    @extend_schema(request=inputs.TimeInput, responses=outputs.MeetingDetailSerializer)
    @action(detail=True, methods=["post"], url_path="times/<uuid:time>/move")
    def move_time(self, request: Request, pk: uuid.UUID, time: uuid.UUID) -> Response:
        """Move one time of a row of meetings; the others stay. Who answered for it alone is asked anew."""
        row = self.time_of(self.get_object(), time)
        actions.move_time(time=row, by=self.by, **self.valid(inputs.TimeInput))
        return self.shown(self.get_object())

    @extend_schema(request=ReasonInput, responses=outputs.MeetingDetailSerializer)
    @action(detail=True, methods=["post"], url_path="times/<uuid:time>/cancel")
    def cancel_time(self, request: Request, pk: uuid.UUID, time: uuid.UUID) -> Response:
        """Call one time of a row of meetings off; the others stay."""
        row = self.time_of(self.get_object(), time)
        actions.cancel_time(time=row, by=self.by, **self.valid(ReasonInput))
        return self.shown(self.get_object())

    @extend_schema(request=inputs.AttendanceInput, responses=outputs.MeetingDetailSerializer)
    @action(detail=True, methods=["put"], url_path="times/<uuid:time>/attendance")
    def attendance(self, request: Request, pk: uuid.UUID, time: uuid.UUID) -> Response:
        """Note which agencies were there: the agency that called it does, once it has begun."""
        row = self.time_of(self.get_object(), time)
        rights.require_lead(self.by, row.meeting.record, "notes who was there")
        keys = self.valid(inputs.AttendanceInput)["agencies"]
        parts = row.meeting.circle.participations.filter(accepted_at__isnull=False)
        known = list(Agency.objects.filter(pk__in=keys).filter(pk__in=parts.values("agency")))
        if len(known) < len(set(keys)):
            raise ValidationError({"agencies": ["Choose among the agencies that take part."]})
        actions.note_attendance(time=row, agencies=known, by=self.by)
        return self.shown(self.get_object())
