"""The demonstration's reports: invented, along real borders, graded by several schemes, most of them released."""

import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Country, Unit
from agreements.register.models import Clause
from agreements.sharing.actions import compartments, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.compartments import compartments_of
from agreements.sharing.disclosure import note_opening
from agreements.sharing.models import Circle, Record
from agreements.sharing.policy import access
from intel.reports import actions
from intel.reports.models import Report
from operations.planning.demo import appointment, key_of
from portal.ui import demo

DATA = Path(__file__).parent / "demo_data" / "reports.json"
Entry = dict[str, Any]


def load() -> int:
    """Reports that are not there yet; how many are new."""
    made = 0
    for entry in json.loads(DATA.read_text(encoding="utf-8"))["reports"]:
        if not Record.objects.filter(pk=_key(entry)).exists():
            _load(entry)
            made += 1
    return made


def _key(entry: Entry) -> Any:
    return key_of(f"report {entry['name']}")


def _load(entry: Entry) -> None:
    by = appointment(entry["by"])
    marking = Marking(
        categories=entry["categories"],
        classification=entry["classification"],
        tlp=Tlp[entry["tlp"]].value,
        handling_codes=entry.get("handling_codes", []),
    )
    latitude, longitude = entry.get("place", (None, None))
    operation = entry["operation"]
    row = actions.write(
        by=by,
        key=_key(entry),
        title=entry["name"],
        summary=entry["summary"],
        body=entry["body"],
        scheme=entry["scheme"],
        source_grade=entry["source"],
        information_grade=entry["information"],
        marking=marking,
        occurred_at=_at(entry),
        zone=entry["zone"],
        position=None if latitude is None else (latitude, longitude),
        operation=Record.objects.get(pk=key_of(operation)) if operation else None,
        compartment=_compartment(entry["compartment"], by) if "compartment" in entry else None,
    )
    if "release" in entry:
        _release(row, entry["release"])
    for name in entry.get("opened", []):
        note_opening(access(appointment(name), timezone.now()), row.record)
    if "withdrawn" in entry:
        actions.withdraw(report=row, by=by, reason=entry["withdrawn"])


def _compartment(entry: Entry, by: Appointment) -> Circle:
    """The writer's, with colleagues inside."""
    found = compartments_of(by, timezone.now()).filter(name=entry["name"]).first()
    if found is not None:
        return found
    row = compartments.open_compartment(name=entry["name"], by=by)
    for name in entry["inside"]:
        compartments.let_in(compartment=row, appointment=appointment(name), by=by)
    return row


def _at(entry: Entry) -> datetime:
    zone = ZoneInfo(entry["zone"])
    day = timezone.localdate(timezone=zone) + timedelta(days=entry["days"])
    return datetime.combine(day, time.fromisoformat(entry["at"]), tzinfo=zone)


def _release(report: Report, entry: Entry) -> None:
    clause = Clause.objects.select_related("agreement").get(
        article=entry["article"], agreement__title__contains=entry["arrangement"], agreement__invented=True
    )
    releases.release(
        record=report.record, to=_to(entry["to"]), clause=clause, purpose=entry["purpose"], by=report.record.author
    )


def _to(name: str) -> To:
    """All, a unit, a country by its code, an officer by login, or an agency by its short name."""
    if name == "all":
        return To(AudienceKind.ALL_PARTIES)
    if name.startswith("unit:"):
        return To.of_unit(Unit.objects.select_related("agency").get(name=name.removeprefix("unit:")))
    if "." in name:
        return To(AudienceKind.OFFICER, appointment=appointment(name))
    agency = Agency.objects.filter(acronym=name).first()
    if agency is not None:
        return To(AudienceKind.AGENCY, agency=agency)
    return To(AudienceKind.PARTY, country=Country.objects.get(pk=name))


def register() -> None:
    demo.register(demo.Step("reports", 60, load))
