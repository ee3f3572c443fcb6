"""What an agreement lets through, in plain Python: the words "bound", "designation", "channel" and "live" of the rules,
and R15 and R22. Knows nothing of the product; the other half of `model`.

A day begins at its whole number (day 0 is 2 March 2026, for what is counted in months), less the `zone` of its agreement (a part of a day to the east), and an end day is the
last day of effect. A fact has `known`, when it was recorded, and `confirmed`, who stands behind it since when.
"""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations, product
from math import floor
from typing import Any

FOREVER = float("inf")
# A moment before the end of something. The instants of the worlds lie far enough apart.
EVE = 1 / 4096
CONSENTS = {
    "definitive_signature", "ratification", "acceptance", "approval", "formal_confirmation", "accession",
    "succession", "consent_to_be_bound", "participation",
}  # fmt: skip
LEAVING = {"denunciation", "withdrawal"}
DAY_0 = date(2026, 3, 2)
World = dict[str, Any]
Thing = dict[str, Any]
Pair = frozenset[str]
# Of an open channel: the party taken for, from when a release counts, and up to when (of one that only survives).
Way = tuple[str, float, float, frozenset[str], int]


class Law:
    """The agreements of one world, asked at one instant."""

    def __init__(self, world: World, at: float) -> None:
        self.world, self.at = world, at
        self._ways: dict[tuple[str, str, str], list[Way]] = {}

    def ways(self, name: str, giver: str, taker: str) -> list[Way]:
        """Channel(c, s, r, today), for each pair of parties that the two act for; and those that survive."""
        key = (name, giver, taker)
        if key not in self._ways:
            parties = self.world["treaties"][self.world["clauses"][name]["treaty"]]["parties"]
            pairs = [] if giver == taker else product(parties, parties)
            self._ways[key] = [way for one, other in pairs for way in self._between(name, giver, taker, one, other)]
        return self._ways[key]

    def _between(self, name: str, giver: str, taker: str, one: str, other: str) -> list[Way]:
        clause, pair, ends = self.world["clauses"][name], frozenset({one, other}), (giver, taker, one, other)
        categories, ceiling = self._left(name, pair, self.at)
        found: list[Way] = []
        if self._open(name, *ends, self.at):
            found.append((other, self._since(name, *ends, self.at), FOREVER, categories, ceiling))
        if clause["survives"] and not self._narrowed_shut(name, pair, self.at) and self._keeps_both(name, *ends):
            for end in self._ends(clause["treaty"], pair):
                if self._open(name, *ends, end - EVE):
                    then, highest = self._left(name, pair, end - EVE)
                    since = self._since(name, *ends, end - EVE)
                    found.append((other, since, end, categories & then, min(ceiling, highest)))
        return found

    def _since(self, name: str, giver: str, taker: str, one: str, other: str, at: float) -> float:
        """When the channel last began (R15). What only suspends, objects or reserves does not break it off; leaving
        and coming back does, be it on one day."""
        since, back = at, self._left_last(name, frozenset({one, other}), at)
        for instant in sorted((t for t in self._instants(name) if back <= t <= at), reverse=True):
            if not self._open(name, giver, taker, one, other, instant, since=at):
                break
            since = instant
        return since

    def _left_last(self, name: str, pair: Pair, at: float) -> float:
        """When one of the two last left the agreement, or one above it."""
        treaty = self._treaty(self.world["clauses"][name]["treaty"], pair, at)
        acts = [act for kind in LEAVING for act in _striking(treaty, kind, at) if act["state"] in pair]
        above = self._left_last(treaty["under"], pair, at) if treaty["under"] else -FOREVER
        return max([above, *(_begin(treaty, act) for act in acts)])

    def _instants(self, name: str) -> set[float]:
        """Whenever something changes that the channel stands on."""
        clause = self.world["clauses"][name]
        treaty, found = self.world["treaties"][clause["treaty"]], set[float]()
        facts = [*treaty["acts"], *treaty["designations"]]
        facts += [row for row in self.world["clauses"].values() if row["treaty"] == clause["treaty"]]
        facts += [treaty["condition"]] if treaty["condition"] else []
        for fact in facts:
            found |= {fact["known"], *fact["confirmed"].values(), fact.get("withdrawn", FOREVER)}
            found |= {_begin(treaty, fact), _end(treaty, fact)}
        found |= {_start(treaty, day + 1) for day in _last_days(treaty)}
        found |= {_start(treaty, day) for instant in set(found) for day in _first_days(treaty, instant)}
        for other in clause["displaced_by"]:
            found |= self._instants(next(n for n, row in self.world["clauses"].items() if row["treaty"] == other))
        return found | (self._instants(treaty["under"]) if treaty["under"] else set())

    def _open(
        self, name: str, giver: str, taker: str, one: str, other: str, at: float, *, since: float | None = None
    ) -> bool:
        """Whether it is open. Asked for the past, `since` the instant from which one looks back: what only narrows
        does not count then, and an own entry into force known by then tells that the party was not bound before."""
        clause = self.world["clauses"][name]
        treaty, pair = self.world["treaties"][clause["treaty"]], frozenset({one, other})
        if len(pair) < 2 and len(treaty["parties"]) > 1:
            return False
        if clause["from"] is not None and not (one in clause["from"] and other in clause["to"]):
            return False
        if not (_named(treaty, name, giver, one, pair, at) and _named(treaty, name, taker, other, pair, at)):
            return False
        if not all(self._bound(name, party, pair, at, since) for party in pair):
            return False
        if since is None and self._narrowed_shut(name, pair, at):
            return False
        return not any(self._displaces(treaty, pair, at) for treaty in clause["displaced_by"])

    def _displaces(self, treaty: str, pair: Pair, at: float) -> bool:
        """Whether another agreement binds both, by whichever of its articles."""
        names = [name for name, row in self.world["clauses"].items() if row["treaty"] == treaty]
        return all(
            any(self._bound(n, party, pair, at) and not self._suspends(n, party, pair, at) for n in names)
            for party in pair
        )

    def _treaty(self, name: str, pair: Pair, known: float) -> Thing:
        """The agreement, with what the two confirmed by then as corrections in the place of what was recorded wrongly;
        what corrects and is not confirmed does not count."""
        treaty = self.world["treaties"][name]
        right = {act["corrects"]: act for act in treaty["acts"] if act.get("corrects") and _stood(act, pair) <= known}
        acts = []
        for act in treaty["acts"]:
            found, first = act, act
            while found is not None and found["name"] in right:
                found = right[found["name"]]
                found = None if found["kind"] == "rectification" else found
            if act.get("corrects") or found is None:
                continue
            confirmed = {**found["confirmed"], **first["confirmed"]}
            acts.append(
                act
                if found is act
                else {**found, "name": first["name"], "known": first["known"], "confirmed": confirmed}
            )
        return {**treaty, "acts": acts}

    # Whether a party is bound.

    def _bound(self, name: str, party: str, pair: Pair, at: float, known: float | None = None) -> bool:
        """By consent and entry into force, or provisionally; suspensions and reservations are asked apart."""
        clause = self.world["clauses"][name]
        treaty, day = self._treaty(clause["treaty"], pair, known or at), at
        if _stood(clause, pair) > at or not _begin(treaty, clause) <= day < _end(treaty, clause):
            return False
        if at >= self._over(treaty, pair, at) or not self._consents(treaty, name, party, pair, at, known):
            return False
        return treaty["under"] is None or self._bound(treaty["under"], party, pair, at, known)

    def _over(self, treaty: Thing, pair: Pair, at: float) -> float:
        """When the agreement ends or ended, as known at `at`."""
        days = [act["until"] for act in treaty["acts"] if act["kind"] == "extension" and _stood(act, pair) <= at]
        expiry = FOREVER if treaty["expires"] is None else _start(treaty, max([treaty["expires"], *days]) + 1)
        if treaty["renews"]:
            given = [a for a in _notices(treaty) if a["known"] <= at and _done(a) <= floor(at + treaty["zone"])]
            expiry = min((_start(treaty, _stop(treaty, act) + 1) for act in given), default=FOREVER)
        return min([expiry, *(_begin(treaty, a) for a in _striking(treaty, "termination", at))])

    def _consents(self, treaty: Thing, name: str, party: str, pair: Pair, at: float, known: float | None) -> bool:
        left = max(
            (a["on"] for k in LEAVING for a in _striking(treaty, k, at) if a["state"] == party), default=-FOREVER
        )
        own = [act for act in treaty["acts"] if act["state"] == party and act["on"] >= left]
        working = [act for act in own if _works(treaty, act, pair, at)]
        if any(act["kind"] == "provisional_application" and _concerns(act, name) for act in working):
            return True
        force = [a for a in treaty["acts"] if a["kind"] == "entry_into_force" and a["state"] is None]
        dated = [a for a in own if a["kind"] == "entry_into_force" and _stood(a, pair) <= (known or at)]
        if dated and not any(_works(treaty, act, pair, at) for act in dated):
            return False
        if treaty["condition"] and not any(_stood(act, pair) <= at for act in force):
            consents = [a for a in own if a["kind"] in CONSENTS and at < _end(treaty, a)]
            return any(_start(treaty, day) <= at for day in _by_condition(treaty, consents, pair, at))
        return any(_works(treaty, a, pair, at) for a in force) and any(a["kind"] in CONSENTS for a in working)

    # What narrows.

    def _narrowed_shut(self, name: str, pair: Pair, at: float) -> bool:
        """Suspended, out by reservation, or cut between the two; or so is the article it was made under."""
        treaty = self.world["treaties"][self.world["clauses"][name]["treaty"]]
        cuts = [*self._standing(name, "objection", pair, at), *self._standing(name, "suspension", pair, at)]
        if any(act["towards"] and {act["state"], act["towards"]} == pair for act in cuts):
            return True
        if any(self._suspends(name, party, pair, at) for party in pair):
            return True
        return treaty["under"] is not None and self._narrowed_shut(treaty["under"], pair, at)

    def _suspends(self, name: str, party: str, pair: Pair, at: float) -> bool:
        whole = [act for act in self._standing(name, "suspension", pair, at) if not act["towards"]]
        out = [act for act in self._standing(name, "reservation", pair, at) if not _limits(act)]
        return any(act["state"] in (None, party) for act in whole) or any(act["state"] == party for act in out)

    def _standing(self, name: str, kind: str, pair: Pair, at: float) -> list[Thing]:
        """Acts that narrow the article now and are not lifted; lifting widens, so both stand behind it (R22)."""
        treaty = self._treaty(self.world["clauses"][name]["treaty"], pair, at)
        lifting = [a for a in treaty["acts"] if a["kind"] == "lifting" and _concerns(a, name)]
        lifted = {act["lifts"] for act in lifting if _works(treaty, act, pair, at)}
        acts = [act for act in _striking(treaty, kind, at) if _concerns(act, name)]
        return [act for act in acts if act["name"] not in lifted]

    def _left(self, name: str, pair: Pair, at: float) -> tuple[frozenset[str], int]:
        """Categories and ceiling that reservations leave, also those to the article it was made under."""
        clause = self.world["clauses"][name]
        categories, ceiling, step = frozenset(clause["categories"]), clause["ceiling"], name
        while step is not None:
            for act in self._standing(step, "reservation", pair, at):
                if act["state"] in pair:
                    categories -= set(act["excludes"])
                    ceiling = ceiling if act["ceiling"] is None else min(ceiling, act["ceiling"])
            step = self.world["treaties"][self.world["clauses"][step]["treaty"]]["under"]
        return categories, ceiling

    # What survives.

    def _ends(self, name: str, pair: Pair) -> set[float]:
        """The ends of the agreement or of a party's part in it by now, and of the agreement above."""
        treaty, found = self._treaty(name, pair, self.at), set[float]()
        over = self._over(treaty, pair, self.at)
        found |= {over} if over <= self.at else set()
        for kind in ("termination", *LEAVING):
            acts = _striking(treaty, kind, self.at)
            found |= {_begin(treaty, act) for act in acts if kind == "termination" or act["state"] in pair}
        if treaty["under"]:
            found |= self._ends(self.world["clauses"][treaty["under"]]["treaty"], pair)
        return found

    def _keeps_both(self, name: str, giver: str, taker: str, one: str, other: str) -> bool:
        """Neither lost its designation by having it withdrawn."""
        rows = self.world["treaties"][self.world["clauses"][name]["treaty"]]["designations"]
        kept = {(row["agency"], row["state"]) for row in rows if row["withdrawn"] > self.at}
        return {(giver, one), (taker, other)} <= kept


