"""Tracks in GeoJSON (RFC 7946), in and out. What comes in is hostile until proven otherwise."""

import codecs
import json
from collections.abc import Iterable, Iterator
from typing import Any

from operations.patrols import gpx
from operations.patrols.recordings import NO_TIME, Fixes
from operations.patrols.refusing import MAX_POINTS, check_point, refused

MEDIA_TYPE = "application/geo+json"
# What so many points need of brackets, braces and commas: a list of numbers and a time for each, and some words.
MOST_BRACKETS = MAX_POINTS + 20_000
MOST_BRACES = 10_000
MOST_COMMAS = 5 * MAX_POINTS
# Where programs keep the times of a line's points, one for each: the first is of the newer, the others of older ones.
TIMES = (("coordinateProperties", "times"), ("coordTimes",), ("times",), ("time",))
WGS_84 = ("crs84", "4326", "wgs84", "wgs 84")


def read(chunks: Iterable[bytes]) -> Fixes:
    """The lines in a GeoJSON file. Raises Refused with what is wrong with it."""
    text = _text(chunks)
    try:
        value = json.loads(text, parse_int=float, parse_constant=_constant)
    except RecursionError:
        raise refused("The file is not a GeoJSON track: it is nested too deep.") from None
    except ValueError as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise refused(f"The file is not readable as JSON{where}. Export the track as GeoJSON or GPX 1.1.") from None
    del text
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        raise refused("The file is JSON but not GeoJSON: it has no type.")
    _check_grid(value.get("crs"))
    fixes, seen = Fixes(), 0
    for line, times in _lines(value):
        seen += len(line)
        if seen > MAX_POINTS:
            raise refused(f"The track has more than {MAX_POINTS:,} points: split it, or record fewer.")
        fixes.cut()
        _take(fixes, line, times)
    return fixes


def _constant(name: str) -> float:
    raise refused(f"A number is {name}: that is no number of degrees.")


def _text(chunks: Iterable[bytes]) -> str:
    """The text, in whatever Unicode it came. Counted as it comes: what cannot be a track is not built."""
    decoder, kept, brackets, braces, commas = None, [], 0, 0, 0
    try:
        for chunk in chunks:
            decoder = decoder or codecs.getincrementaldecoder(_encoding(chunk))()
            part = decoder.decode(chunk)
            brackets, braces = brackets + part.count("["), braces + part.count("{")
            commas += part.count(",")
            if brackets > MOST_BRACKETS or braces > MOST_BRACES or commas > MOST_COMMAS:
                raise refused(f"The file holds more than a track of {MAX_POINTS:,} points: split it, or record fewer.")
            kept.append(part)
        kept.append(decoder.decode(b"", final=True) if decoder else "")
    except UnicodeError:
        raise refused("The file is not readable as text: save it as GeoJSON in UTF-8.") from None
    return "".join(kept).lstrip("\ufeff")


def _encoding(start: bytes) -> str:
    return json.detect_encoding(start)


def _lines(value: Any) -> Iterator[tuple[list[Any], Any]]:
    """Each line's coordinates, and its times if it has any."""
    waiting: list[tuple[Any, dict[str, Any]]] = [(value, {})]
    while waiting:
        item, words = waiting.pop()
        if not isinstance(item, dict):
            raise refused("The file is not valid GeoJSON: a feature or geometry is no object.")
        match item.get("type"):
            case "FeatureCollection":
                waiting += [(feature, {}) for feature in reversed(_list(item, "features"))]
            case "Feature" if item.get("geometry") is not None:
                found = item.get("properties")
                waiting.append((item["geometry"], found if isinstance(found, dict) else {}))
            case "GeometryCollection":
                waiting += [(part, {}) for part in reversed(_list(item, "geometries"))]
            case "LineString":
                yield _list(item, "coordinates"), _times(words)
            case "MultiLineString":
                yield from _many(_list(item, "coordinates"), _times(words) or [])


def _many(lines: list[Any], times: list[Any]) -> Iterator[tuple[list[Any], Any]]:
    for number, line in enumerate(lines):
        own = times[number] if number < len(times) else None
        yield line if isinstance(line, list) else [line], own if isinstance(own, list) else None


def _list(item: dict[str, Any], name: str) -> list[Any]:
    found = item.get(name)
    if not isinstance(found, list):
        raise refused(f"The file is not valid GeoJSON: its {name} are no list.")
    return found


def _check_grid(crs: Any) -> None:
    """GeoJSON of before 2016 could name another grid."""
    words = json.dumps(crs).lower()[:500] if crs else ""
    if crs and not any(name in words for name in WGS_84):
        raise refused("The file names another reference system than WGS 84: export it in WGS 84, degrees.")


def _times(words: dict[str, Any]) -> Any:
    for path in TIMES:
        found: Any = words
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        if isinstance(found, list):
            return found
    return None


def _take(fixes: Fixes, line: list[Any], times: Any) -> None:
    if times is not None and len(times) != len(line):
        raise refused(f"A line has {len(line)} points and {len(times)} times: there must be one for each.")
    for place, point in enumerate(line):
        if not isinstance(point, list) or not 2 <= len(point) <= 4 or not all(type(part) is float for part in point):
            raise refused("The file is not valid GeoJSON: a point is not [longitude, latitude].")
        check_point(point[1], point[0])
        fixes.add(point[1], point[0], _instant(times[place]) if times else NO_TIME)


def _instant(value: Any) -> int:
    if value is None:
        return NO_TIME
    if isinstance(value, str) and len(value) <= gpx.LONGEST_TIME:
        return gpx.instant_of(value)
    raise refused(gpx.BAD_TIME)


def written(fixes: Fixes, *, name: str, marking: dict[str, Any]) -> Iterator[str]:
    """A FeatureCollection with every fix and its time, piece by piece. The marking is said in it."""
    words = {"name": name, "marking": marking}
    yield f'{{"type":"FeatureCollection","marking":{json.dumps(marking)},"features":['
    for number, piece in enumerate(fixes.pieces()):
        yield "," if number else ""
        if len(piece) == 1:
            # A line has two positions at least (RFC 7946, 3.1.4).
            one = {**words, "time": gpx.stamp(fixes, piece.start)}
            place = f'{{"type":"Point","coordinates":{_coordinates(fixes, piece.start)}}}'
            yield f'{{"type":"Feature","geometry":{place},"properties":{json.dumps(one)}}}'
            continue
        yield '{"type":"Feature","geometry":{"type":"LineString","coordinates":['
        yield from _joined(piece, lambda index: _coordinates(fixes, index))
        yield f']}},"properties":{json.dumps(words)[:-1]},"coordinateProperties":{{"times":['
        yield from _joined(piece, lambda index: json.dumps(gpx.stamp(fixes, index)))
        yield "]}}}"
    yield "]}\n"


def _coordinates(fixes: Fixes, index: int) -> str:
    latitude, longitude = fixes.point(index)
    return f"[{longitude:.7f},{latitude:.7f}]"


def _joined(piece: range, write: Any) -> Iterator[str]:
    for first in range(piece.start, piece.stop, 1000):
        last = min(first + 1000, piece.stop)
        yield ("," if first > piece.start else "") + ",".join(write(index) for index in range(first, last))
