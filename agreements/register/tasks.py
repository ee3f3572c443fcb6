"""The parts of which the draft of an agreement is made up: told by the rooms that keep them, shown by the room of drafts.

A room registers its part in `AppConfig.ready` and knows nothing of the list that shows it:

    tasks.register(tasks.Task("powers", "Powers", look, "powers:agreement-powers", order=60, prefetch=("powers",)))
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from agreements.register.models import Agreement


@dataclass(frozen=True)
class Answer:
    """One line of what a draft says: `Signed on`, `12 Mar 2026`."""

    label: str
    value: str


@dataclass(frozen=True)
class Found:
    """What a part of a draft holds now.

    `content` is all of it as plain values (lists, words, numbers): what a second officer approves, and by which a
    later change is noticed; empty means that nothing is filled in. `missing` are sentences on what must still be said
    before it can go to the parties; `odd` what a person should look at, and may leave so. `blocked` says why one cannot
    begin with it yet.
    """

    content: Any
    answers: list[Answer] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    blocked: str = ""


@dataclass(frozen=True)
class Task:
    """A part of a draft: what it is called, how it is looked into, and the page that fills it in.

    `look` reads of the agreement only what `prefetch` names (relations, as in `prefetch_related`): it is asked for whole
    lists of drafts. `url_name` takes the agreement's key. What does not bind the parties (`binds`), such as telephone
    numbers, may change after it was approved.
    """

    name: str
    title: str
    look: Callable[[Agreement], Found]
    url_name: str
    order: int = 50
    hint: str = ""
    prefetch: tuple[str | Prefetch[str], ...] = ()
    binds: bool = True

    def url(self, agreement: uuid.UUID) -> str:
        return reverse(self.url_name, args=[agreement])


_TASKS: dict[str, Task] = {}


def register(task: Task) -> None:
    """Make the part known. A second registration under the same name replaces the first."""
    _TASKS[task.name] = task


def unregister(name: str) -> None:
    _TASKS.pop(name, None)


def all_tasks() -> list[Task]:
    return sorted(_TASKS.values(), key=lambda task: (task.order, task.name))
