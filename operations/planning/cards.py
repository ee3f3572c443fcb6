"""The powers card of what has a circle: among the states that the reader sees take part."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from agencies.directory.models import Agency, Appointment
from agreements.powers.cards import card
from agreements.powers.parts import Asked, Card
from agreements.powers.views import zone_of
from operations.planning import presenting
from operations.planning.models import Operation

if TYPE_CHECKING:
    from datetime import datetime


def languages_of(agencies: Iterable[Agency]) -> set[str]:
    return {language for agency in agencies for language in agency.languages}


def among(agencies: Iterable[Agency], by: Appointment, asked: Asked, now: "datetime") -> Card:
    """For each ordered pair of the states of these agencies, in the languages of their teams."""
    rows = list(agencies)
    states = [agency.country for agency in rows]
    return card(by, states, asked, now, zone_of(by), languages=languages_of(rows))


def taking_part(operation: Operation, by: Appointment, now: "datetime") -> list[Agency]:
    """The agencies that the reader sees take part (R18): those that accepted, and the own one."""
    parts = presenting.participations(operation.record, by, now)
    return [part.agency for part in parts if part.accepted_at or part.agency_id in by.agencies]
