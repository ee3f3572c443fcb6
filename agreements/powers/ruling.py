"""What officers of one state may do in another: a pure function of treaties and rules.

Nothing is permitted without an article. Of several rules the most restrictive wins: the narrowest answer, every
condition, the shortest distance and time. So the order of rules does not matter, and one more rule never widens what
others rule already. A rule that both states confirmed permits; one that only the two's own recorded takes away and
permits nothing (R22): what narrows acts at once, what widens waits for both.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from agreements.powers.choices import GATES, RANK, WITHIN, Act, Answer, Border, Lead, NotifyWhen, Occasion, Report
from agreements.powers.facts import AnyOf, Rule, World
from agreements.register.facts import Country, Instant, Treaty, day_words
from agreements.register.status import Gap, Pair, both_bound, confirmed_at, is_cut

Key = tuple[Occasion, Act]
_NOTICE = {None: 0, NotifyWhen.AFTER: 1, NotifyWhen.AT_ONCE: 2, NotifyWhen.CROSSING: 3, NotifyWhen.BEFORE: 4}
_LEADS = {None: 0, Lead.OWN: 1, Lead.JOINT: 2, Lead.HOST: 3}
_REPORTS = {None: 0, Report.ASKED: 1, Report.EACH: 2}


@dataclass(frozen=True)
class Apart:
    """A rule that does not count now, and why, in a sentence."""

    rule: Rule
    code: str
    sentence: str


@dataclass(frozen=True)
class Limit:
    """Metres or seconds, and the rule that draws it so narrow."""

    value: int
    rule: Rule


@dataclass(frozen=True)
class Ruling:
    """What is ruled of one act in the course of one occasion."""

    occasion: Occasion
    act: Act
    answer: Answer = Answer.NO
    # That count, the most restrictive first; empty: no article permits it.
    rules: tuple[Rule, ...] = ()
    requirements: frozenset[AnyOf] = frozenset()
    words: tuple[str, ...] = ()
    distance: Limit | None = None
    depth: Limit | None = None
    time: Limit | None = None
    areas: tuple[str, ...] = ()
    notices: tuple[tuple[NotifyWhen | None, str], ...] = ()
    lead: Lead | None = None
    report: Report | None = None
    # Not permitted because the occasion itself is not.
    barred: bool = False
    # Of the rules those that one side alone recorded: they take away already.
    unconfirmed: tuple[Rule, ...] = ()
    apart: tuple[Apart, ...] = field(default=())

    @property
    def permits(self) -> bool:
        return self.answer != Answer.NO

    @property
    def governing(self) -> Rule | None:
        """The most restrictive of the rules; None when no article speaks of it."""
        return self.rules[0] if self.rules else None

    @property
    def overlap(self) -> bool:
        """Whether articles of several agreements rule it."""
        return len({rule.agreement for rule in self.rules}) > 1


Rulings = dict[Key, Ruling]


def keys() -> Iterator[Key]:
    """Every act in the course of every occasion, those that open it first."""
    for occasion, gates in GATES.items():
        yield from ((occasion, act) for act in (*gates, *WITHIN))


def powers_on(
    world: World, *, actor: Country, host: Country, border: Border, stretch: str = "", day: date | None = None
) -> Rulings:
    """What officers of `actor` may do in `host` on that day (default: now), coming over that border."""
    found = _concerning(world, actor, host, border, stretch)
    standing = _standing(world, found, frozenset({actor, host}), day)
    rulings = {key: _ruled(world, key, found, standing) for key in keys()}
    return _behind_their_gates(rulings)


def _concerning(world: World, actor: Country, host: Country, border: Border, stretch: str) -> list[Rule]:
    if actor == host:
        return []
    rows = (rule for rule in world.rules if rule.concerns(actor, host) and rule.is_at(border, stretch))
    return [rule for rule in rows if {actor, host} <= world.treaties[rule.agreement].parties]


@dataclass(frozen=True)
class _Standing:
    """Which rules permit, which only take away, and which do neither."""

    opening: frozenset[Rule]
    narrowing: frozenset[Rule]
    apart: dict[Rule, Gap]


def _standing(world: World, rules: Iterable[Rule], pair: Pair, day: date | None) -> _Standing:
    opening, narrowing, apart = set(), set(), {}
    for rule in rules:
        treaty = world.treaties[rule.agreement]
        at = world.moment(treaty, day)
        gap = _gap(world, treaty, rule, pair, at)
        confirmed = confirmed_at(rule.confirmed, pair)
        if gap is not None:
            apart[rule] = gap
        elif confirmed is not None and confirmed <= at:
            opening.add(rule)
        else:
            apart[rule] = _unconfirmed(rule, pair)
            if rule.recorded_for in pair and rule.answer != Answer.SILENT:
                narrowing.add(rule)
    gone = {rule.replaces for rule in opening if rule.replaces}
    by_key = {rule.id: rule for rule in opening}
    for rule in opening | narrowing:
        if rule.id in gone:
            heir = min((r for r in by_key.values() if r.replaces == rule.id), key=_order(world))
            apart[rule] = Gap("replaced", f"{_named(world, heir)} takes its place between the two")
    kept = {rule for rule in opening if rule.id not in gone and rule.answer != Answer.SILENT}
    return _Standing(frozenset(kept), frozenset(r for r in narrowing if r.id not in gone), apart)


def _gap(world: World, treaty: Treaty, rule: Rule, pair: Pair, at: Instant) -> Gap | None:
    """Why the rule says nothing between the two at `at`, confirmed or not; None when it does."""
    today = treaty.day(at)
    if rule.recorded_at > at or (rule.starts and rule.starts > today):
        starts = day_words(rule.starts) if rule.starts else "a later day"
        return Gap("not_yet", f"It applies from {starts}")
    if rule.ends and rule.ends < today:
        return Gap("over", f"It applied until {day_words(rule.ends)}")
    clause = treaty.clause(rule.clause)
    if clause is None:
        return Gap("no_article", "The article is not on record")
    one, other = sorted(pair)
    found = both_bound(world.treaties, treaty, clause, (one, other), at, pair)
    if isinstance(found, Gap):
        return found
    if is_cut(treaty, clause.id, pair, at):
        return Gap("cut", f"{clause.article} of {treaty.short_name} is cut between {one} and {other}")
    return None


def _unconfirmed(rule: Rule, pair: Pair) -> Gap:
    missing = " and ".join(sorted(country for country in pair if country not in rule.confirmed)) or "both states"
    return Gap("unconfirmed", f"{missing} has not confirmed it: it may take away and permits nothing")


def _named(world: World, rule: Rule) -> str:
    return f"{rule.article} of {world.treaties[rule.agreement].short_name}"


def _order(world: World) -> Callable[[Rule], Any]:
    """Narrowest first; among equals by name, so that the order in which they were recorded does not matter."""

    def key(rule: Rule) -> tuple[object, ...]:
        far = float("inf")
        return (
            -RANK.get(rule.answer, -1),
            rule.distance_m or far,
            rule.depth_m or far,
            rule.seconds or far,
            -len(rule.requirements),
            world.treaties[rule.agreement].short_name,
            rule.article,
            str(rule.id),
        )

    return key


def _ruled(world: World, key: Key, rules: Iterable[Rule], standing: _Standing) -> Ruling:
    occasion, act = key
    mine = [rule for rule in rules if rule.act == act and rule.is_for(occasion)]
    order = _order(world)
    opening = [rule for rule in mine if rule in standing.opening]
    # What nobody permits, nothing need take away.
    counting = [*opening, *(rule for rule in mine if rule in standing.narrowing)] if opening else []
    counting.sort(key=order)
    rest = sorted((rule for rule in mine if rule in standing.apart and rule not in counting), key=order)
    apart = tuple(Apart(rule, standing.apart[rule].code, standing.apart[rule].sentence) for rule in rest)
    unconfirmed = tuple(rule for rule in counting if rule in standing.narrowing)
    return replace(meet(occasion, act, counting), apart=apart, unconfirmed=unconfirmed)


def meet(occasion: Occasion, act: Act, rules: list[Rule]) -> Ruling:
    """The rules together: what each of them allows."""
    if not rules:
        return Ruling(occasion, act)
    answer = max((rule.answer for rule in rules), key=lambda found: RANK[found])
    if answer == Answer.NO:
        return Ruling(occasion, act, answer, tuple(rules))
    requirements = _least(any_of for rule in rules for any_of in rule.requirements)
    words = _once(rule.words for rule in rules)
    limits = {name: _shortest(rules, name) for name in ("distance_m", "depth_m", "seconds")}
    areas = _once(rule.area for rule in rules)
    if answer == Answer.YES and (requirements or words or areas or any(limits.values())):
        answer = Answer.ONLY_IF
    notices = {(rule.notify_when, rule.notify_whom) for rule in rules if rule.notify_when or rule.notify_whom}
    return Ruling(
        occasion=occasion,
        act=act,
        answer=answer,
        rules=tuple(rules),
        requirements=requirements,
        words=words,
        distance=limits["distance_m"],
        depth=limits["depth_m"],
        time=limits["seconds"],
        areas=areas,
        notices=tuple(sorted(notices, key=lambda one: (-_NOTICE[one[0]], one[1]))),
        lead=max((rule.lead for rule in rules), key=lambda found: _LEADS[found]),
        report=max((rule.report for rule in rules), key=lambda found: _REPORTS[found]),
    )


def _least(found: Iterable[AnyOf]) -> frozenset[AnyOf]:
    """Without what another of them asks already: "caught" asks more than "caught, or escaped"."""
    wanted = set(found)
    return frozenset(one for one in wanted if not any(other < one for other in wanted))


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({text for text in texts if text}))


def _shortest(rules: Iterable[Rule], name: str) -> Limit | None:
    found = [Limit(getattr(rule, name), rule) for rule in rules if getattr(rule, name) is not None]
    return min(found, key=lambda limit: (limit.value, limit.rule.article, str(limit.rule.id)), default=None)


def _behind_their_gates(rulings: Rulings) -> Rulings:
    """Where no article permits the pursuit, nothing is permitted in the course of it."""
    found = dict(rulings)
    for occasion, gates in GATES.items():
        if any(rulings[occasion, gate].permits for gate in gates):
            continue
        for act in WITHIN:
            row = rulings[occasion, act]
            if row.permits:
                found[occasion, act] = Ruling(
                    occasion, act, rules=row.rules, barred=True, unconfirmed=row.unconfirmed, apart=row.apart
                )
    return found


def stretches(world: World, actor: Country, host: Country, border: Border) -> list[str]:
    """Named stretches of the border for which there are rules of their own."""
    rows = (rule for rule in world.rules if rule.concerns(actor, host) and (not rule.borders or border in rule.borders))
    return sorted({rule.stretch for rule in rows if rule.stretch})
