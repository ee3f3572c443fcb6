"""Steps about people: circles and appointments."""

from collections.abc import Iterator
from math import floor
from typing import Any

from agencies.directory import actions as directory
from agencies.directory.roles import Role
from agreements.sharing.actions import circles
from agreements.sharing.models import Release
from portal.ui.errors import Refused
from tests.doors.clock import instant
from tests.doors.rows import ADMINS, day
from tests.doors.stepping import WATCHED, Base
from tests.doors.worlds import CLAUSES, FOREVER, PURPOSES, STATE


class People(Base):
    def _current(self) -> Iterator[dict[str, Any]]:
        return (part for part in self.world["circles"]["op"]["parts"] if part["to"] > self.now)

    def end_part(self) -> str | None:
        found = [part for part in self._current() if part["agency"] != "a1"]
        if not found:
            return None
        part = self.pick.one(found)
        by = self._officer(self.pick.one([part["agency"], "a1"]), leading=True)
        if by is None:
            return None
        circles.end(participation=self.parts[part["agency"]], by=self.rows.officers[by])
        part["to"] = self.now
        for row in self.world["records"][0]["releases"]:
            if row["kind"] == "agency" and row["target"] == part["agency"] and row["provider"] == "a1":
                row["revoked"] = min(row["revoked"], self.now)
        return f"{by} ends the part of {part['agency']}"

    def invite(self) -> str | None:
        """Invite an agency, which accepts if it can see what it is invited to."""
        inside = {part["agency"] for part in self._current()}
        outside = [agency for agency in sorted(STATE) if agency not in inside]
        by = self._officer("a1", leading=True)
        if not outside or by is None:
            return None
        agency, clause = self.pick.one(outside), self.pick.one(sorted(CLAUSES))
        who = self._officer(agency, leading=True)
        if who is None:
            return None
        part = circles.invite(
            circle=self.circle, agency=self.ground.agencies[agency], clause=self.rows.clauses[clause],
            purpose=PURPOSES[0], by=self.rows.officers[by],
        )  # fmt: skip
        sheet = self.world["records"][0]
        given = Release.objects.filter(
            content_object=self.circle.record_id, revoked_at=None, released_at=instant(self.now)
        )
        made = given.get(audience__kind="agency", audience__agency=part.agency_id)
        self._given(sheet, made, "agency", agency, clause)
        self.parts[agency] = part
        sight = self.rules().may_see(self.world["officers"][who], sheet)
        try:
            self.parts[agency] = circles.accept(participation=part, by=self.rows.officers[who])
        except Refused:
            assert not sight, "who sees the record may accept"
            circles.end(participation=part, by=self.rows.officers[by])
            sheet["releases"][-1]["revoked"] = self.now
            for row in sheet["releases"]:
                if row["kind"] == "agency" and row["target"] == agency and row["provider"] == "a1":
                    row["revoked"] = min(row["revoked"], self.now)
            return f"{by} invites {agency} under {clause}, which cannot accept"
        assert sight, "who does not see the record cannot accept"
        row = {"agency": agency, "from": self.now, "to": FOREVER, "team": []}
        self.world["circles"]["op"]["parts"].append(row)
        return f"{by} invites {agency} under {clause}, which accepts"

    def assign(self) -> str | None:
        parts = list(self._current())
        if not parts:
            return None
        part = self.pick.one(parts)
        who, by = self._officer(part["agency"]), self._officer(part["agency"], leading=True)
        if who is None or by is None:
            return None
        until = self.pick.one([None, None, floor(self.now) + 1])
        row = circles.assign(
            participation=self.parts[part["agency"]], appointment=self._fresh(who), by=self.rows.officers[by],
            ends_on=day(until),
        )  # fmt: skip
        part["team"].append(
            {"officer": who, "from": self.now, "to": FOREVER if until is None else until + 1, "pk": row.pk}
        )
        return f"{by} assigns {who} until {until}"

    def unassign(self) -> str | None:
        team = [(part, one) for part in self._current() for one in part["team"] if one["to"] > self.now]
        if not team:
            return None
        part, one = self.pick.one(team)
        by = self._officer(part["agency"], leading=True)
        if by is None:
            return None
        row = self.parts[part["agency"]].assignments.get(appointment=self.rows.officers[one["officer"]], ended_at=None)
        circles.unassign(assignment=row, by=self.rows.officers[by])
        one["to"] = self.now
        return f"{by} takes {one['officer']} off"

    def end_appointment(self) -> str | None:
        who = self.pick.one(sorted(self.world["people"]))
        sheet = self.world["officers"][who]
        if not sheet["reads"] or self.pick.yes(1, 2):
            return None
        directory.end_appointment(appointment=self._fresh(who), by=self.rows.officers[f"k{sheet['agency']}"])
        sheet["ends"] = min(sheet["ends"], self.now)
        self.rows.officers[who] = self._fresh(who)
        return f"the appointment of {who} ends"

    def appoint(self) -> str | None:
        """A new appointment for an officer, at any agency: named grants and assignments do not come along (R1)."""
        person = self.pick.one(WATCHED)
        if len(self.world["officers"]) > len(WATCHED) + len(ADMINS) + 1:
            return None
        agency, clearance, unit = self.pick.one(sorted(STATE)), self.pick.one([2, 1, 3]), self.pick.one([None, "Lake"])
        title, role = self.pick.one(["Duty", "Lead"]), self.pick.one([Role.LIAISON_OFFICER, Role.COMMANDER])
        starts, ends = floor(self.now) + self.pick.one([0, 1]), self.pick.one([None, floor(self.now) + 3])
        row = directory.give_appointment(
            officer=self.ground.people[person], agency=self.ground.agencies[agency], role=role, clearance=clearance,
            starts_on=day(starts), ends_on=day(ends), title=title, by=self.rows.officers[f"k{agency}"],
            unit=self.ground.units[agency] if unit else None,
        )  # fmt: skip
        name = f"{person}-{len(self.world['officers'])}"
        self.world["officers"][name] = {
            "name": name, "agency": agency, "reads": True, "clearance": clearance, "unit": unit, "function": title,
            "starts": max(starts, self.now), "ends": FOREVER if ends is None else ends + 1, "role": role,
        }  # fmt: skip
        self.world["people"][name] = person
        self.rows.officers[name] = row
        return f"{person} is appointed at {agency} as {name}"
