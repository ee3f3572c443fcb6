"""Treaties as plain values, built by hand: what status is a pure function of."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agreements.register.choices import ActionKind, Onward
from agreements.register.facts import ActionFact, ClauseFact, Treaty

ZURICH = ZoneInfo("Europe/Zurich")
RECORDED = datetime(2024, 1, 10, tzinfo=UTC)
SIGNED, RATIFIED, IN_FORCE = date(2022, 4, 5), date(2024, 3, 1), date(2024, 5, 1)
BOTH = {"XX": RECORDED, "YY": RECORDED, "ZZ": RECORDED}
XY = frozenset({"XX", "YY"})
K = ActionKind


def noon(day: date, zone: ZoneInfo = ZURICH) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=zone)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZURICH)


def act(kind: ActionKind, country: str | None, starts: date, **more: Any) -> ActionFact:
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "kind": kind,
        "country": country,
        "counterpart": None,
        "clauses": frozenset(),
        "done": starts,
        "starts": starts,
        "until": None,
        "lifts": None,
        "excludes": frozenset(),
        "lowers_ceiling_to": None,
        "recorded_at": RECORDED,
        "confirmed": BOTH,
    }
    return ActionFact(**{**values, **more})


def article(name: str = "Art. 7", **more: Any) -> ClauseFact:
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "article": name,
        "kind": "information_sharing",
        "categories": frozenset({"operational", "personal_data"}),
        "ceiling": 2,
        "mutual": True,
        "senders": frozenset(),
        "receivers": frozenset(),
        "purposes": frozenset({"border_operation"}),
        "onward": Onward.CONSENT,
        "retention_days": None,
        "starts": None,
        "ends": None,
        "survives": False,
        "displaced_by": frozenset(),
        "recorded_at": RECORDED,
        "confirmed": BOTH,
    }
    return ClauseFact(**{**values, **more})


def treaty(*actions: ActionFact, clauses: tuple[ClauseFact, ...] = (), **more: Any) -> Treaty:
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "short_name": "X–Y Treaty",
        "zone": ZURICH,
        "parties": frozenset({"XX", "YY"}),
        "expires_on": None,
        "made_under": None,
        "made_under_agreement": None,
        "is_draft": False,
        "clauses": clauses,
        "actions": actions,
        "designations": (),
    }
    return Treaty(**{**values, **more})


def in_force(*parties: str, ratified: date = RATIFIED, force: date = IN_FORCE) -> tuple[ActionFact, ...]:
    """Signed and ratified by these parties, in force."""
    return (
        *(act(K.SIGNATURE, party, SIGNED) for party in parties),
        *(act(K.RATIFICATION, party, ratified) for party in parties),
        act(K.ENTRY_INTO_FORCE, None, force),
    )


def day_after(day: date) -> date:
    return day + timedelta(days=1)
