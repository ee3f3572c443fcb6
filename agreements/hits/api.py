"""Hit/no-hit over the API (R19). The same actions as the pages."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.hits import actions
from agreements.hits.choices import Outcome, Term
from agreements.hits.models import Answer, IndexEntry, Search
from agreements.hits.reading import hits_of
from agreements.hits.searching import clauses_to_index
from agreements.hits.terms import LONGEST
from agreements.register.choices import Purpose
from agreements.register.models import Clause
from agreements.sharing.api.base import HangingViewSet, SeeingViewSet
from agreements.sharing.api.parts import OfficerPart
from portal.api.viewsets import ReadViewSet

RELEASE, SEARCH = Permission.RECORD_RELEASE, Permission.HIT_SEARCH


class AnswerSerializer(serializers.ModelSerializer[Answer]):
    """What one partner answered. Reference and duty desk are there on a hit alone."""

    reference = serializers.SerializerMethodField()
    desk_phone = serializers.SerializerMethodField()
    desk_email = serializers.SerializerMethodField()

    class Meta:
        model = Answer
        fields = ["country", "agency", "clause", "outcome", "words", "reference", "desk_phone", "desk_email"]
        read_only_fields = fields

    def get_reference(self, row: Answer) -> str:
        return row.reference if row.outcome == Outcome.HIT else ""

    def get_desk_phone(self, row: Answer) -> str:
        return row.agency.desk_phone if row.agency and row.outcome == Outcome.HIT else ""

    def get_desk_email(self, row: Answer) -> str:
        return row.agency.desk_email if row.agency and row.outcome == Outcome.HIT else ""


class SearchSerializer(serializers.ModelSerializer[Search]):
    """A search of the own agency. The value is not kept: `masked` has its last two characters."""

    searched_by = OfficerPart(read_only=True)
    answers = AnswerSerializer(many=True, read_only=True)

    class Meta:
        model = Search
        fields = ["id", "term", "masked", "purpose", "reason", "searched_by", "searched_at", "answers"]
        read_only_fields = fields


class TermInput(serializers.Serializer[Any]):
    term = serializers.ChoiceField(choices=Term.choices)
    value = serializers.CharField(max_length=LONGEST)
    born = serializers.DateField(required=False, allow_null=True, help_text="Of a person.")


class SearchInput(TermInput):
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    reason = serializers.CharField(max_length=300)


class HitPart(serializers.Serializer[Any]):
    """A search that hit: agency and function of who asked, when, and the reference that was given."""

    agency = serializers.UUIDField(source="search.searched_by.agency_id")
    function = serializers.CharField(source="search.searched_by.function")
    searched_at = serializers.DateTimeField(source="search.searched_at")
    reference = serializers.CharField()


class EntrySerializer(serializers.ModelSerializer[IndexEntry]):
    """One indexed term of an own record."""

    indexed_by = OfficerPart(read_only=True)
    hits = serializers.SerializerMethodField()

    class Meta:
        model = IndexEntry
        fields = ["id", "record", "clause", "term", "masked", "indexed_by", "indexed_at", "withdrawn_at", "hits"]
        read_only_fields = fields

    @extend_schema_field(HitPart(many=True))
    def get_hits(self, row: IndexEntry) -> Any:
        return HitPart([hit for hit in self._hits if row.pk in hit.entries], many=True).data

    @property
    def _hits(self) -> list[Answer]:
        """Of all entries that are shown, in one query."""
        kept: dict[str, list[Answer]] = self.context["hits"]
        if "found" not in kept:
            shown = getattr(self.parent, "instance", None) or [self.instance]
            rows = list(shown)
            kept["found"] = hits_of([row.pk for row in rows], rows[0].record.owner_id) if rows else []
        return kept["found"]


class EntryInput(TermInput):
    record = serializers.UUIDField()
    clause = serializers.PrimaryKeyRelatedField(queryset=Clause.objects.select_related("agreement"))


class ClauseChoice(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    words = serializers.CharField(source="__str__")
    categories = serializers.ListField(child=serializers.CharField())


class HitSearchViewSet(SeeingViewSet, ReadViewSet):
    """Searches of the own agency."""

    serializer_class = SearchSerializer
    queryset = Search.objects.none()
    keyset = ("-searched_at", "-pk")
    filterset_fields = {"term": ["exact"]}
    required_permissions = dict.fromkeys(("list", "retrieve", "create"), SEARCH)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Search.objects.visible_to(self.access).with_words()

    @extend_schema(request=SearchInput, responses={201: SearchSerializer})
    def create(self, request: Request) -> Response:
        """Ask every partner with which a hit/no-hit article is open: hit, no hit, or not searched and why."""
        row = actions.search(by=self.by, **self.valid(SearchInput))
        return self.created(Search.objects.with_words().get(pk=row.pk))


class HitEntryViewSet(HangingViewSet):
    """What of the own agency's records is indexed, for records that the officer sees."""

    serializer_class = EntrySerializer
    model = IndexEntry
    keyset = ("-indexed_at", "-pk")
    filterset_fields = {"record": ["exact"], "term": ["exact"]}
    required_permissions = dict.fromkeys(("list", "retrieve", "create", "withdraw", "clauses"), RELEASE)

    def get_serializer_context(self) -> dict[str, Any]:
        # The hits of a page's records, read once.
        return {**super().get_serializer_context(), "hits": {}}

    @extend_schema(request=EntryInput, responses={201: EntrySerializer})
    def create(self, request: Request) -> Response:
        """Index one term of an own record for one hit/no-hit clause."""
        values = self.valid(EntryInput)
        record = self.named_record(values.pop("record"))
        row = actions.index(record=record, by=self.by, **values)
        return self.created(self.again(row))

    @extend_schema(responses=ClauseChoice(many=True))
    @action(detail=False, pagination_class=None, filter_backends=[])
    def clauses(self, request: Request) -> Response:
        """Under which clauses the own agency may index."""
        return Response(ClauseChoice(clauses_to_index(self.by), many=True).data)

    @extend_schema(request=None, responses=EntrySerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: uuid.UUID) -> Response:
        """No search hits it from now on."""
        row = actions.withdraw(entry=self.get_object(), by=self.by)
        return self.shown(self.again(row))
