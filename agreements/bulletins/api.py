"""Bulletins over the API: read, preview, send, acknowledge, cancel."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.acquaintance import known_to
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import ROLE_CHOICES, Permission
from agreements.alerts.choices import Certainty, Severity, Urgency
from agreements.bulletins import actions
from agreements.bulletins.actions import HEADLINE_LENGTH, WORDS_LENGTH, Draft
from agreements.bulletins.choices import Acknowledging, ReceiptState, TargetKind
from agreements.bulletins.forms import operations
from agreements.bulletins.models import INSTRUCTION_LENGTH, LONGEST_DEADLINE, Bulletin
from agreements.bulletins.presenting import ReceiptLine, lines_of
from agreements.bulletins.scopes import Scope, circle_of, of_circle
from agreements.register.choices import Category
from agreements.sharing.actions.records import Marking
from agreements.sharing.api.base import DetailSerializer, DetailViewSet
from agreements.sharing.api.parts import AgencyPart, MarkingSerializer
from agreements.sharing.disclosure import disclose
from agreements.sharing.models import Record

VIEW, SEND = Permission.BULLETIN_VIEW, Permission.BULLETIN_SEND


class BulletinSerializer(DetailSerializer[Bulletin]):
    """A bulletin. `about` and `supersedes` are null to who does not see what they name."""

    about = serializers.SerializerMethodField()
    supersedes = serializers.SerializerMethodField()

    class Meta:
        model = Bulletin
        fields = [
            "id", "record", "instruction", "urgency", "severity", "certainty", "exercise", "acknowledging",
            "acknowledging_role", "minutes", "about", "supersedes", "sent_at", "ending", "ending_words", "ended_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_about(self, row: Bulletin) -> uuid.UUID | None:
        return row.about_id if row.about_id and self.context["sight"].knows(row.about_id) else None

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_supersedes(self, row: Bulletin) -> uuid.UUID | None:
        return row.supersedes_id if row.supersedes_id and self.context["sight"].knows(row.supersedes_id) else None


class EscalationPart(serializers.Serializer[Any]):
    position = serializers.IntegerField(help_text="Of the step in the agency's duty chain.")
    at = serializers.DateTimeField()
    reached = serializers.BooleanField(help_text="Whether anybody was there who may see it.")
    words = serializers.CharField(help_text="Whom it tells: to its own agency alone, else empty (R18).")


class ReceiptSerializer(serializers.Serializer[Any]):
    """How one agency stands: all of them to the sender, to a receiver its own."""

    agency = AgencyPart(source="receipt.agency")
    state = serializers.ChoiceField(choices=ReceiptState.choices)
    to = serializers.CharField()
    clause = serializers.UUIDField(source="receipt.clause_id", allow_null=True)
    deadline_at = serializers.DateTimeField(source="receipt.bulletin.deadline_at", allow_null=True)
    reached = serializers.CharField(
        source="reached.state",
        default="page",
        help_text="How far it came outside the portal: `sent`, `waiting`, `failed`, or `page` for their page alone.",
    )
    reminded_at = serializers.DateTimeField(source="receipt.reminded_at", allow_null=True)
    acknowledged_at = serializers.DateTimeField(source="receipt.acknowledged_at", allow_null=True)
    acknowledged_by = serializers.CharField(source="who", help_text="To its own agency with the name, else a function.")
    steps = EscalationPart(many=True)
    exhausted_at = serializers.DateTimeField(source="receipt.exhausted_at", allow_null=True)


class TargetInput(serializers.Serializer[Any]):
    """To whom in an agency. Of a circle the agencies that take part are found; it names none."""

    kind = serializers.ChoiceField(choices=TargetKind.choices)
    agency = serializers.UUIDField(required=False, help_text="Of a desk and of a role.")
    role = serializers.ChoiceField(choices=ROLE_CHOICES, required=False)
    appointment = serializers.UUIDField(required=False, help_text="Of one officer.")


class BulletinInput(MarkingSerializer):
    id = serializers.UUIDField(required=False, help_text="Sent twice under the same id, it goes out once.")
    headline = serializers.CharField(max_length=HEADLINE_LENGTH)
    instruction = serializers.CharField(max_length=INSTRUCTION_LENGTH)
    targets = TargetInput(many=True, allow_empty=False)
    urgency = serializers.ChoiceField(choices=Urgency.choices, default=Urgency.IMMEDIATE.value)
    severity = serializers.ChoiceField(choices=Severity.choices, default=Severity.UNKNOWN.value)
    certainty = serializers.ChoiceField(choices=Certainty.choices, default=Certainty.OBSERVED.value)
    acknowledging = serializers.ChoiceField(choices=Acknowledging.choices, default=Acknowledging.NOBODY.value)
    acknowledging_role = serializers.ChoiceField(choices=ROLE_CHOICES, required=False)
    minutes = serializers.IntegerField(min_value=1, max_value=LONGEST_DEADLINE, required=False, allow_null=True)
    exercise = serializers.BooleanField(default=False)
    about = serializers.UUIDField(required=False, allow_null=True)
    operation = serializers.UUIDField(required=False, allow_null=True)
    updates = serializers.UUIDField(required=False, allow_null=True, help_text="An own one that this says anew.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        by = self.context["sight"].access.appointment
        usual = Marking(categories=[Category.OPERATIONAL.value], classification=min(1, by.clearance))
        marking = MarkingSerializer.marking(attrs, usual)
        values = {name: value for name, value in attrs.items() if name not in marking.values()}
        return {**values, "marking": marking}


class BulletinLineSerializer(serializers.Serializer[Any]):
    """What would become of it at one agency."""

    agency = AgencyPart()
    sees = serializers.BooleanField(help_text="False: nobody there is alerted.")
    to = serializers.CharField(source="words")
    clause = serializers.UUIDField(source="clause.pk", allow_null=True, default=None)
    reason = serializers.CharField(help_text="Why not; empty where it is alerted.")


class BulletinCancelInput(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=WORDS_LENGTH, help_text="Why: whoever was alerted reads it.")


class BulletinViewSet(DetailViewSet):
    """Bulletins that the officer sees."""

    model = Bulletin
    serializer_class = BulletinSerializer
    filterset_fields: Any = {"severity": ["exact"], "urgency": ["exact"], "exercise": ["exact"], "ending": ["exact"]}
    required_permissions = {
        "list": VIEW, "retrieve": VIEW, "receipts": VIEW, "acknowledge": VIEW, "create": SEND, "preview": SEND,
        "cancel": SEND,
    }  # fmt: skip

    @extend_schema(request=BulletinInput, responses={201: BulletinSerializer})
    def create(self, request: Request) -> Response:
        """Alert whom it names, each agency by an article that fits; an agency that no article lets see it is left out."""
        draft, old = self._draft()
        return self.created(actions.send(draft=draft, by=self.by, updates=old))

    @extend_schema(request=BulletinInput, responses=BulletinLineSerializer(many=True), filters=False)
    @action(detail=False, methods=["post"], filterset_fields=None, pagination_class=None)
    def preview(self, request: Request) -> Response:
        """Who would be alerted and who would not see it, by the same function that sends."""
        draft, old = self._draft()
        lines = actions.foresee(draft=draft, by=self.by, updates=old)
        return Response(BulletinLineSerializer(lines, many=True, context=self.get_serializer_context()).data)

    @extend_schema(operation_id="bulletins_receipts", responses=ReceiptSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def receipts(self, request: Request, pk: str) -> Response:
        """Who has acknowledged, and how far duty chains were told."""
        row: Bulletin = self.get_object()
        disclose(request._request, [row.record])
        return self._receipts(lines_of(row, self.access))

    @extend_schema(request=None, responses=ReceiptSerializer(many=True))
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        """Say for the own agency that it was read."""
        row: Bulletin = self.get_object()
        actions.acknowledge(bulletin=row, by=self.by)
        disclose(request._request, [row.record])
        return self._receipts([line for line in lines_of(row, self.access) if line.own])

    @extend_schema(request=BulletinCancelInput, responses=BulletinSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """It does not stand any more: whoever was alerted is told."""
        actions.cancel(bulletin=self.get_object(), by=self.by, **self.valid(BulletinCancelInput))
        return self.shown(self.get_object())

    def _receipts(self, lines: list[ReceiptLine]) -> Response:
        return Response(ReceiptSerializer(lines, many=True, context=self.get_serializer_context()).data)

    def _draft(self) -> tuple[Draft, Bulletin | None]:
        values = self.valid(BulletinInput)
        key, updates = values.pop("id", None), values.pop("updates", None)
        about, operation = values.pop("about", None), values.pop("operation", None)
        named = self.named_record(about, "about") if about else None
        running = operations(self.access).filter(pk=operation).first() if operation else None
        if operation and running is None:
            raise ValidationError({"operation": ["There is no such operation that runs."]})
        targets = values.pop("targets")
        scopes = [scope for target in targets for scope in self._scopes(target, running)]
        draft = Draft(**values, scopes=scopes, about=named, operation=running, key=key)
        return draft, self._old(updates) if updates else None

    def _old(self, key: uuid.UUID) -> Bulletin:
        row = Bulletin.objects.visible_to(self.access).filter(pk=key).first()
        if row is None:
            raise ValidationError({"updates": ["There is no such bulletin."]})
        return row

    def _scopes(self, target: dict[str, Any], operation: Record | None) -> list[Scope]:
        kind = TargetKind(target["kind"])
        if kind == TargetKind.CIRCLE:
            circle = circle_of(operation)
            if circle is None:
                raise ValidationError({"targets": ["Name an operation that runs."]})
            return of_circle(circle)
        if kind == TargetKind.OFFICER:
            row = Appointment.objects.select_related("agency__country", "officer").filter(
                pk__in=[target.get("appointment")]
            )
            found = row.filter(agency__in=self._known()).first()
            if found is None or not found.is_in_effect(self.access.at):
                raise ValidationError({"targets": ["There is no such officer."]})
            return [Scope(kind, found.agency, appointment=found)]
        agency = self._known().filter(pk__in=[target.get("agency")]).first()
        if agency is None:
            raise ValidationError({"targets": ["There is no such agency."]})
        if kind == TargetKind.ROLE and "role" not in target:
            raise ValidationError({"targets": ["Say which role."]})
        return [Scope(kind, agency, role=target.get("role", "") if kind == TargetKind.ROLE else "")]

    def _known(self) -> Any:
        """Agencies that the officer may know of (R18)."""
        return Agency.objects.active().filter(pk__in=known_to(self.by, self.access.at)).select_related("country")
