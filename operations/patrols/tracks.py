"""Reads the recording of a positioning device (GPX 1.1 or 1.0). What comes in is hostile until proven otherwise."""

import hashlib
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from xml.etree.ElementTree import ParseError

import gpxpy
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.conf import settings
from gpxpy.gpx import GPXException

from operations.patrols import geometry
from portal.ui.errors import Refused

MAX_POINTS = 100_000  # a point each second for 27 hours
MAX_STORED = 5_000
MAX_DEPTH = 32
MAX_SEGMENTS = 500
TOLERANCES = (5.0, 40.0)  # metres
FIELD = "track"
_POINTS = {"trkpt", "rtept"}


@dataclass(frozen=True)
class Reading:
    """A track as it will be kept. `lines` are (longitude, latitude); `times` are Unix seconds or None."""

    lines: list[list[list[float]]]
    times: list[list[int | None]]
    digest: str
    point_count: int
    length_m: float
    started_at: datetime | None
    ended_at: datetime | None
    south: float
    west: float
    north: float
    east: float

    def values(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Fix:
    """One recorded point."""

    latitude: float
    longitude: float
    at: datetime | None


def read(data: bytes) -> Reading:
    """The track in a GPX file. Raises Refused, with a sentence for the person who sent it, and writes nothing."""
    check_size(len(data))
    timed = _guard(data)
    segments = [segment for segment in _segments(data) if segment]
    # The parser passes over what it cannot read as a time: then fewer points have one than said so.
    if sum(fix.at is not None for segment in segments for fix in segment) < timed:
        raise _refused("A point has a time that is not a time: write it as 2026-11-20T12:00:00Z.")
    return assembled(segments, hashlib.sha256(data).hexdigest())


def assembled(segments: Sequence[list[Fix]], digest: str) -> Reading:
    """The track of these pieces, each in the order of its recording. Raises Refused as `read` does."""
    segments = [segment for segment in segments if segment]
    fixes = [fix for segment in segments for fix in segment]
    if len(fixes) < 2:
        raise _refused("The file holds no track: at least two track points are needed.")
    if len(fixes) > MAX_POINTS:
        raise _refused(f"The track has more than {MAX_POINTS:,} points: split it, or record fewer.")
    if len(segments) > MAX_SEGMENTS:
        raise _refused(f"The track has more than {MAX_SEGMENTS} pieces: join them, or send it in parts.")
    instants = _instants(fixes)
    lines, times = _thinned(list(segments))
    return Reading(
        lines=lines,
        times=times,
        digest=digest,
        point_count=len(fixes),
        length_m=round(sum(geometry.length([(f.latitude, f.longitude) for f in s]) for s in segments), 1),
        started_at=instants[0] if instants else None,
        ended_at=instants[-1] if instants else None,
        south=min(fix.latitude for fix in fixes),
        west=min(fix.longitude for fix in fixes),
        north=max(fix.latitude for fix in fixes),
        east=max(fix.longitude for fix in fixes),
    )


def check_size(size: int) -> None:
    """Raises Refused for more bytes than a track may have."""
    if size > settings.UPLOAD_LIMIT_TRACK:
        limit = settings.UPLOAD_LIMIT_TRACK // 1024 // 1024
        raise _refused(f"The file is larger than {limit} MB: split the track, or record fewer points.")


def _refused(message: str) -> Refused:
    return Refused(message, field=FIELD, code="bad_track")


class _Guard:
    """Looks at the XML as it streams by, without building anything: depth, root and number of points."""

    def __init__(self) -> None:
        self.depth = self.points = self.times = 0
        self._in_point = self._in_time = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rsplit("}", 1)[-1]
        if self.depth == 0 and name != "gpx":
            raise _refused("The file is not a GPX track: its first element is not “gpx”.")
        self.depth += 1
        self.points += name in _POINTS
        self._in_point |= name in _POINTS
        self._in_time = self._in_point and name == "time"
        if self.points > MAX_POINTS:
            raise _refused(f"The track has more than {MAX_POINTS:,} points: split it, or record fewer.")
        if self.depth > MAX_DEPTH:
            raise _refused("The file is not a GPX track: its elements are nested too deep.")

    def end(self, tag: str) -> None:
        self.depth -= 1
        self._in_time = False
        self._in_point &= tag.rsplit("}", 1)[-1] not in _POINTS

    def data(self, text: str) -> None:
        if self._in_time and text.strip():
            self.times += 1
            self._in_time = False

    def close(self) -> "_Guard":
        return self


def _guard(data: bytes) -> int:
    """Refuse what is not XML, defines entities or names outside files, or is too big to be a track.

    Returns how many points tell a time.
    """
    try:
        parser = DefusedXMLParser(target=_Guard(), forbid_dtd=True)
        parser.feed(data)
        # What the target's close gives, not an element.
        guard = cast(_Guard, parser.close())
    except DefusedXmlException:
        raise _refused("The file contains a document type or entities, which a GPX track never needs.") from None
    except (ParseError, LookupError, ValueError, AttributeError) as error:
        line = getattr(error, "position", (0,))[0]
        where = f" (line {line})" if line else ""
        raise _refused(f"The file is not readable as XML{where}. Export the track as GPX 1.1.") from None
    return guard.times


def _utf8(data: bytes) -> bytes:
    """The same document in UTF-8, for the parser knows nothing else."""
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    return re.sub(r"^<\?xml[^>]*\?>", "", data.decode("utf-16")).encode()


def _segments(data: bytes) -> Iterator[list[Fix]]:
    try:
        parsed = gpxpy.parse(_utf8(data))
    except (GPXException, ParseError, ValueError, LookupError, OverflowError, TypeError, AttributeError):
        raise _refused("The file is XML but not a valid GPX track: a point lacks its position or time.") from None
    for track in parsed.tracks:
        for segment in track.segments:
            yield [_fix(point) for point in segment.points]
    if not parsed.tracks:
        for route in parsed.routes:
            yield [_fix(point) for point in route.points]


def _fix(point: Any) -> Fix:
    latitude, longitude = point.latitude, point.longitude
    # Written so that NaN fails too.
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise _refused(f"A point lies at latitude {latitude}, longitude {longitude}: that is not on Earth.")
    try:
        at = point.time and (point.time.astimezone(UTC) if point.time.tzinfo else point.time.replace(tzinfo=UTC))
    except (OverflowError, ValueError):
        raise _refused("A point has a time that is not a time.") from None
    return Fix(latitude, longitude, at)


def _instants(fixes: list[Fix]) -> list[datetime]:
    """The recorded times, which never go back. Empty when the recording has none."""
    instants = [fix.at for fix in fixes if fix.at is not None]
    for earlier, later in itertools.pairwise(instants):
        if later < earlier:
            raise _refused(f"The times of the track go back, after {earlier:%Y-%m-%d %H:%M:%S}Z.")
    return instants


def _thinned(segments: list[list[Fix]]) -> tuple[list[list[list[float]]], list[list[int | None]]]:
    """The same shape within a few metres; a shape that needs more than 5,000 points so is told more roughly."""
    kept = segments
    for tolerance in TOLERANCES:
        kept = [[s[i] for i in geometry.thin([(f.latitude, f.longitude) for f in s], tolerance)] for s in kept]
        if sum(map(len, kept)) <= MAX_STORED:
            break
    step = sum(map(len, kept)) // MAX_STORED + 1
    if step > 1:
        kept = [[*s[:-1:step], s[-1]] for s in kept]
    lines = [[[round(f.longitude, 6), round(f.latitude, 6)] for f in s] for s in kept]
    times = [[int(f.at.timestamp()) if f.at else None for f in s] for s in kept]
    return lines, times
