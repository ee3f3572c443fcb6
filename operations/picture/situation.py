"""The situation of one operation as far as one reader may see it: patrols, efforts, events, shares, needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import Coalesce, Greatest, Now
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.sharing.holding import MOST as MOST_HELD
from agreements.sharing.holding import held_count
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from operations.field import telling
from operations.field.models import Pause
from operations.patrols import journal, sources
from operations.patrols.choices import OVERDUE_ICON, STATE_ICONS, PatrolState
from operations.patrols.journal import Line
from operations.patrols.models import Leg, Observation, Patrol
from operations.planning.models import Operation
from operations.planning.presenting import Sheet
from portal.ui.home import Number

MOST_EVENTS = 15
MOST_UNDER_WAY = 12
# Word in the address → label, days back (0: today alone; None: the whole operation).
PERIODS: dict[str, tuple[str, int | None]] = {"today": ("Today", 0), "week": ("7 days", 6), "all": ("All of it", None)}
DEFAULT_PERIOD = "week"


@dataclass(frozen=True)
class Period:
    """From the beginning of a day of the reader's zone until now; without a day, the whole operation."""

    name: str
    since: date | None

    @property
    def begin(self) -> datetime | None:
        return timezone.make_aware(datetime.combine(self.since, time.min)) if self.since else None

    @property
    def query(self) -> dict[str, str]:
        """The same as a filter of the list of records."""
        return {"since": self.since.isoformat()} if self.since else {}


def period_of(name: str, at: datetime) -> Period:
    """The period that the address asks for; any other word is the usual one."""
    name = name if name in PERIODS else DEFAULT_PERIOD
    days = PERIODS[name][1]
    return Period(name, None if days is None else timezone.localdate(at) - timedelta(days=days))


@dataclass(frozen=True)
class Effort:
    """What one agency's legs add up to: running ones until now, none with its pauses."""

    agency: Agency
    legs: int
    running: int
    duration: timedelta
    length_m: float
    url: str

    @property
    def hours(self) -> float:
        return round(self.duration.total_seconds() / 3600, 1)

    @property
    def kilometres(self) -> float:
        return round(self.length_m / 1000, 1)


def records_url(operation: Operation, **filters: str) -> str:
    return f"{reverse('sharing:record-list')}?{urlencode({'operation': str(operation.pk), **filters})}"


def efforts(operation: Operation, access: Access, period: Period, *, only: Q | None = None) -> list[Effort]:
    """Hours and kilometres per agency, over the legs that the reader sees, and `only` those."""
    legs = Leg.objects.visible_to(access).filter(only or Q(), record__operation=operation.pk)
    if period.begin:
        legs = legs.filter(record__occurred_at__gte=period.begin)
    spent = ExpressionWrapper(Coalesce("ended_at", Now()) - F("started_at"), DurationField())
    sums = (
        legs.order_by()
        .values("record__owner")
        .annotate(
            legs=Count("pk"),
            ended=Count("ended_at"),
            spent=Sum(spent),
            length_m=Coalesce(Sum("track__length_m"), 0.0),
        )
    )
    rows = {row["record__owner"]: row for row in sums}
    rests = Pause.objects.filter(leg__in=legs.order_by()).order_by().values("leg__record__owner")
    rested = dict(rests.annotate(spent=Sum(telling.spent(access.at))).values_list("leg__record__owner", "spent"))
    agencies = Agency.objects.filter(pk__in=rows).select_related("country").order_by("country_id", "name", "pk")
    return [
        Effort(
            agency=agency,
            legs=row["legs"],
            running=row["legs"] - row["ended"],
            duration=max(row["spent"] - rested.get(agency.pk, timedelta()), timedelta()),
            length_m=row["length_m"],
            url=records_url(operation, kind="leg", owner=str(agency.pk), **period.query),
        )
        for agency in agencies
        for row in (rows[agency.pk],)
    ]


@dataclass(frozen=True)
class Event:
    """A line of the log, with the patrol it belongs to where the reader may see that (R23)."""

    line: Line
    patrol: Record | None


