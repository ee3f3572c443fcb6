"""The periodic tasks: rooms add theirs in `AppConfig.ready`."""

from collections.abc import Mapping
from typing import Any

from portal.celery import app


def every(seconds: float, task_name: str, **kwargs: Any) -> None:
    """Let beat send `task_name` each `seconds`, with `kwargs`.

    A nudge nobody took in time is worthless, since the next one does the same work: it expires, so that a
    worker coming back does not find an hour of them.
    """
    name = task_name if not kwargs else f"{task_name} {_brief(kwargs)}"
    app.conf.beat_schedule[name] = {
        "task": task_name,
        "schedule": float(seconds),
        "kwargs": kwargs,
        "options": {"expires": max(float(seconds) * 2, 5.0)},
    }


def _brief(kwargs: Mapping[str, Any]) -> str:
    return " ".join(f"{key}={value}" for key, value in sorted(kwargs.items()))
