"""Worlds for the independent model, as dictionaries: drawn by Hypothesis, or by a plain random generator.

Instants are numbers of days, as in the model. `NOW` is the instant at which a world is looked at: day 0, at noon.
"""

from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

FOREVER = float("inf")
NOW = 0.5
STATES = ["XX", "YY", "ZZ"]
STATE = {"a1": "XX", "a2": "XX", "b": "YY", "b2": "YY", "c": "ZZ"}
CATEGORIES = ["operational", "personal_data", "customs"]
PURPOSES = ["border_operation", "coordination"]
OFFICERS = {
    "ann": "a1", "abe": "a1", "ali": "a1", "amy": "a2", "art": "a2", "bob": "b", "bea": "b", "ben": "b",
    "bud": "b2", "cat": "c", "cy": "c", "cal": "c",
}  # fmt: skip
RECORDS = 16
LONG_AGO = -60.5
INSTANTS = [-40.5, -12.5, -5.5, -1.5]
World = dict[str, Any]
_T = TypeVar("_T")


class Draw(Protocol):
    """Where the choices come from."""

    def number(self, below: int) -> int: ...


class Pick:
    """Choices, made of numbers."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw

    def one(self, options: Sequence[_T]) -> _T:
        return options[self.draw.number(len(options))]

    def yes(self, times: int, out_of: int) -> bool:
        """So many times out of so many; the first answer of a shrunk example is no."""
        return self.draw.number(out_of) >= out_of - times

    def mostly(self, value: _T, others: Sequence[_T], *, out_of: int = 12) -> _T:
        """`value` far more often than not: or nothing would ever be open, and nothing be proved."""
        return self.one(others) if self.yes(1, out_of) else value

    def some(self, options: Sequence[_T]) -> list[_T]:
        chosen = self.draw.number(2 ** len(options))
        return [option for place, option in enumerate(options) if chosen >> place & 1]


@cache
def _below(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number - 1)


class ByHypothesis:
    """Every choice is one of Hypothesis', so that an example that fails shrinks."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data

    def number(self, below: int) -> int:
        return self.data.conjecture_data.draw(_below(below))


