"""Planned, open, closed, archived; or cancelled: which step leads where, who may, and what the ledger calls it."""

from dataclasses import dataclass

from agencies.directory.roles import Permission
from operations.planning.choices import OperationState
from portal.ui.errors import Refused


@dataclass(frozen=True)
class Step:
    """One step of the leading agency: from which states to which, by whose permission, under which verb."""

    name: str
    label: str
    sources: frozenset[OperationState]
    target: OperationState
    verb: str
    permission: Permission = Permission.OPERATION_PLAN
    closes_circle: bool = False


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step("open", "Open", frozenset({OperationState.PLANNED}), OperationState.OPEN, "operation.open"),
        Step(
            "close",
            "Close",
            frozenset({OperationState.OPEN}),
            OperationState.CLOSED,
            "operation.close",
            closes_circle=True,
        ),
        Step(
            "cancel",
            "Cancel",
            frozenset({OperationState.PLANNED, OperationState.OPEN}),
            OperationState.CANCELLED,
            "operation.cancel",
            closes_circle=True,
        ),
        Step("archive", "Archive", frozenset({OperationState.CLOSED}), OperationState.ARCHIVED, "operation.archive"),
    )
}
# States in which the plan may still change, agencies be invited and officers be assigned.
LIVE = frozenset({OperationState.PLANNED, OperationState.OPEN})


def may(state: str, name: str) -> bool:
    return state in STEPS[name].sources


def step_from(state: str, name: str) -> Step:
    """The step, if the state allows it. Raises Refused otherwise."""
    step = STEPS[name]
    if state not in step.sources:
        word = OperationState(state).label.lower()
        raise Refused(f"This operation is {word}: it cannot {step.label.lower()}.", code="state")
    return step


def require_live(state: str) -> None:
    if state not in LIVE:
        raise Refused(f"This operation is {OperationState(state).label.lower()}: nothing more changes.", code="state")
