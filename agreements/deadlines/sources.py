"""What falls due, worked out from the facts: one pure function for each kind. Nothing of it is stored.

A kind is added by one more function under `source`. All take the same matter, and give the days from today on, in the
agreement's zone; whatever is later than the horizon is left out afterwards.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from agreements.deadlines.choices import DeadlineKind
from agreements.register.choices import BINDING, LEAVING, ActionKind
from agreements.register.days import LAST, add_months, term_end
from agreements.register.facts import ActionFact, Country, Instant, Treaty, day_words
from agreements.register.status import ON_PAPER, Computed, computed, condition_of, last_day, renewal
from agreements.register.status.computing import own_start
from agreements.register.status.terms import ended, notice_by

DAY = timedelta(days=1)


@dataclass(frozen=True)
class ReviewFact:
    """A review on a day, and again each so many months until a day."""

    id: uuid.UUID
    what: str
    first: date
    every_months: int | None
    until: date | None


@dataclass(frozen=True)
class Matter:
    """An agreement as it is known at an instant, with what is planned about it."""

    treaty: Treaty
    at: Instant
    horizon: date
    reviews: tuple[ReviewFact, ...] = ()

    @cached_property
    def today(self) -> date:
        return self.treaty.day(self.at)

    def acts(self, *kinds: ActionKind) -> Iterator[ActionFact]:
        return (fact for fact in self.treaty.actions if fact.kind in kinds and fact.recorded_at <= self.at)


@dataclass(frozen=True)
class Deadline:
    """Something that falls due on a day of the agreement's zone.

    `party`: the country concerned; none: all of them. `subject`: the key of the fact that it comes from. `words` add
    what the kind does not say.
    """

    kind: DeadlineKind
    agreement: uuid.UUID
    day: date
    party: Country | None = None
    agency: uuid.UUID | None = None
    subject: str = ""
    words: str = ""


Source = Callable[[Matter], Iterator[Deadline]]
SOURCES: dict[DeadlineKind, Source] = {}


def source(kind: DeadlineKind) -> Callable[[Source], Source]:
    """Let the function tell the deadlines of this kind."""

    def keep(function: Source) -> Source:
        SOURCES[kind] = function
        return function

    return keep


def deadlines_of(matter: Matter) -> list[Deadline]:
    """All that falls due from today up to the horizon, by day. Of an agreement that is over: nothing."""
    if ended(matter.treaty, matter.at, ON_PAPER):
        return []
    found = [row for find in SOURCES.values() for row in find(matter)]
    due = {row for row in found if matter.today <= row.day <= matter.horizon}
    return sorted(due, key=lambda row: (row.day, row.kind, row.party or "", row.subject))


def _of(matter: Matter, kind: DeadlineKind, day: date, fact: ActionFact | None = None, words: str = "") -> Deadline:
    country, key = (fact.country, str(fact.id)) if fact else (None, "")
    return Deadline(kind, matter.treaty.id, day, country, None, key, words)


def _term(matter: Matter) -> date | None:
    return last_day(matter.treaty, matter.at, ON_PAPER)


@source(DeadlineKind.EXPIRY)
def expiries(matter: Matter) -> Iterator[Deadline]:
    """Of the agreement by its term or a termination, and of articles with a last day of their own."""
    last = _term(matter)
    if last is not None:
        yield _of(matter, DeadlineKind.EXPIRY, last)
    for fact in matter.acts(ActionKind.TERMINATION):
        yield _of(matter, DeadlineKind.EXPIRY, fact.starts - DAY, fact, "by termination")
    for clause in matter.treaty.clauses:
        if clause.ends is not None and clause.recorded_at <= matter.at and clause.ends != last:
            yield Deadline(
                DeadlineKind.EXPIRY, matter.treaty.id, clause.ends, subject=str(clause.id), words=f"of {clause.article}"
            )


def terms(matter: Matter) -> Iterator[date]:
    """The last days of the terms of what renews itself, from the one that runs on: as far as no notice stops it."""
    treaty, running = matter.treaty, renewal(matter.treaty, matter.at)
    if running is None or treaty.expires_on is None or not treaty.renews_months:
        return
    stop, ends = _term(matter), running.term_ends
    while ends <= matter.horizon and (stop is None or ends < stop):
        yield ends
        ends = term_end(treaty.expires_on, treaty.renews_months, ends + DAY)


@source(DeadlineKind.RENEWAL)
def renewals(matter: Matter) -> Iterator[Deadline]:
    """The end of a term on which the agreement renews itself, unless a notice comes before."""
    for ends in terms(matter):
        words = f"for {matter.treaty.renews_months} months, unless a party gives notice"
        yield _of(matter, DeadlineKind.RENEWAL, ends, words=words)


@source(DeadlineKind.NOTICE_DUE)
def notices_due(matter: Matter) -> Iterator[Deadline]:
    """The last day on which a notice against renewal is in time to end with the term."""
    for ends in terms(matter):
        words = f"to end with the term on {day_words(ends)}"
        yield _of(matter, DeadlineKind.NOTICE_DUE, notice_by(matter.treaty, ends), words=words)


@source(DeadlineKind.NOTICE_ENDS)
def notices_running(matter: Matter) -> Iterator[Deadline]:
    """A denunciation or withdrawal that has not taken effect: its last day is the party's last day."""
    for fact in matter.acts(*LEAVING):
        if fact.done <= matter.today:
            words = f"{fact.kind.label.lower()} of {day_words(fact.done)}"
            yield _of(matter, DeadlineKind.NOTICE_ENDS, fact.starts - DAY, fact, words)


