"""Reads the recording of a positioning device: GPX or GeoJSON. What comes in is hostile until proven otherwise."""

import base64
import hashlib
import itertools
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from operations.patrols import geojson, geometry, gpx, jumps
from operations.patrols.recordings import EPOCH, NO_TIME, OUTLIER, Fixes, pack
from operations.patrols.refusing import MAX_POINTS, refused

MAX_STORED = 5_000  # points of the picture that is kept beside the recording
MAX_SEGMENTS = 500
FIRST_LEVEL = 3  # of that picture: no point that it leaves out lies further off than 8 m


@dataclass(frozen=True)
class Reading:
    """A track as it will be kept. `lines` are (longitude, latitude); `times` are Unix seconds or None.

    `packed` is the whole recording in base64: a reading may have to wait as JSON until a person decides.
    """

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
    outliers: int = 0
    packed: str = ""

    def values(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Fix:
    """One recorded point."""

    latitude: float
    longitude: float
    at: datetime | None


def read(data: bytes) -> Reading:
    """The track in a file. Raises Refused, with a sentence for the person who sent it, and writes nothing."""
    check_size(len(data))
    return read_stream([data])


def read_file(file: Any) -> Reading:
    """The track in an uploaded file, which is never held in memory as a whole. Raises Refused as `read` does."""
    check_size(file.size or 0)
    return read_stream(file.chunks())


def read_stream(chunks: Iterable[bytes]) -> Reading:
    """The track in pieces of a file."""
    digest = hashlib.sha256()
    counted = _counted(chunks, digest)
    start = b""
    # What it is, its first sign says; marks of order and zeros are those of UTF-16.
    while len(start) < 4 and (piece := next(counted, b"")):
        start += piece
    sign = start[:4096].lstrip(b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n")[:1]
    whole = itertools.chain([start], counted)
    fixes = geojson.read(whole) if sign in (b"{", b"[") else gpx.read(whole)
    return measured(fixes, digest.hexdigest())


def _counted(chunks: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    """The same, counted: a size that was claimed is not believed."""
    size = 0
    for chunk in chunks:
        if chunk:
            size += len(chunk)
            check_size(size)
            digest.update(chunk)
            yield chunk


def assembled(pieces: Sequence[list[Fix]], digest: str) -> Reading:
    """The track of these pieces, each in the order of its recording. Raises Refused as `read` does."""
    fixes = Fixes()
    for piece in pieces:
        fixes.cut()
        for fix in piece:
            fixes.add(fix.latitude, fix.longitude, NO_TIME if fix.at is None else (fix.at - EPOCH) // _MS)
    return measured(fixes, digest)


_MS = timedelta(milliseconds=1)


def check_size(size: int) -> None:
    """Raises Refused for more bytes than a track may have."""
    if size > settings.UPLOAD_LIMIT_TRACK:
        limit = settings.UPLOAD_LIMIT_TRACK // 1024 // 1024
        raise refused(f"The file is larger than {limit} MB: split the track, or record fewer points.")


def measured(fixes: Fixes, digest: str) -> Reading:
    """The recording as it will be kept. Raises Refused as `read` does."""
    pieces = list(fixes.pieces())
    if len(fixes) < 2:
        raise refused("The file holds no track: at least two track points are needed.")
    if len(fixes) > MAX_POINTS:
        raise refused(f"The track has more than {MAX_POINTS:,} points: split it, or record fewer.")
    if len(pieces) > MAX_SEGMENTS:
        raise refused(f"The track has more than {MAX_SEGMENTS} pieces: join them, or send it in parts.")
    times = _instants(fixes.instants)
    outside = jumps.outliers(fixes)
    kept = [[index for index in piece if index not in outside] for piece in pieces]
    length = _levelled(fixes, kept)
    lines, stamps = picture(fixes, kept)
    latitudes = [fixes.latitudes[index] for piece in kept for index in piece]
    longitudes = [fixes.longitudes[index] for piece in kept for index in piece]
    return Reading(
        lines=lines,
        times=stamps,
        digest=digest,
        point_count=len(fixes),
        length_m=round(length, 1),
        started_at=(times and EPOCH + times[0] * _MS) or None,
        ended_at=(times and EPOCH + times[-1] * _MS) or None,
        south=min(latitudes) / 1e7,
        west=min(longitudes) / 1e7,
        north=max(latitudes) / 1e7,
        east=max(longitudes) / 1e7,
        outliers=len(outside),
        packed=base64.b64encode(pack(fixes)).decode(),
    )


def _instants(column: "array[int]") -> list[int]:
    """The recorded times, which never go back. Empty when the recording has none."""
    found = [instant for instant in column if instant != NO_TIME]
    for earlier, later in itertools.pairwise(found):
        if later < earlier:
            at = EPOCH + earlier * _MS
            raise refused(f"The times of the track go back, after {at:%Y-%m-%d %H:%M:%S}Z.")
    return found


def _levelled(fixes: Fixes, pieces: list[list[int]]) -> float:
    """Give each fix its level; returns the length in metres, measured on every fix that is no outlier."""
    found, length = bytearray([OUTLIER]) * len(fixes), 0.0
    for piece in pieces:
        line = [fixes.point(index) for index in piece]
        length += geometry.length(line)
        for index, level in zip(piece, geometry.levels(line), strict=True):
            found[index] = level
    fixes.levels = bytes(found)
    return length


def picture(fixes: Fixes, pieces: list[list[int]]) -> tuple[list[list[list[float]]], list[list[int | None]]]:
    """The same shape in at most 5,000 points: within 8 m, more roughly where that takes more."""
    kept = pieces
    for level in range(FIRST_LEVEL, geometry.LEVELS + 1):
        kept = [[index for index in piece if fixes.levels[index] >= level] for piece in pieces]
        if sum(map(len, kept)) <= MAX_STORED:
            break
    step = sum(map(len, kept)) // MAX_STORED + 1
    if step > 1:
        kept = [[*piece[:-1:step], piece[-1]] for piece in kept if piece]
    kept = [piece for piece in kept if piece]
    lines = [[coordinates(fixes, index) for index in piece] for piece in kept]
    return lines, [[_seconds(fixes.instants[index]) for index in piece] for piece in kept]


def coordinates(fixes: Fixes, index: int) -> list[float]:
    """[longitude, latitude], to a decimetre."""
    latitude, longitude = fixes.point(index)
    return [round(longitude, 6), round(latitude, 6)]


def _seconds(instant: int) -> int | None:
    return None if instant == NO_TIME else instant // 1000
