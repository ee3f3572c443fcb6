"""What reading costs, for readers who each are a difficulty of their own."""

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.register import actions, foresight
from agreements.register.choices import ActionKind
from agreements.register.models import Agreement, TreatyAction
from agreements.sharing.api.parts import RecordSerializer
from agreements.sharing.api.sight import Sight
from agreements.sharing.benchmark import stock
from agreements.sharing.benchmark.register import Plan, first_appointment, treaty_admin
from agreements.sharing.locking import key_of
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import Access, Decision, access, access_to, decide, explain_to_owner, gradual_access
from portal import second_lock

BENCH = "the benchmark"
PAGE = 50
BESIDE = ("owner__country", "author__officer", "author__agency", "operation")
BOX = {"west": 9.0, "south": 47.0, "east": 10.0, "north": 48.0}


@dataclass(frozen=True)
class Line:
    """One measured thing: milliseconds at the median, and as a multiple of the unfiltered page of the same run."""

    reader: str
    name: str
    milliseconds: float
    ratio: float
    rows: int


class Everything(Sight):
    """Sight of a reader without a door: all that rows point to is named."""

    def prime(self, records: Any) -> None:
        return None

    def sees(self, record: Record, key: uuid.UUID | None) -> uuid.UUID | None:
        return key


def readers(plan: Plan) -> dict[str, int]:
    return {
        "sparse": plan.sparse,
        "typical": 1,
        "dense": 0,
        "mid": plan.mid,
        "hub": plan.hub,
        "stale": plan.stale,
        "joined today": plan.joined_today,
    }


def measure(plan: Plan, repeat: int = 15) -> Iterator[Line]:
    """All lines, reader by reader; the first is the floor. Each is compared with the floor of the same moments, so that
    what else the machine does is in both."""
    nobody = Everything(Access(None, timezone.now()))
    rows = Record.objects.select_related(*BESIDE).order_by("-occurred_at", "-pk")
    floor = _unlocked(lambda: _serialized(list(rows[:PAGE]), nobody))
    median = _median(floor, floor, repeat)[0]
    yield Line("anybody", "newest 50 without a door (the floor)", median, 1.0, PAGE)
    with second_lock.opened(BENCH):
        stock.enrol(plan, list(readers(plan).values()))
    for reader, number in readers(plan).items():
        person = Appointment.objects.select_related("agency__country", "officer").get(
            pk=first_appointment(plan, number)
        )
        for name, work, times in _works(person):
            yield Line(reader, name, *_median(work, floor, times or repeat))


def _serialized(rows: list[Record], sight: Sight) -> list[Any]:
    sight.prime(rows)
    return RecordSerializer(rows, many=True, context={"sight": sight}).data  # type: ignore[return-value]


Work = tuple[str, Callable[[], Any], int | None]


