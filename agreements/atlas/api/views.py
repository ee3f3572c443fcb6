"""The atlas over the API: the matrix, one flow, the network, and what one has in common with a country or an agency."""

import uuid
from dataclasses import replace
from typing import Any

from django.http import Http404, QueryDict
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.acquaintance import known_to
from agencies.directory.models import Agency, Country
from agencies.directory.roles import Permission
from agreements.atlas import exchanged, network, presenting, reading, relations
from agreements.atlas.api import outputs
from agreements.atlas.api.outputs import CATEGORIES, told
from agreements.atlas.flows import Day, Ground, ground_of
from agreements.atlas.forms import DayFilter, MatrixFilter, NetworkFilter
from agreements.atlas.matrix import matrix
from agreements.register.choices import Category, ClauseKind
from agreements.sharing.disclosure import items_of
from portal.api.viewsets import KernelViewSet
from portal.audit import recording

VIEW, DIRECTORY = Permission.AGREEMENT_VIEW, Permission.DIRECTORY_VIEW
KINDS = ClauseKind.choices


def _day(name: str, words: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.DATE, description=words)


def _text(name: str, words: str, **options: Any) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, description=words, **options)


ON = _day("on", "On this day, by what is known now. Default: now, as the access decision has it.")
AGAINST = _day("against", "Each cell with what became of it since this other day.")
KIND = _text("kind", "Of this kind of article.", enum=[value for value, _ in KINDS])
BY = _text("by", "Sides are states, or agencies.", enum=["agencies"])
FILTERS = [
    ON,
    AGAINST,
    KIND,
    BY,
    _text("between", "Default: from and to the own state.", enum=["all"]),
    _text("partner", "From or to this state."),
    _text("sender", "From this state or, with `by=agencies`, this agency."),
    _text("receiver", "To this one."),
    _text("category", "This data category alone.", enum=[value for value, _ in CATEGORIES]),
]


