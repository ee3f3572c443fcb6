"""Seeds records in an empty database and measures the door as ratios within one run, never as timed tests."""

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Permission as AuthPermission
from django.db import connection
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Country, Officer, new_key
from agencies.directory.roles import Permission, Role
from agreements.register.choices import ActionKind, Category, ClauseKind, InstrumentKind, Purpose
from agreements.register.models import Agreement, Clause, Confirmation, Designation, Party, TreatyAction
from agreements.sharing import kinds
from agreements.sharing.actions.audiences import audience_for, own_audience
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Audience, Record, Release
from agreements.sharing.permission import view_record
from agreements.sharing.policy import access, decide

KIND = "bench"
PAGE = 50
BATCH = 5000


@dataclass(frozen=True)
class Line:
    """One measured thing: milliseconds at the median, and the ratio to the unfiltered page of the same run."""

    name: str
    milliseconds: float
    ratio: float


def seed(records: int, countries: int = 12) -> list[Appointment]:
    """Fill the database: agencies bound pairwise by small agreements, each record released to half of them."""
    kinds.register(kinds.Kind(KIND, "Bench", "Bench", Permission.PATROL_VIEW, "sharing:record-detail"))
    people = [_agency(number) for number in range(countries)]
    clauses = [_treaty(giver, taker) for giver in people for taker in people if giver.pk < taker.pk]
    audiences = {clause.pk: audience_for(AudienceKind.ALL_PARTIES, clause=clause) for clause, _ in clauses}
    by_owner: dict[object, list[Clause]] = {person.agency_id: [] for person in people}
    for clause, pair in clauses:
        for person in pair:
            by_owner[person.agency_id].append(clause)
    for start in range(0, records, BATCH):
        _batch(people, by_owner, audiences, range(start, min(start + BATCH, records)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return people


def _agency(number: int) -> Appointment:
    country = Country.objects.create(code=f"B{number}", name=f"Bench {number}")
    agency = Agency.objects.create(name=f"Bench {number}", kind=Agency.Kind.BORDER_GUARD, country=country)
    officer = Officer.objects.create(username=f"bench{number}", full_name=f"Bench {number}", invented=True)
    return Appointment.objects.create(
        officer=officer, agency=agency, role=Role.COMMANDER, clearance=2, starts_on=date(2024, 1, 1)
    )


def _treaty(giver: Appointment, taker: Appointment) -> tuple[Clause, tuple[Appointment, Appointment]]:
    stamp = {"recorded_by": giver, "recorded_for": giver.agency.country}
    name = f"{giver.agency.country_id}-{taker.agency.country_id}"
    agreement = Agreement.objects.create(
        title=name, short_name=name, kind=InstrumentKind.TREATY, drafted_by=giver.agency, registered_at=timezone.now()
    )
    day = timezone.now().date() - timedelta(days=400)
    facts: list[dict[str, Any]] = []
    for person in (giver, taker):
        country = person.agency.country
        Party.objects.create(agreement=agreement, country=country)
        action = TreatyAction.objects.create(
            agreement=agreement, kind=ActionKind.RATIFICATION, country=country, done_on=day, **stamp
        )
        named = Designation.objects.create(
            agreement=agreement, country=country, agency=person.agency, starts_on=day, **stamp
        )
        facts += [{"action": action}, {"designation": named}]
    force = TreatyAction.objects.create(agreement=agreement, kind=ActionKind.ENTRY_INTO_FORCE, done_on=day, **stamp)
    clause = Clause.objects.create(
        agreement=agreement,
        article="Art. 1",
        kind=ClauseKind.INFORMATION_SHARING,
        categories=[Category.OPERATIONAL],
        purposes=[Purpose.BORDER_OPERATION],
        **stamp,
    )
    for fact in [*facts, {"action": force}, {"clause": clause}]:
        Confirmation.objects.create(country=taker.agency.country, confirmed_by=taker, **fact)
    return clause, (giver, taker)


def _batch(
    people: list[Appointment],
    by_owner: dict[object, list[Clause]],
    audiences: dict[uuid.UUID, Audience],
    numbers: range,
) -> None:
    now, permission = timezone.now(), view_record()
    records, releases = [], []
    for number in numbers:
        author = people[number % len(people)]
        record = Record(
            id=new_key(),
            kind=KIND,
            title=f"Entry {number}",
            owner=author.agency,
            author=author,
            categories=[Category.OPERATIONAL],
            classification=number % 2,
            tlp=Tlp.GREEN,
            occurred_at=now - timedelta(minutes=number),
        )
        records.append(record)
        own = own_audience(author.agency)
        releases.append(_release(record, own, None, author, permission))
        for clause in by_owner[author.agency_id][number % 2 :: 2]:
            releases.append(_release(record, audiences[clause.pk], clause, author, permission))
    Record.objects.bulk_create(records)
    Release.objects.bulk_create(releases)


def _release(
    record: Record, audience: Audience, clause: Clause | None, author: Appointment, permission: AuthPermission
) -> Release:
    return Release(
        content_object=record,
        group_id=audience.group_id,
        permission=permission,
        audience=audience,
        clause=clause,
        purpose=Purpose.BORDER_OPERATION if clause else "",
        provider=author.agency,
        released_by=author,
    )


def measure(person: Appointment, repeat: int = 15) -> Iterator[Line]:
    """The newest page without any filter is the floor; everything else is told as a multiple of it."""
    now = timezone.now()
    record = Record.objects.visible_to(access(person, now)).order_by("-occurred_at", "-pk")[200]
    floor = _median(lambda: list(Record.objects.order_by("-occurred_at", "-pk")[:PAGE]), repeat)
    yield Line("newest 50, unfiltered (floor)", floor, 1.0)
    for name, work in {
        "work out access": lambda: access(person, now),
        "newest 50 through the door, access included": lambda: list(
            Record.objects.visible_to(access(person, now)).order_by("-occurred_at", "-pk")[:PAGE]
        ),
        "count, capped at 1,000": lambda: Record.objects.visible_to(access(person, now)).capped_count(),
        "one decision, access included": lambda: decide(access(person, now), record),
    }.items():
        median = _median(work, repeat)
        yield Line(name, median, median / floor)


def _median(work: Callable[[], object], repeat: int) -> float:
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)
