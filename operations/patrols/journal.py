"""What one reader may see of a patrol: legs, entries and events of all sides in one line of time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.query import QuerySet
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Agency
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import Access
from operations.patrols import geometry, resting, sources
from operations.patrols.models import Leg, Observation, Patrol, Track
from operations.types.presenting import languages_of, lines_of
from operations.types.values import Line as ValueLine


@dataclass
class Line:
    """One line of the journal."""

    at: datetime
    sort: str
    word: str
    icon: str
    agency: Agency
    record: Record | None = None
    leg: Leg | None = None
    observation: Observation | None = None
    held: bool = False
    values: list[ValueLine] = field(default_factory=list)
    # Of lines that rooms above add: where they lead, and what stands below.
    url: str = ""
    note: str = ""


@dataclass
class Effort:
    """What one agency's legs add up to, as far as the reader sees them; pauses do not count."""

    agency: Agency
    legs: int = 0
    duration: timedelta = timedelta()
    length_m: float = 0.0
    running: bool = False


@dataclass
class Journal:
    legs: list[Leg]
    observations: list[Observation]
    lines: list[Line] = field(default_factory=list)

    @property
    def records(self) -> list[Record]:
        told = {line.record.pk: line.record for line in self.lines if line.url and line.record}
        return [leg.record for leg in self.legs] + [row.record for row in self.observations] + list(told.values())

    def own_running(self, access: Access) -> Leg | None:
        return next((leg for leg in self.legs if leg.ended_at is None and access.owns(leg.record.owner_id)), None)

    def held(self, access: Access) -> int:
        """How many of the reader's agency's own entries wait for a tap (R6)."""
        return sum(line.held for line in self.lines)

    def efforts(self) -> list[Effort]:
        found: dict[object, Effort] = {}
        for leg in self.legs:
            effort = found.setdefault(leg.record.owner_id, Effort(leg.record.owner))
            effort.legs += 1
            effort.duration += leg.duration
            effort.running |= leg.ended_at is None
            effort.length_m += leg.track.length_m if has_track(leg) else 0
        return sorted(found.values(), key=lambda effort: (effort.agency.country_id, effort.agency.name))


def has_track(leg: Leg) -> bool:
    return hasattr(leg, "track")


def shared() -> Exists:
    """Whether a record stands released to anybody abroad."""
    return Exists(Release.objects.standing().filter(content_object=OuterRef("record_id"), clause__isnull=False))


def legs_of(record: Record, access: Access) -> "QuerySet[Leg]":
    rows = Leg.objects.visible_to(access).filter(record__host=record)
    return rows.select_related("track", "territory").defer("track__lines", "track__times").annotate(is_shared=shared())


def observations_of(record: Record, access: Access) -> "QuerySet[Observation]":
    rows = Observation.objects.visible_to(access).filter(record__host=record)
    return rows.prefetch_related("photos").annotate(is_shared=shared())


def journal(patrol: Patrol, access: Access) -> Journal:
    """The journal, newest first, in a fixed number of queries."""
    found = Journal(list(legs_of(patrol.record, access)), list(observations_of(patrol.record, access)))
    resting.load(found.legs)
    lines = [*patrol_lines(patrol), *sources.lines({"record__host": patrol.pk}, access)]
    for leg in found.legs:
        lines += leg_lines(leg, access)
    lines += [observation_line(row, access) for row in found.observations]
    found.lines = sorted(lines, key=lambda line: line.at, reverse=True)
    return found


def patrol_lines(patrol: Patrol) -> Iterable[Line]:
    owner = patrol.record.owner
    if patrol.started_at:
        yield Line(patrol.started_at, "event", "Patrol started", "play-circle", owner)
    if patrol.ended_at:
        yield Line(patrol.ended_at, "event", "Patrol ended", "check2-circle", owner)


def leg_lines(leg: Leg, access: Access) -> Iterable[Line]:
    record = leg.record
    word = f"Leg started in {leg.territory.name}"
    yield Line(leg.started_at, "leg", word, "arrow-right-circle", record.owner, record, leg, held=is_held(leg, access))
    if leg.ended_at:
        yield Line(
            leg.ended_at, "leg_end", f"Leg ended in {leg.territory.name}", "stop-circle", record.owner, record, leg
        )


def observation_line(row: Observation, access: Access) -> Line:
    record = row.record
    languages = languages_of(access.appointment) if access.appointment else ()
    return Line(
        record.occurred_at,
        "observation",
        row.filled.label(languages) if row.filled else row.get_type_display(),
        row.icon,
        record.owner,
        record,
        observation=row,
        held=is_held(row, access),
        values=lines_of(row.filled, languages),
    )


def is_held(row: Any, access: Access) -> bool:
    """Whether an own row, read with `shared`, was given to nobody abroad (R6)."""
    return access.owns(row.record.owner_id) and not row.is_shared


def features(patrol: Patrol, access: Access) -> tuple[list[dict[str, object]], list[Record]]:
    """The patrol on the map as GeoJSON features, and the records they show."""
    tracks = Track.objects.filter(leg__in=legs_of(patrol.record, access)).select_related(
        "leg__record__owner__country", "leg__territory"
    )
    shown = [track.leg.record for track in tracks]
    found: list[dict[str, object]] = [track_feature(track) for track in tracks]
    if patrol.record.latitude is not None:
        place = patrol.meeting_point or "Meeting point"
        found.append(point(patrol.record, {"kind": "meeting_point", "title": place}))
    for row in observations_of(patrol.record, access).exclude(record__latitude=None):
        address = reverse("patrols:observation-detail", args=[row.pk])
        words = {"kind": "entry", "kind_label": "Entry of the log", "title": row.record.title, "url": address}
        found.append(point(row.record, words))
        shown.append(row.record)
    more, records = sources.features({"record__host": patrol.pk}, access)
    return [*found, *more], [*shown, *records]


def track_feature(track: Track) -> dict[str, object]:
    leg, record = track.leg, track.leg.record
    words = {
        "kind": f"track-{record.owner.short}",
        "kind_label": f"Track, {record.owner.short}",
        "title": f"{leg.territory.name}, {track.length_m / 1000:.1f} km",
        "url": reverse("patrols:leg-detail", args=[record.pk]),
    }
    shape: dict[str, object] = {"type": "MultiLineString", "coordinates": geometry.uncrossed(track.lines)}
    if track.point_count > sum(map(len, track.lines)):
        # Where one looks closely, the map asks for the rest.
        words["finer"] = reverse("patrols:leg-lines", args=[record.pk])
    return {**feature(record, words, shape), "bbox": track.bounds}


def point(record: Record, words: dict[str, str]) -> dict[str, object]:
    return feature(record, words, {"type": "Point", "coordinates": [record.longitude, record.latitude]})


def feature(record: Record, words: dict[str, str], shape: dict[str, object]) -> dict[str, object]:
    owner = record.owner
    properties = {
        "tone": f"agency-{owner.colour % 12}",
        "note": owner.short,
        "time": clock(record.occurred_at),
        **words,
    }
    return {"type": "Feature", "id": str(record.pk), "geometry": shape, "properties": properties}


def clock(at: datetime) -> str:
    """An instant in the reader's zone, and in UTC."""
    local, utc = timezone.localtime(at), at.astimezone(UTC)
    return f"{local:%d %b %H:%M} ({utc:%H:%M}Z)"
