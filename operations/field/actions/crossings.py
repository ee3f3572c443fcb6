"""Enter and leave partner territory. The crossing is the logging agency's own record, hosted by the patrol (R23)."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment, Country
from agencies.directory.roles import Permission
from agreements.powers.cards import card
from agreements.powers.choices import Answer, Occasion
from agreements.powers.parts import Asked
from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking
from agreements.sharing.models import Record
from operations.field.models import Crossing
from operations.patrols import lifecycle, rights
from operations.patrols.actions import times
from operations.patrols.choices import PatrolState
from operations.patrols.models import Patrol
from portal.audit import recording
from portal.keys import sent_before
from portal.ui.errors import Refused

KIND = "crossing"


@transaction.atomic
def enter(
    *,
    patrol: Patrol,
    by: Appointment,
    territory: Country,
    basis: str,
    marking: Marking,
    entered_at: datetime | None = None,
    position: tuple[float, float] | None = None,
    place: str = "",
    notified: str = "",
    key: uuid.UUID | None = None,
    shown: bool | frozenset[uuid.UUID] = True,
) -> Crossing:
    """Log that the team entered a partner's territory, with the limits of the powers card at that instant.

    Whether an article permits it is not asked: what happened is logged, and the limits say what was ruled. Raises
    Refused for the own state's territory, for one that no team comes from, and while another crossing is open.
    """
    now = timezone.now()
    first = sent_before(Record, key, kind=KIND, author=by)
    if first is not None:
        return first.crossing
    rights.require_role(by, Permission.PATROL_RUN)
    host = patrol.record
    rights.require_sight(by, host, now)
    rights.require_assignment(by, host.operation, now)
    row = Patrol.objects.select_for_update(of=("self",)).get(pk=patrol.pk)
    entered_at = entered_at or now
    _check(row, by, territory, entered_at)
    record = records.create(
        by=by,
        kind=KIND,
        title=f"In {territory.name}: {Occasion(basis).label.lower()}",
        marking=marking,
        key=key,
        occurred_at=entered_at,
        operation=host.operation,
        host=host,
        position=position,
        text=f"{place}\n{notified}".strip(),
        shown=shown,
    )
    return Crossing.objects.create(
        record=record,
        territory=territory,
        basis=basis,
        place=place,
        notified=notified,
        entered_at=entered_at,
        limits=limits_of(by, territory, Occasion(basis), now),
    )


def _check(patrol: Patrol, by: Appointment, territory: Country, entered_at: datetime) -> None:
    if patrol.state not in lifecycle.OPEN_TO_ENTRIES or patrol.started_at is None:
        word = PatrolState(patrol.state).label.lower()
        raise Refused(f"The patrol is {word}: crossings are logged from its start on.", code="state")
    if territory.pk == by.agency.country_id:
        raise Refused("That is your own territory.", field="territory")
    if not patrol.teams.filter(agency__country=territory).exists():
        raise Refused("Choose the territory of a partner on this patrol.", field="territory")
    times.not_future(entered_at, "entered_at")
    times.not_before(entered_at, patrol.started_at, "entered_at", "the patrol's start")
    if patrol.ended_at is not None:
        times.not_after(entered_at, patrol.ended_at, "entered_at", "the patrol's end")
    if Crossing.objects.open().filter(record__host=patrol.record, record__owner__in=by.agencies).exists():
        raise Refused("Your team is on partner territory already: log that you left it first.", code="state")


def limits_now(crossing: Crossing, by: Appointment, at: datetime) -> list[dict[str, Any]]:
    """The limits of the stay as the treaty is at `at`, for a reader: whatever they were on entering (R13, R24)."""
    return limits_of(by, crossing.territory, Occasion(crossing.basis), at, own=crossing.record.owner.country)


def is_permitted(limits: list[dict[str, Any]]) -> bool:
    """Whether any article permits what opens the occasion."""
    return any(line["answer"] != Answer.NO for line in limits)


def limits_of(
    by: Appointment, territory: Country, basis: Occasion, at: datetime, own: Country | None = None
) -> list[dict[str, Any]]:
    """What the powers card says of what opens the occasion, between the two states at `at`: plain, so that it stays."""
    own = own or by.agency.country
    found = card(by, [own, territory], Asked(), at, by.agency.zone, pairs=[(own, territory)])
    section = next(part for part in found.pairs[0].sections if part.occasion == basis)
    return [
        {
            "act": line.act.value,
            "label": str(line.label),
            "answer": line.answer.value,
            "terms": [str(term.text) for term in line.terms],
            "articles": [str(cited) for cited in line.cited],
            "distance_m": line.distance_m,
            "depth_m": line.depth_m,
            "seconds": line.seconds,
        }
        for line in section.gates
    ]


@transaction.atomic
def leave(
    *,
    crossing: Crossing,
    by: Appointment,
    left_at: datetime | None = None,
    position: tuple[float, float] | None = None,
    place: str = "",
) -> Crossing:
    """Log that the team left it: also when the patrol is hidden by now, or has ended (R23)."""
    rights.require_role(by, Permission.PATROL_RUN)
    row = Crossing.objects.select_for_update(of=("self",)).select_related("record__owner").get(pk=crossing.pk)
    rights.require_sight(by, row.record, timezone.now())
    rights.require_own(by, row.record, "ends its crossings")
    if row.left_at is not None:
        raise Refused("Your team has left it already.", code="state")
    left_at = left_at or timezone.now()
    times.not_future(left_at, "left_at")
    times.not_before(left_at, row.entered_at, "left_at", "the entry")
    row.left_at, row.left_place = max(left_at, row.entered_at), place
    row.left_latitude, row.left_longitude = position or (None, None)
    row.save(update_fields=["left_at", "left_place", "left_latitude", "left_longitude"])
    records.touch(record=row.record, by=by)
    recording.record(verb="crossing.leave", by=by, subject_kind=KIND, subject_id=row.pk, data={"left_at": row.left_at})
    return row
