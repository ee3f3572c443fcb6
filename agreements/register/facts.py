"""The facts about treaties as plain values, loaded in a handful of queries.

The policy is a pure function of these (agreements.sharing.policy). A proposed fact, for a what-if, is one more
value in the tuple; the past is the same values filtered by what was recorded then (R14).
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from agreements.register.choices import ActionKind, Direction, Onward
from agreements.register.models import Agreement, Clause, Designation, Fact, TreatyAction

Country = str
Instant = datetime


@dataclass(frozen=True)
class ActionFact:
    id: uuid.UUID
    kind: ActionKind
    country: Country | None
    counterpart: Country | None
    clauses: frozenset[uuid.UUID]
    done: date
    starts: date
    until: date | None
    lifts: uuid.UUID | None
    excludes: frozenset[str]
    lowers_ceiling_to: int | None
    recorded_at: Instant
    confirmed: Mapping[Country, Instant]

    def concerns(self, clause: uuid.UUID) -> bool:
        return not self.clauses or clause in self.clauses


@dataclass(frozen=True)
class DesignationFact:
    id: uuid.UUID
    country: Country
    agency: uuid.UUID
    clauses: frozenset[uuid.UUID]
    starts: date
    ends: date | None
    recorded_at: Instant
    withdrawn_at: Instant | None
    confirmed: Mapping[Country, Instant]

    def concerns(self, clause: uuid.UUID) -> bool:
        return not self.clauses or clause in self.clauses


@dataclass(frozen=True)
class ClauseFact:
    id: uuid.UUID
    article: str
    kind: str
    categories: frozenset[str]
    ceiling: int
    mutual: bool
    senders: frozenset[Country]
    receivers: frozenset[Country]
    purposes: frozenset[str]
    onward: Onward
    retention_days: int | None
    starts: date | None
    ends: date | None
    survives: bool
    displaced_by: frozenset[uuid.UUID]
    recorded_at: Instant
    confirmed: Mapping[Country, Instant]


@dataclass(frozen=True)
class Treaty:
    """One agreement with all its facts. `parties` are the countries it names."""

    id: uuid.UUID
    short_name: str
    zone: ZoneInfo
    parties: frozenset[Country]
    expires_on: date | None
    made_under: uuid.UUID | None
    made_under_agreement: uuid.UUID | None
    is_draft: bool
    clauses: tuple[ClauseFact, ...]
    actions: tuple[ActionFact, ...]
    designations: tuple[DesignationFact, ...]

    def day(self, at: Instant) -> date:
        """The day of `at` in the agreement's zone."""
        return at.astimezone(self.zone).date()

    def start_of(self, day: date) -> Instant:
        return datetime.combine(day, time.min, tzinfo=self.zone)

    def start_after(self, day: date) -> Instant:
        """The end of `day`, excluded: 00:00 of the next."""
        return self.start_of(day + timedelta(days=1))

    def clause(self, key: uuid.UUID) -> ClauseFact | None:
        return next((clause for clause in self.clauses if clause.id == key), None)


Treaties = Mapping[uuid.UUID, Treaty]


def day_words(day: date) -> str:
    """A day as a sentence says it: "1 May 2024"."""
    return f"{day.day} {day:%B %Y}"


_EPOCH = datetime(1, 1, 1, tzinfo=UTC)


def as_known(treaty: Treaty, at: Instant) -> Treaty:
    """The treaty with what was recorded by `at`, taken as known on every day: for the question what, by what is
    known now, was the case last March (R14)."""

    def known(rows: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(replace(row, recorded_at=_EPOCH) for row in rows if row.recorded_at <= at)

    return replace(
        treaty,
        clauses=known(treaty.clauses),
        actions=known(treaty.actions),
        designations=known(treaty.designations),
    )


def load(agreements: Iterable[uuid.UUID]) -> dict[uuid.UUID, Treaty]:
    """The agreements with those they were made under and those that displace them, as values."""
    wanted, found = set(agreements), {}
    while wanted:
        rows = [_treaty(row) for row in _rows(wanted)]
        found.update({treaty.id: treaty for treaty in rows})
        named = {t.made_under_agreement for t in rows if t.made_under_agreement}
        named |= {key for t in rows for clause in t.clauses for key in clause.displaced_by}
        wanted = named - set(found)
    return found


def _rows(keys: set[uuid.UUID]) -> Iterable[Agreement]:
    return (
        Agreement.objects.filter(pk__in=keys)
        .select_related("made_under")
        .prefetch_related(
            "parties",
            Prefetch(
                "clauses",
                Clause.objects.prefetch_related("confirmations", "senders", "receivers", "displaced_by"),
            ),
            Prefetch("actions", TreatyAction.objects.prefetch_related("confirmations", "clauses")),
            Prefetch("designations", Designation.objects.prefetch_related("confirmations", "clauses")),
        )
    )


def _confirmed(fact: Fact) -> dict[Country, Instant]:
    """Who stands behind the fact since when: whoever recorded it, and whoever confirmed it (R22)."""
    seen = {row.country_id: row.confirmed_at for row in fact.confirmations.all()}  # type: ignore[attr-defined]
    if fact.recorded_for_id:
        seen[fact.recorded_for_id] = fact.recorded_at
    return seen


def _keys(related: Iterable[object]) -> frozenset:
    return frozenset(row.pk for row in related)  # type: ignore[attr-defined]


def _treaty(row: Agreement) -> Treaty:
    return Treaty(
        id=row.pk,
        short_name=row.short_name,
        zone=row.zone,
        parties=frozenset(party.country_id for party in row.parties.all()),
        expires_on=row.expires_on,
        made_under=row.made_under_id,
        made_under_agreement=row.made_under.agreement_id if row.made_under else None,
        is_draft=row.is_draft,
        clauses=tuple(_clause(clause) for clause in row.clauses.all()),
        actions=tuple(_action(action) for action in row.actions.all()),
        designations=tuple(_designation(designation) for designation in row.designations.all()),
    )


def _clause(row: Clause) -> ClauseFact:
    return ClauseFact(
        id=row.pk,
        article=row.article,
        kind=row.kind,
        categories=frozenset(row.categories),
        ceiling=row.ceiling,
        mutual=row.direction == Direction.MUTUAL,
        senders=_keys(row.senders.all()),
        receivers=_keys(row.receivers.all()),
        purposes=frozenset(row.purposes),
        onward=Onward(row.onward),
        retention_days=row.retention_days,
        starts=row.starts_on,
        ends=row.ends_on,
        survives=row.survives,
        displaced_by=_keys(row.displaced_by.all()),
        recorded_at=row.recorded_at,
        confirmed=_confirmed(row),
    )


def _action(row: TreatyAction) -> ActionFact:
    return ActionFact(
        id=row.pk,
        kind=ActionKind(row.kind),
        country=row.country_id,
        counterpart=row.counterpart_id,
        clauses=_keys(row.clauses.all()),
        done=row.done_on,
        starts=row.effective_on or row.done_on,
        until=row.until,
        lifts=row.lifts_id,
        excludes=frozenset(row.excludes),
        lowers_ceiling_to=row.lowers_ceiling_to,
        recorded_at=row.recorded_at,
        confirmed=_confirmed(row),
    )


def _designation(row: Designation) -> DesignationFact:
    return DesignationFact(
        id=row.pk,
        country=row.country_id,
        agency=row.agency_id,
        clauses=_keys(row.clauses.all()),
        starts=row.starts_on,
        ends=row.ends_on,
        recorded_at=row.recorded_at,
        withdrawn_at=row.withdrawn_at,
        confirmed=_confirmed(row),
    )
