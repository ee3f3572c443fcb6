"""How alerts go out, over the API: numbers and keys, for system admins."""

import uuid
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.alerts import actions
from agreements.alerts.waiting import health_at, surroundings
from portal.api.viewsets import KernelViewSet
from portal.outbox.models import Message


class KindPart(serializers.Serializer[Any]):
    kind = serializers.CharField()
    count = serializers.IntegerField()
    tried = serializers.IntegerField(help_text="How many of them failed at least once.")
    oldest_s = serializers.SerializerMethodField(help_text="Seconds that the oldest of them has been due.")
    set_aside = serializers.IntegerField(help_text="How many of the kind were given up.")

    def get_oldest_s(self, row: Any) -> float | None:
        return None if row.oldest is None else row.oldest.total_seconds()


class WorkerPart(serializers.Serializer[Any]):
    name = serializers.CharField()
    at = serializers.DateTimeField(help_text="When it last took a sweep.")
    is_fresh = serializers.BooleanField(help_text="Within two minutes.")


class SurroundingsPart(serializers.Serializer[Any]):
    broker = serializers.BooleanField(help_text="Whether Redis answers.")
    nudges = serializers.IntegerField(allow_null=True, help_text="How many nudges lie in it.")
    mail = serializers.BooleanField(
        allow_null=True, help_text="Whether the mail server answers; null: mail goes to files."
    )


class BeatPart(serializers.Serializer[Any]):
    name = serializers.CharField()
    at = serializers.DateTimeField()


class SetAsidePart(serializers.Serializer[Any]):
    """A message that was given up: the kind of its last error, never the error's words."""

    id = serializers.UUIDField(source="message.pk")
    key = serializers.CharField(source="message.key")
    kind = serializers.CharField(source="message.kind")
    attempts = serializers.IntegerField(source="message.attempts")
    error = serializers.CharField()
    set_aside_at = serializers.DateTimeField(source="message.set_aside_at")


class HealthSerializer(serializers.Serializer[Any]):
    sentence = serializers.CharField(help_text="Why alerts wait; empty when they do not.")
    waiting = serializers.IntegerField()
    failing = serializers.IntegerField()
    oldest_s = serializers.SerializerMethodField(help_text="Seconds that the oldest has been due.")
    overdue_reminders = serializers.IntegerField()
    armed_reminders = serializers.IntegerField()
    kinds = KindPart(many=True)
    heartbeats = BeatPart(many=True)
    workers = WorkerPart(many=True)
    runs = serializers.BooleanField(help_text="Whether a sweep was here within half a minute.")
    around = serializers.SerializerMethodField()
    deliveries = serializers.DictField(child=serializers.IntegerField())
    set_aside_count = serializers.IntegerField()
    set_aside = SetAsidePart(many=True)
    second_lock = serializers.BooleanField(
        help_text="Whether the database itself withholds what no live audience covers. False where the portal logs in as the owner of the tables."
    )

    def get_oldest_s(self, row: Any) -> float | None:
        return None if row.oldest is None else row.oldest.total_seconds()

    @extend_schema_field(SurroundingsPart)
    def get_around(self, row: Any) -> Any:
        return SurroundingsPart(surroundings()).data


class SystemViewSet(KernelViewSet):
    """Queue ages, last beats, failures, and what was set aside."""

    required_permissions = dict.fromkeys(("health", "replay", "replay_kind"), Permission.SYSTEM_HEALTH)
    serializer_class = HealthSerializer
    queryset = Message.objects.all()

    @extend_schema(operation_id="system_health", responses=HealthSerializer)
    def health(self, request: Request) -> Response:
        """How alerts go out at the moment."""
        return Response(HealthSerializer(health_at(timezone.now())).data)

    @extend_schema(operation_id="system_message_replay", request=None, responses={204: None})
    def replay(self, request: Request, pk: uuid.UUID) -> Response:
        """Bring back a message that was set aside."""
        actions.replay(message=get_object_or_404(Message, pk=pk), by=self.by)
        return Response(status=204)

    @extend_schema(
        operation_id="system_kind_replay",
        request=None,
        responses=inline_serializer("Replayed", {"count": serializers.IntegerField()}),
    )
    def replay_kind(self, request: Request, kind: str) -> Response:
        """Bring back every message of a kind that was set aside."""
        return Response({"count": actions.replay_kind(kind=kind, by=self.by)})
