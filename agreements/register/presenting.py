"""Agreements as pages and the API show them: states worked out from the facts, for any day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from agencies.directory.models import Appointment, Country
from agencies.directory.roles import Role
from agreements.register import facts
from agreements.register.facts import Treaties, Treaty
from agreements.register.models import Agreement
from agreements.register.status import (
    Gap,
    Pair,
    State,
    agreement_state,
    bound,
    end_day,
    is_cut,
    party_state,
)
from agreements.register.status.states import WORKING


@dataclass(frozen=True)
class PartyShown:
    country: Country
    state: State


@dataclass(frozen=True)
class Shown:
    """An agreement with its state, its known last day and the days until it, and each party, on one day."""

    agreement: Agreement
    state: State
    last_day: date | None
    days_left: int | None
    parties: list[PartyShown]

    @property
    def is_ending(self) -> bool:
        """Within the 90 days in which its users are told."""
        return self.days_left is not None and self.days_left <= 90

    @property
    def is_ending_soon(self) -> bool:
        """Ending, and not over yet."""
        return self.days_left is not None and 0 <= self.days_left <= 90


@dataclass(frozen=True)
class Between:
    """Whether the agreement works here between the own country and another party, and if not, why."""

    other: Country
    works: bool
    sentence: str


def instant_of(agreement: Agreement, on: date | None, now: datetime) -> datetime:
    """Now, or noon of the day in the agreement's zone."""
    return now if on is None else datetime.combine(on, time(12), tzinfo=agreement.zone)


def shown(agreements: Iterable[Agreement], now: datetime, on: date | None = None) -> list[Shown]:
    """Each with its states on a day as known now, in a constant number of queries."""
    rows = list(agreements)
    treaties = {key: facts.as_known(treaty, now) for key, treaty in facts.load(row.pk for row in rows).items()}
    return [_shown(row, treaties, instant_of(row, on, now)) for row in rows]


def _shown(row: Agreement, treaties: Treaties, at: datetime) -> Shown:
    treaty = treaties[row.pk]
    last, state = end_day(treaty, at), agreement_state(treaties, treaty, at)

    def of(party: str) -> State:
        """Who stays alone in what is over has nothing in force with anybody."""
        own = party_state(treaties, treaty, party, at)
        return State.ENDED if state == State.ENDED and own in WORKING else own

    return Shown(
        agreement=row,
        state=state,
        last_day=last,
        days_left=None if last is None else (last - treaty.day(at)).days,
        parties=[PartyShown(party.country, of(party.country_id)) for party in row.parties.all()],
    )


def works_here(agreement: Agreement, country: str, at: datetime) -> list[Between]:
    """Between the own country and each other party: on paper is not enough, both stand behind it here (R22)."""
    treaties = facts.load([agreement.pk])
    treaty = treaties[agreement.pk]
    here = _administered(treaty, at)
    found = []
    for other in Country.objects.filter(pk__in=treaty.parties - {country}):
        gap = _gap(treaties, treaty, frozenset({country, other.pk}), at)
        if gap is not None and other.pk not in here:
            gap = f"{other.name} has no treaty admin here who could confirm it: on paper only"
        found.append(Between(other, gap is None, gap or "both stand behind it"))
    return found


def _administered(treaty: Treaty, at: datetime) -> set[str]:
    rows = Appointment.objects.in_effect(at).filter(role=Role.TREATY_ADMIN, agency__country__in=treaty.parties)
    return set(rows.values_list("agency__country", flat=True))


def _gap(treaties: Treaties, treaty: Treaty, pair: Pair, at: datetime) -> str | None:
    """None when some article binds both; else the first thing that is missing."""
    reasons = []
    for clause in treaty.clauses:
        answers = [bound(treaties, treaty, clause, party, at, pair) for party in sorted(pair)]
        gaps = [answer.sentence for answer in answers if isinstance(answer, Gap)]
        if not gaps and not is_cut(treaty, clause.id, pair, at):
            return None
        reasons += gaps or [f"{clause.article} is cut between them"]
    return reasons[0] if reasons else "No article is recorded yet"
