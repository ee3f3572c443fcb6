"""The agency's ledger over the API, for auditors."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.oversight import reading
from agreements.oversight.forms import LedgerFilter
from agreements.oversight.presenting import Line, Reader
from agreements.sharing.api.parts import AgencyPart
from agreements.sharing.disclosure import items_of
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from portal.api.viewsets import ANY_OFFICER, KernelViewSet, ListMixin
from portal.audit import recording
from portal.audit.checking import verify
from portal.audit.models import Entry, Head
from portal.audit.verification import Outcome

FILTERS = ("what", "since", "until", "officer", "record")


class NamedPart(serializers.Serializer[Any]):
    """A record an entry names; its title only while the reader sees it."""

    record = serializers.UUIDField(source="key")
    title = serializers.CharField(allow_blank=True)
    article = serializers.CharField(allow_blank=True)


class LineSerializer(serializers.Serializer[Any]):
    """One entry. Entries carry no serial numbers here: they would tell how much other agencies do (R17)."""

    id = serializers.UUIDField(source="key")
    at = serializers.DateTimeField()
    verb = serializers.CharField()
    door = serializers.CharField(allow_blank=True)
    officer = serializers.CharField(allow_blank=True)
    function = serializers.CharField()
    records = NamedPart(many=True)
    sealed_at = serializers.DateTimeField(allow_null=True)
    details = serializers.JSONField(source="data")


class LedgerViewSet(ListMixin):
    """What officers of the own agency did and were shown, newest first (R29).

    Filters: `what` (shown, done), `since` and `until` (days), `officer` and `record` (keys).
    """

    serializer_class = LineSerializer
    queryset = Entry.objects.none()
    keyset = ("-key",)
    query_parameters = FILTERS
    required_permissions = {"list": Permission.LEDGER_VIEW}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Entry.objects.none()
        by: Appointment = self.by
        form = LedgerFilter(self.request.query_params, agency=by.agency)
        if not form.is_valid():
            raise serializers.ValidationError(
                {name: [str(error) for error in errors] for name, errors in form.errors.items()}
            )
        return reading.narrowed(reading.own_entries(by), form.cleaned_data, access_of(self.request._request))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        entries = self.paginate_queryset(self.get_queryset()) or []
        reader = Reader(access_of(request._request))
        lines = reader.lines(entries)
        recording.disclose(by=self.by, items=items_of(reader.access, reader.titled.values()))
        return self.get_paginated_response(LineSerializer(lines, many=True).data)


class RecordLineSerializer(serializers.Serializer[Any]):
    """One entry of a record's story: no other record of the same answer is told here."""

    id = serializers.UUIDField(source="key")
    at = serializers.DateTimeField()
    verb = serializers.CharField()
    door = serializers.CharField(allow_blank=True)
    agency = AgencyPart(allow_null=True, help_text="None: the portal itself.")
    function = serializers.CharField()
    officer = serializers.CharField(allow_blank=True, help_text="Of the own agency only.")
    article = serializers.SerializerMethodField(help_text="By which it was shown; empty to the own agency.")
    details = serializers.JSONField(source="data")

    def get_article(self, line: Line) -> str:
        return line.article_of(self.context["record"])


class RecordLedgerViewSet(ListMixin):
    """One own record: which agencies were shown it, and what was done to it, newest first (R18, R29)."""

    serializer_class = RecordLineSerializer
    queryset = Entry.objects.none()
    keyset = ("-key",)
    query_parameters = ("what",)
    filter_backends: list[Any] = []
    required_permissions = {"list": ANY_OFFICER}

    def _record(self) -> Record:
        rows = Record.objects.visible_to(access_of(self.request._request)).select_related("owner__country")
        record = get_object_or_404(rows, pk=self.kwargs["pk"])
        reading.require_owner(self.by, record)
        return record

    @extend_schema(
        operation_id="records_ledger_list",
        parameters=[OpenApiParameter("what", enum=["shown", "done"], description="Default: shown.")],
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        record, what = self._record(), request.query_params.get("what", "shown")
        if what not in ("shown", "done"):
            raise serializers.ValidationError({"what": ["Give shown or done."]})
        rows = reading.shown_to(record) if what == "shown" else reading.done_to(record)
        entries = self.paginate_queryset(rows) or []
        lines = Reader(access_of(request._request)).lines(entries)
        recording.disclose(by=self.by, items=items_of(access_of(request._request), [record]))
        context = {**self.get_serializer_context(), "record": record}
        return self.get_paginated_response(RecordLineSerializer(lines, many=True, context=context).data)


class ChainSerializer(serializers.Serializer[Any]):
    """The end of the chain as it was signed last. Numbers stay with the operator (R17)."""

    signed_at = serializers.DateTimeField(source="head.at", default=None, allow_null=True)
    link = serializers.CharField(source="head.chain", default=None, allow_null=True)
    public_key = serializers.CharField(source="head.public_key", default=None, allow_null=True)
    checked_here = serializers.BooleanField(help_text="False: too long for a request; `ledger verify` checks it.")
    whole = serializers.BooleanField(allow_null=True, help_text="None: not asked.")
    findings = serializers.IntegerField(allow_null=True)


class ChainViewSet(KernelViewSet):
    """Whether anything in the ledger was altered, removed or reordered."""

    serializer_class = ChainSerializer
    queryset = Entry.objects.none()
    required_permissions = {"retrieve": Permission.LEDGER_VIEW, "check": Permission.LEDGER_VIEW}

    @extend_schema(operation_id="ledger_chain_retrieve")
    def retrieve(self, request: Request) -> Response:
        """The last signature."""
        return self._answer(None)

    @extend_schema(operation_id="ledger_chain_check", request=None)
    def check(self, request: Request) -> Response:
        """Check every entry now."""
        return self._answer(verify() if reading.is_short() else None)

    def _answer(self, outcome: Outcome | None) -> Response:
        found = {
            "head": Head.objects.order_by("-upto").first(),
            "checked_here": reading.is_short(),
            "whole": None if outcome is None else outcome.is_whole,
            "findings": None if outcome is None else len(outcome.findings),
        }
        return Response(ChainSerializer(found).data)
