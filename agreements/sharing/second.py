"""Where a release is asked for that a second officer must approve (R20): told by the room that keeps such requests."""

from collections.abc import Callable
from typing import Any

_DESK: list[Callable[..., Any]] = []


def register(ask: Callable[..., Any]) -> None:
    """`ask` takes what `releases.release` takes, but for the second officer."""
    _DESK[:] = [ask]


def ask(**release: Any) -> Any:
    """Ask for the release instead of making it. Raises Refused as the release itself would."""
    return _DESK[0](**release)
