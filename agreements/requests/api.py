"""Access requests over the API. The same actions as the pages."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import django_filters
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.register.choices import Purpose
from agreements.register.models import Clause
from agreements.requests import actions
from agreements.requests.choices import Side, State
from agreements.requests.models import AccessRequest, AskedRecord
from agreements.requests.reading import answers_to, bases_for
from agreements.sharing.actions.releases import To
from agreements.sharing.api.base import HangingViewSet, SeeingViewSet
from agreements.sharing.api.inputs import KnownField, ReleaseInput, known_clauses
from agreements.sharing.api.outputs import OfferPart, ReleasePreviewSerializer
from agreements.sharing.api.parts import OfficerPart
from agreements.sharing.disclosure import disclose, items_of
from agreements.sharing.middleware import access_of
from agreements.sharing.presenting import preview_release
from portal.api.viewsets import ReadViewSet

ASK, RELEASE = Permission.ACCESS_REQUEST, Permission.RECORD_RELEASE


class AccessRequestSerializer(serializers.ModelSerializer[AccessRequest]):
    """What the acting appointment asked, and what came of it. `lapsed`: no answer came, for whatever reason."""

    state = serializers.ChoiceField(choices=State.choices, source="now", read_only=True)
    records = serializers.SerializerMethodField(help_text="What was given, while it is visible.")

    class Meta:
        model = AccessRequest
        fields = [
            "id",
            "agency",
            "reference",
            "purpose",
            "clause",
            "reason",
            "until",
            "asked_at",
            "lapses_at",
            "state",
            "words",
            "records",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_records(self, row: AccessRequest) -> list[str]:
        return [str(item.record_id) for item in self.context["given"](row)]


class AccessRequestInput(serializers.Serializer[Any]):
    id = serializers.UUIDField(required=False, help_text="Chosen by the device, so that it is sent once (version 7).")
    agency = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.active().select_related("country"))
    reference = serializers.CharField(max_length=200)
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    clause = KnownField(known_clauses, queryset=Clause.objects.none(), required=False, allow_null=True)
    until = serializers.DateTimeField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=500)


class ProposalPart(serializers.Serializer[Any]):
    """An article by which that agency may give something to the own one today."""

    agency = serializers.UUIDField()
    clause = serializers.UUIDField()
    article = serializers.CharField()
    purposes = serializers.ListField(child=serializers.CharField())


class MineFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=State.choices, method="of_state")

    class Meta:
        model = AccessRequest
        fields = {"agency": ["exact"], "reference": ["exact"]}

    def of_state(self, rows: Any, name: str, value: str) -> Any:
        return rows.in_state(value, access_of(self.request._request).at)


class AccessRequestViewSet(SeeingViewSet, ReadViewSet):
    """Of the acting appointment."""

    serializer_class = AccessRequestSerializer
    queryset = AccessRequest.objects.none()
    keyset = ("-asked_at", "-pk")
    filterset_class = MineFilter
    required_permissions = dict.fromkeys(("list", "retrieve", "create", "withdraw", "bases"), ASK)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return AccessRequest.objects.visible_to(self.access).with_words()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "given": lambda row: self._given([row]).get(row.pk, [])}

    def _given(self, rows: Sequence[AccessRequest]) -> dict[uuid.UUID, list[AskedRecord]]:
        """What was given for these, asked once for all rows of an answer."""
        if not hasattr(self, "_found") or any(row.pk not in self._found for row in rows):
            self._found: dict[uuid.UUID, list[AskedRecord]] = {row.pk: [] for row in rows}
            found = AskedRecord.objects.given_to(self.access).filter(request__in=rows).select_related("record__owner")
            for item in found.order_by("pk"):
                self._found[item.request_id].append(item)
        return self._found

    def disclosures(self, rows: Sequence[Any]) -> Iterable[Mapping[str, Any]]:
        found = self._given(rows)
        return items_of(self.access, {item.record_id: item.record for row in rows for item in found[row.pk]}.values())

    @extend_schema(request=AccessRequestInput, responses={201: AccessRequestSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a record by its reference. The answer is the same whether there is such a record or not."""
        values = self.valid(AccessRequestInput)
        row = actions.ask(by=self.by, key=values.pop("id", None), **values)
        return self.created(self.get_queryset().get(pk=row.pk))

    @extend_schema(
        parameters=[OpenApiParameter("agency", uuid.UUID, description="Only of that agency.")],
        responses=ProposalPart(many=True),
    )
    @action(detail=False, pagination_class=None, filter_backends=[])
    def bases(self, request: Request) -> Response:
        """What may be proposed as a legal basis, agency by agency."""
        named = request.query_params.get("agency")
        agency = self.chosen_agency(named) if named else None
        rows = [
            {"agency": key, "clause": row.pk, "article": str(row), "purposes": row.purposes}
            for key, clauses in bases_for(self.by, self.access.at, agency).items()
            for row in clauses
        ]
        return Response(ProposalPart(rows, many=True).data)

    @staticmethod
    def chosen_agency(key: str) -> Agency:
        field = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.active())
        try:
            return field.run_validation(key)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"agency": error.detail}) from error

    @extend_schema(request=None, responses=AccessRequestSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: uuid.UUID) -> Response:
        """No longer ask."""
        row = actions.withdraw(request=self.get_object(), by=self.by)
        return self.shown(self.get_queryset().get(pk=row.pk))


