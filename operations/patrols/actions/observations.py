"""Log an observation, with photographs. It is the logging agency's own record, hosted by the patrol (R23)."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking
from agreements.sharing.models import Record
from operations.patrols import lifecycle, photos, rights
from operations.patrols.actions import times
from operations.patrols.choices import ObservationType, PatrolState
from operations.patrols.models import Leg, Observation, Patrol, Photo
from operations.patrols.photos import Picture
from portal.audit import recording
from portal.keys import sent_before
from portal.ui.errors import Refused

KIND = "observation"
TITLE_LENGTH = 80


@transaction.atomic
def log(
    *,
    patrol: Patrol,
    by: Appointment,
    type: str,
    text: str,
    marking: Marking,
    occurred_at: datetime | None = None,
    position: tuple[float, float] | None = None,
    accuracy_m: int | None = None,
    leg: Leg | None = None,
    pictures: Sequence[Picture] = (),
    key: uuid.UUID | None = None,
    shown: bool | frozenset[uuid.UUID] = True,
) -> Observation:
    """Log what happened on a patrol that is active or has ended. `position` is (latitude, longitude).

    Raises Refused when the time lies outside the patrol's, or the leg is not the officer's agency's. With
    photographs it is held unless the standing order names them (R6).
    """
    now = timezone.now()
    first = sent_before(Record, key, kind=KIND, author=by)
    if first is not None:
        return first.observation
    rights.require_role(by, Permission.PATROL_RUN)
    host = patrol.record
    rights.require_sight(by, host, now)
    rights.require_assignment(by, host.operation, now)
    occurred_at = occurred_at or now
    _check_time(patrol, occurred_at)
    _check_leg(patrol, leg, by)
    if len(pictures) > photos.MOST:
        raise Refused(f"An entry takes {photos.MOST} photographs at most.", field="photos")
    word = ObservationType(type).label
    record = records.create(
        by=by,
        kind=KIND,
        title=Truncator(f"{word}: {' '.join(text.split())}").chars(TITLE_LENGTH),
        marking=marking,
        key=key,
        occurred_at=occurred_at,
        operation=host.operation,
        host=host,
        position=position,
        text=text,
        photographs=bool(pictures),
        shown=shown,
    )
    row = Observation.objects.create(record=record, leg=leg, type=type, text=text, accuracy_m=accuracy_m)
    for picture in pictures:
        _keep(row, picture)
    return row


def _check_time(patrol: Patrol, occurred_at: datetime) -> None:
    if patrol.state not in lifecycle.OPEN_TO_ENTRIES or patrol.started_at is None:
        word = PatrolState(patrol.state).label.lower()
        raise Refused(f"The patrol is {word}: it is logged from its start on.", code="state")
    times.not_future(occurred_at, "occurred_at")
    times.not_before(occurred_at, patrol.started_at, "occurred_at", "the patrol's start")
    if patrol.ended_at is not None:
        times.not_after(occurred_at, patrol.ended_at, "occurred_at", "the patrol's end")


def _check_leg(patrol: Patrol, leg: Leg | None, by: Appointment) -> None:
    if leg is not None and (leg.record.host_id != patrol.pk or leg.record.owner_id not in by.agencies):
        raise Refused("Choose a leg of your own team on this patrol.", field="leg")


@transaction.atomic
def add_photograph(*, observation: Observation, picture: Picture, by: Appointment) -> Photo:
    """Add a photograph to an own entry that no other agency can read: photographs wait for a tap (R6).

    Raises Refused when the entry has been released: then the photograph is a new entry.
    """
    rights.require_role(by, Permission.PATROL_RUN)
    row = Observation.objects.select_for_update(of=("self",)).select_related("record__owner").get(pk=observation.pk)
    rights.require_sight(by, row.record, timezone.now())
    rights.require_own(by, row.record, "adds photographs to its entries")
    if row.record.releases.standing().exclude(clause=None).exists():
        raise Refused("This entry is shared already. Log the photograph as a new entry.", field="photos", code="state")
    if row.photos.count() >= photos.MOST:
        raise Refused(f"An entry takes {photos.MOST} photographs at most.", field="photos")
    photo = _keep(row, picture)
    records.touch(record=row.record, by=by)
    recording.record(
        verb="observation.photograph", by=by, subject_kind=KIND, subject_id=row.pk, data={"digest": photo.digest}
    )
    return photo


def _keep(observation: Observation, picture: Picture) -> Photo:
    """Store both sizes under random names; what a failure leaves behind is taken away again."""
    photo = Photo(observation=observation, width=picture.width, height=picture.height, digest=picture.digest)
    try:
        photo.image.save(picture.image.name or "", picture.image, save=False)
        photo.thumbnail.save(picture.thumbnail.name or "", picture.thumbnail, save=False)
        photo.save(force_insert=True)
    except Exception:
        for file in (photo.image, photo.thumbnail):
            if file:
                file.delete(save=False)
        raise
    return photo
