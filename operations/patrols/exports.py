"""A track as a file, and as the lines that a map of some scale needs. What leaves carries its marking with it."""

import time
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.sharing.locking import key_of
from agreements.sharing.models import Record
from agreements.sharing.policy import access
from operations.patrols import geojson, geometry, gpx, tracks
from operations.patrols.models import Leg, Recording, Track
from operations.patrols.recordings import NO_TIME, OUTLIER, Fixes
from portal import second_lock
from portal.sending import ASK_AFTER, Closed
from portal.ui.states import LEVELS, TLP_WORDS

MOST_DRAWN = 20_000
METRES_PER_PIXEL = 156_543.034  # at the equator, zoom 0, tiles of 256 pixels
FINEST_ZOOM = 22
Box = tuple[float, float, float, float]  # west, south, east, north, in degrees


def recording_of(track: Track) -> Fixes:
    """Every fix; of a track from before there were recordings, those that are kept."""
    row = Recording.objects.filter(track=track.pk).first()
    if row is not None:
        return row.fixes
    fixes = Fixes()
    for line, times in zip(track.lines, track.times, strict=True):
        fixes.cut()
        for (longitude, latitude), seconds in zip(line, times, strict=True):
            fixes.add(latitude, longitude, NO_TIME if seconds is None else seconds * 1000)
    fixes.levels = bytes([geometry.LEVELS]) * len(fixes)
    return fixes


def lines(fixes: Fixes, zoom: int, box: Box | None) -> list[list[list[float]]]:
    """The pieces that show within the box, [longitude, latitude], no further off than a pixel at that zoom."""
    latitude = fixes.point(0)[0] if len(fixes) else 0.0
    level = geometry.level_for(geometry.cosine(latitude) * METRES_PER_PIXEL / 2 ** min(zoom, FINEST_ZOOM))
    while True:
        found = [part for piece in fixes.pieces() for part in _within(fixes, _drawn(fixes, piece, level), box)]
        if sum(map(len, found)) <= MOST_DRAWN or level == geometry.LEVELS:
            return geometry.uncrossed(found)
        level += 1


def _drawn(fixes: Fixes, piece: range, level: int) -> list[int]:
    return [index for index in piece if level <= fixes.levels[index] != OUTLIER]


def _within(fixes: Fixes, indexes: list[int], box: Box | None) -> Iterator[list[list[float]]]:
    """Stretches of which something lies in the box: a line between two points outside may cross it."""
    points = [tracks.coordinates(fixes, index) for index in indexes]
    if box is None:
        yield points
        return
    west, south, east, north = box
    stretch: list[list[float]] = []
    for a, b in zip(points, points[1:], strict=False):
        apart = max(a[0], b[0]) < west or min(a[0], b[0]) > east or max(a[1], b[1]) < south or min(a[1], b[1]) > north
        if not apart:
            if not stretch:
                stretch.append(a)
            stretch.append(b)
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def marking_of(record: Record, by: Appointment) -> dict[str, Any]:
    """What may be done with the file, by whom it was taken, and when."""
    return {
        "reference": record.reference,
        "owner": str(record.owner),
        "classification": LEVELS[record.classification],
        "tlp": TLP_WORDS[record.tlp],
        "handling_codes": list(record.handling_codes),
        "handling_note": record.handling_note,
        "disclosed_to": str(by.agency),
        "disclosed_at": timezone.now().isoformat(timespec="seconds"),
    }


def words_of(marking: dict[str, Any]) -> str:
    codes = " ".join(marking["handling_codes"])
    parts = [marking["classification"], marking["tlp"], codes, marking["handling_note"]]
    told = f"{marking['reference']} of {marking['owner']}, to {marking['disclosed_to']}, {marking['disclosed_at']}"
    return "; ".join([*(part for part in parts if part), told])


def served(leg: Leg, *, by: Appointment, kind: str) -> StreamingHttpResponse:
    """The whole recording as GPX or GeoJSON. It ends with the right to see it (R13). `leg` has a track."""
    fixes, marking = recording_of(leg.track), marking_of(leg.record, by)
    name = f"{leg.record.reference} {leg.record.title}"
    if kind == "gpx":
        keywords = ", ".join([marking["classification"], marking["tlp"], *marking["handling_codes"]])
        written = gpx.written(fixes, name=name, marking=words_of(marking), keywords=keywords)
    else:
        written = geojson.written(fixes, name=name, marking=marking)
    media = gpx.MEDIA_TYPE if kind == "gpx" else geojson.MEDIA_TYPE
    response = StreamingHttpResponse(_guarded(written, by.pk, leg.pk), content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{leg.record.reference}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _guarded(parts: Iterable[str], by: uuid.UUID, leg: uuid.UUID) -> Iterator[bytes]:
    asked = time.monotonic()
    for part in parts:
        if time.monotonic() - asked > ASK_AFTER:
            if not may_take(by, leg):
                raise Closed
            asked = time.monotonic()
        yield part.encode()


def may_take(by: uuid.UUID, leg: uuid.UUID) -> bool:
    """Whether the appointment sees the leg at this moment and may have it as a file (R7), asked anew from the database
    and behind the lock."""
    appointment = Appointment.objects.select_related("officer", "agency__country", "unit").filter(pk=by).first()
    now = access(appointment, timezone.now())
    with second_lock.fed(lambda: key_of(now)):
        row = Leg.objects.visible_to(now).select_related("record").filter(pk=leg).first()
    return row is not None and (now.owns(row.record.owner_id) or not row.record.display_only)
