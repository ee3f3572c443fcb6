"""The agenda of a meeting, and the records laid before it."""

import uuid
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from operations.meetings import agenda, papers, presenting
from operations.meetings.api import inputs, outputs
from operations.meetings.api.attending import AttendingViewSet
from operations.meetings.models import AgendaItem, Meeting
from operations.planning import rights


class AgendaViewSet(AttendingViewSet):
    def _item_values(self, row: Meeting) -> dict[str, Any]:
        rights.require_lead(self.by, row.record, "writes the agenda")
        values = self.valid(inputs.ItemInput)
        if values["presenter"]:
            known = {part.agency_id: part.agency for part in presenting.sheet(row, self.by, self.access.at).parts}
            if values["presenter"] not in known:
                raise ValidationError({"presenter": ["This agency is not invited."]})
            values["presenter"] = known[values["presenter"]]
        return values

    def _item(self, row: Meeting, key: uuid.UUID) -> AgendaItem:
        return get_object_or_404(row.items.select_related("meeting"), pk=key)

    @extend_schema(request=inputs.ItemInput, responses={201: outputs.ItemPart})
    @action(detail=True, methods=["post"], url_path="agenda-items")
    def add_item(self, request: Request, pk: uuid.UUID) -> Response:
        """Put an item at the end of the agenda: the agency that called the meeting does."""
        row: Meeting = self.get_object()
        item = agenda.add(row, by=self.by, **self._item_values(row))
        return self.answer(outputs.ItemPart, item, [row], status=201)

    @extend_schema(request=inputs.ItemInput, responses=outputs.ItemPart)
    @action(detail=True, methods=["put"], url_path="agenda-items/<uuid:item>")
    def change_item(self, request: Request, pk: uuid.UUID, item: uuid.UUID) -> Response:
        """Word an item anew."""
        row: Meeting = self.get_object()
        found = self._item(row, item)
        return self.answer(outputs.ItemPart, agenda.change(found, by=self.by, **self._item_values(row)), [row])

    @extend_schema(request=None, responses=outputs.MeetingDetailSerializer)
    @action(detail=True, methods=["post"], url_path="agenda-items/<uuid:item>/end")
    def take_off_item(self, request: Request, pk: uuid.UUID, item: uuid.UUID) -> Response:
        """Take an item off the agenda."""
        agenda.take_off(self._item(self.get_object(), item), by=self.by)
        return self.shown(self.get_object())

    @extend_schema(request=inputs.MoveInput, responses=outputs.MeetingDetailSerializer)
    @action(detail=True, methods=["post"], url_path="agenda-items/<uuid:item>/move")
    def move_item(self, request: Request, pk: uuid.UUID, item: uuid.UUID) -> Response:
        """One place earlier or later."""
        agenda.move(self._item(self.get_object(), item), by=self.by, **self.valid(inputs.MoveInput))
        return self.shown(self.get_object())

    @extend_schema(request=inputs.PaperInput, responses=outputs.MeetingDetailSerializer)
    @action(detail=True, methods=["post"], url_path="papers")
    def lay_paper(self, request: Request, pk: uuid.UUID) -> Response:
        """Lay a record before the meeting. That opens nothing: who does not see the record is not told of it (R5)."""
        row: Meeting = self.get_object()
        record = self.named_record(self.valid(inputs.PaperInput)["record"])
        papers.lay(meeting=row, record=record, by=self.by)
        return self.shown(self.get_object())

    @extend_schema(request=None, responses=outputs.MeetingDetailSerializer)
    @action(detail=True, methods=["post"], url_path="papers/<uuid:paper>/end")
    def take_back_paper(self, request: Request, pk: uuid.UUID, paper: uuid.UUID) -> Response:
        """Take a paper back: the agency that laid it does, or the one that called the meeting."""
        row: Meeting = self.get_object()
        found = next((item for item in papers.seen(row, self.access) if item.pk == paper), None)
        if found is None:
            raise Http404
        found.meeting = row
        papers.take_back(paper=found, by=self.by)
        return self.shown(self.get_object())