def _start(treaty: Thing, day: float) -> float:
    return day - treaty["zone"]


def _begin(treaty: Thing, fact: Thing) -> float:
    return -FOREVER if fact["on"] is None else _start(treaty, fact["on"])


def _end(treaty: Thing, fact: Thing) -> float:
    return FOREVER if fact["until"] is None else _start(treaty, fact["until"] + 1)


def _last_days(treaty: Thing) -> list[int]:
    if treaty["renews"]:
        return [_stop(treaty, act) for act in _notices(treaty)]
    return [] if treaty["expires"] is None else [treaty["expires"]]


# Calendars: what renews itself, and what enters into force so long after so many consents.


def _done(act: Thing) -> int:
    """The day on which it was done; its first day of effect (`on`) may be later."""
    return act.get("done", act["on"])


def _on(day: int, months: int, *, first: bool = False) -> int:
    """So many months on; `first`: the first day of that month."""
    then = DAY_0 + timedelta(days=day)
    year, month = divmod(then.year * 12 + then.month - 1 + months, 12)
    number = 1 if first else min(then.day, calendar.monthrange(year, month + 1)[1])
    return (date(year, month + 1, number) - DAY_0).days


def _after(day: int, delay: tuple[int, str]) -> int:
    number, unit = delay
    return day + number if unit == "days" else _on(day, number, first=unit == "month_starts")


