"""Steps of treaty admins: acts, confirmations and designations."""

from typing import Any

from agencies.directory.models import Appointment
from agreements.register import actions as register
from agreements.register.models import TreatyAction
from tests.doors.rows import day
from tests.doors.stepping import CONSENTS, TREATY_ADMINS, WIDENING, Base
from tests.doors.worlds import CATEGORIES, CLAUSES, FOREVER, STATE


class Agreements(Base):
    def _act(self, kind: str, state: str | None, *, by: str, on: int | None = None, **more: Any) -> str:
        """One act, recorded now. `on`: its first day of effect, when that is another than the day it was done."""
        name, treaty = more.pop("treaty")
        done, clauses, lifts = more.pop("done", self._today(treaty)), more.pop("clauses", []), more.pop("lifts", None)
        excludes, ceiling = more.pop("excludes", []), more.pop("ceiling", None)
        corrects = more.pop("corrects", None)
        towards, until = more.pop("towards", None), more.pop("until", None)
        # Another name than those that the world began with, of which some may be gone.
        key = f"{name}-step-{len(treaty['acts'])}"
        country, admin = self.ground.countries, self._admin(by)
        self.rows.acts[key] = register.record_action(
            agreement=self.rows.agreements[name], kind=kind, country=country[state] if state else None,
            counterpart=country[towards] if towards else None, clauses=[self.rows.clauses[c] for c in clauses],
            done_on=day(done), effective_on=day(on), until=day(until), by=admin,
            lifts=TreatyAction.objects.get(pk=self.rows.acts[lifts].pk) if lifts else None,
            rectifies=TreatyAction.objects.get(pk=self.rows.acts[corrects].pk) if corrects else None,
            **({"excludes": excludes, "lowers_ceiling_to": ceiling} if kind == "reservation" else {}),
        )  # fmt: skip
        treaty["acts"].append({
            "name": key, "kind": kind, "state": state, "towards": towards, "clauses": clauses, "lifts": lifts,
            "on": done if on is None else on, "done": done, "until": until, "excludes": excludes, "ceiling": ceiling,
            "known": self.now, "corrects": corrects, **self._behind(by, admin, kind in WIDENING or bool(corrects)),
        })  # fmt: skip
        told = f"{kind} ({corrects or 'new'}) of {name} by {state}"
        return f"{told} {clauses or ''} towards {towards} from {on} until {until} excludes {excludes} ceiling {ceiling}"

    def _behind(self, state: str, admin: Appointment, widens: bool) -> dict[str, Any]:
        """Who stands behind what this officer records: of what widens, in a state with another, nobody yet (R22)."""
        if widens and len(TREATY_ADMINS[state]) > 1:
            return {"confirmed": {}, "waits_for_other_than": admin.officer_id}
        return {"confirmed": {state: self.now}}

    def _clauses(self, name: str) -> list[str]:
        own = [clause for clause, treaty in CLAUSES.items() if treaty == name]
        return self.pick.one([[], [], own[:1]])

    def suspend(self) -> str:
        name, treaty = found = self._treaty()
        by, today = self.pick.one(treaty["parties"]), self._today(treaty)
        state = self.pick.one([by, by, None])
        others = [other for other in treaty["parties"] if other != by]
        towards = self.pick.one(others) if state and others and self.pick.yes(1, 3) else None
        until, on = self.pick.one([None, None, today + 1]), self.pick.one([None, None, today + 1])
        return self._act(
            "suspension", state, by=by, treaty=found, towards=towards, on=on, until=until, clauses=self._clauses(name)
        )

    def lift(self) -> str | None:
        name, treaty = found = self._treaty()
        kinds = ("suspension", "reservation", "objection")
        acts = [act["name"] for act in treaty["acts"] if act["kind"] in kinds]
        if not acts:
            return None
        by = self.pick.one(treaty["parties"])
        return self._act("lifting", by, by=by, treaty=found, lifts=self.pick.one(acts), clauses=self._clauses(name))

    def leave(self) -> str:
        found = self._treaty()
        by, today = self.pick.one(found[1]["parties"]), self._today(found[1])
        on = self.pick.one([None, today + 1, today + 2])
        return self._act(self.pick.one(["withdrawal", "denunciation"]), by, by=by, treaty=found, on=on)

    def accede(self) -> str:
        found = self._treaty()
        state, by, today = *(self.pick.one(found[1]["parties"]) for _ in range(2)), self._today(found[1])
        on, done = self.pick.one([None, None, today + 1]), self.pick.one([today, today - 1])
        return self._act(self.pick.one(CONSENTS), state, by=by, treaty=found, on=on, done=done)

    def enter_into_force(self) -> str:
        found = self._treaty()
        state, by, today = *(self.pick.one(found[1]["parties"]) for _ in range(2)), self._today(found[1])
        return self._act("entry_into_force", state, by=by, treaty=found, done=today + self.pick.one([0, 1]))

    def apply_provisionally(self) -> str:
        name, treaty = found = self._treaty()
        by, today = self.pick.one(treaty["parties"]), self._today(treaty)
        until = self.pick.one([None, today, today + 2])
        return self._act("provisional_application", by, by=by, treaty=found, until=until, clauses=self._clauses(name))

    def reserve(self) -> str:
        name, treaty = found = self._treaty()
        by = self.pick.one(treaty["parties"])
        limits = {"excludes": self.pick.one([[], *([c] for c in CATEGORIES)]), "ceiling": self.pick.one([None, 0, 1])}
        return self._act("reservation", by, by=by, treaty=found, clauses=self._clauses(name), **limits)

    def object_to(self) -> str:
        found = self._treaty()
        by, other = (self.pick.one(found[1]["parties"]) for _ in range(2))
        return self._act("objection", by, by=by, treaty=found, towards=other)

    def end_all(self) -> str | None:
        found = self._treaty()
        if not self.pick.yes(1, 2):
            return None
        on = self.pick.one([None, self._today(found[1]) + 1])
        return self._act("termination", None, by=self.pick.one(found[1]["parties"]), treaty=found, on=on)

    def extend(self) -> str:
        found = "yz", self.world["treaties"]["yz"]
        until = self._today(found[1]) + self.pick.one([1, 3, 9])
        return self._act("extension", None, by=self.pick.one(["YY", "ZZ"]), treaty=found, until=until)

    def rectify(self) -> str | None:
        """One side says that an act was recorded wrongly: on another day, or not at all."""
        found = self._treaty()
        treaty = found[1]
        corrected = {act.get("corrects") for act in treaty["acts"]}
        acts = [
            a
            for a in treaty["acts"]
            if a["name"] not in corrected and a["kind"] in (*CONSENTS, "suspension", "withdrawal")
        ]
        if not acts:
            return None
        wrong, by = self.pick.one(acts), self.pick.one(treaty["parties"])
        same = {key: wrong[key] for key in ("towards", "clauses", "until")}
        if self.pick.yes(1, 3):
            return self._act("rectification", wrong["state"], by=by, treaty=found, corrects=wrong["name"])
        done = self._today(treaty) - self.pick.one([0, 1, 2])
        return self._act(wrong["kind"], wrong["state"], by=by, treaty=found, done=done, corrects=wrong["name"], **same)

    def refuse_renewal(self) -> str:
        """Of an agreement of two that renews itself."""
        found, treaty = ("xy", self.world["treaties"]["xy"]), self.world["treaties"]["xy"]
        by = self.pick.one(treaty["parties"])
        return self._act("non_renewal", by, by=by, treaty=found, done=self._today(treaty) - self.pick.one([0, 1]))

    def confirm(self) -> str:
        name, treaty = self._treaty()
        state = self.pick.one(treaty["parties"])
        admin = self._admin(state)
        number = register.confirm(agreement=self.rows.agreements[name], by=admin)
        waiting = [act for act in treaty["acts"] if act["kind"] in WIDENING or act.get("corrects")]
        waiting += [row for row in treaty["designations"] if row["withdrawn"] > self.now]
        fresh = [
            fact
            for fact in waiting
            if state not in fact["confirmed"] and fact.get("waits_for_other_than") != admin.officer_id
        ]
        for fact in fresh:
            fact["confirmed"][state] = self.now
        assert number == len(fresh), "what a state confirms is what waited for it"
        return f"{state} confirms {number} facts of {name}"

    def designate(self) -> str:
        name, treaty = self._treaty()
        agency = self.pick.one([agency for agency, state in STATE.items() if state in treaty["parties"]])
        by, today = self.pick.one(treaty["parties"]), self._today(treaty)
        on, until = today + self.pick.one([0, 0, 1]), self.pick.one([None, today + 1])
        admin = self._admin(by)
        row = register.designate(
            agreement=self.rows.agreements[name], agency=self.ground.agencies[agency], starts_on=day(on),
            ends_on=day(until), by=admin,
        )  # fmt: skip
        sheet = {
            "agency": agency, "state": STATE[agency], "clauses": [], "on": on, "until": until, "withdrawn": FOREVER,
            "known": self.now, **self._behind(by, admin, widens=True),
        }  # fmt: skip
        treaty["designations"].append(sheet)
        self.rows.designations[id(sheet)] = row
        return f"{by} designates {agency} for {name} from {on} until {until}"

    def withdraw_designation(self) -> str:
        name, treaty = self._treaty()
        sheet = self.pick.one(treaty["designations"])
        register.withdraw_designation(designation=self.rows.designations[id(sheet)], by=self._admin(sheet["state"]))
        sheet["withdrawn"] = min(sheet["withdrawn"], self.now)
        return f"{sheet['state']} withdraws {sheet['agency']} from {name}"
