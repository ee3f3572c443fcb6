"""Who may know whom: the agencies whose desk and functions an officer may be shown (R18), told by the rooms above."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime

from agencies.directory.models import Appointment, Succession

# Given an appointment and an instant: keys of agencies with which its agency shares something.
Acquaintance = Callable[[Appointment, datetime], Iterable[uuid.UUID]]

_ROOMS: list[Acquaintance] = []


def register(room: Acquaintance) -> None:
    if room not in _ROOMS:
        _ROOMS.append(room)


def known_to(by: Appointment, at: datetime) -> set[uuid.UUID]:
    """The own agency, those with which it shares an agreement or an operation, and who stands for them (R30)."""
    known = {*by.agencies, *(key for room in _ROOMS for key in room(by, at))}
    return known | set(Succession.objects.heirs(known, at).values())
