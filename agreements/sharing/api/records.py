"""Records of every kind: read, explain, release, mark anew."""

import uuid
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.register.choices import Category
from agreements.sharing import kinds
from agreements.sharing.actions import compartments, naming, records, releases
from agreements.sharing.api import inputs, outputs
from agreements.sharing.api.base import DetailViewSet
from agreements.sharing.api.compartments import ConfineInput
from agreements.sharing.api.parts import MarkingSerializer, RecordSerializer
from agreements.sharing.asking import Instant, ask_agency, ask_officer, instant_of, own_officers
from agreements.sharing.compartments import who_will_see
from agreements.sharing.disclosure import disclose
from agreements.sharing.foresight import foresee, foresee_marking
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record, Release
from agreements.sharing.offers import offers_for
from agreements.sharing.policy import decide
from agreements.sharing.presenting import panels_of, panels_then, preview_release
from portal.api.viewsets import ANY_OFFICER

IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description="ETag of the version you read."
)
AGENCY = OpenApiParameter("agency", OpenApiTypes.UUID, description="For officers of the owner: does that agency?")

OFFICER = OpenApiParameter(
    "officer", OpenApiTypes.UUID, description="For officers of the owner: does that one of ours?"
)
AT = OpenApiParameter(
    "at", OpenApiTypes.DATETIME, description="Of another instant: with the marking and releases of then."
)
KNOWN = OpenApiParameter(
    "known", OpenApiTypes.STR, enum=["then", "now"], description="By facts recorded by then, or by all until today."
)


