"""Start and end a team's leg; attach the track of a device. Each team does so for its own (R23)."""

import base64
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment, Classification, Country
from agencies.directory.roles import Permission
from agreements.register.choices import Category
from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import Tlp
from agreements.sharing.models import Record
from operations.patrols import lifecycle, rights
from operations.patrols.actions import times
from operations.patrols.choices import PatrolState
from operations.patrols.models import Leg, Patrol, Recording, Track
from operations.patrols.tracks import Reading
from portal.audit import recording
from portal.keys import sent_before
from portal.ui.errors import Refused

KIND = "leg"
# A device is switched on before the leg starts and off after it has ended.
TRACK_MARGIN = timedelta(minutes=30)


@transaction.atomic
def start(
    *,
    patrol: Patrol,
    by: Appointment,
    territory: Country,
    marking: Marking,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    note: str = "",
    key: uuid.UUID | None = None,
    shown: bool | frozenset[uuid.UUID] = True,
) -> Leg:
    """Start the officer's team's leg on a patrol under way; with `ended_at`, write up one that is over.

    Raises Refused when the patrol is not active, another own leg runs, or the times cannot be.
    """
    now = timezone.now()
    first = sent_before(Record, key, kind=KIND, author=by)
    if first is not None:
        return first.leg
    rights.require_role(by, Permission.PATROL_RUN)
    host = patrol.record
    rights.require_sight(by, host, now)
    rights.require_assignment(by, host.operation, now)
    row = Patrol.objects.select_for_update(of=("self",)).get(pk=patrol.pk)
    started_at = started_at or now
    _check_open(row, ended_at)
    _check_times(row, started_at, ended_at)
    started_at = max(started_at, row.started_at) if row.started_at else started_at
    if (
        ended_at is None
        and Leg.objects.filter(record__host=host, record__owner__in=by.agencies, ended_at=None).exists()
    ):
        raise Refused("Your team's leg is running already: end it first.", code="state")
    local = timezone.localtime(started_at, by.agency.zone)
    record = records.create(
        by=by,
        kind=KIND,
        title=f"Leg in {territory.name}, {local.day} {local:%b %H:%M}",
        marking=marking,
        key=key,
        occurred_at=started_at,
        operation=host.operation,
        host=host,
        text=note,
        shown=shown,
    )
    return Leg.objects.create(record=record, territory=territory, started_at=started_at, ended_at=ended_at, note=note)


def _check_open(patrol: Patrol, ended_at: datetime | None) -> None:
    states = lifecycle.OPEN_TO_LEGS if ended_at is None else lifecycle.OPEN_TO_ENTRIES
    if patrol.state not in states:
        word = PatrolState(patrol.state).label.lower()
        raise Refused(f"The patrol is {word}: a leg starts while it is active.", code="state")


def _check_times(patrol: Patrol, started_at: datetime, ended_at: datetime | None) -> None:
    assert patrol.started_at is not None
    times.not_future(started_at, "started_at")
    times.not_before(started_at, patrol.started_at, "started_at", "the patrol's start")
    if patrol.ended_at is not None:
        times.not_after(started_at, patrol.ended_at, "started_at", "the patrol's end")
    if ended_at is not None:
        times.not_future(ended_at, "ended_at")
        if ended_at < started_at:
            raise Refused("The end is before the start.", field="ended_at")


def start_from_track(*, patrol: Patrol, by: Appointment, territory: Country, reading: Reading) -> Leg:
    """Write up a leg by the times of its track, as operational and AMBER; by those of the patrol, if it has none.

    Raises Refused as `start` does.
    """
    started_at = reading.started_at or patrol.started_at
    ended_at = reading.ended_at or patrol.ended_at
    if patrol.started_at is not None and started_at is not None:
        # Devices are switched on early.
        early = patrol.started_at - TRACK_MARGIN <= started_at < patrol.started_at
        started_at = patrol.started_at if early else started_at
    level = min(Classification.RESTRICTED.value, by.clearance)
    marking = Marking([Category.OPERATIONAL.value], level, Tlp.AMBER.value)
    return start(patrol=patrol, by=by, territory=territory, marking=marking, started_at=started_at, ended_at=ended_at)


@transaction.atomic
def end(*, leg: Leg, by: Appointment, ended_at: datetime | None = None, note: str | None = None) -> Leg:
    """End an own running leg: also when its host is hidden by now, or the patrol has ended (R23)."""
    row = _own(leg, by)
    if row.ended_at is not None:
        raise Refused("This leg has ended already.", code="state")
    ended_at = ended_at or timezone.now()
    times.not_future(ended_at, "ended_at")
    times.not_before(ended_at, row.started_at, "ended_at", "the start of this leg")
    row.ended_at = max(ended_at, row.started_at)
    values: dict[str, Any] = {}
    if note is not None and note != row.note:
        row.note = note
        values["search_text"] = note
    row.save(update_fields=["ended_at", "note"])
    records.touch(record=row.record, by=by, **values)
    recording.record(verb="leg.end", by=by, subject_kind=KIND, subject_id=row.pk, data={"ended_at": row.ended_at})
    return row


@transaction.atomic
def attach_track(*, leg: Leg, reading: Reading, by: Appointment, grows: bool = False) -> Track:
    """Attach a track to an own leg; one that it has is replaced, and the ledger keeps both digests.

    `grows`: the reading is what the leg has and more of the same. While the leg runs that corrects nothing.

    Raises Refused when the recording was not made during the leg, within half an hour.
    """
    row = _own(leg, by)
    _check_recording(row, reading)
    before = Track.objects.filter(leg=row).values_list("digest", flat=True).first()
    values = reading.values()
    packed = base64.b64decode(values.pop("packed"))
    track, _ = Track.objects.update_or_create(
        leg=row, defaults={**values, "imported_at": timezone.now(), "imported_by": by}
    )
    if packed:
        Recording.objects.update_or_create(track=track, defaults={"packed": packed})
    else:
        Recording.objects.filter(track=track).delete()
    longitude, latitude = reading.lines[0][0]
    changed = before is not None and before != reading.digest
    replaced = changed and not (grows and row.ended_at is None)
    records.touch(record=row.record, by=by, latitude=latitude, longitude=longitude, corrects=replaced)
    recording.record(
        verb="leg.track",
        by=by,
        subject_kind=KIND,
        subject_id=row.pk,
        data={"digest": reading.digest, "replaces": before, "points": reading.point_count},
    )
    return track


def _check_recording(leg: Leg, reading: Reading) -> None:
    if reading.started_at is None or reading.ended_at is None:
        return
    end = (leg.ended_at or timezone.now()) + TRACK_MARGIN
    if reading.ended_at > timezone.now() + times.CLOCK_DRIFT:
        raise Refused(
            f"The track ends {times.words(reading.ended_at)}, in the future: set the device's clock.", field="track"
        )
    if reading.started_at < leg.started_at - TRACK_MARGIN or reading.ended_at > end:
        raise Refused(
            f"The track runs from {times.words(reading.started_at)} to {times.words(reading.ended_at)}, "
            f"outside the leg, which started {times.words(leg.started_at)}"
            + (f" and ended {times.words(leg.ended_at)}." if leg.ended_at else "."),
            field="track",
        )


def _own(leg: Leg, by: Appointment) -> Leg:
    rights.require_role(by, Permission.PATROL_RUN)
    row = Leg.objects.select_for_update(of=("self",)).select_related("record__owner").get(pk=leg.pk)
    rights.require_sight(by, row.record, timezone.now())
    rights.require_own(by, row.record, "ends its legs and attaches their tracks")
    return row
