"""Agreements read from the database as plain values, in a handful of queries."""

import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from agreements.register import reading
from agreements.register.choices import ActionKind, DelayUnit, Direction, Onward
from agreements.register.facts.values import (
    ActionFact,
    ClauseFact,
    ConditionFact,
    Country,
    Delay,
    DesignationFact,
    Instant,
    SuccessionFact,
    Treaty,
)


def load(
    agreements: Iterable[uuid.UUID], *, sides: Collection[Country] = (), ends: Collection[uuid.UUID] = ()
) -> dict[uuid.UUID, Treaty]:
    """The agreements with those they were made under, that displace them and that continue them, as values.

    With `sides`, who confirmed what is loaded as far as it counts between these countries and any other; an
    agreement of sixty parties holds sixty confirmations of each of its facts. With `ends`, no other acts and
    designations than those that can count between two of these agencies (`Treaty.between`): for one decision.
    """
    wanted, found = set(agreements), {}
    known_to = frozenset(sides) if sides or ends else None
    while wanted:
        rows = [_treaty(row, known_to) for row in reading.rows(wanted, sides, ends)]
        found.update({treaty.id: treaty for treaty in rows})
        named = {t.made_under_agreement for t in rows if t.made_under_agreement}
        named |= {key for t in rows for clause in t.clauses for key in clause.displaced_by}
        named |= {key for t in rows for key in t.continued_in}
        wanted = named - set(found)
    return found


def _instant(text: str | None) -> Instant | None:
    return None if text is None else datetime.fromisoformat(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@lru_cache(maxsize=65_536)
def _uuid(text: str) -> uuid.UUID:
    """One value for each key. Equal ones are then mostly the same, which Python finds out at once."""
    return uuid.UUID(text)


def _keys(texts: Iterable[str] | None) -> frozenset[uuid.UUID]:
    return frozenset(map(_uuid, texts)) if texts else frozenset()


def _key(text: str | None) -> uuid.UUID | None:
    return None if text is None else _uuid(text)


def _stamp(row: dict[str, Any]) -> dict[str, Any]:
    """Key, recording, and who stands behind the fact since when: who recorded it, and who confirmed it (R22)."""
    recorded_at = datetime.fromisoformat(row["recorded_at"])
    confirmed = {country: datetime.fromisoformat(at) for country, at in (row["confirmed"] or {}).items()}
    if row["recorded_for"]:
        confirmed[row["recorded_for"]] = recorded_at
    return {"id": _uuid(row["id"]), "recorded_at": recorded_at, "confirmed": confirmed}


def _treaty(row: dict[str, Any], sides: frozenset[Country] | None) -> Treaty:
    return Treaty(
        id=_uuid(row["id"]),
        short_name=row["short_name"],
        zone=ZoneInfo(row["time_zone"]),
        parties=frozenset(row["parties"] or ()),
        expires_on=_day(row["expires_on"]),
        made_under=_key(row["made_under"]),
        made_under_agreement=_key(row["made_under_agreement"]),
        is_draft=row["is_draft"],
        clauses=tuple(map(_clause, row["clauses"] or ())),
        actions=tuple(map(_action, row["actions"] or ())),
        designations=tuple(map(_designation, row["designations"] or ())),
        continued_in=_keys(row["continued_in"]),
        successions=tuple(map(_succession, row["successions"] or ())),
        sides=sides,
        conditions=tuple(map(_condition, row["conditions"] or ())),
        renews_months=row["renews_months"],
        renewal_notice_months=row["renewal_notice_months"] or 0,
    )


def _condition(row: dict[str, Any]) -> ConditionFact:
    delay = Delay(row["delay"], DelayUnit(row["delay_unit"]))
    return ConditionFact(
        **_stamp(row),
        consents=row["consents"],
        required=frozenset(row["required"] or ()),
        delay=delay,
        later=delay if row["later_delay"] is None else Delay(row["later_delay"], DelayUnit(row["later_unit"])),
        rectifies=_key(row["rectifies"]),
    )


def _succession(row: dict[str, Any]) -> SuccessionFact:
    return SuccessionFact(
        predecessor=uuid.UUID(row["predecessor"]),
        successor=uuid.UUID(row["successor"]),
        country=row["country"],
        starts_at=datetime.fromisoformat(row["starts_at"]),
    )


def _clause(row: dict[str, Any]) -> ClauseFact:
    return ClauseFact(
        **_stamp(row),
        article=row["article"],
        kind=row["kind"],
        categories=frozenset(row["categories"]),
        ceiling=row["ceiling"],
        mutual=row["direction"] == Direction.MUTUAL,
        senders=frozenset(row["senders"] or ()),
        receivers=frozenset(row["receivers"] or ()),
        purposes=frozenset(row["purposes"]),
        onward=Onward(row["onward"]),
        retention_days=row["retention_days"],
        starts=_day(row["starts_on"]),
        ends=_day(row["ends_on"]),
        survives=row["survives"],
        displaced_by=_keys(row["displaced_by"]),
        continues=_key(row["continues"]),
        rectifies=_key(row["rectifies"]),
    )


def _action(row: dict[str, Any]) -> ActionFact:
    done = date.fromisoformat(row["done_on"])
    return ActionFact(
        **_stamp(row),
        kind=_KINDS[row["kind"]],
        country=row["country"],
        counterpart=row["counterpart"],
        clauses=_keys(row["clauses"]),
        done=done,
        starts=_day(row["effective_on"]) or done,
        until=_day(row["until"]),
        lifts=_key(row["lifts"]),
        excludes=frozenset(row["excludes"]),
        lowers_ceiling_to=row["lowers_ceiling_to"],
        way=row["way"],
        rectifies=_key(row["rectifies"]),
    )


def _designation(row: dict[str, Any]) -> DesignationFact:
    return DesignationFact(
        **_stamp(row),
        country=row["country"],
        agency=_uuid(row["agency"]),
        clauses=_keys(row["clauses"]),
        starts=date.fromisoformat(row["starts_on"]),
        ends=_day(row["ends_on"]),
        withdrawn_at=_instant(row["withdrawn_at"]),
    )


_KINDS = {kind.value: kind for kind in ActionKind}
