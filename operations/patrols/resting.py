"""How long legs rested: rooms above tell it, so that a pause is counted neither as effort nor as time on a leg."""

import uuid
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from operations.patrols.models import Leg

# The keys of legs → how long each rested until then; legs that never did may be left out.
Teller = Callable[[Collection[uuid.UUID], datetime], dict[uuid.UUID, timedelta]]

_TELLERS: list[Teller] = []


def register(teller: Teller) -> None:
    if teller not in _TELLERS:
        _TELLERS.append(teller)


def load(legs: "Iterable[Leg]") -> None:
    """Let each of these legs know how long it rested, in one query for all. Lists call it before they show durations."""
    rows = [leg for leg in legs if leg.rested is None]
    now = timezone.now()
    told = [teller([leg.pk for leg in rows], now) for teller in _TELLERS] if rows else []
    for leg in rows:
        leg.rested = sum((found.get(leg.pk, timedelta()) for found in told), timedelta())