def events(operation: Operation, access: Access, period: Period) -> list[Event]:
    """The latest lines of the log over all patrols, newest first, in a fixed number of queries."""
    lines: list[Line] = []
    for leg in _latest_legs(operation, access):
        lines += journal.leg_lines(leg, access)
    lines += [journal.observation_line(row, access) for row in _latest_observations(operation, access)]
    lines += sources.lines({"record__operation": operation.pk}, access, MOST_EVENTS)
    for patrol in _latest_patrols(operation, access):
        lines += [_told(line, patrol) for line in journal.patrol_lines(patrol)]
    if period.begin:
        lines = [line for line in lines if line.at >= period.begin]
    lines = sorted(lines, key=lambda line: line.at, reverse=True)[:MOST_EVENTS]
    hosts = {line.record.host_id for line in lines if line.record is not None}
    seen = Record.objects.visible_to(access).select_related("owner__country").in_bulk([key for key in hosts if key])
    return [Event(line, _patrol_of(line, seen)) for line in lines]


def _told(line: Line, patrol: Patrol) -> Line:
    line.record = patrol.record
    return line


def _patrol_of(line: Line, seen: dict[object, Record]) -> Record | None:
    if line.record is None or line.sort == "event":
        return line.record
    return seen.get(line.record.host_id)


def _latest_legs(operation: Operation, access: Access) -> Iterable[Leg]:
    rows = Leg.objects.visible_to(access).filter(record__operation=operation.pk).annotate(is_shared=journal.shared())
    rows = rows.select_related("track", "territory").defer("track__lines", "track__times")
    return rows.order_by(Greatest("started_at", Coalesce("ended_at", "started_at")).desc(), "-pk")[:MOST_EVENTS]


def _latest_observations(operation: Operation, access: Access) -> Iterable[Observation]:
    rows = Observation.objects.visible_to(access).filter(record__operation=operation.pk)
    return rows.annotate(is_shared=journal.shared()).newest(MOST_EVENTS)


def _latest_patrols(operation: Operation, access: Access) -> Iterable[Patrol]:
    rows = Patrol.objects.visible_to(access).filter(record__operation=operation.pk, started_at__isnull=False)
    return rows.order_by(Coalesce("ended_at", "started_at").desc(), "-pk")[:MOST_EVENTS]


@dataclass(frozen=True)
class StateCount:
    state: str
    word: str
    icon: str
    number: Number


def patrol_counts(operation: Operation, access: Access, at: datetime) -> list[StateCount]:
    """Patrols by state, overdue ones besides, each with the list it counts."""
    rows = Patrol.objects.visible_to(access).filter(record__operation=operation.pk)
    counts = dict(rows.order_by().values_list("state").annotate(count=Count("pk")))
    late = rows.overdue(at).count()
    found = [("overdue", "Overdue", OVERDUE_ICON, late)]
    found += [(state.value, state.label, STATE_ICONS[state], counts.get(state.value, 0)) for state in PatrolState]
    return [StateCount(s, word, icon, Number(n, word, _patrols_url(operation, s))) for s, word, icon, n in found]


def _patrols_url(operation: Operation, state: str) -> str:
    return f"{reverse('patrols:patrol-list')}?{urlencode({'operation': str(operation.pk), 'state': state})}"


def under_way(operation: Operation, access: Access, at: datetime) -> list[Patrol]:
    """Active patrols and late ones, the most urgent first."""
    rows = Patrol.objects.visible_to(access).filter(record__operation=operation.pk)
    rows = rows.filter(state=PatrolState.ACTIVE) | rows.overdue(at)
    return list(rows.order_by("ends_at", "pk").prefetch_related("teams__agency__country")[:MOST_UNDER_WAY])


def needs(operation: Operation, sheet: Sheet, access: Access, late: Number) -> list[Number]:
    """What waits for the reader in this operation. Each leads to where it is done or listed."""
    by, page = access.appointment, reverse("planning:operation-detail", args=[operation.pk])
    assert by is not None
    found = [Number(late.value, "patrols overdue", late.url, "danger", one="patrol overdue")]
    if not sheet.basis.holds:
        fallen = len(sheet.basis.fallen)
        found.append(
            Number(fallen, "sides without a legal basis", f"{page}#basis", "danger", one="side without a legal basis")
        )
    if by.may(Permission.RECORD_RELEASE):
        held = held_count(access, operation.record)
        url = reverse("sharing:held", args=[operation.pk])
        found.append(Number(held, "entries held back", url, "warning", MOST_HELD, "entry held back"))
    if sheet.steps["answer"]:
        found.append(Number(1, "invitation to answer", page, "warning"))
    elif operation.record.owner_id in by.agencies:
        open_ = sum(part.accepted_at is None for part in sheet.parts)
        found.append(Number(open_, "invitations unanswered", f"{page}#parts", "warning", one="invitation unanswered"))
    if sheet.instructions_changed:
        found.append(Number(1, "change of the instructions", f"{page}#instructions", "warning"))
    return [number for number in found if number.is_urgent]
