"""Through which door something happens now, and in which request. The ledger asks here."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from celery.signals import task_postrun, task_prerun


@dataclass(frozen=True)
class Passage:
    """A door (`page patrols:patrol-detail`, `api records-list`, `task outbox.sweep`) and the request's id."""

    door: str = ""
    request_id: str = ""


_passage: ContextVar[Passage] = ContextVar("passage", default=Passage())  # noqa: B039
_before_tasks: dict[str, Passage] = {}


def current() -> Passage:
    """The passage of this request, task or command; empty when nobody said."""
    return _passage.get()


def enter(door: str, request_id: str = "") -> Passage:
    """Say which door is used from now on. Returns the passage before, for `leave`."""
    before = current()
    _passage.set(Passage(door, request_id or uuid.uuid4().hex))
    return before


def leave(before: Passage) -> None:
    """Go back to the passage before."""
    _passage.set(before)


@contextmanager
def through(door: str) -> Iterator[None]:
    """Everything recorded inside names `door`. The request stays the same."""
    before = enter(door, current().request_id)
    try:
        yield
    finally:
        leave(before)


def follow_tasks() -> None:
    """From now on a Celery task's entries name the task as their door."""
    task_prerun.connect(_task_begins, dispatch_uid="portal.audit.door.begins")
    task_postrun.connect(_task_ends, dispatch_uid="portal.audit.door.ends")


def _task_begins(task_id: str, task: Any, **_: Any) -> None:
    _before_tasks[task_id] = enter(f"task {task.name}", task_id)


def _task_ends(task_id: str, **_: Any) -> None:
    leave(_before_tasks.pop(task_id, Passage()))
