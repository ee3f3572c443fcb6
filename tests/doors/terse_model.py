"""A first, short model of the rules (R1–R9, R11, R13, R15), for the small world of `terse`: dictionaries in, a decision out.

Written from the rules. Instants are numbers of days before or after now (0); a day begins at its whole number, so
that day -3 is [-3, -2). `None` in a list of parties means nobody, of REL TO: no limit.
"""

from typing import Any

FOREVER = float("inf")
WIDEST = {
    "own_agency": 3, "own_circle": 3, "own_officer": 4, "all_parties": 1, "party": 2, "agency": 3, "unit": 3,
    "function": 3, "circle": 2, "officer": 4,
}  # fmt: skip
World = dict[str, Any]
Thing = dict[str, Any]


def may_see(world: World, officer: Thing, record: Thing) -> bool:
    if not (officer["starts"] <= 0 < officer["ends"]) or not officer["reads"]:  # R1
        return False
    if record["classification"] > officer["clearance"]:  # R2
        return False
    return any(_live(world, officer, record, release) for release in record["releases"])


def _live(world: World, officer: Thing, record: Thing, release: Thing) -> bool:
    if release["revoked"] or release["until"] <= 0 or record["tlp"] > WIDEST[release["kind"]]:  # R7
        return False
    if release["clause"] is None:  # R3, R8
        return record["owner"] == officer["agency"] and _inside_own(world, officer, release)
    since = _reaches(world, officer["agency"], record, release)
    return since is not None and _inside(world, officer, release, since)


def _inside_own(world: World, officer: Thing, release: Thing) -> bool:
    if release["kind"] == "own_agency":
        return True
    if release["kind"] == "own_officer":
        return release["target"] == officer["name"]
    circle = world["circles"][release["target"]]
    return officer["name"] in circle["team"] or (circle["unit"] is not None and circle["unit"] == officer["unit"])


def _inside(world: World, officer: Thing, release: Thing, since: float) -> bool:
    kind, target = release["kind"], release["target"]
    if kind == "officer":
        return target == officer["name"]  # R15 does not bound a named officer.
    if kind == "circle":
        joined = _joined(world, officer["agency"], target)
        return joined is not None and officer["name"] in world["circles"][target]["team"] and (
            release["at"] >= max(joined, since)
        )  # fmt: skip
    if kind == "unit" and target != (officer["agency"], officer["unit"]):
        return False
    if kind == "function" and target != (officer["agency"], officer["function"]):
        return False
    return _meant(world, officer["agency"], release) and release["at"] >= since


def _meant(world: World, agency: str, release: Thing) -> bool:
    kind, target = release["kind"], release["target"]
    if kind == "party":
        return target == world["state"][agency]
    if kind in ("unit", "function"):
        return target[0] == agency
    return target == agency if kind == "agency" else True


def _joined(world: World, agency: str, circle: str) -> float | None:
    return world["circles"][circle]["joined"].get(agency)


def _reaches(world: World, agency: str, record: Thing, release: Thing) -> float | None:
    """Since when the release's article carries the record to the agency; None when it does not now."""
    treaty, categories = world["treaties"][release["clause"]], set(record["categories"])
    if release["provider"] == agency or not categories or release["purpose"] not in treaty["purposes"]:
        return None
    giver, taker = world["state"][release["provider"]], world["state"][agency]
    if record["rel_to"] is not None and taker not in record["rel_to"]:
        return None
    if treaty["keep"] is not None and release["at"] + treaty["keep"] <= 0:
        return None
    allowed, ceiling = _narrowed(treaty, {giver, taker})
    if not categories <= allowed or record["classification"] > ceiling:
        return None
    if release["via"] is not None and not _holds(
        world, release["provider"], record, record["releases"][release["via"]]
    ):
        return None  # R11
    return _channel(world, treaty, release["provider"], agency)


def _holds(world: World, agency: str, record: Thing, release: Thing) -> bool:
    """Whether an agency that passed it on holds it still."""
    if release["revoked"] or release["until"] <= 0 or record["tlp"] > WIDEST[release["kind"]]:
        return False
    since = _reaches(world, agency, record, release)
    if since is None:
        return False
    if release["kind"] == "officer":
        named = world["officers"][release["target"]]
        return named["agency"] == agency and named["starts"] <= 0 < named["ends"]
    if release["kind"] == "circle":
        joined = _joined(world, agency, release["target"])
        return joined is not None and release["at"] >= max(joined, since)
    return _meant(world, agency, release) and release["at"] >= since


def _channel(world: World, treaty: Thing, giver: str, taker: str) -> float | None:
    """Channel(c, s, r, now): since when it runs, or None."""
    pair = {world["state"][giver], world["state"][taker]}
    if len(pair) < 2 and len(treaty["parties"]) > 1:
        return None
    if treaty["from"] is not None and (
        world["state"][giver] not in treaty["from"] or world["state"][taker] not in treaty["to"]
    ):
        return None
    if any(set(cut) == pair for cut in treaty["objections"]):
        return None
    starts = [_designated(treaty, agency, pair) for agency in (giver, taker)]
    starts += [_bound(treaty, state, pair) for state in pair]
    return None if None in starts else max(start for start in starts if start is not None)


def _stood_behind(treaty: Thing, pair: set[str]) -> float | None:
    """When the later of the two stood behind the treaty's facts (R22)."""
    instants = [treaty["confirmed"].get(state) for state in pair]
    known = [instant for instant in instants if instant is not None]
    return max(known) if len(known) == len(instants) and max(known) <= 0 else None


def _designated(treaty: Thing, agency: str, pair: set[str]) -> float | None:
    row, both = treaty["designated"].get(agency), _stood_behind(treaty, pair)
    if row is None or both is None or row["withdrawn"] or row["starts"] > 0 or row["ends"] < 0:
        return None
    return max(both, row["starts"])


def _bound(treaty: Thing, state: str, pair: set[str]) -> float | None:
    both, ratified = _stood_behind(treaty, pair), treaty["ratified"].get(state)
    if both is None or ratified is None or ratified > 0 or treaty["force"] > 0:
        return None
    if treaty["expires"] is not None and treaty["expires"] < 0:
        return None
    if treaty["terminated"] is not None and treaty["terminated"] <= 0:
        return None
    if treaty["left"].get(state, FOREVER) <= 0:
        return None
    for row in treaty["suspended"]:
        if row["state"] in (None, state) and row["on"] <= 0 and not row["lifted"]:
            return None
    return max(both, ratified, treaty["force"])


def _narrowed(treaty: Thing, pair: set[str]) -> tuple[set[str], int]:
    categories, ceiling = set(treaty["categories"]), treaty["ceiling"]
    for row in treaty["reserved"]:
        if row["state"] in pair:
            categories -= set(row["excludes"])
            ceiling = min(ceiling, row["ceiling"])
    return categories, ceiling
