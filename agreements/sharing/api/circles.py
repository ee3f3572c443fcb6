"""Standing orders of the own agency; who takes part in what the officer sees."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.sharing.actions import orders
from agreements.sharing.api import inputs, outputs
from agreements.sharing.api.base import SeeingViewSet
from agreements.sharing.disclosure import items_of
from agreements.sharing.models import Assignment, Participation, StandingOrder
from portal.api.viewsets import ANY_OFFICER, ReadViewSet


class CircleViewSet(SeeingViewSet, ReadViewSet):
    """Rows that hang on a circle: only of circles whose record the officer sees."""


class StandingOrderViewSet(CircleViewSet):
    """What the own agency's log releases by itself, operation by operation (R6)."""

    serializer_class = outputs.StandingOrderSerializer
    queryset = StandingOrder.objects.none()
    keyset = ("-issued_at", "-pk")
    filterset_fields = {"circle": ["exact"], "revoked_at": ["isnull"]}
    required_permissions = {
        "list": ANY_OFFICER,
        "retrieve": ANY_OFFICER,
        "create": Permission.STANDING_ORDER_ISSUE,
        "destroy": Permission.STANDING_ORDER_ISSUE,
        "revoke": Permission.STANDING_ORDER_ISSUE,
    }

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return StandingOrder.objects.filter(agency__in=self.by.agencies, circle__record__in=self.seen())

    @extend_schema(request=inputs.StandingOrderInput, responses={201: outputs.StandingOrderSerializer})
    def create(self, request: Request) -> Response:
        """Issue one. An earlier one for the same circle and clause ends."""
        return self.created(orders.issue(by=self.by, **self.valid(inputs.StandingOrderInput)))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: uuid.UUID) -> Response:
        """Revoke it."""
        orders.revoke(order=self.get_object(), by=self.by)
        return Response(status=204)

    @extend_schema(request=None, responses=outputs.StandingOrderSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: uuid.UUID) -> Response:
        """Revoke it: from now on entries are held."""
        return self.shown(orders.revoke(order=self.get_object(), by=self.by))


class ParticipationViewSet(CircleViewSet):
    """Who takes part: of the own agency everything; of others, what those who take part know of each other (R18)."""

    serializer_class = outputs.ParticipationSerializer
    queryset = Participation.objects.none()
    keyset = ("-invited_at", "-pk")
    filterset_fields = {"circle": ["exact"], "agency": ["exact"], "accepted_at": ["isnull"], "ended_at": ["isnull"]}
    required_permissions = {"list": ANY_OFFICER, "retrieve": ANY_OFFICER}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        rows = Participation.objects.filter(circle__record__in=self.seen()).select_related("circle__record")
        return rows.filter(_known_part(self.by.agencies))

    def disclosures(self, rows: Sequence[Any]) -> Iterable[Mapping[str, Any]]:
        """Each names the record whose circle it is."""
        named = {row.circle.record_id: row.circle.record for row in rows}
        return items_of(self.access, named.values())


def _known_part(own: Collection[uuid.UUID], prefix: str = "") -> Q:
    """The own part; that of the lead; all of what one leads; accepted ones where the own agency takes part."""
    inside = Participation.objects.filter(agency__in=own, accepted_at__isnull=False, ended_at=None).values("circle")
    own_or_led = Q(**{f"{prefix}agency__in": own}) | Q(**{f"{prefix}circle__owner__in": own})
    return own_or_led | Q(**{f"{prefix}circle__in": inside, f"{prefix}accepted_at__isnull": False})


class AssignmentViewSet(CircleViewSet):
    """Officers' roles where the own agency takes part: own officers by name, others by function (R18)."""

    serializer_class = outputs.AssignmentSerializer
    queryset = Assignment.objects.none()
    keyset = ("-assigned_at", "-pk")
    filterset_fields = {"participation": ["exact"], "participation__circle": ["exact"], "ended_at": ["isnull"]}
    required_permissions = {"list": ANY_OFFICER, "retrieve": ANY_OFFICER}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        rows = Assignment.objects.filter(participation__circle__record__in=self.seen())
        rows = rows.filter(_known_part(self.by.agencies, "participation__"))
        rows = rows.select_related("participation", "appointment__officer", "appointment__agency")
        return rows.prefetch_related("directs")