def _notices(treaty: Thing) -> list[Thing]:
    return [act for act in treaty["acts"] if act["kind"] == "non_renewal"]


def _stop(treaty: Thing, notice: Thing) -> int:
    """The end of the first term of which the notice comes in time."""
    every, ahead = treaty["renews"]
    ends = (_on(treaty["expires"], every * number) for number in range(10_000))
    return next(end for end in ends if end >= _done(notice) and _on(end, -ahead) >= _done(notice))


def _met(treaty: Thing, pair: Pair, at: float) -> int | None:
    """The day on which, by what the two stand behind at `at`, enough parties had consented at the same time."""
    condition, moves = treaty["condition"], list[tuple[int, int, str]]()
    for act in treaty["acts"]:
        if act["kind"] in CONSENTS and act["known"] <= at and _stood(act, pair) <= at:
            moves.append((_done(act), 1, act["state"]))
        if act["kind"] in LEAVING and act["known"] <= at:
            # Told only afterwards, it counts from then on.
            moves.append((max(act["on"], floor(act["known"] + treaty["zone"])), 0, act["state"]) if act["known"] > _begin(treaty, act) else (act["on"], 0, act["state"]))  # fmt: skip
    named = set(condition["required"]) or (set(treaty["parties"]) if condition["count"] is None else set())
    for day in sorted({move[0] for move in moves}):
        held = set[str]()
        for _, comes, state in sorted(move for move in moves if move[0] <= day):
            held = held | {state} if comes else held - {state}
        if named <= held and len(held) >= (condition["count"] or 0):
            return day
    return None


