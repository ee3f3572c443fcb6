"""What is armed in the due table: a task before it is due and when it is, a call that nobody answers, help that is late."""

from datetime import timedelta

from django.utils import timezone

from operations.response.choices import LATE, REMIND, UNANSWERED, TaskState
from operations.response.models import Asked, AssistanceCall, Task
from portal.outbox import due

DUE = "response.due"
TASK, SILENT, EXPECTED = "task", "silent", "expected"


def arm(task: Task) -> None:
    """The reminder that still lies ahead, and the end; what was armed before is disarmed."""
    disarm(task)
    if task.due_at is None or task.state != TaskState.OPEN:
        return
    for lead in (REMIND, timedelta(0)):
        if task.due_at - lead > timezone.now():
            minutes = int(lead.total_seconds() // 60)
            payload = {"what": TASK, "key": str(task.pk), "due_at": task.due_at.isoformat(), "minutes": minutes}
            due.schedule(
                kind=DUE, key=f"{_prefix(TASK, task.pk)}{minutes}", fire_at=task.due_at - lead, payload=payload
            )


def disarm(task: Task) -> int:
    return due.cancel(key_prefix=_prefix(TASK, task.pk))


def arm_call(call: AssistanceCall) -> None:
    """Nobody may have answered by then."""
    for wait in UNANSWERED:
        minutes = int(wait.total_seconds() // 60)
        payload = {"what": SILENT, "key": str(call.pk), "minutes": minutes}
        due.schedule(
            kind=DUE, key=f"{_prefix(SILENT, call.pk)}{minutes}", fire_at=timezone.now() + wait, payload=payload
        )


def disarm_call(call: AssistanceCall) -> None:
    due.cancel(key_prefix=_prefix(SILENT, call.pk))


def arm_arrival(asked: Asked) -> None:
    """The help may not have come by then."""
    disarm_arrival(asked)
    if asked.expected_at is not None:
        payload = {"what": EXPECTED, "key": str(asked.pk), "due_at": asked.expected_at.isoformat()}
        due.schedule(kind=DUE, key=_prefix(EXPECTED, asked.pk), fire_at=asked.expected_at + LATE, payload=payload)


def disarm_arrival(asked: Asked) -> None:
    due.cancel(key_prefix=_prefix(EXPECTED, asked.pk))


def _prefix(what: str, key: object) -> str:
    return f"response:{what}:{key}:"
