"""What an officer leaves open, told by the rooms above: each kind of duty as one entry of a registry.

A room finds the open items of appointments and moves one to a successor. It asks the policy itself whether the
successor may see it; nothing here knows a record.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agencies.directory.models import Appointment


@dataclass(frozen=True)
class Item:
    """One open item of an appointment. The key means something to its room alone; there is no title in it."""

    holder: uuid.UUID
    key: str


@dataclass(frozen=True)
class Words:
    """An item as its room shows it to somebody who may read it, and what the ledger must know if that is a record (R29)."""

    title: str
    url: str = ""
    told: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Duty:
    """One kind of duty.

    `find(appointments, at)` gives open items, whoever may read them: they are counted for an admin, never named (R5).
    `read(keys, reader, at)` gives the words of those that the reader may see now. `move(key, giver, taker, by)` makes
    one the successor's; None: it is the person's own and goes to nobody. `end(key, giver, by)` ends it, where that may be
    done for another. Both raise Refused; a refusal of rights means that it needs another person. `reserved`: only the
    officer passes it on, no admin for them.
    """

    name: str
    label: str
    one: str
    find: Callable[[Collection[Appointment], datetime], Iterable[Item]]
    read: Callable[[Collection[str], Appointment, datetime], Mapping[str, Words]]
    move: Callable[[str, Appointment, Appointment, Appointment], None] | None = None
    end: Callable[[str, Appointment, Appointment], None] | None = None
    order: int = 50
    reserved: bool = False

    def words_for(self, number: int) -> str:
        return self.one if number == 1 else self.label


_DUTIES: dict[str, Duty] = {}


def register(duty: Duty) -> None:
    _DUTIES[duty.name] = duty


def all_duties() -> list[Duty]:
    return sorted(_DUTIES.values(), key=lambda duty: (duty.order, duty.name))


def get(name: str) -> Duty | None:
    return _DUTIES.get(name)
