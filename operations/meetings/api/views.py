"""Meetings over the API."""

import uuid
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.register.models import Agreement
from agreements.sharing.disclosure import note_opening
from agreements.sharing.models import Record
from agreements.sharing.policy import decide
from operations.meetings import actions, calendars, looking, presenting
from operations.meetings.api import inputs, outputs
from operations.meetings.api.agenda import AgendaViewSet
from operations.meetings.api.attending import AttendingViewSet
from operations.meetings.api.filters import UPCOMING, MeetingFilterSet
from operations.meetings.api.times import TimesViewSet
from operations.meetings.models import Meeting
from operations.planning import rights
from operations.planning.api.inputs import ReasonInput
from portal.api.renderers import CalendarRenderer
from portal.audit import recording

VIEW, CALL = Permission.MEETING_VIEW, Permission.MEETING_CALL


class MeetingViewSet(AgendaViewSet, TimesViewSet, AttendingViewSet):
    """Meetings as far as the reader may see them, latest start first; `when=upcoming`: the next first."""

    model = Meeting
    serializer_class = outputs.MeetingSerializer
    filterset_class = MeetingFilterSet
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": CALL,
        "partial_update": CALL,
        "cancel": CALL,
        "reach": CALL,
        "invite": CALL,
        "accept": CALL,
        "end_participation": CALL,
        "assign": CALL,
        "unassign": CALL,
        "rsvp": VIEW,
        "reply": VIEW,
        "reminders": VIEW,
        "seat": CALL,
        "move_time": CALL,
        "cancel_time": CALL,
        "attendance": CALL,
        "add_item": CALL,
        "change_item": CALL,
        "take_off_item": CALL,
        "move_item": CALL,
        "lay_paper": CALL,
        "take_back_paper": CALL,
        "calendar": VIEW,
    }

    @property
    def keyset(self) -> tuple[str, ...]:  # type: ignore[override]
        upcoming = self.request.query_params.get("when") == UPCOMING
        return ("starts_at", "pk") if upcoming else ("-starts_at", "-pk")

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if getattr(self, "swagger_fake_view", False) else rows.select_related("record__circle")

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        self._ask_for({row.agreement_id for row in rows or () if row.agreement_id})
        return rows

    @cached_property
    def _agreements(self) -> dict[uuid.UUID, bool]:
        return {}

    def _ask_for(self, keys: set[uuid.UUID]) -> None:
        if keys:
            seen = set(Agreement.objects.visible_to(self.by).filter(pk__in=keys).values_list("pk", flat=True))
            self._agreements.update({key: key in seen for key in keys})

    def sees_agreement(self, key: uuid.UUID | None) -> uuid.UUID | None:
        """The key, if the reader may see that agreement: asked once for each, or for a page at once."""
        if key is not None and key not in self._agreements:
            self._ask_for({key})
        return key if key is not None and self._agreements[key] else None

    def sheet(self, row: Meeting) -> presenting.Sheet:
        """What the page shows besides the columns: worked out once for an answer."""
        if getattr(self, "_sheet_of", None) is not row:
            self._sheet_of, self._sheet = row, presenting.sheet(row, self.by, self.access.at)
        return self._sheet

    def room(self, row: Meeting) -> looking.Room:
        """Times, agenda, papers: worked out once for an answer."""
        if getattr(self, "_room_of", None) is not row:
            self._room_of, self._room = row, looking.room(row, self.access)
        return self._room

    def shown(self, row: Any, **options: Any) -> Response:
        options["serializer_class"] = options.get("serializer_class") or outputs.MeetingDetailSerializer
        return super().shown(row, **options)

    @extend_schema(responses=outputs.MeetingDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One meeting, who attends, and what the asker may do."""
        row = self.get_object()
        note_opening(self.access, row.record)
        return self.shown(row)

    @extend_schema(request=inputs.MeetingInput, responses={201: outputs.MeetingDetailSerializer})
    def create(self, request: Request) -> Response:
        """Call a meeting, invite agencies that an article reaches today, send own officers."""
        values = self.valid(inputs.MeetingInput)
        invitees = [self.invitee(item, values["classification"]) for item in values.pop("invitees", [])]
        row = actions.call(
            by=self.by,
            key=values.pop("id", None),
            operation=self._operation(values.pop("operation", None)),
            agreement=self._agreement(values.pop("agreement", None)),
            officers=self._officers(values.pop("officers", [])),
            remind_before=values.pop("reminders"),
            invitees=invitees,
            **values,
        )
        return self.created(row)

    def _operation(self, key: uuid.UUID | None) -> Record | None:
        if key is None:
            return None
        rows = Record.objects.visible_to(self.access).of_kind("operation").filter(circle__closed_at=None)
        row = rows.filter(pk=key).first()
        if row is None:
            raise ValidationError({"operation": ["There is no such operation, or it is closed."]})
        return row

    def _agreement(self, key: uuid.UUID | None) -> Agreement | None:
        if key is None:
            return None
        row = Agreement.objects.visible_to(self.by).filter(registered_at__isnull=False, pk=key).first()
        if row is None:
            raise ValidationError({"agreement": ["There is no such agreement."]})
        return row

    def _officers(self, keys: Sequence[uuid.UUID]) -> list[Appointment]:
        known = presenting.own_officers(self.by, self.access.at).in_bulk(keys) if keys else {}
        errors: Any = {
            n: ["There is no such officer of your agency."] for n, key in enumerate(keys) if key not in known
        }
        if errors:
            raise ValidationError({"officers": errors})
        return [known[key] for key in dict.fromkeys(keys)]

    @extend_schema(request=inputs.MeetingChangeInput, responses=outputs.MeetingDetailSerializer)
    def partial_update(self, request: Request, pk: uuid.UUID) -> Response:
        """Move or change it. Send the ETag that was read as If-Match. A new time asks everybody anew."""
        row: Meeting = self.get_object()
        rights.require_lead(self.by, row.record, "changes it")
        version = self.check_version(row)
        values = self.valid(inputs.MeetingChangeInput, partial=True)
        actions.change(meeting=row, by=self.by, version=version, **values)
        return self.shown(self.get_object())

    @extend_schema(request=ReasonInput, responses=outputs.MeetingDetailSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: uuid.UUID) -> Response:
        """Call it off, with a reason. Those who attend are told."""
        row = self.get_object()
        actions.cancel(meeting=row, by=self.by, **self.valid(ReasonInput))
        return self.shown(self.get_object())

    @extend_schema(responses={(200, "text/calendar"): OpenApiResponse(OpenApiTypes.STR)})
    @action(detail=True, renderer_classes=[CalendarRenderer, JSONRenderer])
    def calendar(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        """The invitation as iCalendar (RFC 5545): nothing in it tells what the meeting is about (R17)."""
        row: Meeting = self.get_object()
        decision = decide(self.access, row.record, "export")
        if not decision:
            raise PermissionDenied(decision.missing[0])
        recording.disclose(by=self.by, items=self.disclosures([row]))
        return calendars.response(row, self.by)