class RecordFilterSet(django_filters.FilterSet):
    """Filters of the list of records."""

    kind = django_filters.CharFilter()
    owner = django_filters.UUIDFilter(field_name="owner_id")
    operation = django_filters.UUIDFilter(method="of_operation")
    category = django_filters.ChoiceFilter(choices=Category.choices, method="of_category")
    since = django_filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="lt")
    q = django_filters.CharFilter(method="matching", max_length=200)
    shared = django_filters.BooleanFilter(method="of_others", help_text="True: only what others released to us.")
    held = django_filters.BooleanFilter(method="waiting", help_text="True: own entries that nobody abroad was given.")

    class Meta:
        model = Record
        fields: list[str] = []

    def of_category(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(categories__contains=[value])

    def of_operation(self, rows: Any, name: str, value: uuid.UUID) -> Any:
        """Of a hidden operation as of an unknown one, nothing (R17)."""
        seen = Record.objects.visible_to(access_of(self.request._request)).filter(pk=value)
        return rows.filter(operation__in=seen)

    def matching(self, rows: Any, name: str, value: str) -> Any:
        return rows.matching(value)

    def _own(self) -> Any:
        return self.request._request.appointment.agencies

    def of_others(self, rows: Any, name: str, value: bool) -> Any:
        return rows.exclude(owner__in=self._own()) if value else rows.filter(owner__in=self._own())

    def waiting(self, rows: Any, name: str, value: bool) -> Any:
        given = Release.objects.standing().filter(clause__isnull=False).values("content_object")
        own = rows.filter(owner__in=self._own(), operation__isnull=False, kind__in=kinds.logged_kinds())
        return own.exclude(pk__in=given) if value else own.filter(pk__in=given)


class RecordViewSet(DetailViewSet):
    """Every record that the officer may see, of whatever kind."""

    model = Record
    serializer_class = RecordSerializer
    filterset_class = RecordFilterSet
    keyset = ("-occurred_at", "-pk")
    required_permissions = {
        "list": ANY_OFFICER,
        "retrieve": ANY_OFFICER,
        "explain": ANY_OFFICER,
        "audience": Permission.RECORD_ASK_WHO,
        "audience_preview": ANY_OFFICER,
        "offers": Permission.RECORD_RELEASE,
        "releases": Permission.RECORD_RELEASE,
        "release": Permission.RECORD_RELEASE,
        "release_preview": Permission.RECORD_RELEASE,
        "withdraw": Permission.RECORD_RELEASE,
        "revoke": Permission.RECORD_RELEASE,
        "marking": Permission.RECORD_MARK,
        "marking_preview": Permission.RECORD_MARK,
        "named": Permission.RECORD_RELEASE,
        "name_officer": Permission.RECORD_RELEASE,
        "unname": Permission.RECORD_RELEASE,
        "confine": Permission.RECORD_MARK,
        "confine_preview": Permission.RECORD_MARK,
    }

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Record.objects.none()
        rows = Record.objects.visible_to(self.access)
        return rows.select_related("owner__country", "author__officer", "author__agency", "operation")

    def record_of(self, row: Any) -> Record:
        return row  # type: ignore[no-any-return]

    def get_serializer_class(self) -> Any:
        return outputs.RecordDetailSerializer if self.action == "retrieve" else RecordSerializer

    def _own(self, verb: str) -> Record:
        """The record, if the officer may do that to it; 403 with the reason otherwise."""
        record: Record = self.get_object()
        decision = decide(self.access, record, verb)
        if not decision:
            raise PermissionDenied(decision.missing[0] if decision.missing else "")
        return record

    def _answer(self, serializer: Any, value: Any, record: Record | None = None, *, many: bool = False) -> Response:
        if record is not None:
            disclose(self.request._request, [record])
        return Response(serializer(value, many=many, context=self.get_serializer_context()).data)

    @extend_schema(parameters=[AGENCY, OFFICER, AT, KNOWN], responses=outputs.DecisionSerializer)
    @action(detail=True)
    def explain(self, request: Request, pk: uuid.UUID) -> Response:
        """Why one sees it; for officers of the owner also why another agency, or an own officer, does or does not
        (R26), now or at another instant (R14)."""
        record: Record = self.get_object()
        asked = request.query_params
        if not asked.keys() & {"agency", "officer", "at"}:
            return self._answer(outputs.DecisionSerializer, decide(self.access, record), record)
        self._owner_asks(record)
        when = self._when(record)
        if "officer" in asked:
            key = _uuid(asked["officer"], "officer")
            officer = next((row for row in own_officers(record, when.at or when.now) if row.pk == key), None)
            if officer is None:
                raise ValidationError({"officer": ["There is no such officer of yours."]})
            return self._answer(outputs.DecisionSerializer, ask_officer(record, officer, when), record)
        agency = Agency.objects.active().filter(pk=_uuid(asked.get("agency", ""), "agency")).first()
        if agency is None:
            raise ValidationError({"agency": ["There is no such agency."]})
        return self._answer(outputs.DecisionSerializer, ask_agency(record, agency, when), record)

    def _when(self, record: Record) -> Instant:
        asked, zone = self.request.query_params, self.by.agency.zone
        try:
            return instant_of(asked.get("at", ""), asked.get("known", ""), record, self.access.at, zone)
        except ValueError as error:
            raise ValidationError({"at": [str(error)]}) from None

    def _owner_asks(self, record: Record) -> None:
        if not self.access.owns(record.owner_id) or not self.by.may(Permission.RECORD_ASK_WHO):
            raise PermissionDenied("Only officers of its owner ask who sees a record (R26).")

    @extend_schema(parameters=[AT, KNOWN], responses=outputs.AudienceSerializer)
    @action(detail=True)
    def audience(self, request: Request, pk: uuid.UUID) -> Response:
        """For officers of the owner: which agencies see it, or saw it then (R14), by which article; who opened it
        (R18)."""
        record: Record = self.get_object()
        self._owner_asks(record)
        when = self._when(record)
        found = panels_then(record, self.access, when.at, when.known) if when.at else panels_of(record, self.access)
        return self._answer(outputs.AudienceSerializer, found, record)

    @extend_schema(request=inputs.PreviewInput, responses=outputs.AudienceLineSerializer)
    @action(detail=False, methods=["post"], url_path="audience-preview")
    def audience_preview(self, request: Request) -> Response:
        """Who will read a record that does not exist yet, once it is saved (R27)."""
        values = self.valid(inputs.PreviewInput)
        line = foresee(
            by=self.by,
            operation=values.get("operation"),
            kind=values["kind"],
            marking=MarkingSerializer.marking(values),
            photographs=values.get("photographs", False),
            compartment=values.get("compartment"),
            at=self.access.at,
        )
        return self._answer(outputs.AudienceLineSerializer, line)

    @extend_schema(responses=outputs.OffersSerializer)
    @action(detail=True)
    def offers(self, request: Request, pk: uuid.UUID) -> Response:
        """What a release of it may choose today, and what is missing for the rest."""
        record = self._own("release")
        found = offers_for(self.by, record, self.access.at, kind=record.kind, operation=record.operation)
        return self._answer(outputs.OffersSerializer, found, record)

    @extend_schema(responses=outputs.ReleaseSerializer(many=True))
    @action(detail=True)
    def releases(self, request: Request, pk: uuid.UUID) -> Response:
        """The standing releases of an own record."""
        record = self._own("release")
        rows = self._releases(record).standing().order_by("released_at", "pk")
        return self._answer(outputs.ReleaseSerializer, rows, record, many=True)

    def _releases(self, record: Record) -> Any:
        own = self.by.agencies
        rows = Release.objects.filter(content_object=record, clause__isnull=False)
        rows = rows.filter(Q(provider__in=own) | Q(content_object__owner__in=own))
        officers = "audience__appointment__officer"
        return rows.select_related("audience__circle", officers)

    @extend_schema(request=inputs.ReleaseInput, responses={201: outputs.ReleaseSerializer})
    @releases.mapping.post
    def release(self, request: Request, pk: uuid.UUID) -> Response:
        """Give it to an audience under a clause (R4, R6, R20)."""
        record: Record = self.get_object()
        values = self.valid(inputs.ReleaseInput)
        row = releases.release(
            record=record,
            to=inputs.ReleaseInput.to(values),
            clause=values["clause"],
            purpose=values["purpose"],
            until=values.get("until"),
            by=self.by,
        )
        answer = self._answer(outputs.ReleaseSerializer, self._releases(record).get(pk=row.pk), record)
        answer.status_code = 201
        return answer

    @extend_schema(request=inputs.ReleaseInput, responses=outputs.ReleasePreviewSerializer)
    @action(detail=True, methods=["post"], url_path="release-preview")
    def release_preview(self, request: Request, pk: uuid.UUID) -> Response:
        """Who would see it by such a release (R27). Changes nothing."""
        record = self._own("release")
        values = self.valid(inputs.ReleaseInput)
        to = inputs.ReleaseInput.to(values)
        terms = {"clause": values["clause"], "purpose": values["purpose"], "until": values.get("until")}
        proposal = to.proposal(provider=self.by.agency, **terms)
        found = preview_release(record, proposal, self.access.at)
        return self._answer(outputs.ReleasePreviewSerializer, found, record)

    @extend_schema(responses={204: None})
    @action(detail=True, methods=["delete"], url_path="releases/<uuid:release>")
    def withdraw(self, request: Request, pk: uuid.UUID, release: uuid.UUID) -> Response:
        """Take a release back."""
        self._take_back(release)
        return Response(status=204)

    @extend_schema(request=None, responses=outputs.ReleaseSerializer)
    @action(detail=True, methods=["post"], url_path="releases/<uuid:release>/revoke")
    def revoke(self, request: Request, pk: uuid.UUID, release: uuid.UUID) -> Response:
        """Take a release back: closed on the next request through every door (R13)."""
        return self._answer(outputs.ReleaseSerializer, self._take_back(release))

    def _take_back(self, release: uuid.UUID) -> Release:
        rows = self._releases(self.get_object())
        releases.revoke(release=get_object_or_404(rows, pk=release), by=self.by)
        return rows.get(pk=release)  # type: ignore[no-any-return]

    @extend_schema(parameters=[IF_MATCH], request=inputs.MarkingInput, responses={200: RecordSerializer, 204: None})
    @action(detail=True, methods=["post"])
    def marking(self, request: Request, pk: uuid.UUID) -> Response:
        """Mark it anew (R21). Needs If-Match; what is left out stays as it is. 204 when it is beyond you now."""
        record = self._own("mark")
        self.check_version(record)
        values = self.valid(inputs.MarkingInput)
        marking = MarkingSerializer.marking(values, records.marking_of(record))
        records.mark(record=record, marking=marking, by=self.by, reason=values.get("reason", ""))
        # Read again through the door: an upgrade may have put it beyond its writer.
        row = self.get_queryset().filter(pk=pk).first()
        return Response(status=204) if row is None else self.shown(row, serializer_class=RecordSerializer)

    @extend_schema(request=inputs.MarkingInput, responses=outputs.MarkingEffectSerializer)
    @action(detail=True, methods=["post"], url_path="marking-preview")
    def marking_preview(self, request: Request, pk: uuid.UUID) -> Response:
        """Which agencies, and parts of them, would lose or gain it by such a marking, or why it would not be saved.
        Changes nothing."""
        record = self._own("mark")
        values = self.valid(inputs.MarkingInput)
        marking = MarkingSerializer.marking(values, records.marking_of(record))
        effect = foresee_marking(record=record, marking=marking, at=self.access.at, by=self.by)
        return self._answer(outputs.MarkingEffectSerializer, effect, record)

    @extend_schema(responses=outputs.NamedSerializer(many=True))
    @action(detail=True)
    def named(self, request: Request, pk: uuid.UUID) -> Response:
        """Own officers who see it by name: of a RED or confined record (R8)."""
        record = self._own("release")
        return self._answer(outputs.NamedSerializer, naming.named_for(record), record, many=True)

    @extend_schema(request=inputs.NamingInput, responses={201: outputs.NamedSerializer(many=True)})
    @named.mapping.post
    def name_officer(self, request: Request, pk: uuid.UUID) -> Response:
        """Name an own officer for it (R8)."""
        record = self._own("release")
        naming.name_officer(record=record, by=self.by, **self.valid(inputs.NamingInput))
        answer = self._answer(outputs.NamedSerializer, naming.named_for(record), record, many=True)
        answer.status_code = 201
        return answer

    @extend_schema(responses={204: None})
    @action(detail=True, methods=["delete"], url_path="named/<uuid:appointment>")
    def unname(self, request: Request, pk: uuid.UUID, appointment: uuid.UUID) -> Response:
        """Take a naming back."""
        record = self._own("release")
        row = get_object_or_404(Appointment.objects.filter(agency__in=self.by.agencies), pk=appointment)
        naming.unname_officer(record=record, appointment=row, by=self.by)
        return Response(status=204)

    @extend_schema(parameters=[IF_MATCH], request=ConfineInput, responses=RecordSerializer)
    @action(detail=True, methods=["post"])
    def confine(self, request: Request, pk: uuid.UUID) -> Response:
        """Confine it to a compartment one is inside of, or open it to the whole agency again (R3). Needs If-Match."""
        record = self._own("mark")
        self.check_version(record)
        compartments.confine(record=record, by=self.by, **self.valid(ConfineInput))
        return self.shown(self.get_object(), serializer_class=RecordSerializer)

    @extend_schema(request=ConfineInput, responses=outputs.NamedSerializer(many=True))
    @action(detail=True, methods=["post"], url_path="confine-preview")
    def confine_preview(self, request: Request, pk: uuid.UUID) -> Response:
        """Which own officers would see it then. Changes nothing."""
        record = self._own("mark")
        values = self.valid(ConfineInput)
        named = [record.author, *naming.named_for(record)]
        found = who_will_see(record, values["compartment"], named, self.access.at)
        return self._answer(outputs.NamedSerializer, found, record, many=True)


def _uuid(text: str, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise ValidationError({name: ["This is not a key."]}) from None
