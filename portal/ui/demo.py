"""The demonstration: steps and logins told by the rooms. Its password stands here and nowhere else."""

from collections.abc import Callable
from dataclasses import dataclass

DEMO_PASSWORD = "demo-entente-2026"  # noqa: S105 - printed on every demo start; demo people are invented


@dataclass(frozen=True)
class Step:
    """One part of the demo data. The function is idempotent and returns how many rows it made."""

    name: str
    order: int
    function: Callable[[], int]


@dataclass(frozen=True)
class Login:
    username: str
    name: str
    agency: str
    role: str
    note: str = ""


_STEPS: list[Step] = []
_LOGINS: list[Login] = []


def register(step: Step) -> None:
    if step not in _STEPS:
        _STEPS.append(step)


def register_login(login: Login) -> None:
    if login not in _LOGINS:
        _LOGINS.append(login)


def steps() -> list[Step]:
    return sorted(_STEPS, key=lambda step: (step.order, step.name))


def logins() -> list[Login]:
    return list(_LOGINS)
