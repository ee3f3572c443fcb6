"""Rows of minutes by what is true of them. Every reader starts with `visible_to`."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from agencies.directory.models import Appointment
from agreements.register.models import Agreement
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from agreements.sharing.querysets import DetailQuerySet
from operations.minutes.choices import ActionState, State
from operations.sealing.querysets import SaidQuerySet

if TYPE_CHECKING:
    from operations.minutes.models import (  # noqa: F401
        ActionItem,
        Annotation,
        Assent,
        Minutes,
        MinutesCopy,
        Rhythm,
    )

# Minutes whose action items bind.
BINDING = (State.PUT, State.AGREED)


class MinutesQuerySet(DetailQuerySet["Minutes"]):
    kind = "minutes"

    def matching(self, words: str) -> Self:
        return self.filter(record__in=Record.objects.matching(words))

    def awaiting(self, agencies: Collection[uuid.UUID]) -> Self:
        """Those that wait for what one of these agencies says."""
        model = self.model
        sides = model._meta.get_field("sides").related_model._default_manager  # type: ignore[union-attr]
        said = model._meta.get_field("approvals").related_model._default_manager  # type: ignore[union-attr]
        mine = sides.filter(minutes=OuterRef("pk"), agency__in=agencies)
        given = said.filter(minutes=OuterRef("pk"), agency__in=agencies, lapsed_at=None)
        return self.filter(Exists(mine), ~Exists(given), state=State.PUT)


class AnnotationQuerySet(DetailQuerySet["Annotation"]):
    kind = "annotation"


class MinutesCopyQuerySet(DetailQuerySet["MinutesCopy"]):
    kind = "minutes_copy"

    def matching(self, words: str) -> Self:
        return self.filter(record__in=Record.objects.matching(words))


class AssentQuerySet(SaidQuerySet["Assent"]):
    """What the agencies said, also what lapsed."""


class ActionQuerySet(models.QuerySet["ActionItem"]):
    """Action items of minutes that are put to the agencies or agreed: of drafts, the minutes' page alone tells."""

    def visible_to(self, access: Access) -> Self:
        related: Any = self.model._meta.get_field("minutes").related_model
        minutes = related._default_manager
        return self.binding().filter(minutes__in=minutes.visible_to(access).values("pk"))

    def binding(self) -> Self:
        return self.filter(minutes__state__in=BINDING)

    def with_words(self) -> Self:
        return self.select_related(
            "minutes__record__owner__country", "agency__country", "officer__officer", "officer__agency",
            "clause__agreement",
        )  # fmt: skip

    def open(self) -> Self:
        return self.filter(state=ActionState.OPEN)

    def overdue(self, at: datetime) -> Self:
        return self.open().filter(due_at__lte=at)

    def of_officer(self, by: Appointment) -> Self:
        """Those for which the officer was named."""
        return self.filter(officer__in=by.chain)


class RhythmQuerySet(models.QuerySet["Rhythm"]):
    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def visible_to(self, access: Access) -> Self:
        """Those of agreements and operations that the reader may know of (R23)."""
        agreements = Agreement.objects.visible_to(access.appointment)
        operations = Record.objects.visible_to(access).of_kind("operation")
        return self.filter(Q(agreement__in=agreements.values("pk")) | Q(operation__in=operations.values("pk")))

    def with_words(self) -> Self:
        return self.select_related("agreement", "operation__owner__country", "clause__agreement")
