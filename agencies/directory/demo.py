"""The demonstration's agencies (real) and people (invented)."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from agencies.directory.models import Agency, Appointment, Officer, Unit
from agencies.directory.roles import ROLES, Role
from portal.ui import demo

DATA = Path(__file__).parent / "demo_data" / "directory.json"
SINCE = date(2018, 1, 1)


def data() -> dict[str, Any]:
    return json.loads(DATA.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def load() -> int:
    """Agencies first, then people; what exists already is left as it is. Returns how many rows are new."""
    rows = data()
    agencies = {}
    made = 0
    for number, entry in enumerate(rows["agencies"]):
        key = entry.pop("id")
        country = entry.pop("country")
        desk = {"desk_phone": f"+999 000 {number:03}", "desk_email": f"desk.{key}@demo.invalid"}
        agency, new = Agency.objects.get_or_create(
            country_id=country, name=entry.pop("name"), defaults={**entry, **desk}
        )
        agencies[key] = agency
        made += new
    for entry in rows["units"]:
        Unit.objects.get_or_create(agency=agencies[entry["agency"]], name=entry["name"])
    return made + sum(_person(entry, agencies[entry["agency"]]) for entry in rows["people"])


def _person(entry: dict[str, Any], agency: Agency) -> int:
    officer, new = Officer.objects.get_or_create(
        username=entry["username"],
        defaults={
            "full_name": entry["name"],
            "email": f"{entry['username']}@demo.invalid",
            "invented": True,
        },
    )
    if not new:
        return 0
    officer.set_password(demo.DEMO_PASSWORD)
    officer.save(update_fields=["password"])
    Appointment.objects.create(
        officer=officer,
        agency=agency,
        unit=agency.units.get(name=entry["unit"]) if "unit" in entry else None,
        role=entry["role"],
        title=entry["title"],
        clearance=entry["clearance"],
        starts_on=SINCE,
        recorded_at=datetime(2018, 1, 1, tzinfo=UTC),
    )
    return 1


def register() -> None:
    """Tell the demonstration of this room's step and of its logins."""
    demo.register(demo.Step("agencies and people", 10, load))
    rows = data()
    names = {entry["id"]: entry["acronym"] or entry["name"] for entry in rows["agencies"]}
    for entry in rows["people"]:
        role = ROLES[Role(entry["role"])].label
        demo.register_login(demo.Login(entry["username"], entry["name"], names[entry["agency"]], role, entry["note"]))
