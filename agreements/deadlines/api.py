"""Deadlines, reviews and lead times over the API: the same rows and actions as the pages."""

import uuid
from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.deadlines import actions, calendars
from agreements.deadlines.asking import Row, rows_for
from agreements.deadlines.choices import LONGEST_LEAD, MOST_LEADS, DeadlineKind
from agreements.deadlines.leads import leads_of
from agreements.deadlines.models import Review
from agreements.register.api.inputs import DayField
from agreements.register.models import Agreement
from portal.api.renderers import CalendarRenderer
from portal.api.viewsets import KernelViewSet, ReadViewSet
from portal.audit import recording

VIEW, DRAFT = Permission.AGREEMENT_VIEW, Permission.AGREEMENT_DRAFT


class DeadlineSerializer(serializers.Serializer[Any]):
    """Something that falls due. It is worked out, and has no key."""

    kind = serializers.ChoiceField(choices=DeadlineKind.choices)
    day = serializers.DateField(help_text="In the agreement's zone; the last day where something ends.")
    days_left = serializers.IntegerField()
    agreement = serializers.UUIDField(source="agreement.pk")
    agreement_name = serializers.CharField(source="agreement.short_name")
    time_zone = serializers.CharField(source="agreement.time_zone")
    party = serializers.CharField(source="deadline.party", allow_null=True, help_text="Null: all parties.")
    agency = serializers.UUIDField(source="deadline.agency", allow_null=True)
    fact = serializers.SerializerMethodField(help_text="The action, article, designation or review that it comes from.")
    words = serializers.CharField(source="deadline.words")

    def get_fact(self, row: Row) -> uuid.UUID | None:
        return uuid.UUID(row.deadline.subject) if row.deadline.subject else None


class DeadlinesAsked(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=DeadlineKind.choices, required=False)
    agreement = serializers.UUIDField(required=False)
    party = serializers.CharField(max_length=12, required=False, help_text="A country's code.")
    until = DayField(required=False, help_text="Default: two years ahead.")


class DeadlineViewSet(KernelViewSet):
    """What falls due of the agreements that the officer may know of (R23), by day."""

    required_permissions = {"list": VIEW, "calendar": VIEW}
    query_parameters = ("kind", "agreement", "party", "until")
    filter_backends: list[Any] = []
    pagination_class = None
    serializer_class = DeadlineSerializer

    def get_queryset(self) -> QuerySet[Agreement]:
        if getattr(self, "swagger_fake_view", False):
            return Agreement.objects.none()
        return Agreement.objects.visible_to(self.by)

    @extend_schema(parameters=[DeadlinesAsked], responses=DeadlineSerializer(many=True))
    def list(self, request: Request) -> Response:
        """All of it up to a day: nothing is paged, for nothing of it is stored."""
        return Response(DeadlineSerializer(self._rows(), many=True).data)

    @extend_schema(parameters=[DeadlinesAsked], responses={(200, "text/calendar"): OpenApiResponse(OpenApiTypes.STR)})
    @action(detail=False, renderer_classes=[CalendarRenderer, JSONRenderer])
    def calendar(self, request: Request) -> HttpResponse:
        """The same as iCalendar (RFC 5545): days without a time. Drafts are not named."""
        rows = self._rows()
        data = {"agreements": sorted({str(row.agreement.pk) for row in rows})}
        recording.record(verb="deadline.export", by=self.by, data=data)
        return calendars.response(rows)

    def _rows(self) -> Sequence[Row]:
        asked = DeadlinesAsked(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        if "agreement" in values:
            agreement = self.get_queryset().filter(pk=values["agreement"]).first()
            if agreement is None:
                raise ValidationError({"agreement": ["There is no such agreement."]})
            values["agreement"] = agreement
        return rows_for(self.by, timezone.now(), **values)


class PlannedReviewSerializer(serializers.ModelSerializer[Review]):
    """A planned review. Countries stand behind it, not officers (R18)."""

    recorded_for = serializers.CharField(source="recorded_by.agency.country_id")

    class Meta:
        model = Review
        fields = [
            "id",
            "agreement",
            "what",
            "first_on",
            "every_months",
            "until",
            "recorded_at",
            "recorded_for",
            "ended_at",
        ]
        read_only_fields = fields


class PlannedReviewInput(serializers.Serializer[Any]):
    id = serializers.UUIDField(required=False, help_text="Made by the sender: sent again, it makes nothing new.")
    agreement = serializers.UUIDField()
    what = serializers.CharField(max_length=200)
    first_on = DayField()
    every_months = serializers.IntegerField(required=False, min_value=1, max_value=1200, help_text="Left out: once.")
    until = DayField(required=False)


class ReviewFilterSet(django_filters.FilterSet):
    agreement = django_filters.UUIDFilter(field_name="agreement_id")
    ended = django_filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Review
        fields: list[str] = []


class ReviewViewSet(ReadViewSet):
    """Planned reviews of agreements that the officer may know of (R23)."""

    serializer_class = PlannedReviewSerializer
    filterset_class = ReviewFilterSet
    keyset = ("first_on", "pk")
    required_permissions = {"list": VIEW, "retrieve": VIEW, "create": DRAFT, "end": DRAFT}

    def get_queryset(self) -> QuerySet[Review]:
        if getattr(self, "swagger_fake_view", False):
            return Review.objects.none()
        return Review.objects.visible_to(self.by).select_related("agreement", "recorded_by__agency")

    @extend_schema(request=PlannedReviewInput, responses={201: PlannedReviewSerializer})
    def create(self, request: Request) -> Response:
        """Plan a review, once or each so many months."""
        values = self.valid(PlannedReviewInput)
        agreement = Agreement.objects.visible_to(self.by).filter(pk=values.pop("agreement")).first()
        if agreement is None:
            raise ValidationError({"agreement": ["There is no such agreement."]})
        row = actions.plan_review(agreement=agreement, by=self.by, key=values.pop("id", None), **values)
        return self.created(self.get_queryset().get(pk=row.pk))

    @extend_schema(request=None, responses=PlannedReviewSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: uuid.UUID) -> Response:
        """No more of these reviews."""
        actions.end_review(review=self.get_object(), by=self.by)
        return self.shown(self.get_object())


class LeadTimesSerializer(serializers.Serializer[Any]):
    days = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=LONGEST_LEAD), min_length=1, max_length=MOST_LEADS
    )


class LeadTimesViewSet(KernelViewSet):
    """How many days before a deadline the treaty admins of the own state are reminded."""

    required_permissions = {"read": DRAFT, "change": DRAFT}
    serializer_class = LeadTimesSerializer

    def _shown(self) -> Response:
        country = self.by.agency.country_id
        return Response({"days": sorted(leads_of([country])[country], reverse=True)})

    @extend_schema(responses=LeadTimesSerializer)
    def read(self, request: Request) -> Response:
        """Those that are set, or the usual ones."""
        return self._shown()

    @extend_schema(request=LeadTimesSerializer, responses=LeadTimesSerializer)
    def change(self, request: Request) -> Response:
        """Set them. 0 is the day itself."""
        actions.set_lead_times(by=self.by, **self.valid(LeadTimesSerializer))
        return self._shown()
