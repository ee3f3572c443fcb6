"""Where a release is asked for that a second officer must approve (R20): told by the room that keeps such requests."""

from collections.abc import Callable
from typing import Any

_DESK: list[Callable[..., Any]] = []
# Given record and audience.
_DROPPED: list[Callable[..., None]] = []


def register(ask: Callable[..., Any], drop: Callable[..., None], waiting: Callable[..., Any]) -> None:
    """`ask` takes what `releases.release` takes, but for the second officer; `drop` record, audience, words; `waiting`
    record and audience."""
    _DESK[:] = [ask, drop, waiting]


def ask(**release: Any) -> Any:
    """Ask for the release instead of making it. Raises Refused as the release itself would."""
    return _DESK[0](**release)


def drop(**unwanted: Any) -> None:
    """Nobody wants that release of the record to the audience any more: no second officer need decide. The words say why."""
    _DESK[1](**unwanted)


def on_dropped(heard: Callable[..., None]) -> None:
    """Who is to hear that nobody decides any more, because the answer was no or who asked took it back."""
    if heard not in _DROPPED:
        _DROPPED.append(heard)


def dropped(**unwanted: Any) -> None:
    for heard in _DROPPED:
        heard(**unwanted)


def waiting(**release: Any) -> Any:
    """What a second officer is to decide on now for that record and audience: who asked (`asked_by`), its key; or None."""
    return _DESK[2](**release)
