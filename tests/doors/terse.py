"""One small world in which each clause of the rules decides one record alone: what closes it closes nothing else.

Made of the simplest world that `worlds` draws, in which everything is open, so that it grows with that.
"""

from copy import deepcopy
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis.strategies import SearchStrategy

from tests.doors.terse_worlds import World, treaties, worlds

# In days from now, as in `worlds`.
RELEASED, RECENTLY = -12.5, -1.5


def simplest(strategy: SearchStrategy[Any]) -> Any:
    """What Hypothesis draws first."""
    found: list[Any] = []

    @settings(max_examples=1, phases=[Phase.generate], database=None, deadline=None)
    @given(strategy)
    def draw(value: Any) -> None:
        found.append(value)

    draw()
    return found[0]


def terse() -> World:
    """What is true of a name stands in it: of the treaty by which a record went, or of the record."""
    world = deepcopy(simplest(worlds()))
    own, abroad = world["records"][0]["releases"]
    sheet = world["records"][0]
    world["treaties"] = _treaties()
    world["circles"]["op"] |= {"joined": {"a1": -30.5, "b": -30.5, "b2": -4.5}, "team": ["ann", "bob", "bud"]}
    world["circles"]["case"] |= {"team": ["abe"], "unit": "Lake"}
    world["officers"] = _officers(world["officers"])

    def record(name: str, *given: dict[str, Any], owned: dict[str, Any] | None = None, **facts: Any) -> dict[str, Any]:
        owner = facts.pop("owner", "a1")
        ours = {**own, **(owned or {})} | {"provider": owner}
        gone = [
            {**abroad, "at": RELEASED, "clause": "open", "provider": owner, "target": None, **release}
            for release in given
        ]
        return {**deepcopy(sheet), "name": name, "owner": owner, "releases": [ours, *gone], **facts}

    by_treaty = [
        record(name, {"clause": name})
        for name in world["treaties"]
        if name not in ("one way", "domestic", "domestic Y")
    ]
    world["records"] = [*by_treaty, *_by_audience(record), *_by_marking(record), *_onward(record)]
    return world


def _treaties() -> dict[str, Any]:
    two, three = simplest(treaties(["XX", "YY"])), simplest(treaties(["XX", "YY", "ZZ"]))
    named = two["designated"]["b"]
    changes: dict[str, dict[str, Any]] = {
        "open": {},
        "expired": {"expires": -1},
        "last day": {"expires": 0},
        "terminated": {"terminated": -2},
        "left": {"left": {"YY": -2}},
        "suspended": {"suspended": [{"state": None, "on": -7, "lifted": False}]},
        "suspended by Y": {"suspended": [{"state": "YY", "on": 0, "lifted": False}]},
        "suspended later": {"suspended": [{"state": None, "on": 2, "lifted": False}]},
        "lifted": {"suspended": [{"state": "YY", "on": -7, "lifted": True}]},
        "reserved category": {"reserved": [{"state": "YY", "excludes": ["operational"], "ceiling": 3}]},
        "reserved ceiling": {"reserved": [{"state": "XX", "excludes": [], "ceiling": 0}]},
        "objected": {"objections": [["XX", "YY"]]},
        "withdrawn designation": {"designated": two["designated"] | {"b": {**named, "withdrawn": True}}},
        "ended designation": {"designated": two["designated"] | {"b": {**named, "ends": -1}}},
        "later designation": {"designated": two["designated"] | {"b": {**named, "starts": 1}}},
        "new giver": {"designated": two["designated"] | {"a2": {**named, "starts": -6}}},
        "undesignated": {"designated": {"a1": named}},
        "new designation": {"designated": two["designated"] | {"b": {**named, "starts": -6}}},
        "unconfirmed": {"confirmed": {"XX": -60.5, "YY": None}},
        "unratified": {"ratified": {"XX": -52, "YY": None}},
        "ratified later": {"ratified": {"XX": -52, "YY": 2}},
        "ratified since": {"ratified": {"XX": -52, "YY": -8}},
        "not in force": {"force": 3},
        "kept ten days": {"keep": 10},
        "one way": {"from": ["YY"], "to": ["XX"]},
        "one purpose": {"purposes": ["coordination"]},
        "covers less": {"categories": ["personal_data"]},
        "low ceiling": {"ceiling": 0},
    }
    found = {name: {**deepcopy(two), **change} for name, change in changes.items()}
    return found | {
        "three": deepcopy(three),
        "domestic": simplest(treaties(["XX"])),
        "domestic Y": simplest(treaties(["YY"])),
    }


