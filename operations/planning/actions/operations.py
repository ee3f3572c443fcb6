"""Plan, edit, open, close, cancel and archive an operation. Its state is its leading agency's (R23)."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment, Classification, Country
from agencies.directory.roles import Permission
from agreements.register.choices import Category
from agreements.register.models import Clause
from agreements.sharing.actions import circles, records
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import CircleKind, Tlp
from agreements.sharing.models import Circle, Record
from operations.planning import basis, lifecycle, rights
from operations.planning.models import Operation
from portal.audit import recording
from portal.keys import sent_before
from portal.positions import areas
from portal.ui.errors import Refused

KIND = "operation"
LONGEST = timedelta(days=2 * 366)
FURTHEST = timedelta(days=5 * 366)
# What may be edited after planning. The basis only while nobody else is invited: releases stand on it.
PLAIN_FIELDS = ("objective", "purpose", "host_state", "host_commander", "host_contact", "area", "starts_at", "ends_at")


@transaction.atomic
def plan_operation(
    *,
    by: Appointment,
    name: str,
    objective: str,
    clauses: Sequence[Clause],
    purpose: str,
    host_state: Country,
    starts_at: datetime,
    ends_at: datetime,
    instructions: str,
    zone: str = "",
    host_commander: str = "",
    host_contact: str = "",
    area: dict[str, Any] | None = None,
    classification: int = Classification.RESTRICTED.value,
    tlp: int = Tlp.AMBER.value,
    key: uuid.UUID | None = None,
) -> Operation:
    """Plan an operation on clauses of one agreement that the agency may use today, and open its circle.

    `zone` names the time zone of the operation (default: the agency's). Raises Refused at the field to blame.
    """
    now = timezone.now()
    first = sent_before(Record, key, kind=KIND, author=by)
    if first is not None:
        return first.operation_detail
    rights.require_role(by, Permission.OPERATION_PLAN)
    _check_period(starts_at, ends_at, now)
    _check_basis(by, clauses, purpose, classification, now)
    _check_host(clauses, host_state)
    area = areas.polygon(area)
    record = records.create(
        by=by,
        kind=KIND,
        title=name,
        marking=Marking(categories=[Category.OPERATIONAL.value], classification=classification, tlp=tlp),
        key=key,
        occurred_at=starts_at,
        zone=zone,
        position=areas.middle(area),
        text=objective,
    )
    circles.open_circle(record=record, kind=CircleKind.OPERATION, by=by)
    row = Operation.objects.create(
        record=record,
        objective=objective,
        agreement=clauses[0].agreement,
        purpose=purpose,
        host_state=host_state,
        host_commander=host_commander,
        host_contact=host_contact,
        area=area,
        starts_at=starts_at,
        ends_at=ends_at,
        instructions=instructions,
    )
    row.clauses.set(clauses)
    return row


def _check_period(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= starts_at:
        raise Refused("The end is not after the start.", field="ends_at")
    if ends_at - starts_at > LONGEST:
        raise Refused("An operation lasts two years at most: plan the next one when it is due.", field="ends_at")
    if starts_at > now + FURTHEST:
        raise Refused("That is more than five years ahead.", field="starts_at")


def _check_basis(by: Appointment, clauses: Sequence[Clause], purpose: str, classification: int, now: datetime) -> None:
    if not clauses:
        raise Refused("Name the article on which the operation stands.", field="clauses")
    if len({clause.agreement_id for clause in clauses}) > 1:
        raise Refused("Choose articles of one agreement: an operation has one legal basis.", field="clauses")
    usable = basis.usable(by.agency, now)
    for clause in clauses:
        if clause not in usable:
            raise Refused(
                f"Your agency cannot use {clause} today: it opens no channel for operational data.",
                field="clauses",
                code="no_basis",
            )
    if not any(purpose in clause.purposes for clause in clauses):
        raise Refused("None of these clauses names this purpose.", field="purpose")
    ceiling = max(clause.ceiling for clause in clauses)
    if classification > ceiling:
        raise Refused(
            f"No clause here goes above {Classification(ceiling).label}: nobody could be invited.",
            field="classification",
        )


def _check_host(clauses: Sequence[Clause], host_state: Country) -> None:
    agreement = clauses[0].agreement
    if not agreement.parties.filter(country=host_state).exists():
        raise Refused(f"{host_state.name} is not a party to the {agreement.short_name}.", field="host_state")


@transaction.atomic
def edit(*, operation: Operation, by: Appointment, version: int | None = None, **values: Any) -> Operation:
    """Change the plan: any of `name`, `instructions`, `clauses`, and PLAIN_FIELDS. The leading agency's alone (R21).

    `version` is the one the officer read; raises Refused when another change came between.
    """
    rights.require_role(by, Permission.OPERATION_PLAN)
    row = _locked(operation, by, "changes its plan")
    lifecycle.require_live(row.state)
    if version is not None and version != row.version:
        raise Refused("This was changed since you read it. Read it again, then repeat your change.", code="stale")
    now = timezone.now()
    clauses = list(values.pop("clauses", None) or row.clauses.select_related("agreement"))
    _check_rebasing(row, clauses)
    changed = _apply(row, values)
    _check_period(row.starts_at, row.ends_at, now)
    rebased = {c.pk for c in clauses} != {c.pk for c in row.clauses.all()}
    if "purpose" in changed or rebased:
        _check_basis(by, clauses, row.purpose, row.record.classification, now)
    _check_host(clauses, row.host_state)
    row.agreement = clauses[0].agreement
    row.save()
    row.clauses.set(clauses)
    name = values.get("name", row.record.title)
    latitude, longitude = areas.middle(row.area) or (None, None)
    row.record = records.touch(
        record=row.record,
        by=by,
        title=name,
        search_text=row.objective,
        occurred_at=row.starts_at,
        latitude=latitude,
        longitude=longitude,
        # The instructions reach partners by a copy of their own.
        corrects=rebased or bool(changed - {"instructions"}),
    )
    Circle.objects.filter(record=row.record).update(name=name)
    recording.record(
        verb="operation.edit", by=by, subject_kind=KIND, subject_id=row.pk, data={"changed": sorted(changed)}
    )
    return row


def _apply(row: Operation, values: dict[str, Any]) -> set[str]:
    if "area" in values:
        values["area"] = areas.polygon(values["area"])
    names = [name for name in (*PLAIN_FIELDS, "instructions") if name in values]
    changed = {name for name in names if getattr(row, name) != values[name]}
    for name in changed:
        setattr(row, name, values[name])
    if "name" in values and values["name"] != row.record.title:
        changed.add("name")
    return changed


def _check_rebasing(row: Operation, clauses: list[Clause]) -> None:
    dropped = {clause.pk for clause in row.clauses.all()} - {clause.pk for clause in clauses}
    others = row.circle.participations.filter(ended_at=None).exclude(agency=row.record.owner_id)
    if dropped and others.exists():
        raise Refused(
            "Agencies are invited under this basis. End their participation first, or plan a new operation.",
            field="clauses",
        )


@transaction.atomic
def open_operation(*, operation: Operation, by: Appointment) -> Operation:
    """Open a planned operation. Raises Refused when its legal basis does not hold today."""
    row = _locked(operation, by, "opens it")
    step = lifecycle.step_from(row.state, "open")
    now = timezone.now()
    if row.ends_at <= now:
        raise Refused("Its time is over: change the period first.", code="state")
    found = basis.basis_holds(row, now)
    if not found.holds:
        raise Refused(f"The legal basis does not hold: {found.lines[0].sentence}.", code="no_basis")
    return _take(row, by, step)


@transaction.atomic
def close_operation(*, operation: Operation, by: Appointment) -> Operation:
    """Close it: what was released stays readable, nothing new goes in (R4)."""
    row = _locked(operation, by, "closes it")
    return _take(row, by, lifecycle.step_from(row.state, "close"))


@transaction.atomic
def cancel(*, operation: Operation, by: Appointment, reason: str) -> Operation:
    """Call it off, with a reason that partners read."""
    row = _locked(operation, by, "cancels it")
    step = lifecycle.step_from(row.state, "cancel")
    if not reason.strip():
        raise Refused("Say why: the partners read it.", field="reason")
    return _take(row, by, step, reason=reason.strip())


@transaction.atomic
def archive(*, operation: Operation, by: Appointment) -> Operation:
    """Put a closed operation away: it leaves the list of what is current."""
    row = _locked(operation, by, "archives it")
    return _take(row, by, lifecycle.step_from(row.state, "archive"))


def _take(row: Operation, by: Appointment, step: lifecycle.Step, reason: str = "") -> Operation:
    rights.require_role(by, step.permission)
    row.state, row.state_reason = step.target, reason
    row.save(update_fields=["state", "state_reason"])
    row.record = records.touch(record=row.record, by=by)
    if step.closes_circle:
        circles.close(circle=row.circle, by=by)
    recording.record(verb=step.verb, by=by, subject_kind=KIND, subject_id=row.pk, data={"reason": reason})
    return row


def _locked(operation: Operation, by: Appointment, what: str) -> Operation:
    """The row for a change, if the officer sees it and leads it."""
    Record.objects.select_for_update().get(pk=operation.pk)
    row = Operation.objects.select_related("record__owner", "record__circle").get(pk=operation.pk)
    rights.require_sight(by, row.record, timezone.now())
    rights.require_lead(by, row.record, what)
    return row
