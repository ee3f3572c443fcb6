"""Steps about records: marking, confining, releasing, passing on, naming."""

from collections.abc import Callable
from typing import Any

from agencies.directory.models import Appointment
from agreements.onward import actions as onward
from agreements.sharing.actions import compartments, naming, records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Release
from tests.doors.clock import instant
from tests.doors.stepping import OWNERS, Base
from tests.doors.worlds import CLAUSES, FOREVER, OFFICERS, PURPOSES, STATE, STATES, draw_target


class Records(Base):
    def mark(self) -> str | None:
        sheet = self._record()
        by = self._officer(sheet["owner"], leading=True)
        if by is None:
            return None
        change = self.pick.one(["categories", "classification", "tlp", "rel_to", "display_only"])
        options: dict[str, list[Any]] = {
            "categories": [["operational"], ["operational", "personal_data"], ["customs"], ["personal_data"]],
            "classification": [1, 0, 2, 3], "tlp": [1, 0, 2, 3, 4], "rel_to": [None, None, [], ["YY"], ["XX", "YY"], STATES],
            "display_only": [False, True],
        }  # fmt: skip
        row = self._row(sheet)
        marking = Marking(**{**vars(records.marking_of(row)), change: self.pick.one(options[change])})
        records.mark(record=row, marking=marking, by=self.rows.officers[by])
        sheet |= {name: getattr(marking, name) for name in options}
        self._open_to_own(sheet)
        self._still_seen(sheet)
        return f"{by} marks {sheet['name']} {change} {getattr(marking, change)}"

    def _still_seen(self, sheet: dict[str, Any]) -> None:
        """After every write some active officer of the owner sees the record (R21)."""
        rules = self.rules()
        own = [who for who in self.world["officers"].values() if who["agency"] == sheet["owner"]]
        assert any(rules.may_see(who, sheet) for who in own), "somebody of the owner sees what was written"

    def _author(self, sheet: dict[str, Any]) -> str:
        return next(name for name, agency in OFFICERS.items() if agency == sheet["owner"])

    def _open_to_own(self, sheet: dict[str, Any]) -> None:
        confined = sheet["compartment"] is not None
        self._own(sheet, "own_circle" if confined else "own_agency", sheet["compartment"])
        if confined or sheet["tlp"] == 4:
            self._own(sheet, "own_officer", self._author(sheet))

    def _own(self, sheet: dict[str, Any], kind: str, target: str | None) -> None:
        given = {"kind": kind, "target": target, "clause": None}
        if not any(given.items() <= row.items() and row["revoked"] > self.now for row in sheet["releases"]):
            row = {**given, "purpose": "", "provider": sheet["owner"], "via": None, "at": self.now}
            sheet["releases"].append({**row, "until": FOREVER, "revoked": FOREVER})

    def confine(self) -> str | None:
        sheet = self.pick.one([row for row in self.world["records"] if row["owner"] == "a1"])
        target, by = self.pick.one(["case", None]), self._officer("a1", leading=True)
        if by is None or target == sheet["compartment"]:
            return None
        circle = self.rows.circles[target] if target else None
        compartments.confine(record=self._row(sheet), compartment=circle, by=self.rows.officers[by])
        for row in sheet["releases"]:
            if row["kind"] in ("own_agency", "own_circle"):
                row["revoked"] = min(row["revoked"], self.now)
        sheet["compartment"] = target
        self._open_to_own(sheet)
        self._still_seen(sheet)
        return f"{by} confines {sheet['name']} to {target}"

    def let_in(self) -> str:
        part = self.world["circles"]["case"]["parts"][0]
        inside = [one for one in part["team"] if one["to"] > self.now]
        who = self._officer("a1") or "abe"
        case, by, row = self.rows.circles["case"], self.rows.officers["ann"], self.rows.officers[who]
        if any(one["officer"] == who for one in inside):
            compartments.put_out(compartment=case, appointment=row, by=by)
            for one in inside:
                one["to"] = self.now if one["officer"] == who else one["to"]
            return f"{who} is put out of the case"
        compartments.let_in(compartment=case, appointment=row, by=by)
        part["team"].append({"officer": who, "from": self.now, "to": FOREVER})
        return f"{who} is let into the case"

    def _to(self) -> tuple[str, Any, To]:
        kind = self.pick.one(
            ["all_parties", "all_parties", "party", "agency", "agency", "unit", "function", "circle", "officer"]
        )
        target = self.pick.one(sorted(self.world["people"])) if kind == "officer" else draw_target(self.pick, kind)
        to: dict[str, Callable[[], dict[str, Any]]] = {
            "all_parties": dict,
            "party": lambda: {"country": self.ground.countries[target]},
            "agency": lambda: {"agency": self.ground.agencies[target]},
            "unit": lambda: {"agency": self.ground.agencies[target[0]], "unit": self.ground.units[target[0]]},
            "function": lambda: {"agency": self.ground.agencies[target[0]], "function": target[1]},
            "circle": lambda: {"circle": self.rows.circles[target]},
            "officer": lambda: {"appointment": Appointment.objects.select_related("agency__country", "officer").get(pk=self.rows.officers[target].pk)},
        }  # fmt: skip
        return kind, target, To(AudienceKind(kind), **to[kind]())

    def _given(self, sheet: dict[str, Any], row: Release, kind: str, target: Any, clause: str) -> dict[str, Any]:
        """The model is told of a release; one that stood for the same audience ends with it."""
        provider = next(name for name, agency in self.ground.agencies.items() if agency.pk == row.provider_id)
        same = {"kind": kind, "target": target, "clause": clause, "provider": provider}
        for earlier in sheet["releases"]:
            if same.items() <= earlier.items():
                earlier["revoked"] = min(earlier["revoked"], self.now)
        via = (
            next(index for index, r in enumerate(sheet["releases"]) if r.get("pk") == row.via_id)
            if row.via_id
            else None
        )
        until = FOREVER if row.until is None else (row.until - instant(0)).total_seconds() / 86400
        sheet["releases"].append({
            **same, "purpose": row.purpose, "via": via, "at": self.now, "until": until, "revoked": FOREVER, "pk": row.pk,
        })  # fmt: skip
        rules, made = self.rules(), sheet["releases"][-1]
        reached = any(rules.reaches(agency, sheet, made) for agency in STATE)
        assert reached, "without a legal basis no release is made (R6)"
        return made

    def release(self) -> str | None:
        sheet = self._record()
        by, (kind, target, to) = self._officer(sheet["owner"]), self._to()
        clause, purpose = self.pick.one(sorted(CLAUSES)), self.pick.one(PURPOSES)
        until = self.pick.one([None, None, instant(self.now + 2)])
        if by is None:
            return None
        row = releases.release(
            record=self._row(sheet), to=to, clause=self.rows.clauses[clause], purpose=purpose, until=until,
            by=self.rows.officers[by],
        )  # fmt: skip
        self._given(sheet, row, kind, target, clause)
        return f"{by} releases {sheet['name']} to {kind} {target} under {clause} until {until}"

    def revoke(self) -> str | None:
        sheet = self._record()
        given = [row for row in sheet["releases"] if row["clause"] and row["revoked"] > self.now]
        if not given:
            return None
        chosen = self.pick.one(given)
        by = self._officer(self.pick.one([chosen["provider"], sheet["owner"]]))
        if by is None:
            return None
        releases.revoke(release=self._release_row(sheet, chosen), by=self.rows.officers[by])
        chosen["revoked"] = self.now
        return f"{by} revokes {chosen['kind']} {chosen['target']} of {sheet['name']}"

    def _release_row(self, sheet: dict[str, Any], chosen: dict[str, Any]) -> Release:
        return Release.objects.select_related("content_object").get(pk=chosen["pk"])

    def _holder(self, sheet: dict[str, Any]) -> str | None:
        rules = self.rules()
        seeing = [
            who["name"]
            for who in self.world["officers"].values()
            if who["agency"] != sheet["owner"] and rules.may_see(who, sheet)
        ]
        return self.pick.one(sorted(seeing)) if seeing else None

    def _held(self) -> tuple[dict[str, Any], str] | None:
        """A record and somebody of another agency who sees it, tried from a place on."""
        first = self.pick.draw.number(len(OWNERS))
        for number in range(len(OWNERS)):
            sheet = self.world["records"][(first + number) % len(OWNERS)]
            if (by := self._holder(sheet)) is not None:
                return sheet, by
        return None

    def pass_on(self) -> str | None:
        if (held := self._held()) is None:
            return None
        (sheet, by), (kind, target, to) = held, self._to()
        clause = self.pick.one(sorted(CLAUSES))
        row = onward.pass_on(
            record=self._row(sheet), to=to, clause=self.rows.clauses[clause], purpose=self.pick.one(PURPOSES),
            by=self.rows.officers[by],
        )  # fmt: skip
        made = self._given(sheet, row, kind, target, clause)
        assert self._rule_on_the_way(sheet, made) == {"free"}, "what may not go on freely did (R11)"
        return f"{by} passes {sheet['name']} on to {kind} {target} under {clause}"

    def _rule_on_the_way(self, sheet: dict[str, Any], row: dict[str, Any]) -> set[str]:
        found = {"consent" if "H2" in sheet["codes"] else "free"}
        while row["via"] is not None:
            row = sheet["releases"][row["via"]]
            found.add(self.world["clauses"][row["clause"]].get("onward", "free"))
        return found - {"free"} or found

    def consent(self) -> str | None:
        """Ask the originator, who consents, and pass it on by that."""
        if (held := self._held()) is None:
            return None
        (sheet, by), (kind, target, to), clause = held, self._to(), self.pick.one(sorted(CLAUSES))
        owner = self._officer(sheet["owner"])
        if owner is None:
            return None
        asked = onward.ask(
            record=self._row(sheet), to=to, clause=self.rows.clauses[clause], purpose=self.pick.one(PURPOSES),
            reason="To act on it", by=self.rows.officers[by],
        )  # fmt: skip
        given = onward.consent(request=asked, ends_at=instant(self.now + 3), by=self.rows.officers[owner])
        passed = onward.pass_on_consented(request=given, by=self.rows.officers[by])
        made = self._given(sheet, passed.release, kind, target, clause)
        assert self._rule_on_the_way(sheet, made) == {"consent"}
        return f"{by} passes {sheet['name']} on to {kind} {target} under {clause}, with consent"

    def name_officer(self) -> str | None:
        sheet = self._record()
        by, who = self._officer(sheet["owner"]), self._officer(sheet["owner"])
        if by is None or who is None:
            return None
        naming.name_officer(record=self._row(sheet), appointment=self._fresh(who), by=self.rows.officers[by])
        self._own(sheet, "own_officer", who)
        return f"{by} names {who} for {sheet['name']}"

    def unname_officer(self) -> str | None:
        sheet = self._record()
        named = [row for row in sheet["releases"] if row["kind"] == "own_officer" and row["revoked"] > self.now]
        by = self._officer(sheet["owner"])
        if by is None or not named:
            return None
        chosen = self.pick.one(named)
        naming.unname_officer(
            record=self._row(sheet), appointment=self._fresh(chosen["target"]), by=self.rows.officers[by]
        )
        chosen["revoked"] = self.now
        return f"{by} unnames {chosen['target']} for {sheet['name']}"

    def _fresh(self, who: str) -> Appointment:
        rows = Appointment.objects.select_related("officer", "agency__country")
        return rows.get(pk=self.rows.officers[who].pk)
