"""Alarms, notices, timers and what holds now, over the API."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.sharing.api.base import DetailViewSet, SeeingViewSet
from agreements.sharing.disclosure import items_of
from agreements.sharing.models import Record
from operations.field.actions import crossings, signals
from operations.field.models import Crossing
from operations.patrols.models import Patrol
from operations.safety import standing
from operations.safety.actions import alarms, escalation, notices, timers
from operations.safety.api import outputs
from operations.safety.choices import DESK_AFTER, NEIGHBOURS_AFTER, PARTNERS_AFTER, Step
from operations.safety.models import Alarm, LimitChange, Notice
from operations.safety.querysets import named_by
from portal.api.viewsets import ReadViewSet
from portal.audit import recording
from portal.positions import reading
from portal.ui.errors import Refused

VIEW, RUN = Permission.PATROL_VIEW, Permission.PATROL_RUN


class AlarmCloseInput(serializers.Serializer[Any]):
    outcome = serializers.CharField(max_length=300)


class NoticeAnswerInput(serializers.Serializer[Any]):
    acts = serializers.BooleanField()
    words = serializers.CharField(max_length=200, required=False, allow_blank=True)


class TimerInput(serializers.Serializer[Any]):
    every = serializers.IntegerField(allow_null=True, min_value=5, max_value=timers.LONGEST)
    desk_after = serializers.IntegerField(default=DESK_AFTER, min_value=1, max_value=timers.LONGEST)
    partners_after = serializers.IntegerField(default=PARTNERS_AFTER, min_value=1, max_value=timers.LONGEST)
    neighbours_after = serializers.IntegerField(default=NEIGHBOURS_AFTER, min_value=1, max_value=timers.LONGEST)


class CheckInInput(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=500, required=False, allow_blank=True)


class AlarmHelpInput(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=500, required=False, allow_blank=True)
    latitude = serializers.FloatField(required=False, min_value=-90, max_value=90)
    longitude = serializers.FloatField(required=False, min_value=-180, max_value=180)
    position = serializers.CharField(
        max_length=reading.LONGEST, required=False, allow_blank=True, help_text=reading.HELP
    )
    neighbours = serializers.BooleanField(default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        latitude, longitude = attrs.pop("latitude", None), attrs.pop("longitude", None)
        # Half a place, or none that is on Earth, keeps no call from being heard.
        whole = latitude is not None and longitude is not None and latitude == latitude and longitude == longitude
        return {**attrs, "position": (latitude, longitude) if whole else _read(attrs.pop("position", ""))}


def _read(text: str) -> tuple[float, float] | None:
    """A position that was typed. Its words are not lost with it: what cannot be read keeps no call from being heard."""
    try:
        return reading.parse(text)
    except Refused:
        return None


class AlarmViewSet(SeeingViewSet, ReadViewSet):
    """Alarms of the own agency's teams, the newest first."""

    serializer_class = outputs.AlarmSerializer
    queryset = Alarm.objects.none()
    keyset = ("-raised_at", "-pk")
    filterset_fields = {"cause": ["exact"], "acknowledged_at": ["isnull"], "closed_at": ["isnull"]}
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": VIEW,
        **dict.fromkeys(("acknowledge", "close", "partners", "neighbours"), RUN),
    }

    def get_queryset(self) -> QuerySet[Alarm]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Alarm.objects.visible_to(self.access).with_words(self.access)

    def disclosures(self, rows: Any) -> Any:
        """Of each the patrol and the notice that it names."""
        return items_of(self.access, named_by(rows, self.access))

    @extend_schema(request=AlarmHelpInput, responses={201: outputs.AlarmSerializer})
    def create(self, request: Request) -> Response:
        """Call the own agency for help. The alarm is raised within seconds; until then the answer names its signal."""
        active = standing.standing_of(self.access).watched
        patrol = active[0].patrol if len(active) == 1 else None
        row = signals.call(by=self.by, at=timezone.now(), patrol=patrol, **self.valid(AlarmHelpInput))
        return Response({"signal": str(row.pk)}, status=201)

    def _again(self, row: Alarm) -> Response:
        return self.shown(self.get_queryset().get(pk=row.pk))

    @extend_schema(request=None, responses=outputs.AlarmSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: uuid.UUID) -> Response:
        """You act on it: the team reads your function, and it is told no further."""
        return self._again(alarms.acknowledge(alarm=self.get_object(), by=self.by))

    @extend_schema(request=AlarmCloseInput, responses=outputs.AlarmSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: uuid.UUID) -> Response:
        """It is over."""
        return self._again(alarms.close(alarm=self.get_object(), by=self.by, **self.valid(AlarmCloseInput)))

    @extend_schema(request=None, responses=outputs.AlarmSerializer)
    @action(detail=True, methods=["post"])
    def partners(self, request: Request, pk: uuid.UUID) -> Response:
        """Write the notice for partners on the patrol, held: release it as any record."""
        return self._again(escalation.further(alarm=self.get_object(), step=Step.PARTNERS, by=self.by))

    @extend_schema(request=None, responses=outputs.AlarmSerializer)
    @action(detail=True, methods=["post"])
    def neighbours(self, request: Request, pk: uuid.UUID) -> Response:
        """Danger to life: place and call-back number to the neighbours on the patrol, for one hour (R24)."""
        return self._again(escalation.further(alarm=self.get_object(), step=Step.NEIGHBOURS, by=self.by))