class AtlasViewSet(KernelViewSet):
    """Nothing here is a row of its own: all is worked out from the agreements that the reader's state may know (R23)."""

    required_permissions = {
        "matrix": VIEW,
        "flow": VIEW,
        "network": VIEW,
        "country": DIRECTORY,
        "agency": DIRECTORY,
        "exchanges": DIRECTORY,
        "exchanged_records": DIRECTORY,
    }
    pagination_class = None
    filter_backends: list[Any] = []

    def get_queryset(self) -> Any:
        return Country.objects.all()

    @extend_schema(parameters=FILTERS, responses=outputs.FlowCellSerializer(many=True))
    def matrix(self, request: Request) -> Response:
        """The flow matrix: every open cell, and with `against` those that were open then."""
        ground, wanted = self._asked(request)
        ends = {name: request.query_params.get(name, "") for name in ("sender", "receiver")}
        wanted = replace(wanted, narrow=replace(wanted.narrow, **ends))
        if presenting.is_too_wide(wanted, ground):
            raise ValidationError({"between": ["So many states: name a sender, a partner or a data category."]})
        found = matrix(ground, wanted.narrow, wanted.day, wanted.against, agencies=wanted.agencies)
        rows = [told(found.cells[place], ground, wanted.day) for place in sorted(found.cells)]
        return Response(outputs.FlowCellSerializer(rows, many=True).data)

    @extend_schema(
        parameters=[
            _text("sender", "A state's code or, with `by=agencies`, an agency's key.", required=True),
            _text("receiver", "The same.", required=True),
            _text("category", "The data category.", required=True, enum=[value for value, _ in CATEGORIES]),
            ON,
            AGAINST,
            KIND,
            BY,
        ],
        responses=outputs.FlowReadingSerializer,
    )
    def flow(self, request: Request) -> Response:
        """One cell: the articles that open it with their terms, and why others do not."""
        ground, wanted = self._asked(request)
        sender, receiver = (request.query_params.get(name, "") for name in ("sender", "receiver"))
        category = request.query_params.get("category", "")
        if category not in Category.values:
            raise ValidationError({"category": ["There is no such data category."]})
        if not {sender, receiver} <= presenting.sides_of(ground, agencies=wanted.agencies):
            raise Http404
        found = reading.read(ground, sender, receiver, category, wanted.day, wanted.against, kind=wanted.narrow.kind)
        answer = {"cell": told(found.cell, ground, wanted.day), "articles": found.articles, "closed": found.closed}
        return Response(outputs.FlowReadingSerializer(answer).data)

    @extend_schema(
        parameters=[ON, KIND, _text("around", "A state's code, or `all`. Default: the own state.")],
        responses=outputs.NetworkEdgeSerializer(many=True),
    )
    def network(self, request: Request) -> Response:
        """Who is bound with whom by what kind of article."""
        ground = ground_of(self.by)
        names = [(key, key) for key in ground.parties]
        values = _valid(NetworkFilter(_query(request), states=names))
        around = {"": ground.own, "all": ""}.get(values["around"], values["around"])
        day = Day(timezone.now(), values["on"])
        return Response(
            outputs.NetworkEdgeSerializer(
                network.edges(ground, day, kind=values["kind"], around=around), many=True
            ).data
        )

    @extend_schema(responses=outputs.RelationsSerializer)
    def country(self, request: Request, code: str) -> Response:
        """Agreements in common, competent authorities and agencies of a country."""
        found = relations.with_country(self.by, _country(code), timezone.now())
        return Response(outputs.RelationsSerializer(found, context=self.get_serializer_context()).data)

    @extend_schema(responses=outputs.RelationsSerializer)
    def agency(self, request: Request, pk: uuid.UUID) -> Response:
        """Agreements for which an agency is designated, as far as the reader may know them."""
        row = Agency.objects.known().filter(pk=pk).select_related("country").first()
        if row is None:
            raise Http404
        now = timezone.now()
        found = relations.with_agency(self.by, row, now)
        contacts = relations.contacts_of(self.by, [row], now)
        answer = relations.Relations(found.agreements, found.named, contacts)
        return Response(outputs.RelationsSerializer(answer, context=self.get_serializer_context()).data)

    WITH = [_text("agency", "With this agency."), _text("country", "With all agencies of this country.")]

    @extend_schema(parameters=WITH, responses=outputs.ExchangeSerializer)
    def exchanges(self, request: Request) -> Response:
        """How many records the own agency gave to and received from partners, by month, as far as the reader sees them."""
        return Response(outputs.ExchangeSerializer(self._exchange(request)).data)

    @extend_schema(
        parameters=[
            *WITH,
            _text("way", "Default: given.", enum=["given", "received"]),
            _day("month", "A day of the month: its first, as `months` has it."),
        ],
        responses=outputs.CrossedSerializer(many=True),
    )
    def exchanged_records(self, request: Request) -> Response:
        """The records behind such a number, the newest first, up to a hundred."""
        asked = request.query_params
        values = _valid(DayFilter({"on": asked.get("month", "")}))
        month = values["on"].replace(day=1) if values["on"] else None
        rows = self._exchange(request).rows(asked.get("way", "given"), month)[:100]
        access = request._request.access  # type: ignore[attr-defined]
        recording.disclose(by=self.by, items=items_of(access, [row.record for row in rows]))
        return Response(outputs.CrossedSerializer(rows, many=True).data)

    def _exchange(self, request: Request) -> exchanged.Exchange:
        key, code = (request.query_params.get(name, "") for name in ("agency", "country"))
        try:
            chosen = Agency.objects.known().filter(pk=uuid.UUID(key)) if key else Agency.objects.none()
        except ValueError:
            raise ValidationError({"agency": ["Give an agency's key."]}) from None
        if code:
            chosen = Agency.objects.filter(country=_country(code), is_active=True)
        known = known_to(self.by, timezone.now())
        keys = [row.pk for row in chosen if row.pk in known and row.pk not in self.by.agencies]
        return exchanged.exchange(request._request.access, keys, self.by.agency.zone)  # type: ignore[attr-defined]

    def _asked(self, request: Request) -> tuple[Ground, presenting.Asked]:
        ground = ground_of(self.by)
        form = MatrixFilter(_query(request), partners=[(key, key) for key in ground.parties])
        _valid(form)
        return ground, presenting.asked(form, ground, timezone.now())


def _query(request: Request) -> QueryDict:
    return request.query_params


def _valid(form: Any) -> dict[str, Any]:
    if not form.is_valid():
        raise ValidationError({name: list(errors) for name, errors in form.errors.items()})
    return dict(form.cleaned_data)


def _country(code: str) -> Country:
    row = None if "\x00" in code else Country.objects.filter(pk=code).first()
    if row is None:
        raise Http404
    return row
