"""Pages by key: a cursor holds where the last row stood, so pages neither shift nor count."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, cast
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.db.models import Model, Q, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

Direction = Literal["after", "before"]
Position = tuple[Direction, list[Any]]

SALT = "portal.api.pagination"
LONGEST_PAGE = 200
RECORDS = ("-occurred_at", "-pk")


class KeysetPagination(BasePagination):
    """`?cursor=&limit=`. A view names its order in `keyset`: columns without NULL that end in a unique one.

    The cursor is signed and means nothing to a client. There is no total: counting what somebody may see
    costs more than showing it.
    """

    keyset: Sequence[str] = RECORDS

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any] | None:
        self.request = request
        self.keyset = tuple(getattr(view, "keyset", self.keyset))
        limit, position = self._limit(), self._position()
        rows = self.rows(queryset, position, limit + 1)
        more, rows = len(rows) > limit, rows[:limit]
        backwards = position is not None and position[0] == "before"
        if backwards:
            rows.reverse()
        self._next: Position | None = ("after", self.key_of(rows[-1])) if rows and (more or backwards) else None
        has_previous = more if backwards else position is not None
        self._previous: Position | None = ("before", self.key_of(rows[0])) if rows and has_previous else None
        return rows

    def rows(self, queryset: QuerySet[Any], position: Position | None, count: int) -> list[Any]:
        """At most `count` rows beyond `position`, nearest first. A feed with a query of its own overrides it."""
        direction: Direction = position[0] if position else "after"
        if position:
            queryset = queryset.filter(self._beyond(position))
        order = self.keyset if direction == "after" else [_reversed(name) for name in self.keyset]
        return list(queryset.order_by(*order)[:count])

    def key_of(self, row: Model) -> list[Any]:
        """The row's values in the order's columns, as the cursor keeps them."""
        values = []
        for name in self.keyset:
            value: Any = row
            for part in name.lstrip("-").split("__"):
                value = getattr(value, part)
            values.append(value.isoformat() if isinstance(value, datetime) else _plain(value))
        return values

    def _beyond(self, position: Position) -> Q:
        """(a, b) after (x, y): a beyond x, or a = x and b beyond y. The bound on `a` alone lets an index help."""
        direction, values = position
        condition, same = Q(), Q()
        for name, value in zip(self.keyset, values, strict=True):
            column = name.lstrip("-")
            falls = name.startswith("-") == (direction == "after")
            condition |= same & Q(**{f"{column}__{'lt' if falls else 'gt'}": value})
            same &= Q(**{column: value})
        first, falls = self.keyset[0].lstrip("-"), self.keyset[0].startswith("-") == (direction == "after")
        return Q(**{f"{first}__{'lte' if falls else 'gte'}": values[0]}) & condition

    def _limit(self) -> int:
        text = self.request.query_params.get("limit", "")
        if not text:
            return int(cast(int, settings.REST_FRAMEWORK["PAGE_SIZE"]))
        if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= LONGEST_PAGE:
            raise ValidationError({"limit": [f"Give a whole number from 1 to {LONGEST_PAGE}."]})
        return int(text)

    def _position(self) -> Position | None:
        text = self.request.query_params.get("cursor", "")
        if not text:
            return None
        try:
            direction, keyset, values = signing.loads(text, salt=SALT)
        except (signing.BadSignature, ValueError, TypeError):
            keyset = None
        if keyset != list(self.keyset):
            raise ValidationError({"cursor": ["This cursor is not one of ours for this list. Start without one."]})
        return direction, values

    def _link(self, position: Position | None) -> str | None:
        if position is None:
            return None
        direction, values = position
        cursor = signing.dumps([direction, list(self.keyset), values], salt=SALT)
        query = [(name, value) for name, value in _pairs(self.request) if name != "cursor"]
        return self.request.build_absolute_uri(f"?{urlencode([*query, ('cursor', cursor)])}")

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self._link(self._next), "previous": self._link(self._previous), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "From `next` or `previous` of an earlier page.",
                "schema": {"type": "string"},
            },
            {
                "name": "limit",
                "in": "query",
                "required": False,
                "description": "Rows a page.",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": LONGEST_PAGE,
                    "default": settings.REST_FRAMEWORK["PAGE_SIZE"],
                },
            },
        ]


def _reversed(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _pairs(request: Request) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.query_params.lists() for value in values]
