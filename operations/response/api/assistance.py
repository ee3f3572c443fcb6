"""Calls for assistance, answers to them, and desks, over the API."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response as Answer

from agencies.directory.roles import Permission
from agreements.sharing.api.base import DetailViewSet, HangingViewSet, SeeingViewSet
from agreements.sharing.disclosure import disclose
from operations.incidents.models import IncidentReport
from operations.response import reach
from operations.response.actions import assistance as actions
from operations.response.actions import desks
from operations.response.api import inputs, outputs
from operations.response.models import Asked, AssistanceCall, Desk
from portal.api.viewsets import ReadViewSet

VIEW, REPORT, ANSWER = Permission.INCIDENT_VIEW, Permission.INCIDENT_REPORT, Permission.DISTRESS_SEND


class AssistanceViewSet(DetailViewSet):
    """Calls for assistance that the own agency sent, or that its desk was asked by."""

    model = AssistanceCall
    serializer_class = outputs.AssistanceSerializer
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "candidates": REPORT,
        "call": REPORT,
        "answers": VIEW,
        "more": REPORT,
        "end": REPORT,
    }

    def _report(self, pk: uuid.UUID) -> IncidentReport:
        report = IncidentReport.objects.visible_to(self.access).filter(pk=pk).first()
        if report is None:
            raise NotFound
        return report

    @extend_schema(
        operation_id="incidents_assistance_candidates", responses=outputs.CandidateSerializer(many=True), filters=False
    )
    def candidates(self, request: Request, pk: uuid.UUID) -> Answer:
        """Who could be asked to come to the incident, as it is marked and placed now, and why the others cannot."""
        report = self._report(pk)
        record = report.record
        disclose(request._request, [record])
        place = None if record.latitude is None or record.longitude is None else (record.latitude, record.longitude)
        found = reach.candidates(self.by, record, place, self.access.at)
        return Answer(outputs.CandidateSerializer(found, many=True, context=self.get_serializer_context()).data)

    @extend_schema(
        operation_id="incidents_assistance_call",
        request=inputs.AssistanceInput,
        responses={201: outputs.AssistanceSerializer},
    )
    def call(self, request: Request, pk: uuid.UUID) -> Answer:
        """Ask duty desks to come: each by an article that lets it be asked."""
        return self.created(actions.call(report=self._report(pk), by=self.by, **self.valid(inputs.AssistanceInput)))

    @extend_schema(
        operation_id="assistance_calls_answers_list",
        responses=outputs.AssistanceAnswerSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def answers(self, request: Request, pk: str) -> Answer:
        """Who was asked and what they answer: all to the asker, to a desk its own line."""
        row: AssistanceCall = self.get_object()
        disclose(request._request, [row.record])
        return self._answers(row)

    @extend_schema(
        operation_id="assistance_calls_answers_create",
        request=inputs.MoreInput,
        responses={201: outputs.AssistanceAnswerSerializer(many=True)},
        filters=False,
    )
    @answers.mapping.post
    def more(self, request: Request, pk: str) -> Answer:
        """Ask further desks."""
        row: AssistanceCall = self.get_object()
        actions.ask_more(call=row, by=self.by, **self.valid(inputs.MoreInput))
        disclose(request._request, [row.record])
        return self._answers(row, 201)

    def _answers(self, row: AssistanceCall, status: int = 200) -> Answer:
        rows = Asked.objects.visible_to(self.access).with_words().filter(call=row)
        context = self.get_serializer_context()
        return Answer(outputs.AssistanceAnswerSerializer(rows, many=True, context=context).data, status=status)

    @extend_schema(request=inputs.EndingInput, responses=outputs.AssistanceSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Answer:
        """Assistance is needed no more: whoever was asked is told."""
        actions.end(call=self.get_object(), by=self.by, **self.valid(inputs.EndingInput))
        return self.shown(self.get_object())


class AskedViewSet(HangingViewSet):
    """Answers to calls: the own desk's, and those to the own agency's calls."""

    model = Asked
    serializer_class = outputs.AssistanceAnswerSerializer
    keyset = ("-asked_at", "-pk")
    filterset_fields: dict[str, list[str]] = {"state": ["exact"], "call": ["exact"], "agency": ["exact"]}
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "accept": ANSWER,
        "decline": ANSWER,
        "arrive": VIEW,
    }

    @extend_schema(request=inputs.ComingInput, responses=outputs.AssistanceAnswerSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Answer:
        """We come: with what, and when we are there."""
        row = actions.accept(asked=self.get_object(), by=self.by, **self.valid(inputs.ComingInput))
        return self.shown(self.again(row))

    @extend_schema(request=inputs.CannotInput, responses=outputs.AssistanceAnswerSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Answer:
        """We cannot come, and why."""
        row = actions.decline(asked=self.get_object(), by=self.by, **self.valid(inputs.CannotInput))
        return self.shown(self.again(row))

    @extend_schema(request=None, responses=outputs.AssistanceAnswerSerializer)
    @action(detail=True, methods=["post"])
    def arrive(self, request: Request, pk: str) -> Answer:
        """They are there: said by either side."""
        return self.shown(self.again(actions.arrive(asked=self.get_object(), by=self.by)))


class DeskViewSet(SeeingViewSet, ReadViewSet):
    """From where agencies' people come when they are called: the own, and those of acquainted agencies (R18)."""

    serializer_class = outputs.DeskSerializer
    queryset = Desk.objects.none()
    keyset = ("-set_at", "-pk")
    filterset_fields: dict[str, list[str]] = {"agency": ["exact"]}
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": Permission.OPERATION_PLAN,
        "close": Permission.OPERATION_PLAN,
    }

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Desk.objects.none()
        return Desk.objects.visible_to(self.access).manned()

    @extend_schema(request=inputs.DeskInput, responses={201: outputs.DeskSerializer})
    def create(self, request: Request) -> Answer:
        """Tell of a desk of the own agency; one of that name is replaced."""
        return self.created(desks.man(by=self.by, **self.valid(inputs.DeskInput)))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Answer:
        """Nobody comes from there any more."""
        desks.close(desk=self.get_object(), by=self.by)
        return Answer(status=204)
