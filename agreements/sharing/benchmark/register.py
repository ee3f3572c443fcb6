"""Agencies, officers and the agreements between them.

The skew is that of treaty networks: one convention that nearly a third of all agencies share, some regional ones,
many of five parties, and mostly bilateral agreements. One agency (the hub) is party to two of five. Of the special
agencies, each stands for a case that makes a planner or an algorithm stumble.
"""

import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from agreements.sharing.benchmark.owner import Cursor, copy

CLAUSES = 3
OFFICERS_WITH_GRANTS = 10


@dataclass(frozen=True)
class Sizes:
    records: int
    agencies: int = 200
    officers: int = 20_000
    agreements: int = 1_000

    @property
    def umbrella(self) -> int:
        """Agencies under the one convention: the first ones."""
        return self.agencies * 3 // 10


@dataclass
class Plan:
    """The world before its records: numbers of agencies, and the clauses by which each may give."""

    sizes: Sizes
    now: datetime
    dice: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - the same world each time
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    agencies: list[uuid.UUID] = field(default_factory=list)
    # (clause, agency numbers of its parties, group)
    clauses: list[tuple[uuid.UUID, list[int], int]] = field(default_factory=list)
    # An audience of one for each officer, and the agency whose records it is given.
    grants: list[dict[str, int]] = field(default_factory=list)
    groups: int = 0

    def key(self) -> uuid.UUID:
        return uuid.UUID(int=self.dice.getrandbits(128), version=4)

    def add(self, table: str, **values: Any) -> Any:
        self.rows.setdefault(table, []).append(values)
        return values.get("id")

    # The special agencies follow those under the convention.
    @property
    def joined_today(self) -> int:
        return self.sizes.umbrella

    @property
    def hub(self) -> int:
        return self.sizes.umbrella + 1

    @property
    def mid(self) -> int:
        return self.sizes.umbrella + 2

    @property
    def sparse(self) -> int:
        return self.sizes.umbrella + 3

    @property
    def stale(self) -> int:
        return self.sizes.umbrella + 4

    @property
    def giver_to_sparse(self) -> int:
        return self.sizes.umbrella + 5

    @property
    def giver_to_stale(self) -> int:
        return self.sizes.umbrella + 6

    def audience(self, kind: str, **target: Any) -> int:
        """A group with its audience; returns the group."""
        self.groups += 1
        group = 1_000 + self.groups
        self.add("auth_group", id=group, name=f"bench {group}")
        none = dict.fromkeys(("clause_id", "agency_id", "appointment_id"))
        self.add("sharing_audience", id=self.key(), kind=kind, group_id=group, function="", **{**none, **target})
        return group

    def load(self, cursor: Cursor) -> None:
        for table, rows in self.rows.items():
            copy(cursor, table, rows)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def make(sizes: Sizes, now: datetime) -> Plan:
    """Everything but records and releases."""
    plan = Plan(sizes, now)
    for number in range(sizes.agencies):
        _agency(plan, number)
    ordinary = [n for n in range(sizes.agencies) if n < sizes.umbrella or n > plan.stale]
    _agreement(plan, 0, [*range(sizes.umbrella), plan.joined_today], late=plan.joined_today)
    for number in range(1, sizes.agreements - 2):
        share = number / sizes.agreements
        parties = max(sizes.agencies // 8, 3) if share < 0.05 else 5 if share < 0.3 else 2
        special = [plan.hub] if number % 5 < 2 else [plan.mid] if number % 62 == 4 else []
        _agreement(plan, number, [*special, *plan.dice.sample(ordinary, parties - len(special))])
    _agreement(plan, sizes.agreements - 2, [plan.sparse, plan.giver_to_sparse], clauses=1)
    _agreement(plan, sizes.agreements - 1, [plan.stale, plan.giver_to_stale], clauses=1)
    return plan


def _agency(plan: Plan, number: int) -> None:
    code, long_ago = f"B{number:03}", plan.now - timedelta(days=900)
    plan.add("directory_country", code=code, alpha3="", name=f"Bench {number}", kind="state")
    blank = dict.fromkeys(("native_name", "desk_phone", "desk_email", "source"), "")
    key = plan.add(
        "directory_agency", id=plan.key(), name=f"Bench guard {number}", acronym=f"BG{number}", kind="border_guard",
        time_zone="UTC", languages=[], language_levels="{}", colour=number % 12, is_active=True, succeeds_others=False,
        country_id=code, **blank,
    )  # fmt: skip
    plan.agencies.append(key)
    plan.audience("own_agency", agency_id=key)
    for officer in range(plan.sizes.officers // plan.sizes.agencies):
        name = f"bench-{number}-{officer}"
        blank = dict.fromkeys(("password", "first_name", "last_name", "email", "time_zone"), "")
        person = plan.add(
            "directory_officer", id=plan.key(), username=name, full_name=name, is_superuser=False, is_staff=False,
            is_active=True, date_joined=long_ago, invented=True, notation="decimal", **blank,
        )  # fmt: skip
        plan.add(
            "directory_appointment", id=plan.key(), officer_id=person, agency_id=key, title="", clearance=2,
            role=ROLES.get(officer, "liaison_officer"), starts_on=long_ago.date(), recorded_at=long_ago, paused="{}",
        )  # fmt: skip


# By the number of an officer in the agency. All others are liaison officers.
ROLES = {0: "commander", 1: "treaty_admin"}


def treaty_admin(plan: Plan, number: int) -> uuid.UUID:
    step = plan.sizes.officers // plan.sizes.agencies
    return plan.rows["directory_appointment"][number * step + 1]["id"]  # type: ignore[no-any-return]


def first_appointment(plan: Plan, number: int) -> uuid.UUID:
    """The officer of an agency who writes its records, and who is measured."""
    step = plan.sizes.officers // plan.sizes.agencies
    return plan.rows["directory_appointment"][number * step]["id"]  # type: ignore[no-any-return]


def _agreement(plan: Plan, number: int, parties: list[int], *, clauses: int = CLAUSES, late: int | None = None) -> None:
    """In force for two years between all its parties, each fact confirmed by each; `late` joined just now."""
    begun, code = plan.now - timedelta(days=800), [f"B{n:03}" for n in parties]
    key = plan.add(
        "register_agreement", id=plan.key(), title=f"Agreement {number}", short_name=f"Agreement {number}",
        kind="agreement", depositary="", reference="", time_zone="UTC", summary="", territory="", invented=True, source="",
        registered_at=begun, created_at=begun, drafted_by_id=plan.agencies[parties[0]],
    )  # fmt: skip
    for country in code:
        plan.add("register_party", agreement_id=key, country_id=country)
    stamp = {"recorded_by_id": first_appointment(plan, parties[0]), "recorded_for_id": code[0]}

    def confirm(column: str, fact: uuid.UUID, recent: bool = False) -> None:
        for party, country in zip(parties[1:], code[1:], strict=True):
            days = 0 if recent or party == late else plan.dice.randint(1, 30)
            at = begun + timedelta(days=days) if days else plan.now - timedelta(minutes=5)
            names = {**dict.fromkeys(("action_id", "clause_id", "designation_id")), column: fact}
            by = first_appointment(plan, party)
            plan.add("register_confirmation", id=plan.key(), country_id=country, confirmed_at=at, confirmed_by_id=by, **names)  # fmt: skip

    def action(kind: str, country: str | None, at: datetime) -> uuid.UUID:
        return plan.add(  # type: ignore[no-any-return]
            "register_treatyaction", id=plan.key(), agreement_id=key, kind=kind, country_id=country, recorded_at=at,
            done_on=at.date(), excludes=[], way="", territory="", note="", source="", **stamp,
        )  # fmt: skip

    confirm("action_id", action("entry_into_force", None, begun))
    for party, country in zip(parties, code, strict=True):
        at = plan.now - timedelta(minutes=10) if party == late else begun
        confirm("action_id", action("ratification", country, at), recent=party == late)
        named = plan.add(
            "register_designation", id=plan.key(), agreement_id=key, country_id=country, agency_id=plan.agencies[party],
            starts_on=at.date(), recorded_at=at, source="", **stamp,
        )  # fmt: skip
        confirm("designation_id", named, recent=party == late)
    for position in range(clauses):
        clause = plan.add(
            "register_clause", id=plan.key(), agreement_id=key, article=f"Art. {position + 1}", position=position,
            kind="information_sharing", summary="", source="", ceiling=1, direction="mutual", onward="consent",
            categories=["operational", *(["personal_data"] if position != 1 else [])], survives=False,
            purposes=["border_operation", "coordination"], recorded_at=begun, **stamp,
        )  # fmt: skip
        confirm("clause_id", clause)
        plan.clauses.append((clause, parties, plan.audience("all_parties", clause_id=clause)))
