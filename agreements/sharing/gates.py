"""What rooms above ask of a release or a marking besides the policy: each is told a function that raises Refused."""

from collections.abc import Callable
from typing import Any

# Given record, to, clause, purpose, until, by.
_RELEASE: list[Callable[..., None]] = []
# Given record, marking.
_MARKING: list[Callable[..., None]] = []


def on_release(gate: Callable[..., None]) -> None:
    if gate not in _RELEASE:
        _RELEASE.append(gate)


def on_marking(gate: Callable[..., None]) -> None:
    if gate not in _MARKING:
        _MARKING.append(gate)


def check_release(**asked: Any) -> None:
    for gate in _RELEASE:
        gate(**asked)


def check_marking(**asked: Any) -> None:
    for gate in _MARKING:
        gate(**asked)
