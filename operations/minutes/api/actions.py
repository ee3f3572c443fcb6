"""Action items over the API."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose, items_of
from operations.minutes.actions import doing, points
from operations.minutes.api import inputs, serializers
from operations.minutes.api.filters import ActionFilterSet
from operations.minutes.api.minutes import KnowingViewSet, with_clause
from operations.minutes.models import ActionItem, Minutes
from operations.minutes.presenting import reports_of
from portal.api.viewsets import ReadViewSet

VIEW, CALL = Permission.MEETING_VIEW, Permission.MEETING_CALL


class ActionItemViewSet(KnowingViewSet, ReadViewSet):
    """Action items that bind, the first to fall due first; of a draft, one by one to who sees that."""

    serializer_class = serializers.ActionItemSerializer
    filterset_class = ActionFilterSet
    keyset = ("due_at", "pk")
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "partial_update": CALL,
        "destroy": CALL,
        "officer": CALL,
        "report": VIEW,
        "close": CALL,
        "reopen": CALL,
        "reports": VIEW,
    }

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return ActionItem.objects.none()
        if self.action == "list":
            return ActionItem.objects.visible_to(self.access).with_words()
        rows = ActionItem.objects.filter(minutes__in=Minutes.objects.visible_to(self.access).values("pk"))
        return rows.with_words()

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        self.look_for_agreements({row.clause.agreement_id for row in rows or () if row.clause})
        return rows

    def disclosures(self, rows: Sequence[Any]) -> Iterable[Mapping[str, Any]]:
        return items_of(self.access, {row.minutes_id: row.record for row in rows}.values())

    @extend_schema(request=inputs.ActionItemChange, responses=serializers.ActionItemSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is agreed on of it. Once the minutes are with the agencies, all agree anew."""
        values = self.valid(inputs.ActionItemChange)
        points.change_action(action=self.get_object(), by=self.by, **with_clause(values))
        return self.shown(self.get_object())

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Take it out of the minutes."""
        points.remove_action(action=self.get_object(), by=self.by)
        return Response(status=204)

    @extend_schema(request=inputs.ActionOfficerInput, responses=serializers.ActionItemSerializer)
    @action(detail=True, methods=["post"])
    def officer(self, request: Request, pk: str) -> Response:
        """The agency that undertook it names who sees to it, or nobody any more."""
        item: ActionItem = self.get_object()
        key = self.valid(inputs.ActionOfficerInput)["officer"]
        officer = Appointment.objects.filter(pk=key, agency__in=self.by.agencies).first() if key else None
        if key and officer is None:
            raise ValidationError({"officer": ["There is no such officer of your agency."]})
        doing.name_officer(action=item, by=self.by, officer=officer)
        return self.shown(self.get_object())

    @extend_schema(request=inputs.ActionReportInput, responses=serializers.ActionItemSerializer)
    @action(detail=True, methods=["post"])
    def report(self, request: Request, pk: str) -> Response:
        """Say for the own agency how it stands, or that it is done (R5)."""
        doing.report(action=self.get_object(), by=self.by, **self.valid(inputs.ActionReportInput))
        return self.shown(self.get_object())

    @extend_schema(request=inputs.ActionCloseInput, responses=serializers.ActionItemSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """The chair closes it as done or dropped."""
        doing.close(action=self.get_object(), by=self.by, **self.valid(inputs.ActionCloseInput))
        return self.shown(self.get_object())

    @extend_schema(request=inputs.ActionReopenInput, responses=serializers.ActionItemSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """The chair takes it up again."""
        doing.reopen(action=self.get_object(), by=self.by, **self.valid(inputs.ActionReopenInput))
        return self.shown(self.get_object())

    @extend_schema(responses=serializers.ActionReportSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def reports(self, request: Request, pk: str) -> Response:
        """What was said of it, as far as the reader is told."""
        item: ActionItem = self.get_object()
        disclose(request._request, [item.record])
        context = self.get_serializer_context()
        return Response(
            serializers.ActionReportSerializer(reports_of(item, self.access), many=True, context=context).data
        )
