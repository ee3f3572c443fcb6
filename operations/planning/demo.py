"""The demonstration's operations: along real borders, with invented people and arrangements."""

import json
import uuid
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agreements.register.choices import Purpose
from agreements.register.models import Clause
from agreements.sharing.actions import orders
from agreements.sharing.choices import AssignmentRole, Tlp
from agreements.sharing.models import Record
from operations.planning.actions import invitations, operations, team
from operations.planning.forms.operations import INSTRUCTIONS
from operations.planning.models import Operation
from portal.ui import demo

DATA = Path(__file__).parent / "demo_data" / "operations.json"
# The keys of the demonstration's operations follow from their names, so that loading again finds them.
NAMESPACE = uuid.UUID("5ab7b0f4-6f5e-4a49-9d3a-1f6f6f1f0a01")
ENTRIES = ["patrol", "leg", "observation"]


def key_of(name: str) -> uuid.UUID:
    """The key of the demonstration's record of that name."""
    return uuid.uuid5(NAMESPACE, name)


def appointment(username: str) -> Appointment:
    rows = Appointment.objects.select_related("officer", "agency__country")
    return rows.filter(officer__username=username, ended_at=None).earliest("starts_on")


def load() -> int:
    """Operations that are not there yet, with partners, teams and orders. Returns how many are new."""
    made = 0
    for entry in json.loads(DATA.read_text(encoding="utf-8"))["operations"]:
        if not Record.objects.filter(pk=key_of(entry["name"])).exists():
            _load(entry)
            made += 1
    return made


def _load(entry: dict[str, Any]) -> None:
    lead = appointment(entry["lead"])
    clause = Clause.objects.select_related("agreement").get(
        article=entry["article"], agreement__title__contains=entry["arrangement"], agreement__invented=True
    )
    today = timezone.localdate(timezone=ZoneInfo(entry["zone"]))
    row = operations.plan_operation(
        by=lead,
        key=key_of(entry["name"]),
        name=entry["name"],
        objective=entry["objective"],
        clauses=[clause],
        purpose=Purpose.BORDER_OPERATION,
        host_state=Agency.objects.get(acronym=entry["host"]).country,
        host_commander=entry["host_commander"],
        host_contact=entry["host_contact"],
        area={"type": "Polygon", "coordinates": [entry["area"]]},
        starts_at=_at(today - timedelta(days=14), entry["zone"]),
        ends_at=_at(today + timedelta(days=30), entry["zone"]),
        zone=entry["zone"],
        instructions=entry.get("instructions", INSTRUCTIONS),
    )
    for part in entry["partners"]:
        agency = Agency.objects.get(acronym=part["agency"])
        invitations.invite_agency(operation=row, agency=agency, clause=clause, by=lead)
        if part["accepted_by"]:
            invitations.accept_invitation(operation=row, by=appointment(part["accepted_by"]))
    for person in entry["team"]:
        _assign(row, person)
    operations.open_operation(operation=row, by=lead)
    for username in entry["orders"]:
        orders.issue(
            circle=row.circle,
            clause=clause,
            purpose=Purpose.BORDER_OPERATION,
            kinds=ENTRIES,
            categories=["operational"],
            ceiling=1,
            tlp=Tlp.AMBER.value,
            by=appointment(username),
        )


def _assign(row: Operation, person: dict[str, Any]) -> None:
    officer = appointment(person["officer"])
    if officer == row.record.author:
        return
    team.assign_officer(
        operation=row,
        appointment=officer,
        by=appointment(person["by"]),
        role=AssignmentRole(person["role"]),
        directs=list(Agency.objects.filter(acronym__in=person.get("directs", []))),
    )


def _at(day: Any, zone: str) -> datetime:
    return datetime.combine(day, time(6), tzinfo=ZoneInfo(zone))


def register() -> None:
    demo.register(demo.Step("operations", 30, load))
