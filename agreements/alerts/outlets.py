"""What happens to an alert beside its row: rooms above say it, in the transaction of the alert."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agreements.alerts.models import Alert

Outlet = Callable[[Sequence["Alert"]], None]
Counts = Callable[[], Mapping[str, int]]


@dataclass(frozen=True)
class Reached:
    """How far an alert came outside the portal, in one word for a whole agency: neither numbers nor officers (R18)."""

    state: str
    label: str


Reach = Callable[[str, Iterable[str]], Mapping[uuid.UUID, Reached]]
_OUTLETS: list[Outlet] = []
_COUNTS: list[Counts] = []
_REACH: list[Reach] = []


def register(outlet: Outlet) -> None:
    """Let `outlet(new)` be told of alerts that are new, with constant many statements however many they are."""
    if outlet not in _OUTLETS:
        _OUTLETS.append(outlet)


def tell(new: Sequence["Alert"]) -> None:
    """Tell every outlet of these new alerts."""
    if new:
        for outlet in _OUTLETS:
            outlet(new)


def counted(counts: Counts) -> None:
    """Let `counts()` tell the page of health how many deliveries there are, by the word of their state."""
    if counts not in _COUNTS:
        _COUNTS.append(counts)


def counts() -> dict[str, int]:
    """How many deliveries there are, by the word of their state."""
    return {word: number for function in _COUNTS for word, number in function().items()}


def reaching(reach: Reach) -> None:
    """Let `reach(kind, keys)` tell, by agency, how far alerts of that kind and one of the keys came."""
    if reach not in _REACH:
        _REACH.append(reach)


def reached(kind: str, keys: Iterable[str]) -> dict[uuid.UUID, Reached]:
    """By agency, how far alerts of that kind with one of the keys came: for whoever sent them. None: on the page."""
    given = list(keys)
    return {agency: state for function in _REACH for agency, state in function(kind, given).items()}
