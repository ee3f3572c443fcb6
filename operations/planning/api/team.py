"""Invitations, teams and instructions of an operation. Standing orders are issued at /standing-orders/."""

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
from agreements.register.api.foreseen import EffectPart
from agreements.sharing.api.outputs import AssignmentSerializer
from agreements.sharing.models import Assignment
from operations.planning import presenting, rights
from operations.planning.actions import invitations, team
from operations.planning.api import inputs, outputs
from operations.planning.api.base import PlanningViewSet, chosen, own_officer
from operations.planning.models import Operation


class TeamViewSet(PlanningViewSet):
    @extend_schema(responses=outputs.ReachSerializer(many=True))
    @action(detail=True, filterset_class=None, pagination_class=None)
    def reach(self, request: Request, pk: uuid.UUID) -> Response:
        """Whom the basis reaches today and who is not in yet: for the lead."""
        row = self.get_object()
        rights.require_lead(self.by, row.record, "invites others")
        return self.answer(outputs.ReachSerializer, presenting.invitable(row, self.by, self.access.at), [row])

    @extend_schema(responses=outputs.InvitationSerializer(many=True))
    @action(detail=False, filterset_class=None, pagination_class=None)
    def invitations(self, request: Request) -> Response:
        """Invitations to the own agency that wait for an answer."""
        found = presenting.invitations(self.by, self.get_queryset(), self.access.at)
        return self.answer(outputs.InvitationSerializer, found, [item.operation for item in found])

    @extend_schema(request=inputs.InviteInput, responses={201: outputs.ParticipantPart})
    @action(detail=True, methods=["post"], url_path="invitations")
    def invite(self, request: Request, pk: uuid.UUID) -> Response:
        """Invite an agency: the operation is released to it under an article of the basis (R23)."""
        row: Operation = self.get_object()
        rights.require_lead(self.by, row.record, "invites others")
        values = self.valid(inputs.InviteInput)
        clause = self._clause(row, values)
        part = invitations.invite_agency(operation=row, agency=values["agency"], clause=clause, by=self.by)
        return self.answer(outputs.ParticipantPart, part, [row], status=201)

    def _clause(self, row: Operation, values: dict[str, Any]) -> Any:
        if not values.get("clause"):
            return chosen(presenting.invitable(row, self.by, self.access.at), values["agency"]).clause
        clause = row.clauses.filter(pk=values["clause"]).first()
        if clause is None:
            raise ValidationError({"clause": ["Invite under an article on which the operation stands."]})
        return clause

    @extend_schema(request=None, responses=outputs.OperationDetailSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: uuid.UUID) -> Response:
        """Take part. The own agency receives its own copy of the instructions (R24)."""
        invitations.accept_invitation(operation=self.get_object(), by=self.by)
        return self.shown(self.get_object(), serializer_class=outputs.OperationDetailSerializer)

    @extend_schema(responses=EffectPart(many=True))
    @action(detail=True, url_path="participants/<uuid:agency>/end/what-if", filterset_class=None, pagination_class=None)
    def end_what_if(self, request: Request, pk: uuid.UUID, agency: uuid.UUID) -> Response:
        """What the agency would lose by the end of its part, counted by kind (R28). Changes nothing."""
        row: Operation = self.get_object()
        other = get_object_or_404(Agency, pk=agency)
        return self.answer(EffectPart, invitations.foresee_end(operation=row, agency=other, by=self.by), [row])

    @extend_schema(request=None, responses=outputs.ParticipantPart)
    @action(detail=True, methods=["post"], url_path="participants/<uuid:agency>/end")
    def end_participation(self, request: Request, pk: uuid.UUID, agency: uuid.UUID) -> Response:
        """Decline, leave, withdraw an invitation or end a partner's part: either side, at once."""
        row: Operation = self.get_object()
        other = get_object_or_404(Agency, pk=agency)
        invitations.end_participation(operation=row, agency=other, by=self.by)
        # Who leaves does not see it any more.
        shown = [] if other.pk in self.by.agencies else [row]
        return self.answer(outputs.ParticipantPart, self.part_of(row.record, agency), shown)

    @extend_schema(request=inputs.AssignInput, responses={201: AssignmentSerializer})
    @action(detail=True, methods=["post"], url_path="team")
    def assign(self, request: Request, pk: uuid.UUID) -> Response:
        """Assign an own officer. Own officers: /appointments/."""
        row: Operation = self.get_object()
        rights.participation_of(self.by, row.record, accepted=True)
        values = self.valid(inputs.AssignInput)
        values["appointment"] = own_officer(presenting.assignable(row, self.by, self.access.at), values["appointment"])
        values["directs"] = self._directed(row, values["directs"])
        assignment = team.assign_officer(operation=row, by=self.by, **values)
        return self.answer(AssignmentSerializer, assignment, [row], status=201)

    def _directed(self, row: Operation, keys: list[uuid.UUID]) -> list[Agency]:
        """Agencies that take part, as far as the reader knows who does (R18)."""
        parts = presenting.participations(row.record, self.by, self.access.at)
        known = {part.agency_id: part.agency for part in parts if part.accepted_at}
        errors: Any = {n: ["No such agency takes part."] for n, key in enumerate(keys) if key not in known}
        if errors:
            raise ValidationError({"directs": errors})
        return [known[key] for key in dict.fromkeys(keys)]

    @extend_schema(request=None, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"], url_path="team/<uuid:assignment>/end")
    def unassign(self, request: Request, pk: uuid.UUID, assignment: uuid.UUID) -> Response:
        """End an own officer's assignment at once."""
        row: Operation = self.get_object()
        own = Assignment.objects.filter(participation__circle__record=row.record, ended_at=None)
        own = own.filter(participation__agency__in=self.by.agencies)
        found = own.select_related("participation__circle", "appointment__officer").filter(pk=assignment).first()
        if found is None:
            raise Http404
        return self.answer(AssignmentSerializer, team.unassign(assignment=found, by=self.by), [row])

    @extend_schema(request=None, responses=outputs.InstructionSerializer)
    @action(detail=True, methods=["post"], url_path="instructions")
    def take_instructions(self, request: Request, pk: uuid.UUID) -> Response:
        """Take the instructions anew after the lead changed them; the copy one has when they are the same."""
        row = invitations.take_instructions(operation=self.get_object(), by=self.by)
        return self.shown(row, serializer_class=outputs.InstructionSerializer)
