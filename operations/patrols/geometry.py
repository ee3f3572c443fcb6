"""Lengths on the globe, and lines with fewer points and the same shape. Degrees in, metres out."""

import itertools
import math
from collections.abc import Sequence

EARTH_RADIUS = 6_371_008.8  # metres, mean radius (IUGG)
METRES_PER_DEGREE = math.pi * EARTH_RADIUS / 180
CHUNK = 64
FINEST = 1.0  # metres that level 1 may be off
LEVELS = 13  # the coarsest may be 8 km off: a country on a stamp

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
    return [index for index, off in enumerate(_offs(_flat(line))) if off > tolerance]


def levels(line: Sequence[Point]) -> bytes:
    """For each point, how coarse a picture still needs it: at level n, those of level n and above are drawn.

    Level n is level n-1 thinned anew by FINEST × 2ⁿ⁻¹ metres; so no point dropped at level n lies further off than
    FINEST × 2ⁿ metres. The ends of the line have the highest level.
    """
    flat, found = _flat(line), bytearray(len(line))
    base: Sequence[int] = range(len(line))
    offs = _offs(flat)
    for level in range(1, LEVELS + 1):
        tolerance = FINEST * 2 ** (level - 1)
        kept = [index for index, off in zip(base, offs, strict=True) if off > tolerance]
        for index in kept:
            found[index] = level
        # Stretches of what is left are longer. Anew only then, and so in proportion to the length of the line.
        if len(kept) <= len(base) / 2:
            base, offs = kept, _offs([flat[index] for index in kept])
    return bytes(found)


def level_for(metres: float) -> int:
    """The coarsest level whose dropped points lie no further off than so many metres."""
    return max(0, min(LEVELS, math.floor(math.log2(metres / FINEST)))) if metres > FINEST else 0


def cosine(latitude: float) -> float:
    """By how much a degree of longitude is shorter there than at the equator."""
    return math.cos(math.radians(latitude))


def uncrossed(lines: Sequence[list[list[float]]]) -> list[list[list[float]]]:
    """The same lines, cut in two where they cross the antimeridian (RFC 7946, 3.1.9)."""
    found: list[list[list[float]]] = []
    for line in lines:
        if all(abs(b[0] - a[0]) <= 180 for a, b in itertools.pairwise(line)):
            found.append(line)
            continue
        part = line[:1]
        for a, b in itertools.pairwise(line):
            if abs(b[0] - a[0]) > 180:
                side = math.copysign(180.0, a[0])
                reach = 360 - abs(b[0] - a[0])
                share = (180 - abs(a[0])) / reach if reach else 0.0
                at = round(a[1] + (b[1] - a[1]) * share, 6)
                found.append([*part, [side, at]])
                part = [[-side, at]]
            part.append(b)
        found.append(part)
    return found


def _flat(line: Sequence[Point]) -> list[tuple[float, float]]:
    """In metres, on a plane that is true at the first point."""
    if not line:
        return []
    scale = math.cos(math.radians(line[0][0])) or 1e-9
    return [(lon * METRES_PER_DEGREE * scale, lat * METRES_PER_DEGREE) for lat, lon in line]


def _offs(points: list[tuple[float, float]]) -> list[float]:
    """By how much the line would be off without each point: infinite at the ends of stretches."""
    offs = [0.0] * len(points)
    for first in range(0, len(points) - 1, CHUNK):
        last = min(first + CHUNK, len(points) - 1)
        offs[first] = offs[last] = math.inf
        stack = [(first, last, math.inf)]
        while stack:
            start, end, most = stack.pop()
            if end - start < 2:
                continue
            place, off = _furthest(points, start, end)
            # A point is never needed by a picture that does without those that its stretch was split at.
            offs[place] = most = min(most, off)
            if most > 0:
                stack += [(start, place, most), (place, end, most)]
    if points:
        offs[0] = offs[-1] = math.inf
    return offs


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