def _by_condition(treaty: Thing, consents: list[Thing], pair: Pair, at: float) -> Iterator[int]:
    """The first days of effect that the condition gives these consents, of those that the two stand behind."""
    condition = treaty["condition"]
    met = _met(treaty, pair, at) if max(condition["known"], _stood(condition, pair)) <= at else None
    if met is None:
        return
    start = _after(met, condition["delay"])
    for act in consents:
        if max(act["known"], _stood(act, pair)) > at:
            continue
        later = _after(_done(act), condition["later"] or condition["delay"]) if _done(act) > met else start
        yield max(start, later if act["on"] == _done(act) else act["on"])


def _first_days(treaty: Thing, at: float) -> set[int]:
    """Those of all, between any two."""
    if not treaty["condition"] or abs(at) == FOREVER:
        return set()
    pairs = [frozenset(two) for two in combinations(treaty["parties"], 2)] or [frozenset(treaty["parties"])]
    acts = [act for act in treaty["acts"] if act["kind"] in CONSENTS]
    return {day for pair in pairs for day in _by_condition(treaty, acts, pair, at)}


def _concerns(fact: Thing, clause: str) -> bool:
    return not fact["clauses"] or clause in fact["clauses"]


def _limits(act: Thing) -> bool:
    return bool(act["excludes"]) or act["ceiling"] is not None


def _stood(fact: Thing, pair: Pair) -> float:
    """When the later of the two stood behind the fact (R22)."""
    return max(fact["confirmed"].get(state, FOREVER) for state in pair)


def _works(treaty: Thing, fact: Thing, pair: Pair, at: float) -> bool:
    """Whether a fact that widens works between the two."""
    return _stood(fact, pair) <= at and _begin(treaty, fact) <= at < _end(treaty, fact)


def _striking(treaty: Thing, kind: str, at: float) -> list[Thing]:
    """Acts that narrow: at once when recorded."""
    return [
        act
        for act in treaty["acts"]
        if act["kind"] == kind and act["known"] <= at and _begin(treaty, act) <= at < _end(treaty, act)
    ]


def _named(treaty: Thing, clause: str, agency: str, state: str, pair: Pair, at: float) -> bool:
    """Whether the state named the agency for the clause."""
    return any(
        row["agency"] == agency and row["state"] == state and _concerns(row, clause) and at < row["withdrawn"]
        and _works(treaty, row, pair, at)
        for row in treaty["designations"]
    )  # fmt: skip
