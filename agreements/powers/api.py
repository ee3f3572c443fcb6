"""Powers over the API: the same rows, actions and card as the pages."""

import uuid
from functools import cached_property
from typing import Any

import django_filters
from django.http import QueryDict
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.models import Country
from agencies.directory.roles import Permission
from agreements.powers import actions, words
from agreements.powers.asking import CardForm
from agreements.powers.cards import card
from agreements.powers.choices import Act, Answer, Border
from agreements.powers.inputs import PowerConfirmationInput, PowerInput, PowerTextInput
from agreements.powers.models import Power
from agreements.powers.outputs import PowersCardSerializer, PowerSerializer, PowerTextSerializer, PreviewSerializer
from agreements.powers.parts import Asked
from agreements.powers.reading import sentence_of, states_for
from agreements.powers.views import zone_of
from portal.api.viewsets import ReadViewSet

VIEW, DRAFT, CONFIRM = Permission.AGREEMENT_VIEW, Permission.AGREEMENT_DRAFT, Permission.AGREEMENT_CONFIRM
ASKED = [
    OpenApiParameter("border", OpenApiTypes.STR, enum=[b.value for b in Border], description="Default: land."),
    OpenApiParameter("on", OpenApiTypes.DATE, description="The day. Default: now."),
    OpenApiParameter("lang", OpenApiTypes.STR, description="Language of the words. Default: en."),
    OpenApiParameter("stretch", OpenApiTypes.STR, description="A named stretch of the border."),
]


def asked_of(params: QueryDict) -> Asked:
    """Border, day, language and stretch of a card. Raises ValidationError at the one that cannot be read."""
    languages = [params["lang"]] if params.get("lang", "") in words.LANG_INFO else []
    form = CardForm(params, languages)
    if not form.is_valid():
        raise ValidationError({name: [str(text) for text in errors] for name, errors in form.errors.items()})
    return form.asked()


class PowerFilterSet(django_filters.FilterSet):
    agreement = django_filters.UUIDFilter(field_name="clause__agreement")
    clause = django_filters.UUIDFilter(field_name="clause")
    act = django_filters.ChoiceFilter(choices=Act.choices)
    answer = django_filters.ChoiceFilter(choices=Answer.choices)
    actor = django_filters.CharFilter(field_name="actor", max_length=12)
    host = django_filters.CharFilter(field_name="host", max_length=12)

    class Meta:
        model = Power
        fields: list[str] = []


class PowerViewSet(ReadViewSet):
    """Powers of the agreements that the officer may see (R23), newest first."""

    serializer_class = PowerSerializer
    filterset_class = PowerFilterSet
    keyset = ("-recorded_at", "-pk")
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": DRAFT,
        "preview": DRAFT,
        "texts": DRAFT,
        "confirmations": CONFIRM,
        "card": VIEW,
    }

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Power.objects.none()
        return Power.objects.visible_to(self.by).with_sides().prefetch_related("confirmations", "texts")

    @cached_property
    def nameable(self) -> set[uuid.UUID]:
        """Powers that others replace and that the reader may see: asked once for an answer."""
        return set(Power.objects.visible_to(self.by).exclude(replaced_by=None).values_list("pk", flat=True))

    def _again(self, row: Power) -> Power:
        self.__dict__.pop("nameable", None)
        found: Power = self.get_queryset().get(pk=row.pk)
        return found

    @extend_schema(request=PowerInput, responses={201: PowerSerializer})
    def create(self, request: Request) -> Response:
        """Record what an article says; with `replaces`, correct an entry. What permits waits for both states (R22)."""
        return self.created(self._again(actions.record_power(by=self.by, **self.valid(PowerInput))))

    @extend_schema(request=PowerInput, responses=PreviewSerializer)
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def preview(self, request: Request) -> Response:
        """How it would read. Nothing is saved."""
        values = self.valid(PowerInput)
        values.pop("key", None)
        row = Power(recorded_for=self.by.agency.country, recorded_at=timezone.now(), **values)
        actions.check(row, row.clause.agreement)
        found = {"sentence": sentence_of(row), "narrows": actions.narrows(row)}
        return Response(PreviewSerializer(found).data)

    @extend_schema(request=PowerTextInput, responses={201: PowerTextSerializer})
    @action(detail=True, methods=["post"])
    def texts(self, request: Request, pk: uuid.UUID) -> Response:
        """Put it into the words of a language. A text explains and decides nothing."""
        row = actions.put_into_words(power=self.get_object(), by=self.by, **self.valid(PowerTextInput))
        return self.shown(row, status=201, serializer_class=PowerTextSerializer)

    @extend_schema(request=PowerConfirmationInput, responses=PowerSerializer(many=True))
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def confirmations(self, request: Request) -> Response:
        """Stand behind powers for the own country (R22); answers with what still waits."""
        values = self.valid(PowerConfirmationInput)
        agreement, keys = values["agreement"], values.get("powers")
        chosen = None if keys is None else self._waiting(agreement, keys)
        actions.confirm_powers(agreement=agreement, by=self.by, powers=chosen)
        left = actions.outstanding(agreement, self.by.agency.country_id)
        return Response(PowerSerializer(left, many=True, context=self.get_serializer_context()).data)

    def _waiting(self, agreement: Any, keys: list[uuid.UUID]) -> list[Power]:
        """The powers of those keys. Those of other agreements are unknown here (R17)."""
        found = Power.objects.filter(clause__agreement=agreement).in_bulk(keys)
        errors: Any = {n: ["There is no such power here."] for n, key in enumerate(keys) if key not in found}
        if errors:
            raise ValidationError({"powers": errors})
        return list(found.values())

    @extend_schema(
        parameters=[
            OpenApiParameter("actor", OpenApiTypes.STR, required=True, description="Whose officers, by code."),
            OpenApiParameter("host", OpenApiTypes.STR, required=True, description="Where, by code."),
            *ASKED,
        ],
        responses=PowersCardSerializer,
    )
    @action(detail=False, filterset_class=None, pagination_class=None)
    def card(self, request: Request) -> Response:
        """The powers card of one state's officers in another: limits in metres and seconds."""
        params = request.query_params
        two = self._side("actor"), self._side("host")
        if two[0] == two[1]:
            raise ValidationError({"host": ["Powers are abroad: choose another state."]})
        now, zone = timezone.now(), zone_of(self.by)
        found = card(self.by, two, asked_of(params), now, zone, pairs=[two])
        return Response(PowersCardSerializer(found).data)

    def _side(self, name: str) -> Country:
        code = self.request.query_params.get(name, "").upper()
        row = next((one for one in states_for(self.by, timezone.now()) if one.pk == code), None)
        if row is None:
            raise ValidationError({name: ["No agreement with powers that you see names a state of this code."]})
        return row
