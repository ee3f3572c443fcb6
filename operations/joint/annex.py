"""The entries of the log that a side's copy takes: its own, and those of other sides that were given to its agency."""

from typing import Any

from django.db.models import Q

from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from operations.field.models import Crossing
from operations.joint.models import JointReport
from operations.patrols.journal import has_track
from operations.patrols.models import Leg, Observation
from operations.sealing import copies
from operations.sealing.canonical import digest_of, instant, place, words
from operations.sealing.content import Plain, marking


def entries_of(report: JointReport, access: Access) -> tuple[list[Plain], list[Record]]:
    """The entries that the reader's side may keep, oldest first, and their records."""
    rows = [*_legs(report, access), *_observations(report, access), *_crossings(report, access)]
    rows = sorted(copies.kept_of(access, rows), key=lambda row: (row.record.occurred_at, str(row.pk)))
    return [_plain(row) for row in rows], [row.record for row in rows]


def entries_digest(report: JointReport, access: Access) -> str:
    return digest_of(entries_of(report, access)[0])


def _of(report: JointReport) -> Q:
    """Of its patrol; for a shift, of the operation in that time. Of its sides alone."""
    sides = Q(record__owner__in=report.sides.values("agency"))
    if report.is_of_shift:
        times = Q(record__occurred_at__gte=report.starts_at, record__occurred_at__lte=report.ends_at)
        return sides & times & Q(record__operation=report.record.operation_id)
    return sides & Q(record__host=report.record.host_id)


def _legs(report: JointReport, access: Access) -> list[Any]:
    rows = Leg.objects.visible_to(access).filter(_of(report)).select_related("track", "territory")
    return list(rows.defer("track__lines", "track__times"))


def _observations(report: JointReport, access: Access) -> list[Any]:
    return list(Observation.objects.visible_to(access).filter(_of(report)).prefetch_related("photos"))


def _crossings(report: JointReport, access: Access) -> list[Any]:
    return list(Crossing.objects.visible_to(access).filter(_of(report)).select_related("territory"))


def _plain(row: Any) -> Plain:
    record = row.record
    told = {
        "id": str(record.pk),
        "kind": record.kind,
        "reference": record.reference,
        "owner": str(record.owner_id),
        "agency": record.owner.short,
        "at": instant(record.occurred_at),
        "position": place(record.latitude, record.longitude),
        "marking": marking(record),
    }
    if isinstance(row, Leg):
        return told | _leg(row)
    return told | (_crossing(row) if isinstance(row, Crossing) else _observation(row))


def _leg(row: Leg) -> Plain:
    track = row.track if has_track(row) else None
    return {
        "territory": row.territory_id,
        "until": instant(row.ended_at),
        "text": words(row.note),
        "metres": round(track.length_m) if track else None,
        "track_digest": track.digest if track else None,
    }


def _observation(row: Observation) -> Plain:
    return {
        "type": row.type,
        "type_words": str(row.get_type_display()),
        "text": words(row.text),
        "photographs": sorted(photo.digest for photo in row.photos.all()),
        # The type as it was when the entry was written, with its labels in each language (ADR 34).
        **({"form": row.filled.form, "values": row.filled.values} if row.filled else {}),
    }


def _crossing(row: Crossing) -> Plain:
    return {
        "territory": row.territory_id,
        "basis": row.basis,
        "until": instant(row.left_at),
        "text": words("\n".join(part for part in (row.place, row.notified) if part)),
        "left_position": place(row.left_latitude, row.left_longitude),
    }
