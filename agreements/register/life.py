"""The life of one agreement in words and numbers, for pages and the API: what its entry into force waits for, which
notices run, when it renews itself, and on which days something changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from agencies.directory.models import Country
from agreements.register.choices import BINDING, LEAVING, ActionKind, DelayUnit
from agreements.register.facts import ActionFact, ConditionFact, Delay, Instant, Treaty, corrected, day_words
from agreements.register.meanings import SIGNS
from agreements.register.status import ON_PAPER, Renewal, computed, condition_of, renewal
from agreements.register.status.computing import explicit, needed, own_start
from agreements.register.status.terms import stops_after
from agreements.register.words import list_words


@dataclass(frozen=True)
class Consent:
    country: Country
    day: date
    sign: str
    starts: date | None


@dataclass(frozen=True)
class Force:
    """A condition in words, the consents that count for it, whose are missing by name, and the day that it computes.

    `stated`: the day of an entry into force that is recorded, which wins.
    """

    words: str
    later_words: str
    given: list[Consent]
    wanted: int
    missing: list[Country]
    met: date | None
    starts: date | None
    days_until: int | None
    stated: date | None
    confirmed_by: list[str]

    @property
    def still(self) -> int:
        """How many consents are wanting."""
        return max(self.wanted - len(self.given), 0)

    @property
    def percent(self) -> int:
        return min(100 * len(self.given) // max(self.wanted, 1), 100)


def force_of(treaty: Treaty, at: Instant) -> Force | None:
    """What the entry into force waits for on paper; None without a condition."""
    treaty = corrected(treaty, at, ON_PAPER)
    condition = condition_of(treaty, at, ON_PAPER)
    if condition is None:
        return None
    names = Country.objects.in_bulk(treaty.parties)
    found, today = computed(treaty, at, ON_PAPER), treaty.day(at)
    stated = min((fact.starts for fact in explicit(treaty, at, ON_PAPER)), default=None)
    given = [
        Consent(
            names[country],
            fact.done,
            SIGNS.get(fact.kind, ""),
            own_start(condition, found, fact) if found and stated is None else None,
        )
        for country, fact in _first_consents(treaty, at)
    ]
    by_name, have = needed(condition, treaty), {row.country.pk for row in given}
    starts = found.starts if found else None
    return Force(
        words=condition_words(condition, names),
        later_words=_later_words(condition),
        given=given,
        wanted=max(condition.consents or 0, len(by_name)),
        missing=sorted((names[code] for code in by_name - have if code in names), key=lambda row: row.name),
        met=found.met if found else None,
        starts=starts,
        days_until=(starts - today).days if starts and starts > today else None,
        stated=stated,
        confirmed_by=sorted(condition.confirmed),
    )


def _first_consents(treaty: Treaty, at: Instant) -> list[tuple[str, ActionFact]]:
    """Of each party that has not left the first consent on record by that day, in order of time."""
    today, first = treaty.day(at), dict[str, ActionFact]()
    for fact in sorted(treaty.actions, key=lambda fact: fact.done):
        if fact.country is None or fact.recorded_at > at or fact.done > today:
            continue
        if fact.kind in BINDING:
            first.setdefault(fact.country, fact)
        elif fact.kind in LEAVING and fact.starts <= today:
            first.pop(fact.country, None)
    return sorted(first.items(), key=lambda pair: (pair[1].done, pair[0]))


def condition_words(condition: ConditionFact, names: dict[str, Country]) -> str:
    """The condition as a sentence: "30 days after the 3rd consent, with that of Austria among them"."""
    named = list_words(names[code].name for code in sorted(condition.required) if code in names)
    if condition.consents is not None:
        who = f"the {ordinal(condition.consents)} consent" + (
            f", with {'those' if len(condition.required) > 1 else 'that'} of {named} among them" if named else ""
        )
    else:
        who = f"the consent of {named}" if named else "the consent of all parties"
    return delay_words(condition.delay, who)


def delay_words(delay: Delay, who: str) -> str:
    if delay.unit == DelayUnit.MONTH_STARTS:
        which = "following" if delay.number == 1 else ordinal(delay.number)
        return f"On the first day of the {which} month after {who}"
    if delay.number == 0:
        return f"With {who}"
    unit = "day" if delay.unit == DelayUnit.DAYS else "month"
    return f"{delay.number} {unit}{'' if delay.number == 1 else 's'} after {who}"


def _later_words(condition: ConditionFact) -> str:
    if condition.later == condition.delay:
        return "A party that consents later is bound as long after its own consent."
    words = delay_words(condition.later, "its own consent")
    return f"For a party that consents later: {words[0].lower()}{words[1:]}."


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th …"""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


@dataclass(frozen=True)
class Notice:
    """A notice that runs: who gave it and when, the last day on which it is still bound, and the days until then."""

    kind: str
    country: Country
    given: date
    last_day: date
    days_left: int

    @property
    def sentence(self) -> str:
        return f"still bound until the end of {day_words(self.last_day)}"


def notices_of(treaty: Treaty, at: Instant) -> list[Notice]:
    """Denunciations, withdrawals and notices against renewal that are given and have not run out on the day."""
    treaty, today = corrected(treaty, at, ON_PAPER), treaty.day(at)
    names, found = Country.objects.in_bulk(treaty.parties), []
    for fact in treaty.actions:
        if fact.country is None or fact.recorded_at > at or not fact.done <= today:
            continue
        last = _last_day(treaty, fact)
        if last is not None and last >= today:
            label = ActionKind(fact.kind).label
            found.append(Notice(label, names[fact.country], fact.done, last, (last - today).days))
    return sorted(found, key=lambda row: row.last_day)


def _last_day(treaty: Treaty, fact: ActionFact) -> date | None:
    if fact.kind in LEAVING:
        return date.fromordinal(fact.starts.toordinal() - 1)
    if fact.kind == ActionKind.NON_RENEWAL and treaty.expires_on and treaty.renews_months:
        return stops_after(treaty, fact)
    return None


def renewal_of(treaty: Treaty, at: Instant) -> Renewal | None:
    return renewal(corrected(treaty, at, ON_PAPER), at)


def around(days: Iterable[date], on: date) -> tuple[date | None, date | None]:
    """The last of the days before, and the first after."""
    rows = sorted(set(days))
    return max((day for day in rows if day < on), default=None), min((day for day in rows if day > on), default=None)
