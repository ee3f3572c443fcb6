"""Responses, tasks and handovers over the API: the same rows and actions as the pages."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response as Answer

from agencies.directory.roles import Permission
from agreements.sharing.api.base import DetailViewSet, HangingViewSet
from agreements.sharing.disclosure import disclose, items_of
from operations.incidents.api.serializers import IncidentSerializer
from operations.incidents.models import IncidentReport
from operations.response.actions import handovers
from operations.response.actions import responses as actions
from operations.response.api import inputs, outputs
from operations.response.models import Handover, Response, Task

VIEW, REPORT = Permission.INCIDENT_VIEW, Permission.INCIDENT_REPORT


class ResponseViewSet(DetailViewSet):
    """Responses, under the keys of their incidents. Their tasks are their owners' alone."""

    model = Response
    serializer_class = outputs.ResponseSerializer
    filterset_fields: dict[str, list[str]] = {"state": ["exact"]}
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "start": REPORT,
        "tasks": VIEW,
        "give": REPORT,
        "follow": REPORT,
        "hand_on": REPORT,
        "close": REPORT,
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("lead__officer", "lead__agency")

    @extend_schema(operation_id="incidents_response_start", request=None, responses=outputs.ResponseSerializer)
    def start(self, request: Request, pk: uuid.UUID) -> Answer:
        """Begin a response to the incident: who begins leads it. Twice changes nothing."""
        report = IncidentReport.objects.visible_to(self.access).filter(pk=pk).first()
        if report is None:
            raise NotFound
        actions.start(report=report, by=self.by)
        return self.shown(self.get_queryset().get(pk=pk))

    @extend_schema(operation_id="responses_tasks_list", responses=outputs.TaskSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def tasks(self, request: Request, pk: str) -> Answer:
        """Its tasks, to its owner; to others none."""
        row: Response = self.get_object()
        disclose(request._request, [row.record])
        rows = Task.objects.visible_to(self.access).with_words().filter(response=row)
        return Answer(outputs.TaskSerializer(rows, many=True, context=self.get_serializer_context()).data)

    @extend_schema(
        operation_id="responses_tasks_create", request=inputs.TaskInput, responses={201: outputs.TaskSerializer}
    )
    @tasks.mapping.post
    def give(self, request: Request, pk: str) -> Answer:
        """Give a task."""
        row: Response = self.get_object()
        made = actions.give(response=row, by=self.by, **self.valid(inputs.TaskInput))
        return self._task(request, made, 201)

    @extend_schema(request=inputs.FollowInput, responses=outputs.TaskSerializer(many=True), filters=False)
    @action(detail=True, methods=["post"], pagination_class=None)
    def follow(self, request: Request, pk: str) -> Answer:
        """Make a task of each step of a procedure; the answer is those that are new."""
        row: Response = self.get_object()
        made = actions.follow(response=row, by=self.by, **self.valid(inputs.FollowInput))
        disclose(request._request, [row.record])
        rows = Task.objects.with_words().filter(pk__in=[task.pk for task in made])
        return Answer(outputs.TaskSerializer(rows, many=True, context=self.get_serializer_context()).data)

    @extend_schema(request=inputs.LeadInput, responses=outputs.ResponseSerializer)
    @action(detail=True, methods=["post"], url_path="lead")
    def hand_on(self, request: Request, pk: str) -> Answer:
        """Let another officer of the agency lead it."""
        actions.hand_on(response=self.get_object(), by=self.by, **self.valid(inputs.LeadInput))
        return self.shown(self.get_object())

    @extend_schema(request=inputs.ResponseCloseInput, responses=outputs.ResponseSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Answer:
        """Close it with its outcome."""
        actions.close(response=self.get_object(), by=self.by, **self.valid(inputs.ResponseCloseInput))
        return self.shown(self.get_object())

    def _task(self, request: Request, task: Task, status: int) -> Answer:
        disclose(request._request, [task.record])
        row = Task.objects.with_words().get(pk=task.pk)
        return Answer(outputs.TaskSerializer(row, context=self.get_serializer_context()).data, status=status)


class TaskViewSet(HangingViewSet):
    """Tasks of the own agency's responses."""

    model = Task
    serializer_class = outputs.TaskSerializer
    keyset = ("-made_at", "-pk")
    filterset_fields: dict[str, list[str]] = {"state": ["exact"], "response": ["exact"], "assignee": ["exact"]}
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "change": REPORT,
        "end": REPORT,
        "offer": REPORT,
    }

    @extend_schema(request=inputs.TaskChange, responses=outputs.TaskSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Answer:
        """Give it to another officer, or another time."""
        row = actions.change(task=self.get_object(), by=self.by, **self.valid(inputs.TaskChange))
        return self.shown(self.again(row))

    @extend_schema(request=inputs.TaskEndInput, responses=outputs.TaskSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Answer:
        """It is done, or dropped with a reason."""
        row = actions.end(task=self.get_object(), by=self.by, **self.valid(inputs.TaskEndInput))
        return self.shown(self.again(row))

    @extend_schema(request=inputs.OfferInput, responses={201: outputs.TaskHandoverSerializer})
    @action(detail=True, methods=["post"])
    def offer(self, request: Request, pk: str) -> Answer:
        """Offer it to a partner that reads the incident already: an offer opens nothing."""
        row: Task = self.get_object()
        made = handovers.offer(task=row, by=self.by, **self.valid(inputs.OfferInput))
        disclose(request._request, [row.record])
        made = Handover.objects.with_words().get(pk=made.pk)
        return Answer(outputs.TaskHandoverSerializer(made, context=self.get_serializer_context()).data, status=201)


class HandoverViewSet(HangingViewSet):
    """Tasks offered to partners: to the owner of the incident and to the agency that was asked (R5)."""

    model = Handover
    serializer_class = outputs.TaskHandoverSerializer
    keyset = ("-offered_at", "-pk")
    filterset_fields: dict[str, list[str]] = {"state": ["exact"], "response": ["exact"], "agency": ["exact"]}
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "take": REPORT,
        "decline": REPORT,
        "finish": REPORT,
        "take_back": REPORT,
    }

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        self.sight.ask(row.own_id for row in rows or () if row.own_id and row.agency_id in self.by.agencies)
        return rows

    def disclosures(self, rows: Sequence[Any]) -> Iterable[Mapping[str, Any]]:
        """The incident offered, and to the taker's officers the own one (R29)."""
        taken = {row.own_id for row in rows if row.own_id and row.agency_id in self.by.agencies}
        return items_of(self.access, [*(row.record for row in rows), *self.seen().filter(pk__in=taken)])

    @extend_schema(request=None, responses={201: IncidentSerializer})
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Answer:
        """Take it: the answer is the own incident that it opened, a draft that cites the first."""
        own = handovers.take(handover=self.get_object(), by=self.by)
        disclose(request._request, [own.record])
        return Answer(IncidentSerializer(own, context=self.get_serializer_context()).data, status=201)

    @extend_schema(request=inputs.HandoverDeclineInput, responses=outputs.TaskHandoverSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Answer:
        """Not taken, and why."""
        row = handovers.decline(handover=self.get_object(), by=self.by, **self.valid(inputs.HandoverDeclineInput))
        return self.shown(self.again(row))

    @extend_schema(request=None, responses=outputs.TaskHandoverSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Answer:
        """Tell the owner that it is done."""
        return self.shown(self.again(handovers.finish(handover=self.get_object(), by=self.by)))

    @extend_schema(request=None, responses=outputs.TaskHandoverSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Answer:
        """The owner takes it back."""
        return self.shown(self.again(handovers.withdraw(handover=self.get_object(), by=self.by)))
