"""The life of agreements over the API: conditions, families, comparisons and precedence."""

import uuid
from typing import Any

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.register import actions, family, overlapping
from agreements.register.api import inputs, parts
from agreements.register.api.foreseen import ForeseenSerializer
from agreements.register.api.whatif import CONFIRMED, ForeseeingViewSet
from agreements.register.comparing import compared
from agreements.register.models import Agreement, Clause, ForceCondition, Relation

_PLAIN: dict[str, Any] = {"filterset_class": None, "pagination_class": None}


class LifeViewSet(ForeseeingViewSet):
    """What an agreement's entry into force depends on, what it belongs to, and where it overlaps with others."""

    @extend_schema(responses=parts.ConditionSerializer(many=True))
    @action(detail=True, **_PLAIN)
    def conditions(self, request: Request, pk: uuid.UUID) -> Response:
        """On what its entry into force depends; corrected ones too."""
        rows = self.get_object().force_conditions.prefetch_related("required", "confirmations")
        return Response(parts.ConditionSerializer(rows, many=True, context=self.get_serializer_context()).data)

    @extend_schema(request=inputs.ConditionInput, responses={201: parts.ConditionSerializer})
    @conditions.mapping.post
    def condition_set(self, request: Request, pk: uuid.UUID) -> Response:
        """Say how many consents bring it into force and how long after. It works once both of a pair confirmed it."""
        agreement = self.get_object()
        row = actions.set_condition(agreement=agreement, by=self.by, **self._condition(agreement))
        return self.shown(row, status=201, serializer_class=parts.ConditionSerializer)

    @extend_schema(request=inputs.ConditionInput, parameters=[CONFIRMED], responses=ForeseenSerializer)
    @action(detail=True, methods=["post"], url_path="conditions/what-if", **_PLAIN)
    def condition_what_if(self, request: Request, pk: uuid.UUID) -> Response:
        """What such a condition would open (R28). Changes nothing."""
        agreement = self.get_object()
        values = self._condition(agreement)
        step = lambda: actions.set_condition(agreement=agreement, by=self.by, **values)  # noqa: E731
        return self._foreseen(agreement, step, confirmed=True)

    def _condition(self, agreement: Agreement) -> dict[str, Any]:
        values: dict[str, Any] = self.valid(inputs.ConditionInput)
        key = values.pop("rectifies", None)
        if key is not None:
            values["rectifies"] = ForceCondition.objects.filter(agreement=agreement, pk=key).first()
            if values["rectifies"] is None:
                raise ValidationError({"rectifies": ["There is no such condition here."]})
        return values

    @extend_schema(responses=parts.RelationSerializer(many=True))
    @action(detail=True, **_PLAIN)
    def relations(self, request: Request, pk: uuid.UUID) -> Response:
        """What it is to others, and others to it, of those that the reader may see (R23)."""
        rows = self._related(self.get_object()).select_related("agreement", "other")
        return Response(parts.RelationSerializer(rows, many=True, context=self.get_serializer_context()).data)

    def _related(self, agreement: Agreement) -> Any:
        seen = Agreement.objects.visible_to(self.by)
        either = Q(agreement=agreement) | Q(other=agreement)
        return Relation.objects.filter(either, agreement__in=seen, other__in=seen)

    @extend_schema(request=inputs.RelationInput, responses={201: parts.RelationSerializer})
    @relations.mapping.post
    def relate(self, request: Request, pk: uuid.UUID) -> Response:
        """Say that it amends, replaces … another one. It opens nothing."""
        agreement, values = self.get_object(), self.valid(inputs.RelationInput)
        other = Agreement.objects.visible_to(self.by).filter(pk=values["other"]).first()
        if other is None:
            raise ValidationError({"other": ["There is no such agreement."]})
        values["note_text"] = values.pop("note", "")
        row = actions.relate(agreement=agreement, by=self.by, **{**values, "other": other})
        return self.shown(row, status=201, serializer_class=parts.RelationSerializer)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["delete"], url_path="relations/<uuid:relation>")
    def unrelate(self, request: Request, pk: uuid.UUID, relation: uuid.UUID) -> Response:
        """Take a relation back that was recorded in error."""
        row = self._related(self.get_object()).filter(pk=relation).first()
        if row is None:
            raise NotFound
        actions.unrelate(relation=row, by=self.by)
        return Response(status=204)

    @extend_schema(responses=parts.KinSerializer(many=True))
    @action(detail=True, **_PLAIN)
    def family(self, request: Request, pk: uuid.UUID) -> Response:
        """The trees that it stands in, of what the reader may see."""
        return Response(parts.KinSerializer(family.tree(self.get_object(), self.by), many=True).data)

    @extend_schema(responses=parts.OverlapSerializer(many=True))
    @action(detail=True, **_PLAIN)
    def precedence(self, request: Request, pk: uuid.UUID) -> Response:
        """Where another agreement covers the same flow: which governs, and why."""
        found = overlapping.overlaps(self.get_object(), self.by, timezone.now())
        return Response(parts.OverlapSerializer(found, many=True).data)

    @extend_schema(responses=parts.ComparedSerializer(many=True))
    @action(detail=True, url_path="clauses/<uuid:clause>/compare", **_PLAIN)
    def clause_compare(self, request: Request, pk: uuid.UUID, clause: uuid.UUID) -> Response:
        """An article beside the one whose place it takes, field by field."""
        seen = Agreement.objects.visible_to(self.by)
        rows: Any = Clause.objects.filter(agreement=self.get_object(), continues__agreement__in=seen)
        row = rows.select_related("continues").filter(pk=clause).first()
        if row is None:
            raise NotFound
        return Response(parts.ComparedSerializer(compared(row.continues, row), many=True).data)
