"""Corrections over the API: the same rows and actions as the pages."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.corrections import actions
from agreements.corrections.actions import ANSWER_LENGTH, TEXT_LENGTH
from agreements.corrections.lifecycle import CorrectionState
from agreements.corrections.models import Correction
from agreements.corrections.querysets import CorrectionQuerySet
from agreements.sharing.api.base import HangingViewSet
from agreements.sharing.api.parts import OfficerPart, is_withheld
from agreements.sharing.models import Record
from portal.api.viewsets import ANY_OFFICER

ANSWER = Permission.RECORD_ANSWER


class CorrectionSerializer(serializers.ModelSerializer[Correction]):
    """A proposed correction. Texts are null for receivers where the record is display-only (R7)."""

    proposed_by = OfficerPart(read_only=True)
    answered_by = OfficerPart(read_only=True, allow_null=True)

    class Meta:
        model = Correction
        fields = [
            "id",
            "record",
            "record_version",
            "state",
            "proposed_by",
            "proposed_at",
            "wrong",
            "instead",
            "answered_by",
            "answered_at",
            "answer",
        ]
        read_only_fields = fields

    TEXTS = ("wrong", "instead", "answer")

    def to_representation(self, instance: Correction) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if is_withheld(instance.record, self.context["sight"]):
            shown.update(dict.fromkeys(self.TEXTS))
        return shown


class CorrectionInput(serializers.Serializer[Any]):
    """`id` is made on the device: sending the same one again makes nothing new."""

    id = serializers.UUIDField(required=False)
    record = serializers.PrimaryKeyRelatedField(
        queryset=Record.objects.none(), help_text="Another agency's, which the officer sees."
    )
    record_version = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        help_text="The version that was read; the present one if left out.",
    )
    wrong = serializers.CharField(max_length=TEXT_LENGTH)
    instead = serializers.CharField(max_length=TEXT_LENGTH, help_text="What it should say, and how one knows.")

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        sight = self.context.get("sight")
        if sight is not None:
            fields["record"].queryset = Record.objects.visible_to(sight.access)  # type: ignore[attr-defined]
        return fields


class AcceptInput(serializers.Serializer[Any]):
    answer = serializers.CharField(max_length=ANSWER_LENGTH, required=False, allow_blank=True)


class DeclineInput(serializers.Serializer[Any]):
    answer = serializers.CharField(max_length=ANSWER_LENGTH, help_text="Why. Those who proposed it read it.")


class CorrectionFilterSet(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=CorrectionState.choices)
    record = django_filters.UUIDFilter(field_name="record_id")
    side = django_filters.ChoiceFilter(
        method="of_side",
        choices=[("ours", "About our records"), ("partners", "Proposed by us")],
        help_text="`ours`: about records of the own agency; `partners`: proposed by it.",
    )

    class Meta:
        model = Correction
        fields: list[str] = []

    def of_side(self, rows: CorrectionQuerySet, name: str, value: str) -> CorrectionQuerySet:
        own = self.request.appointment.agencies
        return rows.filter(record__owner__in=own) if value == "ours" else rows.exclude(record__owner__in=own)


class CorrectionViewSet(HangingViewSet):
    """Corrections of which the officer's agency is a side, of records that the officer sees, newest first."""

    serializer_class = CorrectionSerializer
    model = Correction
    filterset_class = CorrectionFilterSet
    keyset = ("-proposed_at", "-pk")
    required_permissions = {
        "list": ANY_OFFICER,
        "retrieve": ANY_OFFICER,
        "create": ANSWER,
        "accept": ANSWER,
        "decline": ANSWER,
        "withdraw": ANSWER,
    }

    @extend_schema(request=CorrectionInput, responses={201: CorrectionSerializer})
    def create(self, request: Request) -> Response:
        """Propose a correction of another agency's record. It reaches that agency's officers, nobody else."""
        values = self.valid(CorrectionInput)
        row = actions.propose(
            by=self.by,
            record=values["record"],
            wrong=values["wrong"],
            instead=values["instead"],
            version=values.get("record_version"),
            key=values.get("id"),
        )
        return self.created(self.get_queryset().get(pk=row.pk))

    @extend_schema(request=AcceptInput, responses=CorrectionSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: Any = None) -> Response:
        """Agree, as the record's owner. The record itself is changed afterwards."""
        actions.accept(correction=self.get_object(), by=self.by, **self.valid(AcceptInput))
        return self.shown(self.get_object())

    @extend_schema(request=DeclineInput, responses=CorrectionSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: Any = None) -> Response:
        """Hold to the record, as its owner, with a reason."""
        actions.decline(correction=self.get_object(), by=self.by, **self.valid(DeclineInput))
        return self.shown(self.get_object())

    @extend_schema(request=None, responses=CorrectionSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: Any = None) -> Response:
        """Take back an own proposal while it is open."""
        actions.withdraw(correction=self.get_object(), by=self.by)
        return self.shown(self.get_object())
