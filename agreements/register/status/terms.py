"""For how long an agreement runs: its last day, extensions, and whether it is over."""

from datetime import date

from agreements.register.choices import ActionKind
from agreements.register.facts import Instant, Treaty, day_words, remembered
from agreements.register.status.effects import Gap, Pair, confirmed_at, known, strikes


def last_day(treaty: Treaty, at: Instant, pair: Pair) -> date | None:
    """The last day of an agreement made for a time, extensions included; None when it is for good."""
    if treaty.expires_on is None:
        return None
    extensions = [
        fact.until
        for fact in treaty.actions
        if fact.kind == ActionKind.EXTENSION and fact.until and known(fact, at, pair)
    ]
    return max([treaty.expires_on, *extensions])


@remembered
def revived(treaty: Treaty, at: Instant, pair: Pair) -> Instant | None:
    """Since when it works again by an extension that came after its last day: nothing ran in between (R15)."""
    if treaty.expires_on is None:
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
    expiry = last_day(treaty, at, pair)
    if expiry is not None and expiry < treaty.day(at):
        return Gap("expired", f"{treaty.short_name} expired on {day_words(expiry)}")
    for fact in treaty.actions:
        if fact.kind == ActionKind.TERMINATION and strikes(treaty, fact, at):
            return Gap("terminated", f"{treaty.short_name} was terminated with effect from {day_words(fact.starts)}")
    return None
