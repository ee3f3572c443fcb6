"""Minutes over the API: the same rows and actions as the pages."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.register.models import Agreement
from agreements.sharing.api.base import DetailViewSet, SeeingViewSet
from agreements.sharing.disclosure import disclose, items_of
from operations.minutes import verifying
from operations.minutes.actions import agreeing, keeping, points
from operations.minutes.api import inputs, serializers
from operations.minutes.api.filters import CopyFilterSet, MinutesFilterSet
from operations.minutes.models import Annotation, Minutes, MinutesCopy, Point
from operations.minutes.presenting import annotations_of
from operations.sealing import basis
from operations.sealing.api import SealedViewSet

VIEW, CALL = Permission.MEETING_VIEW, Permission.MEETING_CALL
IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description="ETag of the version you read."
)


class KnowingViewSet(SeeingViewSet):
    """Which agreements and meetings the reader may know of: each asked for once for an answer (R23)."""

    @cached_property
    def _known(self) -> dict[uuid.UUID, bool]:
        return {}

    def knows(self, agreement: uuid.UUID) -> bool:
        self.look_for_agreements({agreement})
        return self._known[agreement]

    def look_for_agreements(self, keys: set[uuid.UUID]) -> None:
        wanted = keys - self._known.keys()
        if wanted:
            rows = Agreement.objects.visible_to(self.by).filter(pk__in=wanted)
            seen = set(rows.values_list("pk", flat=True))
            self._known.update({key: key in seen for key in wanted})

    @cached_property
    def _meetings(self) -> dict[uuid.UUID, bool]:
        return {}

    def look_for_meetings(self, rows: Iterable[Minutes]) -> None:
        wanted = {row.meeting for row in rows} - self._meetings.keys()
        if wanted:
            seen = set(self.seen().filter(pk__in=wanted).values_list("pk", flat=True))
            self._meetings.update({key: key in seen for key in wanted})

    def meetings_seen(self, row: Minutes) -> set[uuid.UUID]:
        self.look_for_meetings([row])
        return {key for key, seen in self._meetings.items() if seen}


class MinutesViewSet(KnowingViewSet, DetailViewSet):
    """Minutes as far as the reader may see them, of the latest meeting first."""

    model = Minutes
    filterset_class = MinutesFilterSet
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": CALL,
        "partial_update": CALL,
        "points": CALL,
        "words": CALL,
        "footings": CALL,
        "put_forward": CALL,
        "agree": CALL,
        "take_back": CALL,
        "withdraw": CALL,
        "approvals": VIEW,
    }

    def get_serializer_class(self) -> Any:
        return serializers.MinutesSerializer if self.action == "list" else serializers.MinutesDetailSerializer

    def get_queryset(self) -> Any:
        rows = super().get_queryset().prefetch_related("sides")
        return rows if self.action == "list" else rows.prefetch_related("points", "wordings")

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        self.look_for_meetings(rows or ())
        return rows

    def disclosures(self, rows: Sequence[Any]) -> Iterable[Mapping[str, Any]]:
        self.look_for_meetings(rows)
        named = {row.meeting for row in rows if self._meetings.get(row.meeting)}
        meetings = list(self.seen().filter(pk__in=named)) if named else []
        return [*super().disclosures(rows), *items_of(self.access, meetings)]

    @extend_schema(request=inputs.MinutesInput, responses={201: serializers.MinutesDetailSerializer})
    def create(self, request: Request) -> Response:
        """Begin the minutes of a meeting that the own agency called. They go to nobody until they are put forward."""
        row = keeping.begin(by=self.by, **self.valid(inputs.MinutesInput))
        return self.created(self.get_queryset().get(pk=row.pk))

    @extend_schema(parameters=[IF_MATCH], request=inputs.MinutesChange, responses=serializers.MinutesDetailSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change title, opening or place. Once they are with the agencies, all agree anew."""
        row: Minutes = self.get_object()
        version = self.check_version(row)
        keeping.change(minutes=row, by=self.by, version=version, **self.valid(inputs.MinutesChange))
        return self.shown(self.get_object())

    @extend_schema(request=inputs.PointInput, responses={201: serializers.MinutesPointSerializer})
    @action(detail=True, methods=["post"])
    def points(self, request: Request, pk: str) -> Response:
        """Add an item, or a decision under one."""
        row: Minutes = self.get_object()
        values = self.valid(inputs.PointInput)
        key, under = values.pop("id", None), values.pop("under", None)
        item = get_object_or_404(row.points, pk=under) if under else None
        point = points.add_point(minutes=row, by=self.by, under=item, key=key, **values)
        disclose(request._request, [row.record])
        return Response(serializers.MinutesPointSerializer(point).data, status=201)

    @extend_schema(request=inputs.MinutesWordsInput, responses=serializers.MinutesDetailSerializer)
    @action(detail=True, methods=["post"])
    def words(self, request: Request, pk: str) -> Response:
        """Put them into another language, or take that away."""
        keeping.put_into_words(minutes=self.get_object(), by=self.by, **self.valid(inputs.MinutesWordsInput))
        return self.shown(self.get_object())

    @extend_schema(responses=serializers.MinutesFootingSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def footings(self, request: Request, pk: str) -> Response:
        """To the secretary's agency: by which article each agency would read them (R27)."""
        row: Minutes = self.get_object()
        disclose(request._request, [row.record])
        if not self.access.owns(row.record.owner_id):
            raise PermissionDenied(f"Only {row.record.owner.short} puts them to the agencies.")
        found = basis.footings(row.record, keeping.others(row, self.by), self.by, self.access.at)
        return Response(serializers.MinutesFootingSerializer(found, many=True).data)

    @extend_schema(request=None, responses=serializers.MinutesDetailSerializer)
    @action(detail=True, methods=["post"], url_path="put-forward")
    def put_forward(self, request: Request, pk: str) -> Response:
        """Put them to the agencies that attended, under an article for each; to none where one is missing."""
        keeping.put_forward(minutes=self.get_object(), by=self.by)
        return self.shown(self.get_object())

    @extend_schema(request=inputs.MinutesAgreeInput, responses={201: serializers.MinutesApprovalSerializer})
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: str) -> Response:
        """Agree for the own agency. The last seals them: each agency then owns a copy under /minutes-copies/."""
        row: Minutes = self.get_object()
        found = agreeing.agree(minutes=row, by=self.by, **self.valid(inputs.MinutesAgreeInput))
        return Response(self._approvals(request, row, [found])[0], status=201)

    @extend_schema(request=None, responses=serializers.MinutesDetailSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        """Take the own agency's agreement back before all have agreed."""
        agreeing.take_back(minutes=self.get_object(), by=self.by)
        return self.shown(self.get_object())

    @extend_schema(request=inputs.MinutesReasonInput, responses=serializers.MinutesDetailSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take them back before all have agreed: releases are revoked, action items bind nobody."""
        keeping.withdraw(minutes=self.get_object(), by=self.by, **self.valid(inputs.MinutesReasonInput))
        return self.shown(self.get_object())

    @extend_schema(responses=serializers.MinutesApprovalSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def approvals(self, request: Request, pk: str) -> Response:
        """What each agency said, also what lapsed."""
        row: Minutes = self.get_object()
        return Response(self._approvals(request, row, list(row.approvals.with_words())))

    def _approvals(self, request: Request, row: Minutes, found: list[Any]) -> Any:
        annotations = annotations_of(found, self.access)
        disclose(request._request, [row.record, *(item.record for item in annotations.values())])
        context = {**self.get_serializer_context(), "annotations": annotations}
        return serializers.MinutesApprovalSerializer(found, many=True, context=context).data


class PointViewSet(KnowingViewSet):
    """Items and decisions of minutes that the reader sees."""

    serializer_class = serializers.MinutesPointSerializer
    required_permissions = {"retrieve": VIEW, "partial_update": CALL, "destroy": CALL, "actions": CALL}
    filter_backends: list[Any] = []

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Point.objects.none()
        rows = Point.objects.filter(minutes__in=Minutes.objects.visible_to(self.access).values("pk"))
        return rows.select_related("minutes__record__owner__country")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.shown(self.get_object())

    def disclosures(self, rows: Sequence[Any]) -> Iterable[Mapping[str, Any]]:
        return items_of(self.access, {row.minutes_id: row.minutes.record for row in rows}.values())

    @extend_schema(request=inputs.PointChange, responses=serializers.MinutesPointSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        points.change_point(point=self.get_object(), by=self.by, **self.valid(inputs.PointChange))
        return self.shown(self.get_object())

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Take it out, with the decisions and action items under it."""
        points.remove_point(point=self.get_object(), by=self.by)
        return Response(status=204)

    @extend_schema(request=inputs.ActionItemInput, responses={201: serializers.ActionItemSerializer})
    @action(detail=True, methods=["post"])
    def actions(self, request: Request, pk: str) -> Response:
        """Add an action item to a decision."""
        point: Point = self.get_object()
        values = self.valid(inputs.ActionItemInput)
        key = values.pop("id", None)
        item = points.add_action(decision=point, by=self.by, key=key, **with_clause(values))
        disclose(request._request, [point.minutes.record])
        context = self.get_serializer_context()
        return Response(serializers.ActionItemSerializer(item, context=context).data, status=201)


def with_clause(values: dict[str, Any]) -> dict[str, Any]:
    """The article by its key: the action asks whether it may be named."""
    if values.get("clause") is None:
        return values
    return {**values, "clause": points.clause_of(values["clause"])}


class AnnotationViewSet(DetailViewSet):
    """Annotations of minutes that the reader may see."""

    model = Annotation
    serializer_class = serializers.AnnotationSerializer
    required_permissions = {"list": VIEW, "retrieve": VIEW}


class CopyViewSet(SealedViewSet):
    """Agreed minutes: the own agency's copies, and what others released of theirs."""

    model = MinutesCopy
    serializer_class = serializers.MinutesCopySerializer
    line_serializer_class = serializers.MinutesCopyLineSerializer
    filterset_class = CopyFilterSet
    required_permissions = {"list": VIEW, "retrieve": VIEW, "verify": VIEW}

    @extend_schema(responses=serializers.MinutesVerifySerializer, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def verify(self, request: Request, pk: str) -> Response:
        """Work out every digest again, and ask the ledger."""
        row: MinutesCopy = self.get_object()
        told = self.verified(row, verifying.checks_of(row))
        return Response(serializers.MinutesVerifySerializer(told).data)
