"""Sight of drafts over the API."""

import uuid
from collections.abc import Iterable
from typing import Any

from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.response import Response

from agreements.drafting import presenting, rights
from agreements.drafting.api import outputs
from agreements.drafting.models import Submission
from agreements.drafting.querysets import drafts_for, narrowed
from agreements.drafting.statuses import read, step_of
from agreements.register.models import Agreement, Clause
from portal.api.viewsets import ReadViewSet


class DraftBase(ReadViewSet):
    """Drafts of the own agency, and those to which it is invited (R23)."""

    keyset = ("short_name", "pk")
    query_parameters = ("show", "q")
    filter_backends: list[Any] = []  # type: ignore[assignment]

    def drafts(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Agreement.objects.none()
        if self.action != "list":
            return drafts_for(self.by)
        asked = self.request.query_params
        show = asked.get("show", "")
        if show not in ("", "mine", "approve", "scheduled"):
            raise ValidationError({"show": ["Choose mine, approve or scheduled."]})
        rows = narrowed(drafts_for(self.by), self.by, show, asked.get("q", "")[:200])
        return presenting.in_lists(rows)

    def get_serializer_class(self) -> Any:
        return outputs.DraftLineSerializer if self.action == "list" else outputs.DraftSerializer

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        return None if rows is None else presenting.lines(rows)

    def draft(self) -> Agreement:
        """The draft of the address, with its parts. Hidden, unknown and put to its parties are the same 404."""
        return read(self.get_object())

    def sheet(self, key: uuid.UUID, status: int = 200) -> Response:
        """The draft read again; what went to its parties meanwhile too."""
        found = presenting.sheet(key, self.by)
        return self.shown(found, status=status, serializer_class=outputs.DraftSerializer)

    def version(self, row: Agreement, task: str) -> int:
        return step_of(row, task).version

    def fills(self, row: Agreement, task: str) -> None:
        if not rights.may_fill(row, self.by, task):
            raise PermissionDenied("Your agency was not let fill in this part of the draft.")

    def submission(self) -> Submission:
        """What is asked for of the draft of the address."""
        row = (
            self.get_object().submissions.filter(state__in=["waiting", "approved"]).select_related("agreement").first()
        )
        if row is None:
            raise NotFound
        return row  # type: ignore[no-any-return]

    @staticmethod
    def part(rows: Any, key: uuid.UUID) -> Any:
        row = rows.filter(pk=key).select_related("agreement").first()
        if row is None:
            raise NotFound
        return row

    @staticmethod
    def articles_named(row: Agreement, keys: Iterable[uuid.UUID]) -> list[Clause]:
        """Articles of this draft. Others are unknown here, wherever they are (R17)."""
        known = {clause.pk: clause for clause in row.clauses.all()}
        errors: Any = {n: ["There is no such article here."] for n, key in enumerate(keys) if key not in known}
        if errors:
            raise ValidationError({"clauses": errors})
        return [known[key] for key in keys]
