"""Sight of agreements over the API, for all that hangs on them."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response

from agreements.register import actions, life, presenting, timeline
from agreements.register.api import outputs
from agreements.register.api.filters import AgreementFilterSet
from agreements.register.days import FIRST, LAST
from agreements.register.models import Agreement, Clause, Fact
from portal.api.viewsets import ReadViewSet

ON = OpenApiParameter("on", OpenApiTypes.DATE, description="States on this day, by what is known now. Default: today.")


class AgreementBase(ReadViewSet):
    """Sight of agreements (R23), their states, and what hangs on them."""

    filterset_class = AgreementFilterSet
    keyset = ("short_name", "pk")
    query_parameters: tuple[str, ...] = ("on",)

    def get_queryset(self) -> QuerySet[Agreement]:
        if getattr(self, "swagger_fake_view", False):
            return Agreement.objects.none()
        rows = Agreement.objects.visible_to(self.by)
        return rows.prefetch_related("parties__country") if self.action == "list" else rows

    def get_serializer_class(self) -> Any:
        return outputs.AgreementSerializer if self.action == "list" else outputs.AgreementDetailSerializer

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        return None if rows is None else presenting.shown(rows, timezone.now(), self._day())

    def _day(self) -> date | None:
        text = self.request.query_params.get("on", "")
        try:
            day = parse_date(text) if text else None
        except ValueError:
            day = None
        if text and (day is None or not FIRST <= day <= LAST):
            raise ValidationError({"on": ["Give a day such as 2026-11-24."]})
        return day

    def full(self, key: uuid.UUID, status: int = 200) -> Response:
        """The agreement with all its facts, read again."""
        row = outputs.with_facts(Agreement.objects.visible_to(self.by)).filter(pk=key).first()
        if row is None:
            raise NotFound
        found = presenting.shown([row], timezone.now(), self._day())[0]
        return self.shown(found, status=status, serializer_class=outputs.AgreementDetailSerializer)

    def nameable_parent(self, row: Agreement) -> uuid.UUID | None:
        """The article it was made under, if the reader may see that agreement too."""
        if row.made_under is None:
            return None
        seen = Agreement.objects.visible_to(self.by).filter(pk=row.made_under.agreement_id).exists()
        return row.made_under_id if seen else None

    def waiting(self, row: Agreement) -> list[Fact]:
        """What waits for the own country's confirmation. Nothing for those whose country is no party."""
        own = self.by.agency.country_id
        return actions.outstanding(row, own) if any(p.country_id == own for p in row.parties.all()) else []

    def life(self, row: Agreement) -> dict[str, Any]:
        """What its entry into force waits for, notices that run and its renewal, on the day asked for."""
        now = timezone.now()
        treaty, at = timeline.known(row, now)[row.pk], presenting.instant_of(row, self._day(), now)
        return {
            "force": life.force_of(treaty, at),
            "notices": life.notices_of(treaty, at),
            "renewal": life.renewal_of(treaty, at),
        }

    def between(self, row: Agreement) -> list[presenting.Between]:
        own = self.by.agency.country_id
        if row.is_draft or all(party.country_id != own for party in row.parties.all()):
            return []
        return presenting.works_here(row, own, timezone.now())

    def own_articles(self, row: Agreement, keys: Iterable[uuid.UUID]) -> list[Clause]:
        """Articles of this agreement. Others are unknown here, wherever they are (R17)."""
        known = {clause.pk: clause for clause in row.clauses.all()}
        errors: Any = {n: ["There is no such article here."] for n, key in enumerate(keys) if key not in known}
        if errors:
            raise ValidationError({"clauses": errors})
        return [known[key] for key in keys]

    @staticmethod
    def fact(rows: Any, key: uuid.UUID) -> Any:
        row = rows.filter(pk=key).select_related("agreement").first()
        if row is None:
            raise NotFound
        return row


def facts_of(agreement: Agreement, keys: list[uuid.UUID]) -> list[Fact]:
    """The facts of those keys. Those of other agreements are unknown here (R17)."""
    found: dict[uuid.UUID, Fact] = {}
    for rows in (agreement.clauses, agreement.actions, agreement.designations, agreement.force_conditions):
        found.update(rows.in_bulk(keys))
    errors: Any = {n: ["There is no such fact here."] for n, key in enumerate(keys) if key not in found}
    if errors:
        raise ValidationError({"facts": errors})
    return list(found.values())
