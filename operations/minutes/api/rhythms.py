"""Rhythms over the API."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError as Invalid
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.register.models import Agreement, Clause
from agreements.sharing.api.base import SeeingViewSet
from agreements.sharing.disclosure import disclose, items_of
from operations.minutes import rhythms
from operations.minutes.actions import rhythms as actions
from operations.minutes.api import inputs, serializers
from operations.minutes.forms.rhythms import regions_in
from operations.minutes.models import Rhythm
from operations.minutes.rhythms import Standing, standings
from portal.api.viewsets import ReadViewSet

VIEW, CALL = Permission.MEETING_VIEW, Permission.MEETING_CALL


class RhythmViewSet(SeeingViewSet, ReadViewSet):
    """How often boards meet and plans are reviewed, as it stands for the reader."""

    serializer_class = serializers.RhythmSerializer
    filterset_fields = ["agreement", "operation", "subject"]
    keyset = ("recorded_at", "pk")
    required_permissions = {
        "list": VIEW, "retrieve": VIEW, "create": CALL, "dates": VIEW, "review": CALL, "end": CALL,
    }  # fmt: skip

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Rhythm.objects.none()
        return Rhythm.objects.visible_to(self.access).standing().with_words()

    @cached_property
    def _standings(self) -> dict[uuid.UUID, Standing]:
        return {}

    def standing_of(self, row: Rhythm) -> Standing:
        if row.pk not in self._standings:
            self._ask([row])
        return self._standings[row.pk]

    def _ask(self, rows: Sequence[Rhythm]) -> None:
        self._standings.update({item.rhythm.pk: item for item in standings(rows, self.access, self.access.at)})

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        self._ask(rows or ())
        return rows

    def disclosures(self, rows: Sequence[Any]) -> Iterable[Mapping[str, Any]]:
        records = {row.operation_id: row.operation for row in rows if row.operation}
        coming = (self.standing_of(row).next for row in rows)
        records |= {item.meeting: item.record for item in coming if item}
        return items_of(self.access, records.values())

    @extend_schema(request=inputs.RhythmInput, responses={201: serializers.RhythmSerializer})
    def create(self, request: Request) -> Response:
        """State one: for an agreement a treaty admin of a party, for an operation a commander of its lead."""
        values = self.valid(inputs.RhythmInput)
        row = actions.state(
            by=self.by,
            key=values.pop("id", None),
            agreement=self._agreement(values.pop("agreement", None)),
            operation=self._operation(values.pop("operation", None)),
            clause=self._clause(values.pop("clause", None)),
            **values,
        )
        return self.created(self.get_queryset().get(pk=row.pk))

    def _agreement(self, key: uuid.UUID | None) -> Agreement | None:
        if key is None:
            return None
        row = Agreement.objects.visible_to(self.by).filter(pk=key).first()
        if row is None:
            raise ValidationError({"agreement": ["There is no such agreement."]})
        return row

    def _operation(self, key: uuid.UUID | None) -> Any:
        if key is None:
            return None
        row = self.seen().of_kind("operation").select_related("owner__country").filter(pk=key).first()
        if row is None:
            raise ValidationError({"operation": ["There is no such operation."]})
        return row

    def _clause(self, key: uuid.UUID | None) -> Clause | None:
        if key is None:
            return None
        known = Agreement.objects.visible_to(self.by).values("pk")
        row = Clause.objects.filter(agreement__in=known, pk=key).select_related("agreement").first()
        if row is None:
            raise ValidationError({"clause": ["There is no such article."]})
        return row

    @extend_schema(parameters=[inputs.RhythmDatesAsked], responses=serializers.SlotSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def dates(self, request: Request, pk: str) -> Response:
        """Dates for the next meeting, in everybody's working hours; with warnings where none suits everybody."""
        row: Rhythm = self.get_object()
        asked = inputs.RhythmDatesAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        try:
            regions = regions_in(asked.validated_data["regions"])
        except Invalid as error:
            raise ValidationError({"regions": error.messages}) from None
        disclose(request._request, [row.operation] if row.operation else [])
        minutes = asked.validated_data["minutes"]
        found = rhythms.proposals(self.standing_of(row), self.access, self.access.at, minutes=minutes, regions=regions)
        return Response(serializers.SlotSerializer(found, many=True).data)

    @extend_schema(request=inputs.RhythmReviewInput, responses=serializers.RhythmSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: str) -> Response:
        """Note that the plan was reviewed on a day."""
        actions.note_review(rhythm=self.get_object(), by=self.by, **self.valid(inputs.RhythmReviewInput))
        return self.shown(self.get_object())

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """It is to come round no more."""
        actions.end(rhythm=self.get_object(), by=self.by)
        return Response(status=204)
