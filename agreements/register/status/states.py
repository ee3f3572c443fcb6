"""The words for people: the state of a party and of the agreement as a whole, and the days that are left."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from agreements.register.choices import BINDING, LEAVING, ActionKind, Onward
from agreements.register.facts import ActionFact, ClauseFact, Country, Instant, Treaties, Treaty, corrected
from agreements.register.status.binding import Bond, bond, consents_of, with_parent
from agreements.register.status.effects import ON_PAPER, Gap, effect, left_on
from agreements.register.status.narrowing import suspended
from agreements.register.status.terms import ended, last_day

_EPOCH = datetime(1, 1, 1, tzinfo=UTC)


class State(StrEnum):
    """The state of an agreement, or of a party to it, on a day."""

    DRAFT = "draft"
    NOT_BOUND = "not_bound"
    SIGNED = "signed"
    TO_BE_IN_FORCE = "to_be_in_force"
    PROVISIONAL = "provisionally_applied"
    IN_FORCE = "in_force"
    DENOUNCED = "denounced"
    SUSPENDED = "suspended"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


WORKING = frozenset({State.IN_FORCE, State.PROVISIONAL, State.DENOUNCED})
# What a gap in the agreement above means for the one made under it.
_FROM_ABOVE = {
    "suspended": State.SUSPENDED,
    "expired": State.ENDED,
    "terminated": State.ENDED,
    "withdrawn": State.ENDED,
    "clause_ended": State.ENDED,
}


def party_state(treaties: Treaties, treaty: Treaty, party: Country, at: Instant) -> State:
    """The state of one party on paper."""
    treaty = corrected(treaty, at, ON_PAPER)
    if treaty.is_draft:
        return State.DRAFT
    if ended(treaty, at, ON_PAPER):
        return State.ENDED
    probe = _probe(treaty)
    own = bond(treaty, probe, party, at, ON_PAPER)
    if isinstance(own, Gap):
        return _unbound_state(treaty, party, at)
    if _suspended_to_all(treaty, probe, party, at):
        return State.SUSPENDED
    found = with_parent(treaties, treaty, party, at, ON_PAPER, own)
    if isinstance(found, Gap):
        return _FROM_ABOVE.get(found.code, State.TO_BE_IN_FORCE)
    return _bound_state(treaty, party, found, at)


def _suspended_to_all(treaty: Treaty, probe: ClauseFact, party: Country, at: Instant) -> bool:
    """Suspended, and no lifting counts between it and any other party yet: one that is recorded only opens nothing, so
    the paper does not say so either (R22)."""
    others = [other for other in treaty.parties if other != party] or [party]
    return all(suspended(treaty, probe.id, party, at, frozenset({party, other})) for other in others)


def _bound_state(treaty: Treaty, party: Country, found: Bond, at: Instant) -> State:
    if leaves_on(treaty, party, at) is not None:
        return State.DENOUNCED
    return State.PROVISIONAL if found.provisional else State.IN_FORCE


def _probe(treaty: Treaty) -> ClauseFact:
    """The whole agreement seen as one clause: only facts that name no clause concern it."""
    return ClauseFact(
        id=treaty.id,
        article="",
        kind="",
        categories=frozenset(),
        ceiling=0,
        mutual=True,
        senders=frozenset(),
        receivers=frozenset(),
        purposes=frozenset(),
        onward=Onward.NEVER,
        retention_days=None,
        starts=None,
        ends=None,
        survives=False,
        displaced_by=frozenset(),
        recorded_at=_EPOCH,
        confirmed={},
    )


def _unbound_state(treaty: Treaty, party: Country, at: Instant) -> State:
    left = left_on(treaty, party, at)
    mine = [fact for fact in treaty.actions if fact.country == party and _done(treaty, fact, at)]
    if any(f.kind == ActionKind.PROVISIONAL_APPLICATION and effect(treaty, f, at, ON_PAPER) for f in mine):
        # Some articles only: the agreement as a whole is not applied, yet it is not nothing.
        return State.PROVISIONAL if left is None else State.ENDED
    if any(fact in mine for fact in consents_of(treaty, party, left)):
        return State.TO_BE_IN_FORCE
    if left is not None:
        return State.ENDED
    return State.SIGNED if any(f.kind == ActionKind.SIGNATURE for f in mine) else State.NOT_BOUND


def _done(treaty: Treaty, fact: ActionFact, at: Instant) -> bool:
    """Recorded and done by `at`, though it may take effect later."""
    return fact.recorded_at <= at and fact.done <= treaty.day(at)


def leaves_on(treaty: Treaty, party: Country, at: Instant) -> date | None:
    """The day from which a notice given by the party and still running will put it out."""
    treaty = corrected(treaty, at, ON_PAPER)
    days = [
        fact.starts
        for fact in treaty.actions
        if fact.kind in LEAVING and fact.country == party and _done(treaty, fact, at) and fact.starts > treaty.day(at)
    ]
    return min(days, default=None)


def agreement_state(treaties: Treaties, treaty: Treaty, at: Instant) -> State:
    """The state of the agreement as a whole: in force as soon as it is for two of its parties."""
    treaty = corrected(treaty, at, ON_PAPER)
    if treaty.is_draft:
        return State.DRAFT
    if ended(treaty, at, ON_PAPER):
        return State.ENDED
    states = [party_state(treaties, treaty, party, at) for party in treaty.parties]
    enough = _enough(treaty)
    working = [state for state in states if state in WORKING]
    if len(working) >= enough:
        return _working_state(working, enough)
    return _idle_state(states, enough)


def _enough(treaty: Treaty) -> int:
    """How many parties an agreement needs: two, or the one of a domestic arrangement."""
    return min(2, len(treaty.parties))


def _working_state(working: list[State], enough: int) -> State:
    """Denounced, or provisional, when without those parties too few would be left."""
    for state in (State.DENOUNCED, State.PROVISIONAL):
        if len(working) - working.count(state) < enough and state in working:
            return state
    return State.IN_FORCE


def _idle_state(states: list[State], enough: int) -> State:
    possible = [s for s in states if s in WORKING or s in (State.SUSPENDED, State.TO_BE_IN_FORCE)]
    if State.ENDED in states and len(possible) < enough:
        return State.ENDED
    for state in (State.SUSPENDED, State.TO_BE_IN_FORCE):
        if state in states:
            return state
    if possible:  # One party alone is ready; the others are not.
        return State.TO_BE_IN_FORCE
    return State.SIGNED if State.SIGNED in states else State.NOT_BOUND


def end_day(treaty: Treaty, at: Instant) -> date | None:
    """The last day of effect that is known at `at`: expiry, termination, or the notice that leaves too few parties.

    One party's notice does not end an agreement of many.
    """
    treaty = corrected(treaty, at, ON_PAPER)
    today = treaty.day(at)
    ends = [
        fact.starts - timedelta(days=1)
        for fact in treaty.actions
        if fact.kind == ActionKind.TERMINATION and _done(treaty, fact, at) and fact.starts > today
    ]
    expiry = last_day(treaty, at, ON_PAPER)
    if expiry is not None and expiry >= today:
        ends.append(expiry)
    notice = _too_few_from(treaty, at)
    if notice is not None:
        ends.append(notice - timedelta(days=1))
    return min(ends, default=None)


def _too_few_from(treaty: Treaty, at: Instant) -> date | None:
    """The day from which, by notices that run, fewer parties are left than an agreement needs."""
    staying = [party for party in treaty.parties if _consented(treaty, party, at)]
    leaving = sorted(day for party in staying for day in [leaves_on(treaty, party, at)] if day is not None)
    spare = len(staying) - _enough(treaty)
    return leaving[spare] if 0 <= spare < len(leaving) else None


def _consented(treaty: Treaty, party: Country, at: Instant) -> bool:
    left = left_on(treaty, party, at)
    kinds = BINDING | {ActionKind.PROVISIONAL_APPLICATION}
    return any(
        fact.kind in kinds and fact.country == party and _done(treaty, fact, at) and (not left or fact.starts >= left)
        for fact in treaty.actions
    )


def days_left(treaty: Treaty, at: Instant) -> int | None:
    """Days until the last day of effect: 0 on that day; None when no end is known."""
    last = end_day(treaty, at)
    return None if last is None else (last - treaty.day(at)).days
