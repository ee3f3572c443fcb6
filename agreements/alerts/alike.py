"""Officers for whom the policy's answer about one record cannot differ: it is asked for one of them.

A record is seen through its releases, each to an audience (`sharing.lanes.Door`). Two officers of one agency with the
same role and clearance get through the same of them, unless an audience of this very record tells them apart: by name,
unit, function or circle. Only these audiences are looked at; what else the officers may see plays no part.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime

from agencies.directory.models import Appointment
from agreements.sharing.choices import CircleKind
from agreements.sharing.models import Assignment, Audience, Circle, Record


@dataclass(frozen=True)
class Marks:
    """What the audiences of one record tell officers apart by."""

    named: frozenset[uuid.UUID]
    circles: frozenset[uuid.UUID]
    units: frozenset[uuid.UUID]
    functions: frozenset[tuple[uuid.UUID, str]]


def marks_of(record: Record) -> Marks:
    """Of the releases of a record that are not revoked. The caller has opened the second lock."""
    rows = Audience.objects.filter(releases__content_object=record, releases__revoked_at=None).distinct()
    named, circles, units, functions = set(), set(), set(), set()
    for appointment, circle, unit, agency, function in rows.values_list(
        "appointment", "circle", "unit", "agency", "function"
    ):
        named |= {appointment} - {None}
        circles |= {circle} - {None}
        units |= {unit} - {None}
        if function:
            functions.add((agency, function))
    return Marks(frozenset(named), frozenset(circles), frozenset(units), frozenset(functions))


def alike(record: Record, appointments: Iterable[Appointment], at: datetime) -> list[list[Appointment]]:
    """The appointments in groups of which one stands for all; few statements, however many they are."""
    people = list(appointments)
    marks = marks_of(record)
    chains = chains_of(people)
    circles = _circles(marks.circles, {key for chain in chains.values() for key in chain}) if marks.circles else {}
    compartments = _compartments(marks.circles)
    found: dict[Hashable, list[Appointment]] = defaultdict(list)
    for row in people:
        chain = chains[row.pk]
        named = not marks.named.isdisjoint(chain)
        assigned = frozenset(item for key in chain for item in circles.get(key, ()))
        own = row.unit_id if row.unit_id in marks.units or row.unit_id in compartments else None
        function = row.function if marks.functions and _has_function(row, marks) else None
        key = (row.agency_id, row.role, row.clearance, row.is_in_effect(at), own, function)
        # By name, and by a circle, whose assignments have ends of their own, each is asked alone.
        found[(*key, row.pk if named or assigned else None)].append(row)
    return list(found.values())


def chains_of(people: Iterable[Appointment]) -> dict[uuid.UUID, tuple[uuid.UUID, ...]]:
    """Of each appointment `Appointment.chain`, with a statement for each step back that any of them takes."""
    found = {row.pk: [row.pk] for row in people}
    ahead = {row.pk: row.continues_id for row in people if row.continues_id is not None}
    while ahead:
        for key, earlier in ahead.items():
            found[key].append(earlier)
        rows = Appointment.objects.filter(pk__in=set(ahead.values()), continues__isnull=False)
        steps = {key: earlier for key, earlier in rows.values_list("pk", "continues") if earlier is not None}
        ahead = {key: steps[earlier] for key, earlier in ahead.items() if earlier in steps}
    return {key: tuple(chain) for key, chain in found.items()}


def _circles(circles: Collection[uuid.UUID], people: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Which of these circles each was ever assigned to."""
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    rows = Assignment.objects.filter(participation__circle__in=circles, appointment__in=people)
    for appointment, circle in rows.values_list("appointment", "participation__circle"):
        found[appointment].add(circle)
    return found


def _compartments(circles: Collection[uuid.UUID]) -> set[uuid.UUID | None]:
    """The units whose compartments are among these circles."""
    rows = Circle.objects.filter(pk__in=circles, kind=CircleKind.COMPARTMENT, unit__isnull=False)
    return set(rows.values_list("unit", flat=True)) if circles else set()


def _has_function(row: Appointment, marks: Marks) -> bool:
    return any(function == row.function for _, function in marks.functions)