def _officers(sheets: dict[str, Any]) -> dict[str, Any]:
    """Of b: Bob and Bea. Bea leads, is posted at the lake and cleared for everything; others are cleared for less."""
    changes: dict[str, dict[str, Any]] = {
        "ann": {"clearance": 3},
        "abe": {"clearance": 1},
        "bob": {},
        "bea": {"clearance": 3, "unit": "Lake", "function": "Lead"},
        "bud": {"clearance": 1},
        "amy": {"unit": "Lake"},
        "cat": {"reads": False},
        "cy": {"ends": 0},
    }
    return {name: {**sheets[name], **change} for name, change in changes.items()}


def _by_audience(record: Any) -> list[dict[str, Any]]:
    return [
        record("to nobody"),
        # Others stand in the same lane of the feed, and are open.
        record("released since", {"clause": "ratified since", "at": RECENTLY}),
        record("kept still", {"clause": "kept ten days", "at": RECENTLY}),
        record("of a new giver", {"clause": "new giver"}, owner="a2"),
        record("one way", {"clause": "one way"}),
        record("domestic", {"clause": "domestic"}),
        record("of another party", {"clause": "three", "kind": "party", "target": "ZZ"}),
        record("of the party", {"kind": "party", "target": "YY"}),
        record("of the agency", {"kind": "agency", "target": "b"}),
        record("of another agency", {"kind": "agency", "target": "b2"}),
        record("of the unit", {"kind": "unit", "target": ("b", "Lake")}),
        record("of the function", {"kind": "function", "target": ("b", "Lead")}),
        record("of the circle", {"kind": "circle", "target": "op"}),
        record("of Bob", {"kind": "officer", "target": "bob"}),
        record("of Bob, before the channel", {"kind": "officer", "target": "bob", "clause": "ratified since"}),
        record("own of Ann", owned={"kind": "own_officer", "target": "ann"}),
        record("own of the case", owned={"kind": "own_circle", "target": "case"}),
        record("of b", {"kind": "agency", "target": "a1"}, owner="b"),
    ]


def _by_marking(record: Any) -> list[dict[str, Any]]:
    return [
        record("revoked", {"revoked": True}),
        record("run out", {"until": -0.25}),
        record("running", {"until": 3}),
        record("amber", {}, tlp=2),
        record("amber to the party", {"kind": "party", "target": "YY"}, tlp=2),
        record("strict to the party", {"kind": "party", "target": "YY"}, tlp=3),
        record("red", {"kind": "agency", "target": "b"}, tlp=4),
        record("red of Bob", {"kind": "officer", "target": "bob"}, tlp=4),
        record("not to Y", {}, rel_to=["XX"]),
        record("to Y", {}, rel_to=["YY"]),
        record("to no party", {}, rel_to=[]),
        record("of no category", {}, categories=[]),
        record("of one more category", {}, categories=["operational", "customs"]),
        record("of two categories", {}, categories=["operational", "personal_data"]),
        record("confidential", {}, classification=2),
        record("secret", {}, classification=3),
    ]


def _onward(record: Any) -> list[dict[str, Any]]:
    """From a1 to b, and from b on to b2, which the first release did not reach."""
    first = {"kind": "agency", "target": "b"}
    on = {"kind": "agency", "target": "b2", "provider": "b", "clause": "domestic Y", "via": 1}
    return [
        record("passed on", first, on),
        record("passed on, and taken back", first | {"revoked": True}, on),
        record("passed on, and run out", first | {"until": -0.25}, on),
        record("passed on under what was suspended", first | {"clause": "suspended"}, on),
        record(
            "passed on by one who never had it", first, {"kind": "agency", "target": "a2", "provider": "b2", "via": 1}
        ),
    ]
