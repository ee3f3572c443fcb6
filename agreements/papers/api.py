"""Documents over the API: the same rows and actions as the pages."""

import uuid
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.papers import actions, searching, serving
from agreements.papers.choices import LANGUAGES, DocumentKind
from agreements.papers.forms import LONGEST_QUERY
from agreements.papers.models import Document
from agreements.papers.querysets import DocumentQuerySet
from agreements.register.models import Agreement, TreatyAction
from portal.api.parsers import BoundedJSONParser
from portal.api.renderers import FileRenderer
from portal.api.viewsets import ReadViewSet

VIEW, DRAFT = Permission.AGREEMENT_VIEW, Permission.AGREEMENT_DRAFT


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """One version of a document. Countries stand behind it, not officers (R18)."""

    state = serializers.ChoiceField(choices=[(word, word) for word in ("current", "superseded", "withdrawn")])
    added_for = serializers.CharField(source="added_by.agency.country_id")
    file_name = serializers.CharField(help_text="What a download is called. It tells nothing of the agreement.")

    class Meta:
        model = Document
        fields = [
            "id", "agreement", "action", "kind", "title", "language", "is_official", "series", "version", "state",
            "media_type", "size", "sha256", "file_name", "reading", "added_at", "added_for", "superseded_at",
            "withdrawn_at", "withdrawn_why",
        ]  # fmt: skip
        read_only_fields = fields


class SnippetPartSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    marked = serializers.BooleanField(help_text="Whether it is what was looked for.")


class SnippetSerializer(serializers.Serializer[Any]):
    page = serializers.IntegerField(allow_null=True, help_text="Of a PDF; null for all others.")
    parts = SnippetPartSerializer(many=True)


class DocumentFoundSerializer(serializers.Serializer[Any]):
    document = DocumentSerializer()
    snippets = SnippetSerializer(many=True)


class DocumentSearchSerializer(serializers.Serializer[Any]):
    """One page of what was found, best first; `count` documents match in all that the reader may open."""

    count = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    results = DocumentFoundSerializer(many=True, source="rows")


class DocumentVersionInput(serializers.Serializer[Any]):
    id = serializers.UUIDField(required=False, help_text="Made by the sender: sent again, it makes nothing new.")
    file = serializers.FileField(allow_empty_file=True)


class DocumentInput(DocumentVersionInput):
    """A file and what it is."""

    agreement = serializers.UUIDField()
    action = serializers.UUIDField(required=False, help_text="The treaty action that it belongs to.")
    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    title = serializers.CharField(max_length=200)
    language = serializers.ChoiceField(choices=LANGUAGES)
    is_official = serializers.BooleanField(required=False, default=False)


class DocumentWithdrawInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class SearchInput(serializers.Serializer[Any]):
    q = serializers.CharField(max_length=LONGEST_QUERY)
    agreement = serializers.UUIDField(required=False)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    kind = serializers.ChoiceField(choices=DocumentKind.choices, required=False)
    old = serializers.BooleanField(required=False)
    page = serializers.IntegerField(required=False, default=1, min_value=1, max_value=searching.LAST_PAGE)


class DocumentFilterSet(django_filters.FilterSet):
    agreement = django_filters.UUIDFilter(field_name="agreement_id")
    kind = django_filters.ChoiceFilter(choices=DocumentKind.choices)
    language = django_filters.ChoiceFilter(choices=LANGUAGES)
    is_official = django_filters.BooleanFilter()
    series = django_filters.UUIDFilter(help_text="All versions of one document.")
    current = django_filters.BooleanFilter(method="newest", help_text="The newest versions that are not withdrawn.")

    class Meta:
        model = Document
        fields: list[str] = []

    def newest(self, rows: DocumentQuerySet, name: str, value: bool) -> DocumentQuerySet:
        return rows.filter(superseded_at=None, withdrawn_at=None) if value else rows


class DocumentViewSet(ReadViewSet):
    """Documents of agreements that the officer may know of (R23), newest first."""

    serializer_class = DocumentSerializer
    filterset_class = DocumentFilterSet
    keyset = ("-added_at", "-pk")
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "search": VIEW,
        "file": VIEW,
        "create": DRAFT,
        "versions": DRAFT,
        "withdraw": DRAFT,
    }

    def get_queryset(self) -> QuerySet[Document]:
        if getattr(self, "swagger_fake_view", False):
            return Document.objects.none()
        return Document.objects.visible_to(self.by).with_words()

    def get_parsers(self) -> Any:
        """Files come as multipart; a reason may come as JSON."""
        return [MultiPartParser(), BoundedJSONParser()]

    @extend_schema(request={"multipart/form-data": DocumentInput}, responses={201: DocumentSerializer})
    def create(self, request: Request) -> Response:
        """Add a document to an agreement. Its text is read afterwards: see `reading`."""
        values = self.valid(DocumentInput)
        agreement = Agreement.objects.visible_to(self.by).filter(pk=values.pop("agreement")).first()
        if agreement is None:
            raise ValidationError({"agreement": ["There is no such agreement."]})
        act = self._action(agreement, values.pop("action", None))
        row = actions.add(agreement=agreement, action=act, by=self.by, key=values.pop("id", None), **values)
        return self.created(self.get_queryset().get(pk=row.pk))

    def _action(self, agreement: Agreement, key: uuid.UUID | None) -> TreatyAction | None:
        if key is None:
            return None
        row = agreement.actions.filter(pk=key).first()
        if row is None:
            raise ValidationError({"action": ["There is no such action here."]})
        return row

    @extend_schema(request={"multipart/form-data": DocumentVersionInput}, responses={201: DocumentSerializer})
    @action(detail=True, methods=["post"])
    def versions(self, request: Request, pk: uuid.UUID) -> Response:
        """Add a new version. The old one stays, marked as superseded."""
        document, values = self.get_object(), self.valid(DocumentVersionInput)
        row = actions.add_version(document=document, file=values["file"], by=self.by, key=values.get("id"))
        return self.created(self.get_queryset().get(pk=row.pk))

    @extend_schema(request=DocumentWithdrawInput, responses=DocumentSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: uuid.UUID) -> Response:
        """Take it back: it is kept with the reason, and found by no search."""
        row = actions.withdraw(document=self.get_object(), by=self.by, **self.valid(DocumentWithdrawInput))
        return self.shown(self.get_queryset().get(pk=row.pk))

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)})
    @action(detail=True, renderer_classes=[FileRenderer, JSONRenderer])
    def file(self, request: Request, pk: uuid.UUID) -> Any:
        """The file itself, in its own media type, with its SHA-256 as `Repr-Digest` (RFC 9530)."""
        return serving.served(self.get_object(), by=self.by)

    @extend_schema(
        parameters=[
            SearchInput,
            OpenApiParameter("q", description='Words; `"a phrase"`, `or`, `-not`.', required=True),
        ],
        responses=DocumentSearchSerializer,
    )
    @action(detail=False, filterset_class=None, pagination_class=None)
    def search(self, request: Request) -> Response:
        """Search in the text of documents that the officer may open."""
        asked = SearchInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        text, page = values.pop("q"), values.pop("page")
        found = searching.search(searching.narrowed(self.by, **values), text, page)
        return Response(DocumentSearchSerializer(found, context=self.get_serializer_context()).data)