class NoticeViewSet(DetailViewSet):
    """What partners on a patrol are told of alarms, as far as the reader may see it, the newest first."""

    serializer_class = outputs.NoticeSerializer
    model = Notice
    required_permissions = {"list": VIEW, "retrieve": VIEW, "answer": Permission.DISTRESS_SEND}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if getattr(self, "swagger_fake_view", False) else rows.select_related("alarm")

    @extend_schema(request=NoticeAnswerInput, responses=outputs.NoticeSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: uuid.UUID) -> Response:
        """Whether your desk acts on it: its owner reads it, and nobody else (R5)."""
        notices.answer(notice=self.get_object(), by=self.by, **self.valid(NoticeAnswerInput))
        return self.shown(self.get_object())


class PatrolSafetyViewSet(SeeingViewSet):
    """The own team's timer and check-ins on one patrol."""

    serializer_class = outputs.TimerSerializer
    queryset = Record.objects.none()
    filter_backends = []
    pagination_class = None
    required_permissions = {"timer": VIEW, "set_timer": RUN, "check_in": RUN}

    def _patrol(self, pk: uuid.UUID) -> Patrol:
        row = Patrol.objects.visible_to(self.access).filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def _timer(self, patrol: Patrol) -> Response:
        row = standing.watched(patrol, self.by.agency)
        row.timer.last_at = row.last.at if row.last else None  # type: ignore[attr-defined]
        row.timer.next_at = row.next_at  # type: ignore[attr-defined]
        recording.disclose(by=self.by, items=items_of(self.access, [patrol.record]))
        return Response(outputs.TimerSerializer(row.timer).data)

    @extend_schema(operation_id="patrols_timer_retrieve", responses=outputs.TimerSerializer)
    def timer(self, request: Request, pk: uuid.UUID) -> Response:
        return self._timer(self._patrol(pk))

    @extend_schema(operation_id="patrols_timer_update", request=TimerInput, responses=outputs.TimerSerializer)
    def set_timer(self, request: Request, pk: uuid.UUID) -> Response:
        """On a patrol under way it says that the team is well now, and counts from this instant."""
        patrol = self._patrol(pk)
        timers.set_timer(patrol=patrol, by=self.by, **self.valid(TimerInput))
        return self._timer(patrol)

    @extend_schema(request=CheckInInput, responses=outputs.TimerSerializer)
    def check_in(self, request: Request, pk: uuid.UUID) -> Response:
        """The own team is well now."""
        patrol = self._patrol(pk)
        timers.check_in(patrol=patrol, by=self.by, **self.valid(CheckInInput))
        return self._timer(patrol)


class CrossingLimitsViewSet(SeeingViewSet):
    """The limits of a stay on partner territory: then, as they changed, now."""

    serializer_class = outputs.LimitsSerializer
    queryset = Record.objects.none()
    filter_backends = []
    pagination_class = None
    required_permissions = {"limits": VIEW}

    @extend_schema(operation_id="crossings_limits_retrieve", responses=outputs.LimitsSerializer)
    def limits(self, request: Request, pk: uuid.UUID) -> Response:
        rows = Crossing.objects.visible_to(self.access).select_related("territory")
        row = rows.exclude(pk__in=self._without_body()).filter(pk=pk).first()
        if row is None:
            raise Http404
        now = crossings.limits_now(row, self.by, self.access.at) if row.left_at is None else None
        recording.disclose(by=self.by, items=items_of(self.access, [row.record]))
        body = {
            "then": row.limits,
            "changes": LimitChange.objects.visible_to(self.access).filter(crossing=row.pk).order_by("at", "pk"),
            "now": now,
            "permitted": None if now is None else crossings.is_permitted(now),
        }
        return Response(outputs.LimitsSerializer(body).data)

    def _without_body(self) -> Any:
        """What is display-only and not one's own has no body over the API (R7)."""
        return self.seen().filter(display_only=True).exclude(owner__in=self.by.agencies).values("pk")


class SafetyViewSet(SeeingViewSet):
    """What holds for the officer's teams now."""

    serializer_class = outputs.TeamStandingSerializer
    queryset = Record.objects.none()
    filter_backends = []
    pagination_class = None
    required_permissions = {"now": VIEW}

    @extend_schema(operation_id="safety_retrieve", responses=outputs.TeamStandingSerializer)
    def now(self, request: Request) -> Response:
        """Instructions that apply since a legal basis fell away (R24), own stays with their limits now, timers, alarms."""
        found = standing.standing_of(self.access)
        named = {row.pk: row for row in (*found.records, *named_by(found.alarms, self.access))}
        recording.disclose(by=self.by, items=items_of(self.access, named.values()))
        body = {
            "as_of": self.access.at,
            "guidance": found.guidance,
            "stays": found.stays,
            "timers": found.watched,
            "alarms": found.alarms,
        }
        return Response(outputs.TeamStandingSerializer(body, context=self.get_serializer_context()).data)
