"""Drafts over the API: the same tasks, statuses and actions as the pages."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.models import Agency, Country
from agencies.directory.roles import Permission
from agreements.drafting import actions, presenting, previewing
from agreements.drafting.actions.days import days_of
from agreements.drafting.actions.filling import clause_version
from agreements.drafting.api import inputs, outputs
from agreements.drafting.api.base import DraftBase
from agreements.drafting.statuses import read
from agreements.drafting.timing import follows
from agreements.register import foresight
from agreements.register.api.foreseen import ForeseenSerializer
from agreements.register.models import Agreement
from portal.api.versions import expected_version

DRAFT = Permission.AGREEMENT_DRAFT
SHOW = OpenApiParameter("show", OpenApiTypes.STR, enum=["mine", "approve", "scheduled"])
WORDS = OpenApiParameter("q", OpenApiTypes.STR, description="Words of the title or short name.")
AGENCY = OpenApiParameter("agency", OpenApiTypes.UUID, required=True)


@extend_schema_view(list=extend_schema(parameters=[SHOW, WORDS]))
class DraftViewSet(DraftBase):
    """Drafts of the own agency, and those to which it is invited (R23)."""

    required_permissions = dict.fromkeys(
        (
            "list", "retrieve", "create", "partial_update", "tasks", "mark", "party_add", "party_remove", "area",
            "authority_name", "authority_unname", "dates", "dates_save", "dates_preview", "article_add",
            "article_change", "article_remove", "terms", "what_if", "as_agency", "share", "unshare", "submit",
            "approve", "send_back", "take_back", "stop", "schedule",
        ),
        DRAFT,
    )  # fmt: skip

    @extend_schema(responses=outputs.DraftSerializer)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """Its tasks with how far each is, who works on it, and what is asked for."""
        self.draft()
        return self.sheet(pk)

    @extend_schema(request=inputs.DraftInput, responses={201: outputs.DraftSerializer})
    def create(self, request: Request) -> Response:
        """Begin a draft with a name and a kind."""
        row = actions.start(by=self.by, **self.valid(inputs.DraftInput))
        answer = self.sheet(row.pk, status=201)
        answer["Location"] = request.build_absolute_uri(self.reverse_action("detail", [row.pk]))
        return answer

    @extend_schema(request=inputs.NameInput, responses=outputs.DraftSerializer)
    def partial_update(self, request: Request, pk: uuid.UUID) -> Response:
        """Name and kind. Send the version of that task as If-Match."""
        row, version = self.draft(), expected_version(request)
        values = self.valid(inputs.NameInput, partial=True)
        actions.save_name(agreement=row, by=self.by, version=version, **values)
        return self.sheet(pk)

    @extend_schema(responses=outputs.TaskPart(many=True))
    @action(detail=True, pagination_class=None)
    def tasks(self, request: Request, pk: uuid.UUID) -> Response:
        """What each holds, what is missing, what looks odd, and how far it is."""
        self.draft()
        found = presenting.sheet(pk, self.by)
        return Response(outputs.TaskPart(found.steps, many=True, context=self.get_serializer_context()).data)

    @extend_schema(request=inputs.MarkInput, responses=outputs.DraftSerializer)
    @action(detail=True, methods=["post"], url_path="tasks/<slug:task>")
    def mark(self, request: Request, pk: uuid.UUID, task: str) -> Response:
        """Call a task done as it stands, or open it again."""
        actions.mark(agreement=self.draft(), by=self.by, task=task, **self.valid(inputs.MarkInput))
        return self.sheet(pk)

    @extend_schema(request=inputs.AreaInput, responses=outputs.DraftSerializer)
    @action(detail=True, methods=["put"])
    def area(self, request: Request, pk: uuid.UUID) -> Response:
        """Where it applies. Send the version of that task as If-Match."""
        row, version = self.draft(), expected_version(request)
        actions.save_area(agreement=row, by=self.by, version=version, **self.valid(inputs.AreaInput))
        return self.sheet(pk)

    @extend_schema(request=inputs.PartyInput, responses=outputs.DraftSerializer)
    @action(detail=True, methods=["post"], url_path="parties")
    def party_add(self, request: Request, pk: uuid.UUID) -> Response:
        actions.add_party(agreement=self.draft(), by=self.by, **self.valid(inputs.PartyInput))
        return self.sheet(pk)

    @extend_schema(request=None, responses=outputs.DraftSerializer)
    @action(detail=True, methods=["delete"], url_path="parties/<str:country>")
    def party_remove(self, request: Request, pk: uuid.UUID, country: str) -> Response:
        row = self.draft()
        found = Country.objects.filter(pk=country.upper(), pk__in=row.parties.values("country")).first()
        if found is None:
            raise NotFound
        actions.remove_party(agreement=row, by=self.by, country=found)
        return self.sheet(pk)

    @extend_schema(request=inputs.AuthorityInput, responses={201: outputs.AuthoritySerializer})
    @action(detail=True, methods=["post"], url_path="authorities")
    def authority_name(self, request: Request, pk: uuid.UUID) -> Response:
        """Name a competent authority of a party."""
        row, values = self.draft(), self.valid(inputs.AuthorityInput)
        values["clauses"] = self.articles_named(row, values.get("clauses", []))
        found = actions.name_agency(agreement=row, by=self.by, **values)
        return self.shown(found, status=201, serializer_class=outputs.AuthoritySerializer)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["delete"], url_path="authorities/<uuid:designation>")
    def authority_unname(self, request: Request, pk: uuid.UUID, designation: uuid.UUID) -> Response:
        found = self.part(self.draft().designations, designation)
        actions.unname_agency(designation=found, by=self.by)
        return Response(status=204)

    @extend_schema(responses=outputs.DatesSerializer)
    @action(detail=True, pagination_class=None)
    def dates(self, request: Request, pk: uuid.UUID) -> Response:
        """The days of the draft and of each party. The ETag is the task's version."""
        return self._dates(self.draft())

    @extend_schema(request=inputs.DatesInput, responses=outputs.DatesSerializer)
    @dates.mapping.put
    def dates_save(self, request: Request, pk: uuid.UUID) -> Response:
        """All days at once. Send the version of that task as If-Match."""
        row, version = self.draft(), expected_version(request)
        days = inputs.DatesInput.days(self.valid(inputs.DatesInput))
        actions.save_dates(agreement=row, by=self.by, version=version, days=days)
        return self._dates(read(row))

    @extend_schema(request=inputs.DatesInput, responses=outputs.FollowsSerializer(many=True))
    @action(detail=True, methods=["post"], url_path="dates/preview", pagination_class=None)
    def dates_preview(self, request: Request, pk: uuid.UUID) -> Response:
        """The states of each party that would follow from these days. Changes nothing."""
        row = self.draft()
        self.fills(row, "dates")
        days = inputs.DatesInput.days(self.valid(inputs.DatesInput))
        found = follows(row, timezone.now(), days=days, by=self.by)
        return Response(outputs.FollowsSerializer(found, many=True).data)

    def _dates(self, row: Agreement) -> Response:
        answer = Response(outputs.DatesSerializer(days_of(row)).data)
        answer["ETag"] = f'"{self.version(row, "dates")}"'
        return answer

    @extend_schema(request=inputs.ArticleInput, responses={201: outputs.ArticleSerializer})
    @action(detail=True, methods=["post"], url_path="articles")
    def article_add(self, request: Request, pk: uuid.UUID) -> Response:
        row = actions.add_article(agreement=self.draft(), by=self.by, **self.valid(inputs.ArticleInput))
        return self._article(row, "articles", status=201)

    @extend_schema(request=inputs.ArticleChangeInput, responses=outputs.ArticleSerializer)
    @action(detail=True, methods=["patch"], url_path="articles/<uuid:clause>")
    def article_change(self, request: Request, pk: uuid.UUID, clause: uuid.UUID) -> Response:
        """What an article says. Send the ETag that was read as If-Match."""
        row, version = self.part(self.draft().clauses, clause), expected_version(request)
        values = self.valid(inputs.ArticleChangeInput, partial=True)
        return self._article(actions.change_article(clause=row, by=self.by, version=version, **values), "articles")

    @extend_schema(request=None, responses={204: None})
    @article_change.mapping.delete
    def article_remove(self, request: Request, pk: uuid.UUID, clause: uuid.UUID) -> Response:
        actions.remove_article(clause=self.part(self.draft().clauses, clause), by=self.by)
        return Response(status=204)

    @extend_schema(request=inputs.TermsInput, responses=outputs.ArticleSerializer)
    @action(detail=True, methods=["put"], url_path="articles/<uuid:clause>/terms")
    def terms(self, request: Request, pk: uuid.UUID, clause: uuid.UUID) -> Response:
        """What may flow under an article; what is left out stays. A version that is sent as If-Match is checked."""
        row = self.part(self.draft().clauses, clause)
        version = expected_version(request) if "If-Match" in request.headers else None
        values = self.valid(inputs.TermsInput)
        return self._article(actions.set_terms(clause=row, by=self.by, version=version, **values), "sharing")

    def _article(self, row: Any, task: str, status: int = 200) -> Response:
        answer = self.shown(row, status=status, serializer_class=outputs.ArticleSerializer)
        answer["ETag"] = f'"{clause_version(row, task)}"'
        return answer

    @extend_schema(responses=ForeseenSerializer)
    @action(detail=True, url_path="what-if", pagination_class=None)
    def what_if(self, request: Request, pk: uuid.UUID) -> Response:
        """What bringing it into force would open and close, once every party has confirmed it (R28). Changes nothing."""
        found = previewing.foresee(self.draft(), self.by)
        foresight.shown(request._request, found)
        return Response(ForeseenSerializer(found).data)

    @extend_schema(parameters=[AGENCY], responses=outputs.SightSerializer)
    @action(detail=True, url_path="as-agency", pagination_class=None)
    def as_agency(self, request: Request, pk: uuid.UUID) -> Response:
        """What may flow to and from one of the authorities that it names. Changes nothing."""
        row = self.draft()
        found = self._authority(row, request.query_params.get("agency", ""))
        return Response(outputs.SightSerializer(previewing.as_agency(row, found, self.by)).data)

    def _authority(self, row: Agreement, text: str) -> Agency:
        try:
            key = uuid.UUID(text)
        except ValueError as error:
            raise ValidationError({"agency": ["Give the key of an agency."]}) from error
        found = Agency.objects.filter(pk=key, designations__agreement=row).first()
        if found is None:
            raise ValidationError({"agency": ["It is no authority named in this draft."]})
        return found

    @extend_schema(request=inputs.ShareInput, responses=outputs.DraftSerializer)
    @action(detail=True, methods=["post"], url_path="shares")
    def share(self, request: Request, pk: uuid.UUID) -> Response:
        """With a colleague, or with an agency of a party and the tasks that it may fill in."""
        actions.share(agreement=self.draft(), by=self.by, **self.valid(inputs.ShareInput))
        return self.sheet(pk)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["delete"], url_path="shares/<uuid:share>")
    def unshare(self, request: Request, pk: uuid.UUID, share: uuid.UUID) -> Response:
        actions.unshare(share=self.part(self.draft().draft_shares, share), by=self.by)
        return Response(status=204)

    @extend_schema(request=inputs.SubmitInput, responses=outputs.DraftSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: uuid.UUID) -> Response:
        """Ask for a second officer, to put it to the parties as it is: once approved, or on a day (R22)."""
        actions.ask(agreement=self.draft(), by=self.by, **self.valid(inputs.SubmitInput))
        return self.sheet(pk)

    @extend_schema(request=None, responses=outputs.DraftSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: uuid.UUID) -> Response:
        """As the second officer."""
        actions.approve(submission=self.submission(), by=self.by)
        return self.sheet(pk)

    @extend_schema(request=inputs.SendBackInput, responses=outputs.DraftSerializer)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: uuid.UUID) -> Response:
        """As the second officer: no, and why."""
        actions.send_back(submission=self.submission(), by=self.by, **self.valid(inputs.SendBackInput))
        return self.sheet(pk)

    @extend_schema(request=None, responses=outputs.DraftSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: uuid.UUID) -> Response:
        """As who asked."""
        actions.take_back(submission=self.submission(), by=self.by)
        return self.sheet(pk)

    @extend_schema(request=None, responses=outputs.DraftSerializer)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: uuid.UUID) -> Response:
        """Approved, and its day has not come: it does not go out."""
        actions.cancel(submission=self.submission(), by=self.by)
        return self.sheet(pk)

    @extend_schema(request=inputs.ScheduleInput, responses=outputs.DraftSerializer)
    @action(detail=True, methods=["post"])
    def schedule(self, request: Request, pk: uuid.UUID) -> Response:
        """Another day for what is approved, or now."""
        actions.schedule(submission=self.submission(), by=self.by, **self.valid(inputs.ScheduleInput))
        return self.sheet(pk)

    def get_queryset(self) -> "QuerySet[Agreement]":
        return self.drafts()
