"""The small world of `terse` as dictionaries of the short model, then as rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st

from agencies.directory.models import Agency, Appointment, Country, Officer, Unit
from agencies.directory.roles import Role
from agreements.register.choices import ActionKind, Direction, InstrumentKind
from agreements.register.models import Agreement, Clause, Confirmation, Designation, Party, TreatyAction
from agreements.sharing.actions.audiences import audience_for
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Assignment, Circle, Participation, Record, Release
from agreements.sharing.permission import view_record

STATE = {"a1": "XX", "a2": "XX", "b": "YY", "b2": "YY", "c": "ZZ"}
CATEGORIES = ["operational", "personal_data", "customs"]
PURPOSES = ["border_operation", "coordination"]
OFFICERS = {"ann": "a1", "abe": "a1", "amy": "a2", "bob": "b", "bea": "b", "bud": "b2", "cat": "c", "cy": "c"}
LONG_AGO = -60.5
INSTANTS = [-40.5, -12.5, -5.5, -1.5]
some_categories = st.lists(st.sampled_from(CATEGORIES), unique=True)
World = dict[str, Any]


def mostly(value: Any, other: Any) -> Any:
    """A strategy that gives `value` far more often than not: or nothing would ever be open, and nothing be proved."""
    return st.integers(0, 9).flatmap(lambda n: st.just(value) if n < 9 else other)


@st.composite
def treaties(draw: Any, parties: list[str]) -> dict[str, Any]:
    agencies = [name for name, state in STATE.items() if state in parties]
    directed = len(parties) > 1 and draw(st.integers(0, 9)) == 9
    return {
        "parties": parties,
        "categories": draw(mostly(CATEGORIES[:2], some_categories)),
        "ceiling": draw(mostly(2, st.integers(0, 3))),
        "purposes": draw(mostly(PURPOSES, st.just(PURPOSES[:1]))),
        "keep": draw(mostly(None, st.just(10))),
        "from": [parties[0]] if directed else None,
        "to": parties[1:] if directed else None,
        "force": draw(mostly(-50, st.sampled_from([-4, 3]))),
        "expires": draw(mostly(None, st.sampled_from([-1, 0, 5]))),
        "terminated": draw(mostly(None, st.sampled_from([-2, 0, 4]))),
        "ratified": {state: draw(mostly(-52, st.sampled_from([None, -8, 2]))) for state in parties},
        "confirmed": {
            parties[0]: LONG_AGO,
            **{state: draw(mostly(-51.5, st.sampled_from([None, -3.5]))) for state in parties[1:]},
        },
        "designated": {
            name: {
                "starts": draw(mostly(-50, st.sampled_from([-6, 1]))),
                "ends": draw(mostly(30, st.sampled_from([-1, 0]))),
                "withdrawn": draw(mostly(False, st.just(True))),
            }
            for name in agencies
            if draw(st.integers(0, 9)) < 9
        },
        "left": {state: draw(st.sampled_from([-2, 0, 3])) for state in parties if draw(st.integers(0, 9)) == 9},
        "suspended": draw(
            mostly(
                [],
                st.lists(
                    st.fixed_dictionaries(
                        {
                            "state": st.sampled_from([None, *parties]),
                            "on": st.sampled_from([-7, 0, 2]),
                            "lifted": st.booleans(),
                        }
                    ),
                    max_size=2,
                ),
            )
        ),
        "reserved": draw(
            mostly(
                [],
                st.lists(
                    st.fixed_dictionaries(
                        {
                            "state": st.sampled_from(parties),
                            "excludes": some_categories,
                            "ceiling": st.integers(0, 3),
                        }
                    ),
                    max_size=1,
                ),
            )
        ),
        "objections": draw(mostly([], st.just([parties[:2]]))) if len(parties) > 1 else [],
    }


@st.composite
def releases(draw: Any, world: World, owner: str, number: int, before: list[dict[str, Any]]) -> dict[str, Any]:
    """One of the owner, or passed on by whoever, by way of an earlier one."""
    foreign = [index for index, row in enumerate(before) if row["clause"] is not None]
    via = draw(st.sampled_from(foreign)) if foreign and draw(st.integers(0, 2)) == 2 else None
    clause = draw(st.sampled_from(sorted(world["treaties"])))
    kind = draw(st.sampled_from(["all_parties", "party", "agency", "agency", "unit", "function", "circle", "officer"]))
    targets: dict[str, Any] = {
        "all_parties": st.none(),
        "party": st.sampled_from(["XX", "YY", "ZZ"]),
        "agency": st.sampled_from(sorted(STATE)),
        "unit": st.tuples(st.sampled_from(sorted(STATE)), st.just("Lake")),
        "function": st.tuples(st.sampled_from(sorted(STATE)), st.sampled_from(["Duty", "Lead"])),
        "circle": st.just("op"),
        "officer": st.sampled_from(sorted(OFFICERS)),
    }
    return {
        "kind": kind,
        "target": draw(targets[kind]),
        "clause": clause,
        "purpose": draw(st.sampled_from(PURPOSES)),
        "provider": owner if via is None else draw(st.sampled_from(sorted(set(STATE) - {owner}))),
        "via": via,
        "at": draw(st.sampled_from(INSTANTS)),
        "until": draw(mostly(float("inf"), st.sampled_from([-0.25, 3]))),
        "revoked": draw(mostly(False, st.just(True))),
    }


@st.composite
def records(draw: Any, world: World, number: int) -> dict[str, Any]:
    owner = draw(st.sampled_from(["a1", "a1", "a2", "b", "c"]))
    kind = draw(st.sampled_from(["own_agency", "own_agency", "own_officer", "own_circle"]))
    targets = {
        "own_agency": None,
        "own_officer": draw(st.sampled_from([name for name, agency in OFFICERS.items() if agency == owner])),
        "own_circle": "case",
    }
    own = {
        "kind": "own_agency" if kind == "own_circle" and owner != "a1" else kind, "clause": None, "purpose": "",
        "provider": owner, "via": None, "at": -45.5, "until": float("inf"), "revoked": draw(mostly(False, st.just(True))),
    }  # fmt: skip
    found = [{**own, "target": targets[own["kind"]]}]
    for _ in range(draw(st.integers(1, 4))):
        found.append(draw(releases(world, owner, number, found)))
    return {
        "name": f"r{number}",
        "owner": owner,
        "categories": draw(mostly(["operational"], some_categories)),
        "classification": draw(mostly(1, st.integers(0, 3))),
        "tlp": draw(mostly(1, st.integers(0, 4))),
        "rel_to": draw(mostly(None, st.lists(st.sampled_from(["XX", "YY", "ZZ"]), unique=True))),
        "releases": found,
    }


@st.composite
def worlds(draw: Any) -> World:
    """Three states, five agencies, eight officers, four treaties, two circles, eight records."""
    joined = {agency: draw(st.sampled_from([-30.5, -4.5])) for agency in sorted(STATE) if draw(st.integers(0, 3)) < 3}
    team = [name for name, agency in OFFICERS.items() if agency in joined and draw(st.integers(0, 2)) < 2]
    world: World = {
        "state": STATE,
        "officers": {
            name: {
                "name": name,
                "agency": agency,
                "reads": draw(mostly(True, st.just(False))),
                "clearance": draw(mostly(2, st.integers(0, 3))),
                "starts": draw(mostly(-100, st.just(1))),
                "ends": draw(mostly(100, st.sampled_from([0, 1]))),
                "unit": draw(st.sampled_from([None, "Lake"])),
                "function": draw(st.sampled_from(["Duty", "Lead"])),
            }
            for name, agency in OFFICERS.items()
        },
        "treaties": {
            "xy": draw(treaties(["XX", "YY"])),
            "yz": draw(treaties(["YY", "ZZ"])),
            "xyz": draw(treaties(["XX", "YY", "ZZ"])),
            "x": draw(treaties(["XX"])),
        },
        "circles": {
            "op": {"joined": joined, "team": team, "unit": None},
            "case": {
                "joined": {"a1": -40.5},
                "team": draw(st.lists(st.sampled_from(["ann", "abe"]), unique=True)),
                "unit": draw(st.sampled_from([None, "Lake"])),
            },
        },
    }
    return {**world, "records": [draw(records(world, number)) for number in range(8)]}


def in_days(number: float) -> datetime:
    """The instant so many days from the start of this day, UTC."""
    start = datetime.combine(timezone.now().astimezone(UTC).date(), time(), tzinfo=UTC)
    return start + timedelta(days=number)


def day(number: int) -> Any:
    return in_days(number).date()


class Rows:
    """The world as rows, by the names in its dictionary."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.countries = {
            code: Country.objects.create(code=code, alpha3=code + code[0], name=code) for code in ("XX", "YY", "ZZ")
        }
        self.agencies = {name: self._agency(name, state) for name, state in STATE.items()}
        self.units = {name: Unit.objects.create(agency=row, name="Lake") for name, row in self.agencies.items()}
        self.officers = {name: self._officer(sheet) for name, sheet in world["officers"].items()}
        self.clauses = {name: self._treaty(name, sheet) for name, sheet in world["treaties"].items()}
        self.circles = {name: self._circle(name, sheet) for name, sheet in world["circles"].items()}
        self.records = {sheet["name"]: self._record(sheet) for sheet in world["records"]}

    def _agency(self, name: str, state: str) -> Agency:
        return Agency.objects.create(name=name, acronym=name, kind="police", country_id=state, time_zone="UTC")

    def _officer(self, sheet: dict[str, Any]) -> Appointment:
        officer = Officer.objects.create(username=sheet["name"], full_name=sheet["name"], password="!")
        return Appointment.objects.create(
            officer=officer,
            agency=self.agencies[sheet["agency"]],
            role=Role.LIAISON_OFFICER if sheet["reads"] else Role.TREATY_ADMIN,
            clearance=sheet["clearance"],
            title=sheet["function"],
            unit=self.units[sheet["agency"]] if sheet["unit"] else None,
            starts_on=day(sheet["starts"]),
            ends_on=max(day(sheet["ends"] - 1), day(sheet["starts"])),
            recorded_at=in_days(-200),
        )

    def _treaty(self, name: str, sheet: dict[str, Any]) -> Clause:
        first = sheet["parties"][0]
        self.facts = {"recorded_at": in_days(LONG_AGO), "recorded_by": self.officers["ann"], "recorded_for_id": first}
        agreement = Agreement.objects.create(
            title=name, short_name=name, kind=InstrumentKind.TREATY, time_zone="UTC", concluded_on=day(-70),
            drafted_by=self.agencies["a1"], registered_at=in_days(LONG_AGO), created_at=in_days(LONG_AGO),
            expires_on=None if sheet["expires"] is None else day(sheet["expires"]),
        )  # fmt: skip
        Party.objects.bulk_create(Party(agreement=agreement, country_id=code) for code in sheet["parties"])
        clause = Clause.objects.create(
            agreement=agreement, article="Art. 1", kind="information_sharing", categories=sheet["categories"],
            ceiling=sheet["ceiling"], purposes=sheet["purposes"], retention_days=sheet["keep"],
            direction=Direction.MUTUAL if sheet["from"] is None else Direction.values[1], **self.facts,
        )  # fmt: skip
        if sheet["from"] is not None:
            clause.senders.set(sheet["from"])
            clause.receivers.set(sheet["to"])
        self._acts(agreement, sheet)
        for agency, row in sheet["designated"].items():
            Designation.objects.create(
                agreement=agreement, country_id=STATE[agency], agency=self.agencies[agency], starts_on=day(row["starts"]),
                ends_on=max(day(row["ends"]), day(row["starts"])),
                withdrawn_at=in_days(-0.75) if row["withdrawn"] else None, **self.facts,
            )  # fmt: skip
        for code, instant in sheet["confirmed"].items():
            if code != first and instant is not None:
                self._confirm(agreement, clause, code, in_days(instant))
        return clause

    def _acts(self, agreement: Agreement, sheet: dict[str, Any]) -> None:
        def act(kind: ActionKind, on: int, country: str | None = None, **more: Any) -> TreatyAction:
            facts = {**self.facts, **more}
            return TreatyAction.objects.create(
                agreement=agreement, kind=kind, done_on=day(on), country_id=country, **facts
            )

        self._binding(sheet, act)
        self._narrowing(sheet, act)

    def _binding(self, sheet: dict[str, Any], act: Any) -> None:
        act(ActionKind.ENTRY_INTO_FORCE, sheet["force"])
        for code, on in sheet["ratified"].items():
            if on is not None:
                act(ActionKind.RATIFICATION, on, code)
        if sheet["terminated"] is not None:
            act(ActionKind.TERMINATION, sheet["terminated"])

    def _narrowing(self, sheet: dict[str, Any], act: Any) -> None:
        for code, on in sheet["left"].items():
            act(ActionKind.WITHDRAWAL, on, code, recorded_for_id=code)
        for row in sheet["suspended"]:
            found = act(
                ActionKind.SUSPENSION, row["on"], row["state"], recorded_for_id=row["state"] or sheet["parties"][0]
            )
            if row["lifted"]:
                lift = act(ActionKind.LIFTING, row["on"], row["state"], lifts=found)
                self._all_stand_behind(lift, sheet["parties"])
        for row in sheet["reserved"]:
            act(
                ActionKind.RESERVATION, -20, row["state"], excludes=row["excludes"], lowers_ceiling_to=row["ceiling"],
                recorded_for_id=row["state"],
            )  # fmt: skip
        for one, other in sheet["objections"]:
            act(ActionKind.OBJECTION, -20, one, counterpart_id=other, recorded_for_id=one)

    def _all_stand_behind(self, action: TreatyAction, parties: list[str]) -> None:
        for code in parties[1:]:
            Confirmation.objects.create(
                action=action, country_id=code, confirmed_at=in_days(LONG_AGO), confirmed_by=self.officers["ann"]
            )

    def _confirm(self, agreement: Agreement, clause: Clause, code: str, at: datetime) -> None:
        stamp = {"country_id": code, "confirmed_at": at, "confirmed_by": self.officers["ann"]}
        for action in agreement.actions.exclude(kind=ActionKind.LIFTING):
            Confirmation.objects.create(action=action, **stamp)
        Confirmation.objects.create(clause=clause, **stamp)
        for row in agreement.designations.all():
            Confirmation.objects.create(designation=row, **stamp)

    def _circle(self, name: str, sheet: dict[str, Any]) -> Circle:
        kind = "operation" if name == "op" else "compartment"
        unit = self.units["a1"] if sheet["unit"] else None
        row = Circle.objects.create(kind=kind, name=name, owner=self.agencies["a1"], unit=unit, opened_at=in_days(-41))
        for agency, at in sheet["joined"].items():
            part = Participation.objects.create(
                circle=row, agency=self.agencies[agency], invited_by=self.officers["ann"], invited_at=in_days(at),
                accepted_at=in_days(at), accepted_by=self.officers["ann"],
            )  # fmt: skip
            for officer in sheet["team"]:
                if OFFICERS[officer] == agency:
                    Assignment.objects.create(
                        participation=part, appointment=self.officers[officer], assigned_by=self.officers["ann"],
                        assigned_at=in_days(-30),
                    )  # fmt: skip
        return row

    def _record(self, sheet: dict[str, Any]) -> Record:
        row = Record.objects.create(
            kind="observation", title=sheet["name"], owner=self.agencies[sheet["owner"]],
            author=self.officers["ann"], categories=sheet["categories"], classification=sheet["classification"],
            tlp=sheet["tlp"], rel_to=sheet["rel_to"], occurred_at=in_days(-46),
        )  # fmt: skip
        made: list[Release] = []
        for release in sheet["releases"]:
            made.append(self._release(row, release, made))
        return row

    def _release(self, record: Record, sheet: dict[str, Any], made: list[Release]) -> Release:
        kind, target = AudienceKind(sheet["kind"]), sheet["target"]
        clause = None if sheet["clause"] is None else self.clauses[sheet["clause"]]
        shapes: dict[str, Any] = {
            "own_agency": lambda: {"agency": record.owner},
            "own_officer": lambda: {"appointment": self.officers[target]},
            "own_circle": lambda: {"circle": self.circles[target]},
            "all_parties": dict,
            "party": lambda: {"country": self.countries[target]},
            "agency": lambda: {"agency": self.agencies[target]},
            "unit": lambda: {"agency": self.agencies[target[0]], "unit": self.units[target[0]]},
            "function": lambda: {"agency": self.agencies[target[0]], "function": target[1]},
            "circle": lambda: {"circle": self.circles[target]},
            "officer": lambda: {"appointment": self.officers[target]},
        }
        audience = audience_for(kind, clause=clause, **shapes[kind]())
        provider, at = self.agencies[sheet["provider"]], in_days(sheet["at"])
        until = None if sheet["until"] == float("inf") else in_days(sheet["until"])
        # One stands at a time for an audience and a giver: an earlier one has been taken back.
        standing = Release.objects.filter(
            content_object=record, group_id=audience.group_id, provider=provider, revoked_at=None
        )
        if not sheet["revoked"] and standing.exists():
            sheet["revoked"] = True
        return Release.objects.create(
            content_object=record, group_id=audience.group_id, permission=view_record(), audience=audience, clause=clause,
            purpose=sheet["purpose"], provider=provider, via=None if sheet["via"] is None else made[sheet["via"]],
            released_at=at, released_by=self.officers["ann"], until=until,
            revoked_at=in_days(-0.5) if sheet["revoked"] else None,
            revoked_by=self.officers["ann"] if sheet["revoked"] else None,
        )  # fmt: skip


class _Undone(Exception):
    pass


@contextmanager
def built(world: World) -> Iterator[Rows]:
    """The rows of a world, for as long as it is looked at."""
    try:
        with transaction.atomic():
            yield Rows(world)
            raise _Undone
    except _Undone:
        pass
