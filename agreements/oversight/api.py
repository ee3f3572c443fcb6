"""The agency's ledger over the API, for auditors."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.oversight import reading
from agreements.oversight.forms import LedgerFilter
from agreements.oversight.presenting import Reader
from agreements.sharing.disclosure import items_of
from agreements.sharing.middleware import access_of
from portal.api.viewsets import ListMixin
from portal.audit import recording
from portal.audit.models import Entry

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
        return reading.narrowed(reading.own_entries(by), form.cleaned_data)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        entries = self.paginate_queryset(self.get_queryset()) or []
        reader = Reader(access_of(request._request))
        lines = reader.lines(entries)
        recording.disclose(by=self.by, items=items_of(reader.access, reader.titled.values()))
        return self.get_paginated_response(LineSerializer(lines, many=True).data)
