"""What a proposed fact would change, over the API (R28): asked of the step itself, and taken back."""

import uuid
from collections.abc import Callable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.register import actions, foresight
from agreements.register.api import inputs
from agreements.register.api.base import AgreementBase, facts_of
from agreements.register.api.foreseen import ForeseenSerializer
from agreements.register.choices import WIDENING
from agreements.register.models import Agreement

CONFIRMED = OpenApiParameter(
    "confirmed", OpenApiTypes.BOOL, description="Of what widens: as once every party has confirmed it (R22)."
)


class ForeseeingViewSet(AgreementBase):
    """Each step of an agreement's life with `what-if` behind its address, and the same body."""

    query_parameters = (*AgreementBase.query_parameters, "confirmed")

    @extend_schema(request=inputs.ActionInput, parameters=[CONFIRMED], responses=ForeseenSerializer)
    @action(detail=True, methods=["post"], url_path="what-if", filterset_class=None, pagination_class=None)
    def what_if(self, request: Request, pk: uuid.UUID) -> Response:
        """What such an action would close and open, in articles and in records (R28). Changes nothing."""
        agreement, values = self.get_object(), self.action_values(self.get_object())
        step = lambda: actions.record_action(agreement=agreement, by=self.by, **values)  # noqa: E731
        return self._foreseen(agreement, step, confirmed=values["kind"] in WIDENING)

    @extend_schema(request=inputs.ClauseInput, parameters=[CONFIRMED], responses=ForeseenSerializer)
    @action(detail=True, methods=["post"], url_path="clauses/what-if", filterset_class=None, pagination_class=None)
    def clause_what_if(self, request: Request, pk: uuid.UUID) -> Response:
        """What such an article would open (R28). Changes nothing."""
        agreement, values = self.get_object(), self.valid(inputs.ClauseInput)
        step = lambda: actions.add_clause(agreement=agreement, by=self.by, **values)  # noqa: E731
        return self._foreseen(agreement, step, confirmed=True)

    @extend_schema(request=inputs.DesignationInput, parameters=[CONFIRMED], responses=ForeseenSerializer)
    @action(detail=True, methods=["post"], url_path="designations/what-if", filterset_class=None, pagination_class=None)
    def designation_what_if(self, request: Request, pk: uuid.UUID) -> Response:
        """What such a designation would open (R28). Changes nothing."""
        agreement, values = self.get_object(), self.valid(inputs.DesignationInput)
        values["clauses"] = self.own_articles(agreement, values.get("clauses", []))
        step = lambda: actions.designate(agreement=agreement, by=self.by, **values)  # noqa: E731
        return self._foreseen(agreement, step, confirmed=True)

    @extend_schema(request=None, responses=ForeseenSerializer)
    @action(detail=True, methods=["post"], url_path="designations/<uuid:designation>/withdraw/what-if")
    def designation_withdraw_what_if(self, request: Request, pk: uuid.UUID, designation: uuid.UUID) -> Response:
        """What withdrawing it would close (R28). Changes nothing."""
        agreement = self.get_object()
        row = self.fact(agreement.designations, designation)
        return self._foreseen(agreement, lambda: actions.withdraw_designation(designation=row, by=self.by))

    @extend_schema(request=inputs.ConfirmationInput, responses=ForeseenSerializer)
    @action(
        detail=True, methods=["post"], url_path="confirmations/what-if", filterset_class=None, pagination_class=None
    )
    def confirm_what_if(self, request: Request, pk: uuid.UUID) -> Response:
        """What standing behind these facts would open (R28). Changes nothing."""
        agreement, keys = self.get_object(), self.valid(inputs.ConfirmationInput).get("facts")
        chosen = None if keys is None else facts_of(agreement, keys)
        return self._foreseen(agreement, lambda: actions.confirm(agreement=agreement, by=self.by, facts=chosen))

    def _foreseen(self, agreement: Agreement, step: Callable[[], Any], *, confirmed: bool = False) -> Response:
        """What the step would change; what widens, as once every party has confirmed it if the query asks so."""
        confirmed = confirmed and self.request.query_params.get("confirmed") == "true"
        found = foresight.foresee(agreement=agreement, by=self.by, step=step, confirmed=confirmed)
        foresight.shown(self.request._request, found)
        return Response(ForeseenSerializer(found).data)

    def action_values(self, agreement: Agreement) -> dict[str, Any]:
        values: dict[str, Any] = self.valid(inputs.ActionInput)
        values["clauses"] = self.own_articles(agreement, values.get("clauses", []))
        for name in ("lifts", "rectifies"):
            if values.get(name):
                row = agreement.actions.filter(pk=values[name]).first()
                if row is None:
                    raise ValidationError({name: ["There is no such action here."]})
                values[name] = row
        return values
