"""What rooms above ask of a release or a marking besides the policy, raising Refused, or do when a record is released or
taken back."""

from collections.abc import Callable
from typing import Any

# Given record, to, clause, purpose, until, by.
_RELEASE: list[Callable[..., None]] = []
# Given record, marking.
_MARKING: list[Callable[..., None]] = []
# Given record, by.
_TAKEN_BACK: list[Callable[..., None]] = []
# Given release, second.
_RELEASED: list[Callable[..., None]] = []
# Given record, by: what its readers are told was changed.
_CORRECTED: list[Callable[..., None]] = []


def on_release(gate: Callable[..., None]) -> None:
    if gate not in _RELEASE:
        _RELEASE.append(gate)


def on_marking(gate: Callable[..., None]) -> None:
    if gate not in _MARKING:
        _MARKING.append(gate)


def on_taken_back(gate: Callable[..., None]) -> None:
    if gate not in _TAKEN_BACK:
        _TAKEN_BACK.append(gate)


def on_released(gate: Callable[..., None]) -> None:
    if gate not in _RELEASED:
        _RELEASED.append(gate)


def on_corrected(gate: Callable[..., None]) -> None:
    if gate not in _CORRECTED:
        _CORRECTED.append(gate)


def check_release(**asked: Any) -> None:
    for gate in _RELEASE:
        gate(**asked)


def check_marking(**asked: Any) -> None:
    for gate in _MARKING:
        gate(**asked)


def taken_back(**told: Any) -> None:
    for gate in _TAKEN_BACK:
        gate(**told)


def released(**told: Any) -> None:
    for gate in _RELEASED:
        gate(**told)


def corrected(**told: Any) -> None:
    for gate in _CORRECTED:
        gate(**told)