@source(DeadlineKind.REVIEW)
def reviews(matter: Matter) -> Iterator[Deadline]:
    """Each counted from the first day, so that the 31st comes again after a shorter month."""
    for review in matter.reviews:
        until = min(matter.horizon, review.until or LAST)
        for number in range(12 * (LAST.year - review.first.year + 1)):
            day = add_months(review.first, number * (review.every_months or 0))
            if day > until:
                break
            if day >= matter.today:
                yield Deadline(DeadlineKind.REVIEW, matter.treaty.id, day, subject=str(review.id), words=review.what)
            if not review.every_months:
                break


@source(DeadlineKind.ENTRY_INTO_FORCE)
def entries(matter: Matter) -> Iterator[Deadline]:
    """Of the agreement, recorded or computed by its condition; of it for a party that consented; and of articles with a
    first day of their own."""
    kind = DeadlineKind.ENTRY_INTO_FORCE
    whole = {fact.starts for fact in matter.acts(ActionKind.ENTRY_INTO_FORCE) if fact.country is None}
    found = None if whole else computed(matter.treaty, matter.at, ON_PAPER)
    if found is not None:
        yield _of(matter, kind, found.starts, words=f"by its condition, met on {day_words(found.met)}")
    for fact in matter.acts(ActionKind.ENTRY_INTO_FORCE, *BINDING):
        starts = _own_start(matter, fact, found)
        later = starts > fact.done or fact.kind == ActionKind.ENTRY_INTO_FORCE
        if later and (fact.country is None or starts not in (*whole, found and found.starts)):
            yield _of(matter, kind, starts, fact)
    for clause in matter.treaty.clauses:
        if clause.starts is not None and clause.recorded_at <= matter.at:
            yield Deadline(kind, matter.treaty.id, clause.starts, subject=str(clause.id), words=f"of {clause.article}")


def _own_start(matter: Matter, fact: ActionFact, found: Computed | None) -> date:
    """The first day that follows from an act: where a condition computes it, by that."""
    condition = condition_of(matter.treaty, matter.at, ON_PAPER)
    if found is None or condition is None or fact.kind not in BINDING:
        return fact.starts
    return own_start(condition, found, fact)


@source(DeadlineKind.DESIGNATION_ENDS)
def designations(matter: Matter) -> Iterator[Deadline]:
    """Of agencies that stand designated until a day."""
    for row in matter.treaty.designations:
        withdrawn = row.withdrawn_at is not None and row.withdrawn_at <= matter.at
        if row.ends is not None and row.recorded_at <= matter.at and not withdrawn:
            yield Deadline(
                DeadlineKind.DESIGNATION_ENDS, matter.treaty.id, row.ends, row.country, row.agency, str(row.id)
            )


@source(DeadlineKind.PROVISIONAL_ENDS)
def provisional(matter: Matter) -> Iterator[Deadline]:
    for fact in matter.acts(ActionKind.PROVISIONAL_APPLICATION):
        if fact.until is not None:
            yield _of(matter, DeadlineKind.PROVISIONAL_ENDS, fact.until, fact)


@source(DeadlineKind.SUSPENSION_ENDS)
def suspensions(matter: Matter) -> Iterator[Deadline]:
    """By its own last day, or the day before it is lifted for good and as a whole, whichever comes first."""
    liftings = [fact for fact in matter.acts(ActionKind.LIFTING) if not fact.clauses and fact.until is None]
    for fact in matter.acts(ActionKind.SUSPENSION):
        ends = [fact.until] if fact.until else []
        ends += [lifting.starts - DAY for lifting in liftings if lifting.lifts == fact.id]
        if ends:
            yield _of(matter, DeadlineKind.SUSPENSION_ENDS, min(ends), fact)
