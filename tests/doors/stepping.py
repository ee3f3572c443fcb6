"""Where sequences of steps begin: a calm world, its rows, and who does what in it."""

from math import floor
from typing import Any

from agencies.directory.models import Appointment
from agencies.directory.roles import Role
from agreements.sharing.models import Record
from tests.doors.clock import Clock
from tests.doors.model import Rules
from tests.doors.rows import ADMINS, Ground, Rows
from tests.doors.worlds import FOREVER, LONG_AGO, NOW, PARTIES, Draw, Pick, World, draw_record, draw_world

WATCHED = ["ann", "abe", "amy", "bob", "bea", "bud", "cat", "cy"]
OWNERS = ["a1", "a1", "a2", "b", "b", "c"]
# One state has two, of whom the one confirms what the other recorded and widens (R22).
TREATY_ADMINS = {"XX": ["tx", "clerk"], "YY": ["ty"], "ZZ": ["tz"]}
CONSENTS = ["ratification", "accession"]
WIDENING = {*CONSENTS, "entry_into_force", "provisional_application", "extension", "lifting"}
PASSING = [1 / 8, 1 / 8, 1 / 8, 1 / 4, 1 / 2, 1, 3]


class _Zero:
    def number(self, below: int) -> int:
        return 0


def calm_world(pick: Pick) -> World:
    """Everything in force, everybody designated, and a few releases of each record."""
    world = draw_world(_Zero(), records=0)
    kept = {
        name: {**sheet, "clearance": 3 if name == "ann" else 2}
        for name, sheet in world["officers"].items()
        if name in WATCHED
    }
    leading = {"ann", "amy", "bob", "bud", "cat"}
    for name, sheet in kept.items():
        sheet |= {"role": Role.COMMANDER if name in leading else Role.LIAISON_OFFICER, "unit": pick.one([None, "Lake"])}
    for name, agency in ADMINS.items():
        role = Role.AGENCY_ADMIN if name.startswith("k") else Role.TREATY_ADMIN
        kept[name] = {**kept["ann"], "name": name, "agency": agency, "role": role, "reads": False}
    for circle in world["circles"].values():
        for part in circle["parts"]:
            part["team"] = [one for one in part["team"] if one["officer"] in WATCHED]
    world["circles"]["case"]["parts"][0]["team"] = [{"officer": "ann", "from": -40.5, "to": FOREVER}]
    world["treaties"]["yz"]["expires"] = 4
    world["treaties"]["xy"] |= {"expires": 2, "renews": (1, 0)}
    if pick.yes(1, 2):
        _on_condition(pick, world["treaties"]["xyz"])
    world["clauses"]["xy8"] |= {"displaced_by": ["xyz"] if pick.yes(1, 4) else [], "onward": "consent"}
    world["clauses"]["xyz2"] |= {"survives": True, "onward": "never"}
    world["clauses"]["xy7"]["survives"] = True
    people = {name: name for name in kept}
    world |= {"officers": kept, "people": people, "records": [_record(pick, number) for number in range(len(OWNERS))]}
    return world


def _on_condition(pick: Pick, treaty: dict[str, Any]) -> None:
    """No entry into force is recorded: two consents make it, of which only one is there."""
    facts = {"known": LONG_AGO, "confirmed": dict.fromkeys(treaty["parties"], LONG_AGO), "clauses": [], "on": None}
    delays = [(0, "days"), (1, "days"), (2, "days")]
    treaty["condition"] = {
        **facts, "until": None, "count": pick.one([2, 3]), "required": pick.one([[], ["ZZ"]]),
        "delay": pick.one(delays), "later": pick.one([None, *delays]),
    }  # fmt: skip
    treaty["acts"][:] = [act for act in treaty["acts"] if act["state"] == "XX" and act["kind"] == "ratification"]


def _record(pick: Pick, number: int) -> dict[str, Any]:
    """Open to its own agency, and given to two audiences."""
    row = draw_record(pick, number, OWNERS[number])
    own = {**row["releases"][0], "kind": "own_agency", "target": None, "revoked": FOREVER}
    given = [{**release, "until": FOREVER} for release in row["releases"][1:3] if release["via"] is None]
    given = [release for release in given if release["target"] in WATCHED or release["kind"] != "officer"]
    return {**row, "classification": 1, "tlp": 1, "releases": [own, *given], "compartment": None}


class Base:
    """The rows of one world, the clock, and the story of what was done."""

    def __init__(self, draw: Draw, ground: Ground, clock: Clock) -> None:
        self.pick, self.ground, self.clock = Pick(draw), ground, clock
        self.world = calm_world(self.pick)
        self.clock.days = NOW
        self.rows = Rows(ground, self.world)
        self.story: list[str] = []
        self.done = 0
        self.circle = self.rows.circles["op"]
        self.circle.record = self.rows.records["r0"]
        self.circle.save(update_fields=["record"])
        self.parts = dict(self.rows.parts_of("op"))
        self.team = dict[str, Any]()

    @property
    def now(self) -> float:
        return self.clock.days

    def rules(self) -> Rules:
        return Rules(self.world, self.now)

    def _treaty(self) -> tuple[str, dict[str, Any]]:
        name = self.pick.one(sorted(PARTIES))
        return name, self.world["treaties"][name]

    def _admin(self, state: str) -> Appointment:
        name = self.pick.one(TREATY_ADMINS[state])
        return self.ground.clerk if name == "clerk" else self.rows.officers[name]

    def _today(self, treaty: dict[str, Any]) -> int:
        return floor(self.now + treaty["zone"])

    def _officer(self, agency: str, *, leading: bool = False) -> str | None:
        fit = [
            name for name, sheet in self.world["officers"].items()
            if sheet["agency"] == agency and sheet["reads"] and (not leading or sheet["role"] == Role.COMMANDER)
        ]  # fmt: skip
        return self.pick.one(fit) if fit else None

    def _record(self) -> dict[str, Any]:
        return self.pick.one(self.world["records"])

    def _row(self, sheet: dict[str, Any]) -> Record:
        return Record.objects.get(pk=self.rows.records[sheet["name"]].pk)
