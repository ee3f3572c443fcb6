"""The situation of an operation over the API: the numbers of its page. What they count is in the rooms' lists."""

import uuid
from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.sharing.api import DetailViewSet
from agreements.sharing.api.parts import AgencyPart
from agreements.sharing.disclosure import items_of, note_opening
from agreements.sharing.policy import decide
from operations.picture import ground, situation
from operations.planning import presenting
from operations.planning.models import Operation
from portal.audit import recording


class EffortPart(serializers.Serializer[situation.Effort]):
    """What one agency's legs add up to, as far as the reader sees them."""

    agency = AgencyPart()
    legs = serializers.IntegerField()
    running = serializers.IntegerField()
    duration_s = serializers.SerializerMethodField(help_text="Running legs until now.")
    length_m = serializers.FloatField()

    def get_duration_s(self, effort: situation.Effort) -> float:
        return effort.duration.total_seconds()


class NeedPart(serializers.Serializer[Any]):
    count = serializers.IntegerField(source="value")
    words = serializers.CharField()


class SituationSerializer(serializers.Serializer[Any]):
    """Patrols by state, overdue ones besides; hours and kilometres per agency; what waits for the reader."""

    operation = serializers.UUIDField()
    as_of = serializers.DateTimeField()
    period = serializers.ChoiceField(choices=list(situation.PERIODS))
    patrols = serializers.DictField(child=serializers.IntegerField(), help_text="By state; `overdue` counts twice.")
    efforts = EffortPart(many=True)
    needs = NeedPart(many=True)


class SquareSerializer(serializers.Serializer[ground.Square]):
    """What one agency did in a square of the grid, pauses taken out."""

    square = serializers.CharField(source="name", help_text="MGRS.")
    latitude = serializers.FloatField(help_text="Of its middle.")
    longitude = serializers.FloatField()
    agency = AgencyPart()
    legs = serializers.SerializerMethodField()
    duration_s = serializers.FloatField(source="seconds")
    length_m = serializers.FloatField(source="metres")

    def get_legs(self, square: ground.Square) -> int:
        return len(square.legs)


class GroundSerializer(serializers.Serializer[Any]):
    operation = serializers.UUIDField()
    as_of = serializers.DateTimeField()
    period = serializers.ChoiceField(choices=list(situation.PERIODS))
    side_m = serializers.ChoiceField(choices=list(ground.SIDES))
    squares = SquareSerializer(many=True)
    untimed = serializers.IntegerField(help_text="Tracks without times: their kilometres count, their hours cannot.")
    left_out = serializers.IntegerField(help_text="Whether there are older tracks than the 200 that were counted.")


SIDE = OpenApiParameter("side", enum=list(ground.SIDES), description="Metres. Default: 1000.")
PERIOD = OpenApiParameter("period", enum=list(situation.PERIODS), description="Of the efforts. Default: week.")


class SituationViewSet(DetailViewSet):
    """What is going on in one operation, in numbers."""

    model = Operation
    serializer_class = SituationSerializer
    required_permissions = {"retrieve": Permission.OPERATION_VIEW, "effort": Permission.OPERATION_VIEW}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if getattr(self, "swagger_fake_view", False) else rows.with_basis()

    @extend_schema(operation_id="operations_situation_retrieve", parameters=[PERIOD])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The numbers of the situation, as far as the reader may see what they count."""
        row, name = self._asked()
        note_opening(self.access, row.record)
        recording.disclose(by=self.by, items=self.disclosures([row]))
        return Response(SituationSerializer(self._found(row, name)).data)

    def _asked(self) -> tuple[Operation, str]:
        """The operation, if its numbers may be taken away, and the period."""
        row: Operation = self.get_object()
        decision = decide(self.access, row.record, "export")
        if not decision:
            raise PermissionDenied(decision.missing[0])
        return row, self._one_of("period", list(situation.PERIODS), situation.DEFAULT_PERIOD)

    def _one_of(self, name: str, words: list[str], usual: str) -> str:
        word = self.request.query_params.get(name, usual)
        if word not in words:
            raise ValidationError({name: [f"Give one of {', '.join(words)}."]})
        return word

    @extend_schema(operation_id="operations_effort_retrieve", parameters=[PERIOD, SIDE], responses=GroundSerializer)
    def effort(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hours and kilometres by square of the grid and agency, over the tracks that the reader sees."""
        row, name = self._asked()
        side = int(self._one_of("side", [str(size) for size in ground.SIDES], str(ground.USUAL_SIDE)))
        period = situation.period_of(name, self.access.at)
        found = ground.ground(row, self.access, period, side, only=_with_a_body(self.by.agencies))
        shown = {record.pk: record for record in (row.record, *found.records)}
        recording.disclose(by=self.by, items=items_of(self.access, shown.values()))
        told = {"operation": row.pk, "as_of": self.access.at, "period": period.name, "side_m": side}
        counted = {name: getattr(found, name) for name in ("squares", "untimed", "left_out")}
        return Response(GroundSerializer({**told, **counted}).data)

    def _found(self, row: Operation, name: str) -> dict[str, Any]:
        access, at = self.access, self.access.at
        period = situation.period_of(name, at)
        counts = situation.patrol_counts(row, access, at)
        late = next(count.number for count in counts if count.state == "overdue")
        sheet = presenting.sheet(row, self.by, at)
        return {
            "operation": row.pk,
            "as_of": at,
            "period": period.name,
            "patrols": {count.state: count.number.value for count in counts},
            "efforts": situation.efforts(row, access, period, only=_with_a_body(self.by.agencies)),
            "needs": situation.needs(row, sheet, access, late),
        }


def _with_a_body(own: Collection[uuid.UUID]) -> Q:
    """What is display-only and not one's own has no body over the API, and so no length or duration (R7)."""
    return Q(record__display_only=False) | Q(record__owner__in=own)