def _unlocked(work: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        with second_lock.opened(BENCH), transaction.atomic():
            return work()

    return run


def _works(person: Appointment) -> Iterator[Work]:
    """Each as a request does it: who may see what is worked out anew every time, and the second lock is told."""

    def request(work: Callable[[Access], Any]) -> Callable[[], Any]:
        def run() -> Any:
            now = gradual_access(person, timezone.now())
            with second_lock.fed(lambda: key_of(now), lambda: person.pk), transaction.atomic():
                return work(now)

        return run

    def page(narrowed: Callable[[Any], Any] = lambda rows: rows, **place: Any) -> Callable[[], list[Any]]:
        def work(now: Access) -> list[Any]:
            rows = narrowed(Record.objects.visible_to(now).select_related(*BESIDE))
            return _serialized(list(rows.newest(PAGE, **place)), Sight(now))

        return request(work)

    yield "live audiences", lambda: access(person, timezone.now()).audiences, None
    yield "first page", page(), None
    seen = request(lambda now: Record.objects.visible_to(now).newest(2 * PAGE))()
    if not seen:
        return
    last = seen[PAGE - 1] if len(seen) >= PAGE else seen[-1]
    yield "next page", page(before=(last.occurred_at, last.pk)), None
    middle = timezone.now() - timedelta(seconds=15 * _unlocked(Record.objects.count)())
    yield "page in the middle", page(before=(middle, last.pk)), None
    yield "one kind (patrols)", page(lambda rows: rows.of_kind("patrol")), None
    yield "one kind, rare (operations)", page(lambda rows: rows.of_kind("operation")), None
    yield "shared with us", page(lambda rows: rows.exclude(owner__in=person.agencies)), None
    yield "words, common (a third)", page(lambda rows: rows.matching("night watch")), None
    yield "words, uncommon (1 in 200)", page(lambda rows: rows.matching("ferry")), None
    yield "words, rare (1 in 20,000)", page(lambda rows: rows.matching("zeppelin")), None
    yield "map box of one degree", page(lambda rows: rows.in_box(**BOX)), None
    yield "count, capped at 1,000", request(_count), None
    yield from _decisions(person, seen[-1])
    for model in (stock.Generic, stock.Direct):
        yield f"first page, guardian {model.__name__.lower()}", _stock_page(model, person), 5


def _count(now: Access) -> range:
    return range(Record.objects.visible_to(now).capped_count())


def _decisions(person: Appointment, record: Record) -> Iterator[Work]:
    """Single decisions: in a request that has its live audiences already, and with those that bear on the record
    worked out for it; the second lock is fed either way."""
    foreign = Record.objects.exclude(owner=person.agency_id).filter(classification=2, tlp=2)
    hidden = _unlocked(lambda: foreign.latest("occurred_at"))()
    key = key_of(access(person, timezone.now()))

    def locked(work: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            with second_lock.fed(lambda: key), transaction.atomic():
                return work()

        return run

    now = access(person, timezone.now())

    def worked_out(row: Record) -> Decision:
        return decide(access_to(row, person, timezone.now()), row)

    yield "one decision, live audiences at hand", locked(lambda: range(bool(decide(now, record)))), None
    yield "one decision, seen", locked(lambda: range(bool(worked_out(record)))), None
    yield "one decision, hidden", locked(lambda: range(bool(worked_out(hidden)))), None
    yield "explain to the officer", locked(lambda: worked_out(record).grounds), None
    owner = Appointment.objects.filter(agency=record.owner_id).select_related("agency__country", "officer").first()
    own = key_of(access(owner, timezone.now()))

    def explained() -> Any:
        with second_lock.fed(lambda: own), transaction.atomic():
            return explain_to_owner(record, person.agency, timezone.now()).grounds

    yield "explain to its owner", explained, None


def _stock_page(model: Any, person: Appointment) -> Callable[[], list[Any]]:
    ask, nobody = stock.page(model, person.officer, PAGE), Everything(Access(None, timezone.now()))

    def work() -> list[Any]:
        rows = Record.objects.select_related(*BESIDE).in_bulk(ask())
        return _serialized(list(rows.values()), nobody)

    return _unlocked(work)


@dataclass(frozen=True)
class WhatIf:
    """What it took to foretell a suspension of the convention, and how much was told."""

    releases: int
    seconds: float
    agencies: int
    lost: int


def foretell(plan: Plan) -> WhatIf:
    """A treaty admin asks what a suspension of the convention by the own country would change (R28)."""
    agreement = Agreement.objects.get(pk=plan.rows["register_agreement"][0]["id"])
    by = Appointment.objects.select_related("agency__country", "officer").get(pk=treaty_admin(plan, 0))
    given = _unlocked(Release.objects.filter(group=plan.clauses[0][2]).count)()
    terms: dict[str, Any] = {
        "kind": ActionKind.SUSPENSION,
        "done_on": timezone.now().date(),
        "country": by.agency.country,
    }
    key = key_of(access(by, timezone.now()))
    begun = time.perf_counter()
    with second_lock.fed(lambda: key):
        found = foresight.foresee(
            agreement=agreement,
            by=by,
            step=lambda: actions.record_action(agreement=agreement, by=by, **terms),
        )
    seconds = time.perf_counter() - begun
    return WhatIf(given, seconds, len({row.agency for row in found.effects}), sum(row.lost for row in found.effects))


def suspend(plan: Plan) -> dict[str, Any]:
    """Suspend the convention: rows written, milliseconds, and what the next request of a member sees."""
    person = Appointment.objects.select_related("agency__country", "officer").get(pk=first_appointment(plan, 0))
    agreement = Agreement.objects.get(pk=plan.rows["register_agreement"][0]["id"])
    groups = {group for clause, _, group in plan.clauses[:1]}

    def live() -> int:
        return sum(1 for item in access(person, timezone.now()).audiences if item.group in groups)

    before, start = live(), time.perf_counter()
    TreatyAction.objects.create(agreement=agreement, kind=ActionKind.SUSPENSION, done_on=timezone.now().date())
    return {"rows": 1, "milliseconds": (time.perf_counter() - start) * 1000, "before": before, "after": live()}


def _median(work: Callable[[], Any], floor: Callable[[], Any], repeat: int) -> tuple[float, float, int]:
    """Milliseconds, and as a multiple of the floor, which is measured in turns with it; and how many were found.

    The multiple is the median of those of each turn: where the machine is busy for a while, it is so for both.
    """
    times: list[float] = []
    ratios: list[float] = []
    found = 0
    for _ in range(repeat):
        took = []
        for asked in (floor, work):
            start = time.perf_counter()
            found = len(asked())
            took.append((time.perf_counter() - start) * 1000)
        times.append(took[1])
        ratios.append(took[1] / took[0])
    return statistics.median(times), statistics.median(ratios), found
