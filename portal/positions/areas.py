"""Areas of operation: GeoJSON polygons (RFC 7946), read from a file's text or from positions line by line."""

import json
import math
from collections.abc import Sequence
from typing import Any

from portal.positions import reading
from portal.ui.errors import Refused

MOST_POINTS = 1000
LONGEST = 100_000  # characters
HELP = "Draw it on the map, or write one corner a line (47.66, 9.17, or in any other notation), or paste a GeoJSON polygon."

Ring = list[list[float]]


def parse(text: str, field: str = "area") -> dict[str, Any] | None:
    """The polygon in a text, or None for an empty one. Raises Refused with what is wrong with it."""
    text = text.strip()
    if not text:
        return None
    if len(text) > LONGEST:
        raise Refused(f"The area has more than {MOST_POINTS} points: simplify it.", field=field)
    if not text.startswith("{"):
        return polygon(_lines(text, field), field)
    try:
        return polygon(json.loads(text), field)
    except (ValueError, RecursionError):
        raise Refused("This is not readable as GeoJSON.", field=field) from None


def polygon(value: Any, field: str = "area") -> dict[str, Any] | None:
    """A checked polygon, outer ring counter-clockwise (RFC 7946, 3.1.6). Raises Refused."""
    if value is None:
        return None
    geometry = value.get("geometry") if isinstance(value, dict) and value.get("type") == "Feature" else value
    if not isinstance(geometry, dict) or geometry.get("type") != "Polygon":
        raise Refused("The area is one GeoJSON polygon.", field=field)
    rings = geometry.get("coordinates")
    if not isinstance(rings, list) or not rings:
        raise Refused("The polygon has no ring.", field=field)
    if sum(len(ring) if isinstance(ring, list) else 0 for ring in rings) > MOST_POINTS:
        raise Refused(f"The area has more than {MOST_POINTS} points: simplify it.", field=field)
    checked = [_ring(ring, field) for ring in rings]
    turned = [ring if (_area(ring) > 0) == (number == 0) else ring[::-1] for number, ring in enumerate(checked)]
    return {"type": "Polygon", "coordinates": turned}


def _ring(ring: Any, field: str) -> Ring:
    if not isinstance(ring, list) or len(ring) < 4:
        raise Refused("An area has at least three corners.", field=field)
    points = [_point(point, field) for point in ring]
    if points[0] != points[-1]:
        raise Refused("The ring is not closed: its last position must repeat the first.", field=field)
    if abs(_area(points)) < 1e-12:
        raise Refused("The corners lie on one line: this is no area.", field=field)
    return points


def _point(point: Any, field: str) -> list[float]:
    if not isinstance(point, list) or len(point) not in (2, 3) or not all(_is_number(part) for part in point):
        raise Refused("Every position is [longitude, latitude], two numbers.", field=field)
    longitude, latitude = float(point[0]), float(point[1])
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise Refused(
            f"[{longitude:g}, {latitude:g}] is not on earth: longitude first, from -180 to 180, then latitude, "
            "from -90 to 90.",
            field=field,
        )
    return [round(longitude, 6), round(latitude, 6)]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _lines(text: str, field: str) -> dict[str, Any]:
    points = []
    for number, line in enumerate(filter(str.strip, text.splitlines()), 1):
        try:
            found = reading.parse(line, field)
        except Refused as refused:
            raise Refused(f"Line {number}: {refused.message}", field=field) from None
        assert found is not None
        points.append([found[1], found[0]])
    if points and points[0] != points[-1]:
        points.append(points[0])
    return {"type": "Polygon", "coordinates": [points]}


def _area(ring: Sequence[Sequence[float]]) -> float:
    """Twice the signed area in square degrees; positive when counter-clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:], strict=False))


def middle(area: dict[str, Any] | None) -> tuple[float, float] | None:
    """(latitude, longitude) of the middle of the area's bounding box: the record's point on overview maps."""
    if not area:
        return None
    ring = area["coordinates"][0]
    longitudes, latitudes = [point[0] for point in ring], [point[1] for point in ring]
    return (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2


def written(area: dict[str, Any] | None) -> str:
    """The area as the form takes it, and as the map's editor reads it."""
    return json.dumps(area) if area else ""
