"""The sharing rules in plain Python: dictionaries in, a decision out. Knows nothing of the product (R1–R9, R11, R13,
R15). Who is inside an audience stands here, what an agreement lets through stands in `law`.

Written from the rules. An instant is a number of days. `None` in REL TO narrows nothing, an empty list means nobody.
Display-only and handling codes travel with a record and hide nothing, and a standing order matters when something is
released and not when it is read: nothing here reads them.
"""

from tests.doors.law import Law, Thing, Way, World

WIDEST = {
    "own_agency": 3, "own_circle": 3, "own_officer": 4, "all_parties": 1, "party": 2, "agency": 3, "unit": 3,
    "function": 3, "operation": 2, "meeting": 1, "officer": 4,
}  # fmt: skip


class Rules:
    """The rules, asked at one instant of one world."""

    def __init__(self, world: World, at: float) -> None:
        self.world, self.at, self.law = world, at, Law(world, at)

    # Who may see a record.

    def may_see(self, officer: Thing, record: Thing) -> bool:
        if not officer["starts"] <= self.at < officer["ends"] or not officer["reads"]:  # R1
            return False
        if record["classification"] > officer["clearance"]:  # R2
            return False
        return any(self._live(officer, record, release) for release in record["releases"])

    def _live(self, officer: Thing, record: Thing, release: Thing) -> bool:
        if not self._stands(record, release):
            return False
        if release["clause"] is None:  # R3, R8
            return record["owner"] == officer["agency"] and self._inside_own(officer, release)
        return any(self._inside(officer, release, way) for way in self._carrying(officer["agency"], record, release))

    def _stands(self, record: Thing, release: Thing) -> bool:
        """Neither taken back nor run out, and as wide as TLP lets it be today (R7)."""
        kind = release["kind"] if release["kind"] != "circle" else self.world["circles"][release["target"]]["kind"]
        return self.at < min(release["until"], release["revoked"]) and record["tlp"] <= WIDEST[kind]

    def _inside_own(self, officer: Thing, release: Thing) -> bool:
        if release["kind"] != "own_circle":
            return release["kind"] == "own_agency" or release["target"] == officer["name"]
        circle = self.world["circles"][release["target"]]
        posted = circle["unit"] is not None and (officer["agency"], officer["unit"]) == circle["unit"]
        return posted or self._assigned(circle, officer)

    def _inside(self, officer: Thing, release: Thing, way: Way) -> bool:
        kind, target = release["kind"], release["target"]
        if kind == "officer":
            return target == officer["name"]
        if kind in ("unit", "function") and target[1] != officer[kind]:
            return False
        if kind == "circle" and not self._assigned(self.world["circles"][target], officer):
            return False
        return self._meant(officer["agency"], release, way)

    def _meant(self, agency: str, release: Thing, way: Way) -> bool:
        """Whether the audience reaches the agency, and back to this release (R4, R15)."""
        kind, target, (party, since, till, _, _) = release["kind"], release["target"], way
        if kind == "circle":
            joined = self._joined(self.world["circles"][target], agency)
            return joined is not None and max(joined, since) <= release["at"] < till
        meant = {"party": target == party, "agency": target == agency, "all_parties": True}
        named = meant[kind] if kind in meant else target[0] == agency
        return named and since <= release["at"] < till

    def _joined(self, circle: Thing, agency: str) -> float | None:
        parts = [part for part in circle["parts"] if part["agency"] == agency and part["from"] <= self.at < part["to"]]
        return parts[0]["from"] if parts else None

    def _assigned(self, circle: Thing, officer: Thing) -> bool:
        return any(
            one["officer"] == officer["name"] and one["from"] <= self.at < one["to"]
            for part in circle["parts"]
            if part["agency"] == officer["agency"] and part["from"] <= self.at < part["to"]
            for one in part["team"]
        )

    # What a release carries to an agency.

    def _carrying(self, agency: str, record: Thing, release: Thing) -> list[Way]:
        """The ways by which the release's article carries the record to the agency today."""
        clause, present = self.world["clauses"][release["clause"]], set(record["categories"])
        if release["provider"] == agency or not present or release["purpose"] not in clause["purposes"]:
            return []
        if clause["keep"] is not None and release["at"] + clause["keep"] <= self.at:
            return []
        if release["via"] is not None:  # R11
            before = record["releases"][release["via"]]
            if not self.reaches(release["provider"], record, before):
                return []
        return [
            way
            for way in self.law.ways(release["clause"], release["provider"], agency)
            if present <= way[3] and record["classification"] <= way[4] and release["at"] < way[2]
            and (record["rel_to"] is None or way[0] in record["rel_to"])
        ]  # fmt: skip

    def reaches(self, agency: str, record: Thing, release: Thing) -> bool:
        """Whether a release brings the record to an agency: that may pass it on, for that (R11)."""
        ways = self._carrying(agency, record, release) if self._stands(record, release) else []
        if release["kind"] != "officer":
            return any(self._meant(agency, release, way) for way in ways)
        named = self.world["officers"][release["target"]]
        return bool(ways) and named["agency"] == agency and named["starts"] <= self.at < named["ends"]
