"""Fetch through the door. Hidden and unknown are the same 404 (R17)."""

import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.minutes import lifecycle, sittings
from operations.minutes.choices import State
from operations.minutes.models import ActionItem, Minutes, MinutesCopy, Point
from operations.minutes.querysets import ActionQuerySet, MinutesCopyQuerySet, MinutesQuerySet
from operations.minutes.rights import NOT_THE_SECRETARY
from operations.planning.views.door import by_of
from portal.ui.refusals import require


def minutes(request: HttpRequest) -> MinutesQuerySet:
    return Minutes.objects.visible_to(access_of(request))


def copies(request: HttpRequest) -> MinutesCopyQuerySet:
    return MinutesCopy.objects.visible_to(access_of(request))


def minutes_or_404(request: HttpRequest, pk: uuid.UUID) -> Minutes:
    rows = minutes(request).select_related("record__author__officer", "record__author__agency")
    return get_object_or_404(rows, pk=pk)


def copy_or_404(request: HttpRequest, pk: uuid.UUID) -> MinutesCopy:
    return get_object_or_404(copies(request), pk=pk)


def point_or_404(request: HttpRequest, pk: uuid.UUID) -> Point:
    rows = Point.objects.filter(minutes__in=minutes(request).values("pk"))
    return get_object_or_404(rows.select_related("minutes__record__owner__country"), pk=pk)


def items(request: HttpRequest) -> ActionQuerySet:
    return ActionItem.objects.visible_to(access_of(request))


def item_or_404(request: HttpRequest, pk: uuid.UUID) -> ActionItem:
    """Also of a draft, to who sees that."""
    rows = ActionItem.objects.filter(minutes__in=minutes(request).values("pk"))
    return get_object_or_404(rows.with_words(), pk=pk)


def meeting_of(request: HttpRequest, key: uuid.UUID) -> Record | None:
    """The meeting's record, while the reader may see it (R23)."""
    return sittings.record_of(access_of(request), key)


def refuse(request: HttpRequest, row: Minutes, step: str) -> None:
    """403 with the reason, unless the step is the secretary's in this state."""
    require(sittings.chairs(by_of(request), row.record.owner_id), NOT_THE_SECRETARY)
    require(lifecycle.may(row.state, step), lifecycle.SAYS[State(row.state)])
