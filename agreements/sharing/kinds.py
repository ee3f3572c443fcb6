"""Record kinds, told by the rooms that own them. Sharing serves them all without knowing any."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agencies.directory.roles import Permission

if TYPE_CHECKING:
    from agreements.sharing.models import Record


@dataclass(frozen=True)
class Kind:
    """A kind of record: its word, who may see one at all (R1), and where its page is (by record id)."""

    name: str
    label: str
    plural: str
    view_permission: Permission
    detail_url: str
    list_url: str = ""
    # Where its owner changes one (by record id), and who may at all; without an address, nothing of it is changed.
    change_url: str = ""
    change_permission: Permission | None = None
    icon: str = "file-earmark"
    # Part of an operation's log: goes out by a standing order, or is held for a tap (R6).
    logged: bool = True
    # Why nothing of it may be released in its present state, as a sentence; empty when it may.
    release_gap: Callable[["Record"], str] | None = field(default=None, compare=False)
    # The agencies whose officers its room tells of it itself: "shared with you" is not told to them besides.
    tells: Callable[["Record"], Collection[uuid.UUID]] | None = field(default=None, compare=False)
    export_fields: Callable[..., dict[str, object]] | None = field(default=None, compare=False)


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _KINDS[kind.name] = kind


def get(name: str) -> Kind:
    return _KINDS[name]


def all_kinds() -> list[Kind]:
    return sorted(_KINDS.values(), key=lambda kind: kind.name)


def logged_kinds() -> list[str]:
    return [kind.name for kind in all_kinds() if kind.logged]


def is_logged(name: str) -> bool:
    """Whether a standing order may release it. What is no entry of a log is released deliberately (R6)."""
    return get(name).logged


def visible_kinds(may: Callable[[str], bool]) -> frozenset[str]:
    """Names of the kinds for which the appointment's role has the view permission (R1)."""
    return frozenset(kind.name for kind in _KINDS.values() if may(kind.view_permission))
