"""Base viewsets. They fail closed: no permission entry, no access; no row but through `get_queryset`.

A room's viewset names a permission for each of its actions, reads through `visible_to` in `get_queryset`, and
calls the same actions as the pages:

    class PatrolViewSet(ReadViewSet):
        required_permissions = {"list": Permission.PATROL_VIEW, "retrieve": Permission.PATROL_VIEW,
                                "create": Permission.PATROL_PLAN}
        serializer_class = PatrolSerializer

        def get_queryset(self): return Patrol.objects.visible_to(self.request.access)

        def create(self, request): return self.created(plan_patrol(by=self.by, **self.valid(PatrolInput)))
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import MethodNotAllowed, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from portal.api.idempotency import IdempotentMixin
from portal.api.versions import check_version, etag_of
from portal.audit import recording

logger = logging.getLogger(__name__)

# In place of a permission: any officer who acts under an appointment may.
ANY_OFFICER = "any officer"
PAGE_PARAMETERS = frozenset({"cursor", "limit"})


class KernelViewSet(IdempotentMixin, GenericViewSet[Any]):
    """What every viewset of ours does."""

    # Permission by action, also for `@action`s. An action without an entry is refused to everybody.
    required_permissions: Mapping[str, str] = {}
    # Query parameters of the list beside filters, cursor and limit. All others are refused.
    query_parameters: Sequence[str] = ()
    lookup_value_converter = "uuid"

    @property
    def by(self) -> Any:
        """The acting appointment. None only while the description is generated."""
        return getattr(self.request, "appointment", None)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if any("\x00" in text for pair in request.query_params.lists() for text in (pair[0], *pair[1])):
            raise ValidationError("Null characters are not allowed.")
        if self.action == "list":
            self._refuse_unknown_parameters(request)

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if self.action is None:
            raise MethodNotAllowed(request.method or "")
        permission = self.required_permissions.get(self.action)
        if permission is None:
            logger.error("%s.%s has no permission entry.", type(self).__name__, self.action)
            raise PermissionDenied("This operation is not open to anybody.")
        if permission != ANY_OFFICER and not self.by.may(permission):
            raise PermissionDenied("Your role does not permit this.")

    def _refuse_unknown_parameters(self, request: Request) -> None:
        """A misspelt filter must not show everything as if it had been applied."""
        known = PAGE_PARAMETERS | set(self.query_parameters) | self._filter_parameters()
        errors = {name: ["There is no such parameter here."] for name in request.query_params if name not in known}
        if errors:
            raise ValidationError(errors)

    def _filter_parameters(self) -> set[str]:
        if DjangoFilterBackend not in self.filter_backends:
            return set()
        filterset = DjangoFilterBackend().get_filterset_class(self, self.get_queryset())
        names: set[str] = set()
        for name, field in filterset(queryset=self.get_queryset()).form.fields.items() if filterset else ():
            suffixes = getattr(field.widget, "suffixes", None) or [""]
            names |= {f"{name}_{suffix}" if suffix else name for suffix in suffixes}
        return names

    def disclosures(self, rows: Sequence[Any]) -> Iterable[Mapping[str, Any]]:
        """What the ledger must know about showing `rows` (R29): {record, release, clause} each.

        Nothing for what is no record (countries, agencies). Viewsets of records override it.
        """
        return ()

    def valid(self, serializer_class: type[BaseSerializer[Any]] | None = None, *, partial: bool = False) -> Any:
        """The request's body, checked; with `partial` only what was sent. Raises 400 with every fault at its field."""
        kind = serializer_class or self.get_serializer_class()
        serializer = kind(data=self.request.data, context=self.get_serializer_context(), partial=partial)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def shown(
        self, row: Any, *, status: int = 200, serializer_class: type[BaseSerializer[Any]] | None = None
    ) -> Response:
        """The row as an answer, with its ETag and its entry in the ledger."""
        kind = serializer_class or self.get_serializer_class()
        response = Response(kind(row, context=self.get_serializer_context()).data, status=status)
        recording.disclose(by=self.by, items=self.disclosures([row]))
        if etag := etag_of(row):
            response["ETag"] = etag
        return response

    def created(self, row: Any, *, serializer_class: type[BaseSerializer[Any]] | None = None) -> Response:
        """201 with the row and, when it has a page of its own here, its address."""
        response = self.shown(row, status=201, serializer_class=serializer_class)
        lookup = self.lookup_url_kwarg or self.lookup_field
        try:
            address = reverse(f"{self.basename}-detail", kwargs={lookup: getattr(row, self.lookup_field)})
        except NoReverseMatch:
            return response
        response["Location"] = self.request.build_absolute_uri(address)
        return response

    def check_version(self, row: Any) -> int:
        """Raise 428 or 412 unless If-Match names the row's version; the version otherwise."""
        return check_version(self.request, row)


class ListMixin(KernelViewSet):
    """One page of what the reader may see, with one entry in the ledger for all of it."""

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        if rows is None:
            raise Http404
        recording.disclose(by=self.by, items=self.disclosures(rows))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


class ReadViewSet(ListMixin):
    """List and detail."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.shown(self.get_object())
