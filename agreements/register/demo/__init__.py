"""The demonstration's agreements: real ones as facts, and invented technical arrangements under two of them."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from agencies.directory.models import Agency, Appointment, Classification, Country
from agreements.register import actions
from agreements.register.choices import ActionKind, ClauseKind, InstrumentKind, Purpose
from agreements.register.models import Agreement, Clause

DATA = Path(__file__).parent / "demo_data" / "agreements.json"
KINDS = {"convention", "treaty", "implementing_arrangement"}
ADMINS = {"CH": "ch.treaty", "DE": "de.treaty", "AT": "at.treaty", "LI": "li.treaty"}
MUTUAL = {"ceiling": Classification.RESTRICTED, "onward": "consent"}
UPPER_RHINE: list[dict[str, Any]] = [
    {
        "article": "§ 3",
        "kind": ClauseKind.JOINT_PATROL,
        "summary": "What joint patrols plan and log is shared between the services that take part.",
        "categories": ["operational"],
        "purposes": [Purpose.BORDER_OPERATION, Purpose.COORDINATION],
        **MUTUAL,
    },
    {
        "article": "§ 4",
        "kind": ClauseKind.INFORMATION_SHARING,
        "summary": "Persons and vehicles checked on joint patrols.",
        "categories": ["operational", "personal_data", "vehicle_registration"],
        "purposes": [Purpose.BORDER_OPERATION, Purpose.LAW_ENFORCEMENT],
        "retention_days": 365,
        **MUTUAL,
        "ceiling": Classification.CONFIDENTIAL,
    },
    {
        "article": "§ 6",
        "kind": ClauseKind.INFORMATION_SHARING,
        "summary": "Intelligence on cross-border crime in the area.",
        "categories": ["criminal_intelligence", "operational"],
        "purposes": [Purpose.LAW_ENFORCEMENT],
        **MUTUAL,
        "ceiling": Classification.CONFIDENTIAL,
    },
]
ALPINE_RHINE: list[dict[str, Any]] = [
    {**UPPER_RHINE[0], "article": "§ 2"},
    {
        "article": "§ 5",
        "kind": ClauseKind.INFORMATION_SHARING,
        "summary": "Intelligence on smuggling along the Alpine Rhine.",
        "categories": ["operational", "criminal_intelligence"],
        "purposes": [Purpose.LAW_ENFORCEMENT, Purpose.BORDER_OPERATION],
        **MUTUAL,
    },
]
INVENTED: list[dict[str, Any]] = [
    {
        "short_name": "Technical Arrangement Upper Rhine",
        "title": "Technical Arrangement on Joint Patrols on the Upper Rhine and Lake Constance (invented)",
        "under": ("ch-de-2022", "Art. 21"),
        "countries": ["CH", "DE"],
        "done": date(2024, 4, 12),
        "force": date(2024, 5, 1),
        "clauses": UPPER_RHINE,
        "agencies": ["BAZG", "BPOL"],
    },
    {
        "short_name": "Technical Arrangement Alpine Rhine",
        "title": "Technical Arrangement on the Alpine Rhine (invented)",
        "under": ("ch-at-li-2012", "Art. 19"),
        "countries": ["AT", "CH", "LI"],
        "done": date(2017, 12, 1),
        "force": date(2018, 1, 1),
        "clauses": ALPINE_RHINE,
        "agencies": ["BAZG", "AT Police", "LP"],
    },
]


def load() -> int:
    """Register what is not there yet; returns how many agreements are new."""
    rows = json.loads(DATA.read_text(encoding="utf-8"))["agreements"]
    known: dict[str, Agreement] = {}
    made = 0
    for row in rows:
        found = Agreement.objects.filter(short_name=row["short_name"]).first()
        made += found is None
        known[row["id"]] = found or _real(row)
    for row in INVENTED:
        if not Agreement.objects.filter(short_name=row["short_name"]).exists():
            _invented(row, known)
            made += 1
    return made


def _admin(country: str) -> Appointment:
    return Appointment.objects.get(officer__username=ADMINS[country])


def _noon(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text and len(text) == 10 else None


def _real(row: dict[str, Any]) -> Agreement:
    """A real agreement, recorded by one party's treaty admin the day after it was concluded."""
    codes = [party["country"] for party in row["parties"]]
    by = _admin(next(code for code in ("CH", "DE", "AT") if code in codes))
    concluded, force = _day(row["concluded_on"]), _day(row["in_force"])
    recorded = _noon(max(concluded or date(2018, 1, 2), date(2018, 1, 2)), row["time_zone"])
    agreement = actions.register(
        by=by,
        title=row["title"],
        short_name=row["short_name"],
        kind=row["kind"] if row["kind"] in KINDS else InstrumentKind.AGREEMENT,
        parties=Country.objects.filter(pk__in=codes),
        depositary=row["depositary"],
        reference=row["reference"],
        time_zone=row["time_zone"],
        concluded_on=concluded,
        source=row["source"],
        recorded_at=recorded,
    )
    stamp: dict[str, Any] = {"agreement": agreement, "by": by, "recorded_at": recorded}
    for number, clause in enumerate(row["clauses"]):
        # What the articles leave open (purposes, ceilings) is not guessed: they open no channel of their own.
        values = {name: clause[name] for name in ("kind", "summary", "source")}
        actions.add_clause(article=f"Art. {clause['article']}", position=number, **values, **stamp)
    for party in row["parties"]:
        _party(party, stamp)
    if force:
        actions.record_action(kind=ActionKind.ENTRY_INTO_FORCE, done_on=force, source=row["source"], **stamp)
    _confirm(agreement, recorded)
    return agreement


