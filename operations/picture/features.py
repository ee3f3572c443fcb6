"""The operation on one map: its area, where patrols under way were last, tracks, and the latest entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from operations.incidents.models import IncidentReport
from operations.patrols import journal, sources
from operations.patrols.choices import PatrolState
from operations.patrols.models import Observation, Patrol, Track
from operations.picture.situation import Period
from operations.planning.models import Operation

MOST_TRACKS = 60
MOST_ENTRIES = 100

Feature = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a patrol was at an instant; longitude and latitude."""

    at: datetime
    lon: float
    lat: float


def features(operation: Operation, access: Access, period: Period) -> tuple[list[Feature], list[Record]]:
    """GeoJSON features, and the records that they show; in a fixed number of queries."""
    active = list(Patrol.objects.visible_to(access).filter(record__operation=operation.pk, state=PatrolState.ACTIVE))
    tracks = _tracks(operation, access, period)
    entries = _entries(operation, access, period)
    found = [*_area(operation), *_under_way(active, _last_places(active, access, tracks))]
    found += [journal.track_feature(track) for track in tracks]
    found += [_entry(row) for row in entries]
    incidents = _incidents(operation, access, period)
    found += [_incident(row) for row in incidents]
    more, besides = sources.features({"record__operation": operation.pk}, access, period.begin, MOST_ENTRIES)
    found += more
    shown = [*besides, *(patrol.record for patrol in active), *(row.record for row in entries)]
    shown += [track.leg.record for track in tracks]
    shown += [row.record for row in incidents]
    return found, [operation.record, *shown]


def _area(operation: Operation) -> Iterable[Feature]:
    if operation.area:
        words = {"kind": "area", "kind_label": "Area of the operation", "title": operation.record.title}
        yield {"type": "Feature", "id": str(operation.pk), "geometry": operation.area, "properties": words}


def _tracks(operation: Operation, access: Access, period: Period) -> list[Track]:
    legs = Record.objects.visible_to(access).filter(operation=operation.pk, kind="leg")
    if period.begin:
        legs = legs.filter(occurred_at__gte=period.begin)
    rows = Track.objects.filter(leg__record__in=legs).select_related("leg__record__owner__country", "leg__territory")
    return list(rows.order_by("-leg__started_at", "-pk")[:MOST_TRACKS])


def _entries(operation: Operation, access: Access, period: Period) -> list[Observation]:
    rows = Observation.objects.visible_to(access).filter(record__operation=operation.pk, record__latitude__isnull=False)
    if period.begin:
        rows = rows.filter(record__occurred_at__gte=period.begin)
    return list(rows.newest(MOST_ENTRIES))


def _incidents(operation: Operation, access: Access, period: Period) -> list[IncidentReport]:
    """First reports with a place, not withdrawn."""
    rows = IncidentReport.objects.visible_to(access).filter(
        record__operation=operation.pk, record__latitude__isnull=False, record__host=None, withdrawn_at=None
    )
    if period.begin:
        rows = rows.filter(record__occurred_at__gte=period.begin)
    return list(rows.newest(MOST_ENTRIES))


def _incident(row: IncidentReport) -> Feature:
    words = {
        "kind": "incident",
        "front": "yes",
        "kind_label": "Incident",
        "title": f"{row.record.title} (impact: {row.get_impact_display().lower()})",
        "url": reverse("incidents:report-detail", args=[row.pk]),
    }
    return journal.point(row.record, words)


def _last_places(active: list[Patrol], access: Access, tracks: list[Track]) -> dict[object, Place]:
    """By patrol, the last place that an entry or a track tells, however old."""
    rows = Observation.objects.visible_to(access).filter(
        record__host__in=[row.pk for row in active], record__latitude__isnull=False
    )
    found: dict[object, Place] = {}
    for row in rows.order_by("record__host_id", "-record__occurred_at", "-pk").distinct("record__host_id"):
        record = row.record
        assert record.longitude is not None
        assert record.latitude is not None
        found[record.host_id] = Place(record.occurred_at, record.longitude, record.latitude)
    for track in tracks:
        at, known = track.ended_at, found.get(track.leg.record.host_id)
        if at is not None and track.lines and (known is None or known.at < at):
            lon, lat = track.lines[-1][-1][:2]
            found[track.leg.record.host_id] = Place(at, lon, lat)
    return found


def _under_way(active: list[Patrol], places: dict[object, Place]) -> Iterable[Feature]:
    """Patrols at their last known place; before there is one, where they met."""
    for patrol in active:
        record = patrol.record
        place = places.get(patrol.pk)
        if place is None and record.longitude is not None and record.latitude is not None:
            place = Place(patrol.started_at or record.occurred_at, record.longitude, record.latitude)
        if place is None:
            continue
        words = {
            "kind": "patrol",
            "front": "yes",
            "kind_label": "Patrol under way, where it was last",
            "title": f"{record.title}{' (overdue)' if patrol.overdue else ''}",
            "url": reverse("patrols:patrol-detail", args=[patrol.pk]),
            "time": f"last known {journal.clock(place.at)}",
        }
        yield journal.feature(record, words, {"type": "Point", "coordinates": [place.lon, place.lat]})


def _entry(row: Observation) -> Feature:
    owner = row.record.owner
    words = {
        "kind": f"entry-{owner.short}",
        "kind_label": f"Entry, {owner.short}",
        "title": row.record.title,
        "url": reverse("patrols:observation-detail", args=[row.pk]),
    }
    return journal.point(row.record, words)
