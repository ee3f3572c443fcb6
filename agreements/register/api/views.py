"""Agreements over the API: the same rows, states and actions as the pages."""

import uuid
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.register import actions, timeline
from agreements.register.api import inputs, outputs
from agreements.register.api.base import ON, facts_of
from agreements.register.api.life import LifeViewSet
from agreements.register.models import Agreement, Clause

VIEW, DRAFT, CONFIRM = Permission.AGREEMENT_VIEW, Permission.AGREEMENT_DRAFT, Permission.AGREEMENT_CONFIRM


@extend_schema_view(list=extend_schema(parameters=[ON]))
class AgreementViewSet(LifeViewSet):
    """Agreements that the officer's country is party to, and drafts of the own agency (R23)."""

    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": DRAFT,
        "destroy": DRAFT,
        "put_to_parties": DRAFT,
        "action_list": VIEW,
        "what_if": DRAFT,
        "clause_what_if": DRAFT,
        "designation_what_if": DRAFT,
        "designation_withdraw_what_if": DRAFT,
        "confirm_what_if": CONFIRM,
        "action_record": DRAFT,
        "clauses": VIEW,
        "clause_add": DRAFT,
        "clause_withdraw": DRAFT,
        "designations": VIEW,
        "designate": DRAFT,
        "designation_withdraw": DRAFT,
        "confirmations": VIEW,
        "confirm": CONFIRM,
        "timeline": VIEW,
        "conditions": VIEW,
        "condition_set": DRAFT,
        "condition_what_if": DRAFT,
        "relations": VIEW,
        "relate": DRAFT,
        "unrelate": DRAFT,
        "family": VIEW,
        "precedence": VIEW,
        "clause_compare": VIEW,
    }

    @extend_schema(parameters=[ON], responses=outputs.AgreementDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.full(self.kwargs["pk"])

    @extend_schema(request=inputs.AgreementInput, responses={201: outputs.AgreementDetailSerializer})
    def create(self, request: Request) -> Response:
        """Register one with its parties, articles, designations and actions, or keep it as a draft."""
        values = self.valid(inputs.AgreementInput)
        if values.get("made_under"):
            values["made_under"] = self._article(values["made_under"])
        row = actions.register(by=self.by, **values)
        answer = self.full(row.pk, status=201)
        answer["Location"] = request.build_absolute_uri(self.reverse_action("detail", [row.pk]))
        return answer

    def _article(self, key: uuid.UUID) -> Clause:
        seen = Agreement.objects.visible_to(self.by)
        row = Clause.objects.filter(agreement__in=seen, pk=key).select_related("agreement").first()
        if row is None:
            raise ValidationError({"made_under": ["There is no such article."]})
        return row

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: uuid.UUID) -> Response:
        """Throw a draft away."""
        actions.delete_draft(agreement=self.get_object(), by=self.by)
        return Response(status=204)

    @extend_schema(request=None, responses=outputs.AgreementDetailSerializer)
    @action(detail=True, methods=["post"], url_path="put")
    def put_to_parties(self, request: Request, pk: uuid.UUID) -> Response:
        """End a draft: from now on officers of the parties see it."""
        return self.full(actions.put_to_parties(agreement=self.get_object(), by=self.by).pk)

    @extend_schema(responses=outputs.ActionSerializer(many=True))
    @action(detail=True, url_path="actions", url_name="actions", filterset_class=None, pagination_class=None)
    def action_list(self, request: Request, pk: uuid.UUID) -> Response:
        """Its treaty actions in order of time."""
        rows = self.get_object().actions.select_related("agreement").prefetch_related("clauses", "confirmations")
        return self._listed(outputs.ActionSerializer, rows)

    @extend_schema(request=inputs.ActionInput, responses={201: outputs.ActionSerializer})
    @action_list.mapping.post
    def action_record(self, request: Request, pk: uuid.UUID) -> Response:
        """Record a treaty action. What narrows acts at once; what widens waits for the other side (R22)."""
        agreement = self.get_object()
        row = actions.record_action(agreement=agreement, by=self.by, **self.action_values(agreement))
        return self.shown(row, status=201, serializer_class=outputs.ActionSerializer)

    @extend_schema(responses=outputs.ClauseSerializer(many=True))
    @action(detail=True, filterset_class=None, pagination_class=None)
    def clauses(self, request: Request, pk: uuid.UUID) -> Response:
        """Its articles."""
        rows = self.get_object().clauses.prefetch_related("senders", "receivers", "confirmations")
        return self._listed(outputs.ClauseSerializer, rows)

    @extend_schema(request=inputs.ClauseInput, responses={201: outputs.ClauseSerializer})
    @clauses.mapping.post
    def clause_add(self, request: Request, pk: uuid.UUID) -> Response:
        """Add an article. Between two parties it works once both stand behind it (R22)."""
        agreement = self.get_object()
        row = actions.add_clause(agreement=agreement, by=self.by, **self.valid(inputs.ClauseInput))
        return self.shown(row, status=201, serializer_class=outputs.ClauseSerializer)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path="clauses/<uuid:clause>/withdraw")
    def clause_withdraw(self, request: Request, pk: uuid.UUID, clause: uuid.UUID) -> Response:
        """Take an article out of a draft again."""
        actions.withdraw_clause(clause=self.fact(self.get_object().clauses, clause), by=self.by)
        return Response(status=204)

    @extend_schema(responses=outputs.DesignationSerializer(many=True))
    @action(detail=True, filterset_class=None, pagination_class=None)
    def designations(self, request: Request, pk: uuid.UUID) -> Response:
        """Competent authorities, withdrawn ones too."""
        rows = self.get_object().designations.select_related("agency").prefetch_related("clauses", "confirmations")
        return self._listed(outputs.DesignationSerializer, rows)

    @extend_schema(request=inputs.DesignationInput, responses={201: outputs.DesignationSerializer})
    @designations.mapping.post
    def designate(self, request: Request, pk: uuid.UUID) -> Response:
        """Name an agency as competent authority of its party."""
        agreement = self.get_object()
        values = self.valid(inputs.DesignationInput)
        values["clauses"] = self.own_articles(agreement, values.get("clauses", []))
        row = actions.designate(agreement=agreement, by=self.by, **values)
        return self.shown(row, status=201, serializer_class=outputs.DesignationSerializer)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path="designations/<uuid:designation>/withdraw")
    def designation_withdraw(self, request: Request, pk: uuid.UUID, designation: uuid.UUID) -> Response:
        """Withdraw it: access by it ends at once, and only the designating party does it (R22)."""
        row = self.fact(self.get_object().designations, designation)
        actions.withdraw_designation(designation=row, by=self.by)
        return Response(status=204)

    @extend_schema(responses=outputs.WaitingSerializer(many=True))
    @action(detail=True, filterset_class=None, pagination_class=None)
    def confirmations(self, request: Request, pk: uuid.UUID) -> Response:
        """What waits for the own country's confirmation (R22)."""
        return self._listed(outputs.WaitingSerializer, self.waiting(self.get_object()))

    @extend_schema(request=inputs.ConfirmationInput, responses=outputs.AgreementDetailSerializer)
    @confirmations.mapping.post
    def confirm(self, request: Request, pk: uuid.UUID) -> Response:
        """Stand behind facts for the own country; what it stands behind already stays so."""
        agreement = self.get_object()
        keys = self.valid(inputs.ConfirmationInput).get("facts")
        actions.confirm(agreement=agreement, by=self.by, facts=None if keys is None else facts_of(agreement, keys))
        return self.full(agreement.pk)

    @extend_schema(responses=outputs.TimelineSerializer)
    @action(detail=True)
    def timeline(self, request: Request, pk: uuid.UUID) -> Response:
        """The states of each party from day to day, and the actions that made them."""
        row = self.get_object()
        acts = row.actions.select_related("agreement").prefetch_related("clauses", "confirmations")
        found = timeline.chronicle(row, acts, timezone.now())
        return Response(outputs.TimelineSerializer(found, context=self.get_serializer_context()).data)

    def _listed(self, serializer_class: Any, rows: Any) -> Response:
        return Response(serializer_class(rows, many=True, context=self.get_serializer_context()).data)
