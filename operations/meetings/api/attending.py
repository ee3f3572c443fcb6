"""Who comes to a meeting: invite, accept, send, end, answer."""

import uuid
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.models import Agency
from agreements.register.choices import Purpose
from agreements.sharing.api.inputs import known_clauses
from agreements.sharing.api.outputs import AssignmentSerializer
from agreements.sharing.models import Assignment
from operations.meetings import actions, presenting, replying
from operations.meetings.actions import Invitee
from operations.meetings.api import inputs, outputs
from operations.meetings.models import Meeting, MeetingTime
from operations.planning import basis, rights
from operations.planning.api.base import PlanningViewSet, chosen, own_officer
from operations.planning.api.outputs import ParticipantPart, ReachSerializer


class AttendingViewSet(PlanningViewSet):
    def invitee(self, values: dict[str, Any], classification: int) -> Invitee:
        """The agency with the article and purpose that reach it today. Raises ValidationError when none does."""
        clauses = None
        if values.get("clause"):
            clauses = list(known_clauses(self.get_serializer_context()).filter(pk=values["clause"]))
            if not clauses:
                raise ValidationError({"clause": ["There is no such article."]})
        wanted = [values["purpose"]] if values.get("purpose") else [Purpose.COORDINATION, Purpose.BORDER_OPERATION]
        found = basis.reachable(
            self.by.agency, self.access.at, clauses=clauses, purposes=wanted, classification=classification
        )
        item = chosen(found, values["agency"])
        return Invitee(item.agency, item.clause, item.purpose, values.get("role", ""))

    @extend_schema(responses=ReachSerializer(many=True))
    @action(detail=True, filterset_class=None, pagination_class=None)
    def reach(self, request: Request, pk: uuid.UUID) -> Response:
        """Whom an article reaches today and who is not in yet: for the agency that called it."""
        row = self.get_object()
        rights.require_lead(self.by, row.record, "invites others")
        return self.answer(ReachSerializer, presenting.invitable(row, self.by, self.access.at), [row])

    @extend_schema(request=inputs.InviteeInput, responses={201: ParticipantPart})
    @action(detail=True, methods=["post"], url_path="invitations")
    def invite(self, request: Request, pk: uuid.UUID) -> Response:
        """Invite an agency: the meeting is released to it under an article (R23)."""
        row: Meeting = self.get_object()
        rights.require_lead(self.by, row.record, "invites others")
        invitee = self.invitee(self.valid(inputs.InviteeInput), row.record.classification)
        part = actions.invite_agency(meeting=row, invitee=invitee, by=self.by)
        return self.answer(ParticipantPart, part, [row], status=201)

    @extend_schema(request=None, responses=outputs.MeetingDetailSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: uuid.UUID) -> Response:
        """The own agency attends, beginning with the officer who accepts."""
        actions.accept_invitation(meeting=self.get_object(), by=self.by)
        return self.shown(self.get_object())

    @extend_schema(request=None, responses=ParticipantPart)
    @action(detail=True, methods=["post"], url_path="participants/<uuid:agency>/end")
    def end_participation(self, request: Request, pk: uuid.UUID, agency: uuid.UUID) -> Response:
        """Decline, leave, or withdraw an invitation: either side, at once."""
        row: Meeting = self.get_object()
        other = get_object_or_404(Agency, pk=agency)
        actions.end_participation(meeting=row, agency=other, by=self.by)
        # Who withdraws does not see it any more.
        shown = [] if other.pk in self.by.agencies else [row]
        return self.answer(ParticipantPart, self.part_of(row.record, agency), shown)

    @extend_schema(request=inputs.SendInput, responses={201: AssignmentSerializer})
    @action(detail=True, methods=["post"], url_path="officers")
    def assign(self, request: Request, pk: uuid.UUID) -> Response:
        """Send an own officer."""
        row: Meeting = self.get_object()
        rights.participation_of(self.by, row.record, accepted=True)
        key = self.valid(inputs.SendInput)["appointment"]
        officer = own_officer(presenting.sendable(row, self.by, self.access.at), key)
        assignment = actions.assign_officer(meeting=row, appointment=officer, by=self.by)
        return self.answer(AssignmentSerializer, assignment, [row], status=201)

    @extend_schema(request=None, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"], url_path="officers/<uuid:assignment>/end")
    def unassign(self, request: Request, pk: uuid.UUID, assignment: uuid.UUID) -> Response:
        """An own officer does not come after all."""
        row: Meeting = self.get_object()
        own = Assignment.objects.filter(participation__circle__record=row.record, ended_at=None)
        own = own.filter(participation__agency__in=self.by.agencies)
        found = own.select_related("participation__circle", "appointment__officer").filter(pk=assignment).first()
        if found is None:
            raise Http404
        return self.answer(AssignmentSerializer, actions.unassign(assignment=found, by=self.by), [row])

    @extend_schema(request=inputs.RsvpInput, responses=outputs.MeetingDetailSerializer)
    @action(detail=True, methods=["post"])
    def rsvp(self, request: Request, pk: uuid.UUID) -> Response:
        """Answer for oneself. It reaches the agency that called the meeting, and no other (R5)."""
        row: Meeting = self.get_object()
        values = self.valid(inputs.RsvpInput)
        time = self.time_of(row, values["time"]) if values.get("time") else None
        actions.rsvp(meeting=row, by=self.by, answer=values["answer"], time=time)
        return self.shown(self.get_object())

    def time_of(self, row: Meeting, key: uuid.UUID) -> MeetingTime:
        """One time of a meeting that went through the door. Raises Http404."""
        time = get_object_or_404(row.times.all(), pk=key)
        time.meeting = row
        return time

    @extend_schema(request=inputs.ReplyInput, responses=outputs.MeetingDetailSerializer)
    @action(detail=True, methods=["post"])
    def reply(self, request: Request, pk: uuid.UUID) -> Response:
        """Answer for oneself with what a calendar program wrote: iCalendar, METHOD:REPLY (RFC 5546)."""
        row: Meeting = self.get_object()
        said = replying.read(self.valid(inputs.ReplyInput)["calendar"].encode())
        replying.take(said, row, self.by)
        return self.shown(self.get_object())

    @extend_schema(request=inputs.LeadsInput, responses=outputs.MeetingDetailSerializer)
    @action(detail=True, methods=["put"])
    def reminders(self, request: Request, pk: uuid.UUID) -> Response:
        """When oneself is reminded, instead of when the meeting says."""
        row: Meeting = self.get_object()
        actions.remind_me(meeting=row, by=self.by, minutes=self.valid(inputs.LeadsInput)["minutes"])
        return self.shown(self.get_object())

    @extend_schema(request=inputs.SeatInput, responses=outputs.MeetingDetailSerializer)
    @action(detail=True, methods=["put"], url_path="seats")
    def seat(self, request: Request, pk: uuid.UUID) -> Response:
        """Say what an agency that takes part is there for: the agency that called the meeting does."""
        row: Meeting = self.get_object()
        values = self.valid(inputs.SeatInput)
        known = {part.agency_id: part.agency for part in presenting.sheet(row, self.by, self.access.at).parts}
        if values["agency"] not in known:
            raise ValidationError({"agency": ["This agency is not invited."]})
        actions.seat(meeting=row, agency=known[values["agency"]], role=values["role"], by=self.by)
        return self.shown(self.get_object())
