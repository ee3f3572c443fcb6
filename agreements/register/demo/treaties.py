"""Real agreements, one file each in `demo_data`: facts restated, each with its source.

A date stands there only where it was checked; what was not found is left out, or its note says so. What the
articles leave open (purposes, ceilings) is not guessed either, so that they open no channel of their own.
"""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from agencies.directory.models import Country
from agreements.register import actions
from agreements.register.choices import ActionKind, InstrumentKind
from agreements.register.demo.people import ADMINS, admin, confirm, noon
from agreements.register.models import Agreement

DATA = Path(__file__).parents[1] / "demo_data"
KINDS = {"convention", "treaty", "implementing_arrangement"}
ACTS = {"ratification", "acceptance", "approval", "accession", "succession"}
OPENED = date(2018, 1, 2)  # what is older is recorded on the register's first day


def load() -> int:
    """Register the treaties that are not there yet; how many are new."""
    made = 0
    for path in sorted(DATA.glob("*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        if not Agreement.objects.filter(short_name=row["short_name"]).exists():
            Treaty(row).load()
            made += 1
    return made


class Treaty:
    """One treaty, recorded by the treaty admin of one party and confirmed by those of the others."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.row = row
        self.codes = [party["country"] for party in row["parties"]]
        self.countries = Country.objects.in_bulk(self.codes)
        self.by = admin(next(code for code in ADMINS if code in self.codes))

    def load(self) -> None:
        row, concluded = self.row, _day(self.row["concluded_on"])
        # What is known by its day of effect only was foreseen when the treaty was recorded.
        recorded = self.foreseen = self.recorded(concluded or OPENED)
        self.agreement = actions.register(
            by=self.by,
            title=row["title"],
            short_name=row["short_name"],
            kind=row["kind"] if row["kind"] in KINDS else InstrumentKind.AGREEMENT,
            parties=[self.countries[code] for code in self.codes],
            depositary=row["depositary"],
            reference=row["reference"],
            summary=row.get("summary", ""),
            time_zone=row["time_zone"],
            territory=row.get("territory", ""),
            condition=row.get("condition"),
            concluded_on=concluded,
            source=row["source"],
            clauses=[{**_article(clause), "position": number} for number, clause in enumerate(row["clauses"])],
            recorded_at=recorded,
        )
        for relation in row.get("relations", ()):
            other = Agreement.objects.get(short_name=relation["other"])
            actions.relate(
                agreement=self.agreement,
                kind=relation["kind"],
                other=other,
                starts_on=_day(relation["since"]),
                by=self.by,
                recorded_at=recorded,
            )
        for party in row["parties"]:
            self.party(party)
        if row["in_force"]:
            self.act(ActionKind.ENTRY_INTO_FORCE, row["in_force"], foreseen=True, source=row["source"])
        for statement in row["statements"]:
            self.statement(statement)
        widening = [fact.recorded_at for fact in self.agreement.actions.all() if fact.widens]
        confirm(self.agreement, max([recorded, *widening]))

    def recorded(self, day: date) -> datetime:
        return noon(max(day, OPENED), self.row["time_zone"])

    def act(self, kind: str, done: str, country: str | None = None, foreseen: bool = False, **values: Any) -> None:
        day = date.fromisoformat(done)
        actions.record_action(
            agreement=self.agreement,
            kind=kind,
            done_on=day,
            country=self.countries[country] if country else None,
            by=self.by,
            recorded_at=self.foreseen if foreseen else self.recorded(day),
            **values,
        )

    def party(self, row: dict[str, Any]) -> None:
        """Signature, and consent with the day from which it works."""
        country, source, note = row["country"], row["source"], row.get("note", "")
        deposited, force = row.get("deposited"), row.get("in_force")
        done = deposited or force
        if row.get("signed"):
            self.act(ActionKind.SIGNATURE, row["signed"], country, source=source, note="" if done else note)
        if not done:
            return
        kind = row["act"] if row.get("act") in ACTS else ActionKind.CONSENT
        note = note if deposited else "Date of effect; the day of deposit is not recorded here."
        known_by_effect = not deposited
        self.act(kind, done, country, known_by_effect, effective_on=_day(force), source=source, note=note)

    def statement(self, row: dict[str, Any]) -> None:
        """A declaration; or a reservation, told as a notification where its state has no treaty admin here (R22)."""
        note = f"Art. {row['article']}: {row['text']}"
        kind = ActionKind.DECLARATION
        if row["kind"] == "reservation":
            kind = ActionKind.NOTIFICATION
            note = f"Reservation to {note} Only its own treaty admin could record it as one that narrows."
        self.act(kind, row["done_on"], row["country"], source=row["source"], note=note)


def _article(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "article": f"Art. {row['article']}"}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text and len(text) == 10 else None