class AskedSerializer(serializers.ModelSerializer[AskedRecord]):
    """What a partner asks of an own record: by function alone (R18)."""

    asked_by = OfficerPart(source="request.asked_by", read_only=True)
    asked_at = serializers.DateTimeField(source="request.asked_at", read_only=True)
    lapses_at = serializers.DateTimeField(source="request.lapses_at", read_only=True)
    reference = serializers.CharField(source="request.reference", read_only=True)
    purpose = serializers.CharField(source="request.purpose", read_only=True)
    clause = serializers.UUIDField(source="request.clause_id", read_only=True, allow_null=True)
    reason = serializers.CharField(source="request.reason", read_only=True)
    until = serializers.DateTimeField(source="request.until", read_only=True, allow_null=True)
    state = serializers.ChoiceField(choices=Side.choices, source="now", read_only=True)
    decided_by = OfficerPart(read_only=True, allow_null=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = AskedRecord
        fields = [
            "id",
            "record",
            "reference",
            "asked_by",
            "asked_at",
            "lapses_at",
            "purpose",
            "clause",
            "reason",
            "until",
            "known",
            "state",
            "decided_by",
            "decided_at",
            "words",
            "release",
            "ended_at",
        ]
        read_only_fields = fields


class AnswersSerializer(serializers.Serializer[Any]):
    """How it may be approved today, and what is missing for the rest."""

    fits = OfferPart(source="offers.fits", many=True)
    missing = serializers.ListField(child=serializers.CharField())
    basis_gap = serializers.CharField(help_text="Why the proposed article does not do.")
    sees = serializers.CharField(help_text="By what the asker's agency sees it already.")


class ApproveInput(ReleaseInput):
    until = serializers.DateTimeField()

    @staticmethod
    def terms(values: dict[str, Any]) -> dict[str, Any]:
        to: To = ReleaseInput.to(values)
        return {"to": to, **{name: values[name] for name in ("clause", "purpose", "until")}}


class RefuseAccessInput(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=500, required=False, allow_blank=True)


class AskedFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Side.choices, method="of_state")

    class Meta:
        model = AskedRecord
        fields = {"record": ["exact"]}

    def of_state(self, rows: Any, name: str, value: str) -> Any:
        return rows.waiting(access_of(self.request._request).at) if value == Side.OPEN else rows.filter(state=value)


class AskedRecordViewSet(HangingViewSet):
    """What partners ask of the own agency, for records that the officer sees."""

    serializer_class = AskedSerializer
    model = AskedRecord
    keyset = ("-request__asked_at", "-pk")
    filterset_class = AskedFilter
    required_permissions = dict.fromkeys(
        ("list", "retrieve", "answers", "preview", "approve", "refuse", "revoke"), RELEASE
    )

    @extend_schema(responses=AnswersSerializer)
    @action(detail=True)
    def answers(self, request: Request, pk: uuid.UUID) -> Response:
        """What of the own articles reaches the asker (R26)."""
        row: AskedRecord = self.get_object()
        disclose(request._request, [row.record])
        found = answers_to(row, self.by, self.access.at)
        return Response(AnswersSerializer(found, context=self.get_serializer_context()).data)

    @extend_schema(request=ApproveInput, responses=ReleasePreviewSerializer)
    @action(detail=True, methods=["post"])
    def preview(self, request: Request, pk: uuid.UUID) -> Response:
        """Who would see the record by such an approval (R27)."""
        row: AskedRecord = self.get_object()
        terms = ApproveInput.terms(self.valid(ApproveInput))
        disclose(request._request, [row.record])
        proposal = terms.pop("to").proposal(provider=self.by.agency, **terms)
        found = preview_release(row.record, proposal, self.access.at)
        return Response(ReleasePreviewSerializer(found, context=self.get_serializer_context()).data)

    @extend_schema(request=ApproveInput, responses=AskedSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: uuid.UUID) -> Response:
        """Once, for a time: one release. Where a second officer is needed, that one is asked."""
        row, terms = self.get_object(), ApproveInput.terms(self.valid(ApproveInput))
        return self.shown(self.again(actions.approve(asked=row, by=self.by, **terms)))

    @extend_schema(request=RefuseAccessInput, responses=AskedSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: uuid.UUID) -> Response:
        """No. The asker is told only where `known`."""
        row = actions.refuse(asked=self.get_object(), by=self.by, **self.valid(RefuseAccessInput))
        return self.shown(self.again(row))

    @extend_schema(request=None, responses=AskedSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: uuid.UUID) -> Response:
        """Take back what was approved."""
        return self.shown(self.again(actions.revoke(asked=self.get_object(), by=self.by)))
