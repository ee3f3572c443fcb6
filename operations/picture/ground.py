"""Where the effort went: hours and kilometres in each square of the grid, pauses taken out.

Sectors are squares of MGRS, which every officer reads off the same map and nobody has to draw first.
"""

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q

from agencies.directory.models import Agency
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from operations.field.models import Pause
from operations.patrols import geometry
from operations.patrols.models import Leg, Track
from operations.picture.situation import Period
from operations.planning.models import Operation
from portal.positions.notations import Notation
from portal.positions.reading import parse
from portal.positions.writing import written

MOST_TRACKS = 200
# Side in metres → figures of each half.
SIDES = {1_000: 2, 10_000: 1}
USUAL_SIDE = 1_000
LONGEST_GAP = 600  # seconds: between two fixes further apart in time nobody recorded where the team was
STEPS_A_SQUARE = 4
# Half a cell of a hundredth of a degree and finer squares would not agree; a thousandth is 110 m.
COARSE = 3

Span = tuple[float, float]  # Unix seconds


@dataclass
class Square:
    """What one agency did in a square, as far as the reader sees it."""

    name: str
    agency: Agency
    seconds: float = 0.0
    metres: float = 0.0
    legs: set[UUID] = field(default_factory=set)

    @property
    def place(self) -> tuple[float, float]:
        """The middle: latitude, longitude."""
        return parse(self.name) or (0.0, 0.0)

    @property
    def latitude(self) -> float:
        return self.place[0]

    @property
    def longitude(self) -> float:
        return self.place[1]


@dataclass(frozen=True)
class Ground:
    squares: list[Square]
    records: list[Record]
    untimed: int
    left_out: int


def ground(
    operation: Operation, access: Access, period: Period, side: int = USUAL_SIDE, *, only: Q | None = None
) -> Ground:
    """Effort by square and agency, the most hours first, in a fixed number of queries: of the newest 200 tracks."""
    legs = Leg.objects.visible_to(access).filter(only or Q(), record__operation=operation.pk)
    if period.begin:
        legs = legs.filter(record__occurred_at__gte=period.begin)
    rows = Track.objects.filter(leg__in=legs).select_related("leg__record__owner__country")
    tracks = list(rows.order_by("-leg__started_at", "-pk")[: MOST_TRACKS + 1])
    kept, figures = tracks[:MOST_TRACKS], SIDES[side]
    pauses = pauses_of([track.pk for track in kept])
    found: dict[tuple[str, UUID], Square] = {}
    for track in kept:
        owner = track.leg.record.owner
        for name, seconds, metres in _parts(track, pauses.get(track.pk, []), side, figures):
            square = found.setdefault((name, owner.pk), Square(name, owner))
            square.seconds, square.metres = square.seconds + seconds, square.metres + metres
            square.legs.add(track.pk)
    return Ground(
        squares=sorted(found.values(), key=lambda row: (-row.seconds, -row.metres, row.name)),
        records=[track.leg.record for track in kept],
        untimed=sum(track.started_at is None for track in kept),
        left_out=len(tracks) - len(kept),
    )


def pauses_of(legs: Iterable[Any]) -> dict[Any, list[Span]]:
    """The pauses of each leg; one that still runs has no end."""
    found: dict[Any, list[Span]] = defaultdict(list)
    for row in Pause.objects.filter(leg__in=list(legs)).order_by("started_at", "pk"):
        end = row.ended_at.timestamp() if row.ended_at else math.inf
        found[row.leg_id].append((row.started_at.timestamp(), end))
    return found


def worked(start: float, end: float, pauses: Iterable[Span]) -> float:
    """Seconds from start to end in which the team did not rest."""
    rested = sum(max(0.0, min(end, until) - max(start, since)) for since, until in pauses)
    return max(0.0, end - start - rested)


def _parts(track: Track, pauses: list[Span], side: int, figures: int) -> Iterator[tuple[str, float, float]]:
    """Square, seconds and metres of each short stretch. What the picture cuts short is given back in proportion."""
    drawn = sum(geometry.length([(lat, lon) for lon, lat in line]) for line in track.lines)
    factor = track.length_m / drawn if drawn else 1.0
    for line, times in zip(track.lines, track.times, strict=True):
        for (a, start), (b, end) in itertools.pairwise(zip(line, times, strict=True)):
            metres = geometry.distance((a[1], a[0]), (b[1], b[0]))
            seconds = 0.0
            if start is not None and end is not None:
                seconds = worked(start, end, pauses)
            # Driven or walked straight on, or nobody recorded it: told by the pace.
            if seconds > LONGEST_GAP and metres < side / 10:
                seconds = 0.0
            steps = max(1, math.ceil(metres / (side / STEPS_A_SQUARE)))
            for step in range(steps):
                share = (step + 0.5) / steps
                name = _square(a[1] + (b[1] - a[1]) * share, a[0] + (b[0] - a[0]) * share, figures)
                yield name, seconds / steps, metres * factor / steps


def _square(latitude: float, longitude: float, figures: int) -> str:
    return _named(round(latitude, COARSE), round(longitude, COARSE), figures)


@lru_cache(maxsize=50_000)
def _named(latitude: float, longitude: float, figures: int) -> str:
    letters, east, north = written(latitude, longitude, Notation.MGRS).split()
    return f"{letters} {east[:figures]} {north[:figures]}"
