"""The rows of a world: what stays the same is made once, the rest for as long as a world is looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from agencies.directory.models import Agency, Appointment, Country, Officer, Unit
from agencies.directory.roles import Role
from agreements.register.choices import ActionKind, Direction, InstrumentKind
from agreements.register.models import (
    Agreement,
    Clause,
    Confirmation,
    Designation,
    ForceCondition,
    Party,
    TreatyAction,
)
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Assignment, Audience, Circle, Participation, Record, Release
from agreements.sharing.permission import view_record
from tests.doors.clock import instant
from tests.doors.worlds import FOREVER, LONG_AGO, OFFICERS, STATE, STATES, World

ADMINS = {"tx": "a1", "ty": "b", "tz": "c", "ka1": "a1", "ka2": "a2", "kb": "b", "kb2": "b2", "kc": "c"}
PEOPLE = [*OFFICERS, *ADMINS, "clerk"]
ZONES = {0: "UTC", 0.25: "Etc/GMT-6"}  # Six hours to the east; the sign is POSIX's.


def day(number: float | None) -> date | None:
    return None if number in (None, FOREVER) else instant(number).date()


def moment(days: float) -> Any:
    return None if days == FOREVER else instant(days)


class Ground:
    """What all worlds stand on: states, agencies, their units and the accounts of officers."""

    def __init__(self) -> None:
        self.countries = {code: Country(code=code, alpha3=code + code[0], name=code) for code in STATES}
        Country.objects.bulk_create(self.countries.values())
        self.agencies = {
            name: Agency(name=name, acronym=name, kind="police", country=self.countries[state], time_zone="UTC")
            for name, state in STATE.items()
        }
        Agency.objects.bulk_create(self.agencies.values())
        self.units = {name: Unit(agency=row, name="Lake") for name, row in self.agencies.items()}
        Unit.objects.bulk_create(self.units.values())
        self.people = {name: Officer(username=name, full_name=name, password="!") for name in PEOPLE}
        Officer.objects.bulk_create(self.people.values())
        self.clerk = Appointment.objects.create(
            officer=self.people["clerk"], agency=self.agencies["a1"], role=Role.TREATY_ADMIN,
            starts_on=day(-200), recorded_at=instant(-200),
        )  # fmt: skip


class Rows:
    """The world as rows, by the names in its dictionary."""

    def __init__(self, ground: Ground, world: World) -> None:
        self.ground, self.world = ground, world
        self.officers = {name: self._officer(sheet) for name, sheet in world["officers"].items()}
        Appointment.objects.bulk_create(self.officers.values())
        self.agreements = {name: self._agreement(name, sheet) for name, sheet in world["treaties"].items()}
        Agreement.objects.bulk_create(self.agreements.values())
        self._facts()
        self._circles()
        self._records()

    def _officer(self, sheet: dict[str, Any]) -> Appointment:
        ends, starts_on = sheet["ends"], day(sheet["starts"])
        whole = ends != FOREVER and ends == int(ends)
        return Appointment(
            officer=self.ground.people[sheet["name"]],
            agency=self.ground.agencies[sheet["agency"]],
            role=sheet.get("role") or (Role.LIAISON_OFFICER if sheet["reads"] else Role.TREATY_ADMIN),
            clearance=sheet["clearance"],
            title=sheet["function"],
            unit=self.ground.units[sheet["agency"]] if sheet["unit"] else None,
            starts_on=starts_on,
            ends_on=max(day(ends - 1), starts_on) if whole else None,  # type: ignore[type-var]
            ended_at=None if whole else moment(ends),
            recorded_at=instant(-200),
        )

    # Agreements.

    def _agreement(self, name: str, sheet: dict[str, Any]) -> Agreement:
        return Agreement(
            title=name, short_name=name, kind=InstrumentKind.TREATY, time_zone=ZONES[sheet["zone"]],
            concluded_on=day(-70), drafted_by=self.ground.agencies["a1"], registered_at=instant(LONG_AGO),
            created_at=instant(LONG_AGO), expires_on=day(sheet["expires"]),
            renews_months=sheet["renews"] and sheet["renews"][0],
            renewal_notice_months=sheet["renews"] and sheet["renews"][1],
        )  # fmt: skip

    def _stamp(self, sheet: dict[str, Any]) -> dict[str, Any]:
        first = next(iter(sheet["confirmed"]))
        return {"recorded_at": instant(sheet["known"]), "recorded_by": self.ground.clerk, "recorded_for_id": first}

    def _facts(self) -> None:
        world, country = self.world, self.ground.countries
        Party.objects.bulk_create(
            Party(agreement=self.agreements[name], country=country[code])
            for name, sheet in world["treaties"].items()
            for code in sheet["parties"]
        )
        self.clauses = {name: self._clause(name, sheet) for name, sheet in world["clauses"].items()}
        Clause.objects.bulk_create(self.clauses.values())
        for name, sheet in world["treaties"].items():
            if sheet["under"]:
                self.agreements[name].made_under = self.clauses[sheet["under"]]
                self.agreements[name].save(update_fields=["made_under"])
        self.acts, self.designations = dict[str, TreatyAction](), dict[int, Designation]()
        for name, sheet in world["treaties"].items():
            for act in sheet["acts"]:
                self.acts[act["name"]] = self._act(self.agreements[name], act)
            self.designations |= {
                id(row): self._designation(self.agreements[name], row) for row in sheet["designations"]
            }
        TreatyAction.objects.bulk_create(self.acts.values())
        Designation.objects.bulk_create(self.designations.values())
        self.conditions = {
            name: self._condition(self.agreements[name], sheet["condition"])
            for name, sheet in world["treaties"].items()
            if sheet["condition"]
        }
        self._links()
        self._confirmations()

    def _clause(self, name: str, sheet: dict[str, Any]) -> Clause:
        begins, ends = day(sheet["on"]), day(sheet["until"])
        return Clause(
            agreement=self.agreements[sheet["treaty"]], article=name, kind="information_sharing",
            categories=sheet["categories"], ceiling=sheet["ceiling"], purposes=sheet["purposes"],
            retention_days=sheet["keep"], survives=sheet["survives"], onward=sheet.get("onward", "free"),
            direction=Direction.MUTUAL if sheet["from"] is None else Direction.ONE_WAY,
            starts_on=begins, ends_on=max(begins, ends) if begins and ends else ends, **self._stamp(sheet),
        )  # fmt: skip

    def _act(self, agreement: Agreement, sheet: dict[str, Any]) -> TreatyAction:
        return TreatyAction(
            agreement=agreement, kind=ActionKind(sheet["kind"]), country_id=sheet["state"],
            counterpart_id=sheet["towards"], done_on=day(sheet.get("done", sheet["on"])), effective_on=day(sheet["on"]),
            until=day(sheet["until"]), lifts=self.acts.get(sheet["lifts"]),
            excludes=sheet["excludes"], lowers_ceiling_to=sheet["ceiling"], **self._stamp(sheet),
        )  # fmt: skip

    def _condition(self, agreement: Agreement, sheet: dict[str, Any]) -> ForceCondition:
        later = sheet["later"] or (None, "")
        row = ForceCondition.objects.create(
            agreement=agreement, consents=sheet["count"], delay=sheet["delay"][0], delay_unit=sheet["delay"][1],
            later_delay=later[0], later_unit=later[1], **self._stamp(sheet),
        )  # fmt: skip
        row.required.set(sheet["required"])
        return row

    def _designation(self, agreement: Agreement, sheet: dict[str, Any]) -> Designation:
        return Designation(
            agreement=agreement, country_id=sheet["state"], agency=self.ground.agencies[sheet["agency"]],
            starts_on=day(sheet["on"]), ends_on=day(sheet["until"]), withdrawn_at=moment(sheet["withdrawn"]),
            **self._stamp(sheet),
        )  # fmt: skip

    def _links(self) -> None:
        for sheet, row in [
            *self._sheets("acts", self.acts.values()),
            *self._sheets("designations", self.designations.values()),
        ]:
            if sheet["clauses"]:
                row.clauses.set([self.clauses[name] for name in sheet["clauses"]])
        for name, sheet in self.world["clauses"].items():
            if sheet["from"] is not None:
                self.clauses[name].senders.set(sheet["from"])
                self.clauses[name].receivers.set(sheet["to"])
            if sheet["displaced_by"]:
                self.clauses[name].displaced_by.set([self.agreements[other] for other in sheet["displaced_by"]])

    def _sheets(self, what: str, rows: Any) -> list[tuple[dict[str, Any], Any]]:
        return list(zip([s for t in self.world["treaties"].values() for s in t[what]], rows, strict=True))

    def _confirmations(self) -> None:
        facts = [(sheet, {"action": row}) for sheet, row in self._sheets("acts", self.acts.values())]
        facts += [
            (sheet, {"designation": row}) for sheet, row in self._sheets("designations", self.designations.values())
        ]
        facts += [(sheet, {"clause": self.clauses[name]}) for name, sheet in self.world["clauses"].items()]
        facts += [
            (self.world["treaties"][name]["condition"], {"condition": row}) for name, row in self.conditions.items()
        ]
        Confirmation.objects.bulk_create(
            Confirmation(country_id=code, confirmed_at=instant(at), confirmed_by=self.ground.clerk, **of)
            for sheet, of in facts
            for code, at in list(sheet["confirmed"].items())[1:]
        )

    # Circles, records and their releases.

    def _circles(self) -> None:
        self.circles, team = dict[str, Circle](), list[Assignment]()
        self.parts: list[Participation] = []
        by = self.ground.clerk
        for name, sheet in self.world["circles"].items():
            unit = self.ground.units["a1"] if sheet["unit"] else None
            self.circles[name] = Circle(
                kind=sheet["kind"], name=name, owner=self.ground.agencies["a1"], unit=unit, opened_at=instant(-41)
            )
            for part in sheet["parts"]:
                row = Participation(
                    circle=self.circles[name], agency=self.ground.agencies[part["agency"]], invited_by=by,
                    invited_at=instant(part["from"]), accepted_at=instant(part["from"]), accepted_by=by,
                    ended_at=moment(part["to"]),
                )  # fmt: skip
                self.parts.append(row)
                for one in part["team"]:
                    team.append(
                        Assignment(
                            participation=row, appointment=self.officers[one["officer"]], assigned_by=by,
                            assigned_at=instant(one["from"]), ended_at=moment(one["to"]),
                        )
                    )  # fmt: skip
        Circle.objects.bulk_create(self.circles.values())
        Participation.objects.bulk_create(self.parts)
        Assignment.objects.bulk_create(team)

    def parts_of(self, circle: str) -> dict[str, Participation]:
        """The participations of a circle by agency."""
        names = {row.pk: name for name, row in self.ground.agencies.items()}
        return {names[row.agency_id]: row for row in self.parts if row.circle == self.circles[circle]}

    def _records(self) -> None:
        self.records = {sheet["name"]: self._record(sheet) for sheet in self.world["records"]}
        Record.objects.bulk_create(self.records.values())
        audiences = self._audiences()
        found = []
        for sheet in self.world["records"]:
            made: list[Release] = []
            for release in sheet["releases"]:
                made.append(
                    self._release(self.records[sheet["name"]], release, audiences[_shape(sheet, release)], made)
                )
                release["pk"] = made[-1].pk
            found += made
        Release.objects.bulk_create(found)

    def _record(self, sheet: dict[str, Any]) -> Record:
        author = next(name for name, agency in OFFICERS.items() if agency == sheet["owner"])
        number = int(sheet["name"][1:])
        return Record(
            kind="report", title=sheet["name"], owner=self.ground.agencies[sheet["owner"]],
            author=self.officers[author], categories=sheet["categories"], classification=sheet["classification"],
            tlp=sheet["tlp"], rel_to=sheet["rel_to"], display_only=sheet["display_only"], handling_codes=sheet["codes"],
            occurred_at=instant(-46) + timedelta(minutes=number), latitude=47.6 + number / 100, longitude=9.1,
        )  # fmt: skip

    def _audiences(self) -> dict[Any, Audience]:
        shapes = {_shape(sheet, row): row for sheet in self.world["records"] for row in sheet["releases"]}
        groups = Group.objects.bulk_create(Group(name=f"w {number}") for number, _ in enumerate(shapes))
        found = {
            shape: Audience(
                kind=AudienceKind(shape[0]), group=group, clause=self.clauses.get(shape[2]), **self._to(shape)
            )
            for shape, group in zip(shapes, groups, strict=True)
        }
        Audience.objects.bulk_create(found.values())
        return found

    def _to(self, shape: tuple[str, Any, Any]) -> dict[str, Any]:
        kind, target, _ = shape
        ground = self.ground
        shapes: dict[str, Any] = {
            "own_agency": lambda: {"agency": ground.agencies[target]},
            "own_officer": lambda: {"appointment": self.officers[target]},
            "own_circle": lambda: {"circle": self.circles[target]},
            "all_parties": dict,
            "party": lambda: {"country": ground.countries[target]},
            "agency": lambda: {"agency": ground.agencies[target]},
            "unit": lambda: {"agency": ground.agencies[target[0]], "unit": ground.units[target[0]]},
            "function": lambda: {"agency": ground.agencies[target[0]], "function": target[1]},
            "circle": lambda: {"circle": self.circles[target]},
            "officer": lambda: {"appointment": self.officers[target]},
        }
        return shapes[kind]()

    def _release(self, record: Record, sheet: dict[str, Any], audience: Audience, made: list[Release]) -> Release:
        return Release(
            content_object=record, group_id=audience.group_id, permission=view_record(), audience=audience,
            clause=audience.clause, purpose=sheet["purpose"], provider=self.ground.agencies[sheet["provider"]],
            via=None if sheet["via"] is None else made[sheet["via"]], released_at=instant(sheet["at"]),
            released_by=self.ground.clerk, until=moment(sheet["until"]), revoked_at=moment(sheet["revoked"]),
            revoked_by=None if sheet["revoked"] == FOREVER else self.ground.clerk,
        )  # fmt: skip


def _shape(sheet: dict[str, Any], release: dict[str, Any]) -> tuple[str, Any, Any]:
    target = sheet["owner"] if release["kind"] == "own_agency" else release["target"]
    return release["kind"], target, release["clause"]


class _Undone(Exception):
    pass


@contextmanager
def built(ground: Ground, world: World) -> Iterator[Rows]:
    """The rows of a world, for as long as it is looked at."""
    try:
        with transaction.atomic():
            yield Rows(ground, world)
            raise _Undone
    except _Undone:
        pass
