"""Compelled disclosure over the API (R25)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.limits import DAYS
from agencies.directory.roles import Permission
from agreements.compelled import actions, doors
from agreements.compelled.models import CompelledDisclosure
from agreements.sharing.api.base import HangingViewSet
from agreements.sharing.api.parts import OfficerPart


class CompelledSerializer(serializers.ModelSerializer[CompelledDisclosure]):
    """What a court order or a law compels an agency to disclose of another's record."""

    recorded_by = OfficerPart(read_only=True)

    class Meta:
        model = CompelledDisclosure
        fields = (
            "id",
            "record",
            "authority",
            "legal_basis",
            "what",
            "due_on",
            "telling_forbidden",
            "recorded_by",
            "recorded_at",
        )
        read_only_fields = fields


class CompelledInput(serializers.Serializer[Any]):
    id = serializers.UUIDField(required=False, help_text="Sent twice under the same id, it is recorded once.")
    record = serializers.UUIDField(help_text="Another agency's.")
    authority = serializers.CharField(max_length=160)
    legal_basis = serializers.CharField(max_length=200)
    what = serializers.CharField(max_length=500)
    due_on = serializers.DateField(validators=[*DAYS])
    telling_forbidden = serializers.BooleanField(help_text="If not, the originator is told at once.")


class CompelledViewSet(HangingViewSet):
    """Of the own agency, and of own records what partners must disclose, unless an order forbids telling."""

    serializer_class = CompelledSerializer
    model = CompelledDisclosure
    keyset = ("-recorded_at", "-pk")
    filterset_fields = {"record": ["exact"]}
    required_permissions = dict.fromkeys(("list", "retrieve", "create"), Permission.COMPELLED_RECORD)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with doors.plain():
            return super().list(request, *args, **kwargs)

    def shown(self, row: Any, **options: Any) -> Response:
        with doors.plain():
            return super().shown(row, **options)

    @extend_schema(request=CompelledInput, responses={201: CompelledSerializer})
    def create(self, request: Request) -> Response:
        """Record one before anything is disclosed. The originator is told at once, unless the order forbids."""
        values = self.valid(CompelledInput)
        record = self.named_record(values.pop("record"))
        row = actions.record_compelled(record=record, by=self.by, key=values.pop("id", None), **values)
        return self.created(self.again(row))
