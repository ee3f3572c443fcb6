"""Rows of alarms by what is true of them. Every reader starts with `visible_to`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from agreements.sharing.querysets import DetailQuerySet
from operations.field.models import Crossing

if TYPE_CHECKING:
    from operations.safety.models import Alarm, Answer, Fall, LimitChange, Notice  # noqa: F401


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def visible_to(self, access: Access) -> Self:
        """Those of the own agency."""
        by = access.appointment
        if by is None or not by.may(Permission.PATROL_VIEW):
            return self.none()
        return self.filter(agency__in=by.agencies)

    def with_words(self, access: Access) -> Self:
        """With what is shown of each, and whether its patrol and its notice may be named to the reader (R17)."""
        seen = Record.objects.visible_to(access)
        rows = self.select_related(
            "agency__country",
            "signal__sent_by__officer",
            "signal__sent_by__agency",
            "acknowledged_by__officer",
            "acknowledged_by__agency",
            "closed_by__officer",
            "closed_by__agency",
            "notice__record",
            "call",
        )
        rows = rows.prefetch_related("steps", "notice__answers__agency__country", "notice__answers__by")
        return rows.annotate(
            patrol_is_seen=Exists(seen.filter(pk=OuterRef("signal__patrol"))),
            notice_is_seen=Exists(seen.filter(pk=OuterRef("notice__record"))),
        )

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def unanswered(self) -> Self:
        """Those that nobody of the own agency acts on yet."""
        return self.filter(closed_at=None, acknowledged_at=None)


def named_by(rows: "Iterable[Alarm]", access: Access) -> list[Record]:
    """The records that words about these alarms, read `with_words`, may name: their patrols and notices."""
    keys: set[Any] = set()
    for row in rows:
        keys |= {row.signal.patrol} if row.patrol_is_seen else set()  # type: ignore[attr-defined]
        keys |= {row.notice.pk} if row.notice_is_seen else set()  # type: ignore[attr-defined]
    return list(Record.objects.visible_to(access).filter(pk__in=keys)) if keys else []


class NoticeQuerySet(DetailQuerySet["Notice"]):
    kind = "alarm"


class AnswerQuerySet(models.QuerySet["Answer"]):
    def between(self, by: Appointment) -> Self:
        """Those of the officer's agency, and those to its own notices (R5)."""
        own = by.agencies
        return self.filter(Q(agency__in=own) | Q(notice__record__owner__in=own))


class LimitChangeQuerySet(models.QuerySet["LimitChange"]):
    def visible_to(self, access: Access) -> Self:
        """Those of crossings that the reader sees."""
        return self.filter(crossing__in=Crossing.objects.visible_to(access))


class FallQuerySet(models.QuerySet["Fall"]):
    def open(self) -> Self:
        return self.filter(over_at=None)
