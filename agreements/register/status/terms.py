"""For how long an agreement runs: its last day, extensions, and whether it is over."""

from dataclasses import dataclass
from datetime import date

from agreements.register.choices import ActionKind
from agreements.register.days import add_months, stop_day, term_end
from agreements.register.facts import ActionFact, Instant, Treaty, corrected, day_words, remembered
from agreements.register.status.effects import Gap, Pair, confirmed_at, known, strikes


def last_day(treaty: Treaty, at: Instant, pair: Pair) -> date | None:
    """The last day of an agreement made for a time, extensions included; None when it is for good, or renews itself and
    nobody has given notice."""
    treaty = corrected(treaty, at, pair)
    if treaty.expires_on is None:
        return None
    if treaty.renews_months:
        return min((stops_after(treaty, fact) for fact in _notices(treaty, at)), default=None)
    extensions = [
        fact.until
        for fact in treaty.actions
        if fact.kind == ActionKind.EXTENSION and fact.until and known(fact, at, pair)
    ]
    return max([treaty.expires_on, *extensions])


@remembered
def revived(treaty: Treaty, at: Instant, pair: Pair) -> Instant | None:
    """Since when it works again by an extension that came after its last day: nothing ran in between (R15)."""
    if treaty.expires_on is None or treaty.renews_months:
        return None
    over, since = treaty.start_after(treaty.expires_on), None
    known_since = [
        (confirmed_at(fact.confirmed, pair) if pair else fact.recorded_at, fact.until)
        for fact in treaty.actions
        if fact.kind == ActionKind.EXTENSION and fact.until and known(fact, at, pair)
    ]
    for instant, until in sorted((since, until) for since, until in known_since if since is not None):
        if instant > over and treaty.start_after(until) > instant:
            since = instant
        over = max(over, treaty.start_after(until))
    return since


@remembered
def ended(treaty: Treaty, at: Instant, pair: Pair) -> Gap | None:
    """Expired or terminated."""
    treaty = corrected(treaty, at, pair)
    expiry = last_day(treaty, at, pair)
    if expiry is not None and expiry < treaty.day(at):
        return Gap("expired", f"{treaty.short_name} expired on {day_words(expiry)}")
    for fact in treaty.actions:
        if fact.kind == ActionKind.TERMINATION and strikes(treaty, fact, at):
            return Gap("terminated", f"{treaty.short_name} was terminated with effect from {day_words(fact.starts)}")
    return None


def _notices(treaty: Treaty, at: Instant) -> list[ActionFact]:
    """Notices against its renewal. They narrow: they count at once when recorded, whoever gave them (R22)."""
    if ActionKind.NON_RENEWAL not in treaty.kinds:
        return []
    today = treaty.day(at)
    return [f for f in treaty.actions if f.kind == ActionKind.NON_RENEWAL and f.recorded_at <= at and f.done <= today]


def stops_after(treaty: Treaty, notice: ActionFact) -> date:
    """The last day of an agreement that renews itself, by this notice: that of the first term for which it comes in
    time."""
    assert treaty.expires_on is not None
    assert treaty.renews_months
    return stop_day(treaty.expires_on, treaty.renews_months, treaty.renewal_notice_months, notice.done)


def notice_by(treaty: Treaty, last: date) -> date:
    """The last day on which notice against renewal is in time for the term that ends on `last`."""
    return add_months(last, -treaty.renewal_notice_months)


@dataclass(frozen=True)
class Renewal:
    """The term that runs: its last day, until when notice against the next is in time, and whether one was given."""

    term_ends: date
    notice_by: date
    stops: bool


def renewal(treaty: Treaty, at: Instant) -> Renewal | None:
    """Of an agreement that renews itself and is not over: the term that runs at `at`."""
    if treaty.expires_on is None or not treaty.renews_months:
        return None
    today, stop = treaty.day(at), last_day(treaty, at, frozenset())
    if stop is not None and stop < today:
        return None
    ends = term_end(treaty.expires_on, treaty.renews_months, today)
    return Renewal(ends, notice_by(treaty, ends), stop == ends)