def _party(party: dict[str, Any], stamp: dict[str, Any]) -> None:
    country = Country.objects.get(pk=party["country"])
    signed, force = _day(party["signed"]), _day(party["in_force"])
    note = {"source": party["source"]}
    if signed:
        actions.record_action(kind=ActionKind.SIGNATURE, done_on=signed, country=country, **note, **stamp)
    if force:
        kind = party["act"] if party["act"] in ("accession", "ratification") else ActionKind.CONSENT
        note["note"] = "Date of effect; the day of deposit is not recorded here."
        actions.record_action(kind=kind, done_on=force, country=country, **note, **stamp)


def _confirm(agreement: Agreement, recorded: datetime) -> None:
    for party in agreement.parties.all():
        if party.country_id in ADMINS:
            actions.confirm(agreement=agreement, by=_admin(party.country_id), confirmed_at=recorded + timedelta(days=1))


def _invented(row: dict[str, Any], known: dict[str, Agreement]) -> None:
    key, article = row["under"]
    parent = Clause.objects.get(agreement=known[key], article=article)
    by = _admin(row["countries"][1] if row["countries"][0] == "AT" else row["countries"][0])
    recorded = _noon(row["done"], "Europe/Zurich")
    agreement = actions.register(
        by=by,
        title=row["title"],
        short_name=row["short_name"],
        kind=InstrumentKind.TECHNICAL_ARRANGEMENT,
        parties=Country.objects.filter(pk__in=row["countries"]),
        made_under=parent,
        time_zone="Europe/Zurich",
        concluded_on=row["done"],
        invented=True,
        source="Invented for the demonstration: the treaty leaves these terms open.",
        recorded_at=recorded,
    )
    stamp: dict[str, Any] = {"agreement": agreement, "by": by, "recorded_at": recorded}
    for number, clause in enumerate(row["clauses"]):
        actions.add_clause(position=number, **clause, **stamp)
    for code in row["countries"]:
        country = Country.objects.get(pk=code)
        actions.record_action(kind=ActionKind.DEFINITIVE_SIGNATURE, done_on=row["done"], country=country, **stamp)
    actions.record_action(kind=ActionKind.ENTRY_INTO_FORCE, done_on=row["force"], **stamp)
    for acronym in row["agencies"]:
        actions.designate(agency=Agency.objects.get(acronym=acronym), starts_on=row["force"], **stamp)
    _confirm(agreement, recorded)
