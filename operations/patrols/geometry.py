"""Lengths on the globe, and lines with fewer points and the same shape. Degrees in, metres out."""

import itertools
import math
from collections.abc import Sequence

EARTH_RADIUS = 6_371_008.8  # metres, mean radius (IUGG)
METRES_PER_DEGREE = math.pi * EARTH_RADIUS / 180
CHUNK = 64

Point = tuple[float, float]  # latitude, longitude


def distance(a: Point, b: Point) -> float:
    """Metres between two points along the great circle, by the haversine formula."""
    lat1, lat2 = math.radians(a[0]), math.radians(b[0])
    half_lat = (lat2 - lat1) / 2
    half_lon = math.radians(b[1] - a[1]) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1.0, h)))


def length(line: Sequence[Point]) -> float:
    """Metres along a line."""
    return sum(distance(a, b) for a, b in itertools.pairwise(line))


def thin(line: Sequence[Point], tolerance: float) -> list[int]:
    """The indexes of the points to keep so that no dropped one lies further than `tolerance` metres off.

    Douglas–Peucker, over stretches of 64 points: so even a hostile line takes time in proportion to its length.
    """
    if len(line) < 3:
        return list(range(len(line)))
    scale = math.cos(math.radians(line[0][0])) or 1e-9
    flat = [(lon * METRES_PER_DEGREE * scale, lat * METRES_PER_DEGREE) for lat, lon in line]
    keep = {0, len(line) - 1}
    for first in range(0, len(line) - 1, CHUNK):
        last = min(first + CHUNK, len(line) - 1)
        keep |= {first, last}
        stack = [(first, last)]
        while stack:
            start, end = stack.pop()
            index, off = _furthest(flat, start, end)
            if off > tolerance:
                keep.add(index)
                stack += [(start, index), (index, end)]
    return sorted(keep)


def _furthest(flat: list[tuple[float, float]], start: int, end: int) -> tuple[int, float]:
    """The point between start and end that lies furthest from the straight line, and how far (metres)."""
    (x1, y1), (x2, y2) = flat[start], flat[end]
    dx, dy = x2 - x1, y2 - y1
    square = dx * dx + dy * dy
    best, furthest = start, -1.0
    for i in range(start + 1, end):
        x, y = flat[i]
        t = 0.0 if square == 0 else min(1.0, max(0.0, ((x - x1) * dx + (y - y1) * dy) / square))
        off = (x - x1 - t * dx) ** 2 + (y - y1 - t * dy) ** 2
        if off > furthest:
            best, furthest = i, off
    return best, math.sqrt(furthest) if furthest > 0 else 0.0