class ByChance:
    """The same worlds by the million, from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def number(self, below: int) -> int:
        return int(self.random.random() * below)


# Treaties.

# Name of each article with the agreement that holds it.
CLAUSES = {"xy7": "xy", "xy8": "xy", "yz1": "yz", "xyz1": "xyz", "xyz2": "xyz", "x1": "x", "u1": "under"}
PARTIES = {"xy": ["XX", "YY"], "yz": ["YY", "ZZ"], "xyz": STATES, "x": ["XX"], "under": ["XX", "YY"]}


class _Treaty:
    """One agreement, its acts and who stands behind them."""

    def __init__(self, pick: Pick, name: str, under: str | None) -> None:
        self.pick, self.name, self.parties = pick, name, PARTIES[name]
        self.clauses = [clause for clause, treaty in CLAUSES.items() if treaty == name]
        self.late = {state: pick.mostly(-51.5, [None, -3.5, 0.25], out_of=20) for state in self.parties[1:]}
        self.acts: list[dict[str, Any]] = []
        self.sheet: dict[str, Any] = {
            "parties": self.parties,
            "zone": pick.one([0, 0.25]),
            "expires": pick.mostly(None, [-3, -1, 0, 5]),
            "under": under,
            "renews": None,
            "condition": None,
            "acts": self.acts,
            "designations": [],
        }

    def fact(self, by: str | None = None, *, on: int | None = None, until: int | None = None) -> dict[str, Any]:
        """Recorded for one of the parties, and mostly confirmed by the others."""
        first = by or self.parties[0]
        known = LONG_AGO if on is None else self.pick.mostly(LONG_AGO, [-2.25])
        late = {state: self.late.get(state, -51.5) for state in self.parties if state != first}
        confirmed = {state: max(known, instant) for state, instant in late.items() if instant is not None}
        return {"clauses": [], "on": on, "until": until, "known": known, "confirmed": {first: known, **confirmed}}

    def act(
        self, kind: str, on: int, state: str | None = None, *, by: str | None = None, **more: Any
    ) -> dict[str, Any]:
        row = {
            **self.fact(by, on=on), "name": f"{self.name}-{len(self.acts)}", "kind": kind, "state": state,
            "towards": None, "lifts": None, "excludes": [], "ceiling": None, **more,
        }  # fmt: skip
        self.acts.append(row)
        return row

    def binding(self) -> None:
        pick = self.pick
        if pick.yes(1, 4):
            self.sheet["condition"] = self.condition()
        if not self.sheet["condition"] or pick.yes(1, 8):
            self.act("entry_into_force", pick.mostly(-50, [-4, 3]))
        for state in self.parties:
            self.consent(state)
            if pick.yes(1, 8):
                self.act("entry_into_force", pick.one([-48, -7, 1]), state)
            if pick.yes(1, 8):
                until = pick.one([None, -9, -8, -1, 3])
                clauses = pick.one([[], self.clauses[:1]])
                self.act("provisional_application", pick.one([-30, -11, -9]), state, until=until, clauses=clauses)
        self.term()

    def consent(self, state: str) -> None:
        computed = self.sheet["condition"] is not None
        on = self.pick.one([-52, -40, -8, -4, 0, None]) if computed else self.pick.mostly(-52, [None, -8, 0, 2])
        if on is not None:
            self.act("ratification", on, state, done=on - self.pick.mostly(0, [2, 6]))

    def term(self) -> None:
        """Made for a time, which it was said to go beyond; or renewed by itself, until somebody says no."""
        pick = self.pick
        if self.sheet["expires"] is not None and pick.yes(1, 2):
            until = self.sheet["expires"] + pick.one([1, 4])
            self.act("extension", pick.one([-20, -4]), until=until)
        elif pick.yes(1, 8):
            self.sheet |= {"expires": pick.one([-40, -33, -3, 5]), "renews": (1, pick.one([0, 1]))}
            if pick.yes(2, 3):
                state = pick.one(self.parties)
                self.act("non_renewal", pick.one([-42, -34, -4, 0]), state, by=state)

    def condition(self) -> dict[str, Any]:
        """So many consents, and so long after: what computes the entry into force."""
        pick = self.pick
        delays = [(0, "days"), (5, "days"), (1, "months"), (1, "month_starts")]
        return {
            **self.fact(), "count": pick.one([2, 1, None, 3]), "required": pick.one([[], [], self.parties[-1:]]),
            "delay": pick.one(delays), "later": pick.one([None, *delays]),
        }  # fmt: skip

    def ending(self) -> None:
        pick = self.pick
        if pick.yes(1, 16):
            self.act("termination", pick.one([-2, 0, 4]))
        for state in self.parties:
            if pick.yes(1, 20):
                left = pick.one([-10, -2, 0, 3])
                self.act(pick.one(["withdrawal", "denunciation"]), left, state, by=state)
                if left < 0 and pick.yes(1, 2):
                    self.act("accession", pick.one([left, left + 1]), state)

    def narrowing(self) -> None:
        pick, others = self.pick, self.parties[1:]
        for kind in ("suspension", "reservation", "objection"):
            if not pick.yes(1, 6):
                continue
            state = pick.one(self.parties)
            limits = {"excludes": pick.some(CATEGORIES), "ceiling": pick.one([None, 0, 1, 2])}
            towards = next(other for other in [*others, *self.parties] if other != state) if others else None
            if kind == "objection" and towards is None:
                continue
            selective = kind == "objection" or (kind == "suspension" and towards is not None and pick.yes(1, 3))
            whole = kind == "suspension" and not selective and pick.yes(1, 3)
            row = self.act(
                kind, pick.one([-7, -1, 0, 2]), None if whole else state, by=state,
                towards=towards if selective else None, clauses=pick.one([[], self.clauses[:1]]),
                **(limits if kind == "reservation" else {}),
            )  # fmt: skip
            if pick.yes(1, 2):
                clauses = pick.one([[], self.clauses[:1]])
                self.act(
                    "lifting", max(row["on"], pick.one([-3, 0])), state, by=state, lifts=row["name"], clauses=clauses
                )

    def designating(self) -> None:
        pick = self.pick
        for agency, state in STATE.items():
            if state not in self.parties or pick.yes(1, 10):
                continue
            spans = [(-50, pick.mostly(None, [-1, 0, 30]))]
            if spans[0][1] == -1 and pick.yes(1, 2):
                spans.append((pick.one([-3, 0]), None))
            elif pick.yes(1, 12):
                spans = [(pick.one([-6, 1]), None)]
            for on, until in spans:
                self.designate(agency, state, on, until)
        if self.name == "xyz" and pick.yes(1, 4):  # One state names an agency of another.
            self.designate("a2", "ZZ", -50, None)

    def designate(self, agency: str, state: str, on: int, until: int | None) -> None:
        clauses = self.pick.mostly([], [self.clauses[:1], self.clauses[1:] or self.clauses])
        row = {**self.fact(on=on, until=until), "agency": agency, "state": state, "clauses": clauses}
        self.sheet["designations"].append({**row, "withdrawn": self.pick.mostly(FOREVER, [-0.75, 0.75], out_of=16)})

    def clause(self, name: str) -> dict[str, Any]:
        pick, directed = self.pick, len(self.parties) > 1 and self.pick.yes(1, 10)
        displaced = ["xyz"] if name == "xy8" and pick.yes(1, 4) else []
        return {
            **self.fact(on=pick.mostly(None, [-6, 1]), until=pick.mostly(None, [-1, 0])),
            "treaty": self.name, "categories": pick.mostly(CATEGORIES[:2], [[], CATEGORIES, CATEGORIES[1:]]),
            "ceiling": pick.mostly(2, [0, 1, 3]), "purposes": pick.mostly(PURPOSES, [PURPOSES[:1]]),
            "keep": pick.mostly(None, [10]), "from": self.parties[:1] if directed else None,
            "to": self.parties[1:] if directed else None, "survives": pick.yes(1, 3), "displaced_by": displaced,
        }  # fmt: skip


def _treaties(pick: Pick, world: World) -> None:
    for name in PARTIES:
        treaty = _Treaty(pick, name, "xyz2" if name == "under" else None)
        treaty.binding()
        treaty.ending()
        treaty.narrowing()
        treaty.designating()
        world["treaties"][name] = treaty.sheet
        world["clauses"] |= {clause: treaty.clause(clause) for clause in treaty.clauses}


# People, circles and records.


def _officer(pick: Pick, name: str, agency: str) -> dict[str, Any]:
    starts, ends = pick.mostly((-100, FOREVER), [(0, FOREVER), (1, FOREVER), (-9, 0), (-9, 0.25), (-9, 1)], out_of=8)
    return {
        "name": name, "agency": agency, "reads": pick.mostly(True, [False]), "clearance": pick.mostly(2, [0, 1, 3]),
        "starts": starts, "ends": ends,
        "unit": pick.one([None, "Lake"]), "function": pick.one(["Duty", "Lead"]),
    }  # fmt: skip


def _parts(pick: Pick, agencies: Sequence[str]) -> list[dict[str, Any]]:
    found = []
    for agency in agencies:
        spans = [] if pick.yes(1, 4) else [(pick.one([-30.5, -4.5]), FOREVER)]
        if spans and pick.yes(1, 8):  # It left, and mostly came back.
            spans = [(-30.5, -6.25), *([] if pick.yes(1, 4) else [(-3.25, FOREVER)])]
        for begin, end in spans:
            team = [name for name, own in OFFICERS.items() if own == agency and not pick.yes(1, 3)]
            rows = [{"officer": name, "from": begin, "to": pick.mostly(FOREVER, [0.25, 0.75])} for name in team]
            found.append({"agency": agency, "from": begin, "to": end, "team": rows})
    return found


def _circles(pick: Pick) -> dict[str, Any]:
    own = {"agency": "a1", "from": -40.5, "to": FOREVER}
    team = [{"officer": name, "from": -40.5, "to": FOREVER} for name in pick.some(["ann", "abe"])]
    return {
        "op": {"kind": "operation", "unit": None, "parts": _parts(pick, sorted(STATE))},
        "mt": {"kind": "meeting", "unit": None, "parts": _parts(pick, ["a1", "b", "c"])},
        "case": {"kind": "compartment", "unit": pick.one([None, ("a1", "Lake")]), "parts": [{**own, "team": team}]},
    }


KINDS = ["all_parties", "party", "agency", "agency", "unit", "function", "circle", "circle", "officer"]


def draw_target(pick: Pick, kind: str) -> Any:
    options: dict[str, Any] = {
        "all_parties": [None],
        "party": STATES,
        "agency": sorted(STATE),
        "unit": [(agency, "Lake") for agency in sorted(STATE)],
        "function": [(agency, name) for agency in sorted(STATE) for name in ("Duty", "Lead")],
        "circle": ["op", "op", "mt"],
        "officer": sorted(OFFICERS),
    }
    return pick.one(options[kind])


def _release(pick: Pick, owner: str, before: list[dict[str, Any]]) -> dict[str, Any]:
    """One of the owner, or passed on by whoever, by way of an earlier one."""
    foreign = [index for index, row in enumerate(before) if row["clause"] is not None]
    via = pick.one(foreign) if foreign and pick.yes(1, 3) else None
    kind, others = pick.one(KINDS), sorted(set(STATE) - {owner})
    return {
        "kind": kind, "target": draw_target(pick, kind), "clause": pick.one(sorted(CLAUSES)), "purpose": pick.one(PURPOSES),
        "provider": owner if via is None else pick.one(others), "via": via, "at": pick.one(INSTANTS),
        "until": pick.mostly(FOREVER, [-0.25, 3]), "revoked": pick.mostly(FOREVER, [-0.5]),
    }  # fmt: skip


def draw_record(pick: Pick, number: int, owner: str) -> dict[str, Any]:
    kind = pick.one(["own_agency", "own_agency", "own_officer", "own_circle"])
    kind = "own_agency" if kind == "own_circle" and owner != "a1" else kind
    target = pick.one([name for name, agency in OFFICERS.items() if agency == owner])
    targets = {"own_agency": None, "own_officer": target, "own_circle": "case"}
    releases = [{
        "kind": kind, "target": targets[kind], "clause": None, "purpose": "", "provider": owner, "via": None,
        "at": -45.5, "until": FOREVER, "revoked": pick.mostly(FOREVER, [-0.5]),
    }]  # fmt: skip
    for _ in range(pick.one([1, 2, 3, 4])):
        releases.append(_release(pick, owner, releases))
    once_at_a_time(releases)
    return {
        "name": f"r{number}", "owner": owner, "categories": pick.mostly(["operational"], [[], *([c] for c in CATEGORIES), CATEGORIES[:2]]),
        "classification": pick.mostly(1, [0, 2, 3]), "tlp": pick.mostly(1, [0, 2, 3, 4], out_of=3),
        "rel_to": pick.mostly(None, [[], ["XX"], ["YY"], ["XX", "YY"], ["YY", "ZZ"]]),
        "display_only": pick.yes(1, 8), "codes": pick.mostly([], [["H1"], ["H2"]]), "releases": releases,
    }  # fmt: skip


def once_at_a_time(releases: list[dict[str, Any]]) -> None:
    """One stands at a time for an audience and a giver: a later one of the same is taken to be revoked."""
    standing = set()
    for row in releases:
        shape = (row["kind"], row["target"], row["clause"], row["provider"])
        if row["revoked"] == FOREVER and shape in standing:
            row["revoked"] = -0.5
        elif row["revoked"] == FOREVER:
            standing.add(shape)


def draw_world(draw: Draw, records: int = RECORDS) -> World:
    """Three states, five agencies, twelve officers, five agreements, three circles, sixteen records."""
    pick = Pick(draw)
    world: World = {"state": STATE, "treaties": {}, "clauses": {}}
    world["officers"] = {name: _officer(pick, name, agency) for name, agency in OFFICERS.items()}
    _treaties(pick, world)
    world["circles"] = _circles(pick)
    world["records"] = [draw_record(pick, number, pick.one(["a1", "a1", "a2", "b", "c"])) for number in range(records)]
    return world
