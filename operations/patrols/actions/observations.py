"""Log an observation, with photographs. It is the logging agency's own record, hosted by the patrol (R23)."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
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
from operations.types import filling as filling_room
from operations.types.filling import Filling
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
    more_pictures: bool = False,
    key: uuid.UUID | None = None,
    shown: bool | frozenset[uuid.UUID] = True,
    filling: Filling | None = None,
) -> Observation:
    """Log what happened on a patrol that is active or has ended. `position` is (latitude, longitude).

    With a `filling` it is of one of the operation's own types, which says what it counts as; the text may then be
    empty, and personal data that was filled in goes into the marking.

    Raises Refused when the time lies outside the patrol's, the leg is not the officer's agency's, or values do not
    fit their type. With photographs, also with `more_pictures` that will follow, it is held unless the standing
    order names them (R6).
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
    checked = filling_room.check(host.operation, filling)
    if not text.strip() and not (checked and checked.values):
        raise Refused("Write what was seen.", field="text")
    if checked is not None:
        type, marking = checked.type.base.value, checked.marked(marking)
    record = records.create(
        by=by,
        kind=KIND,
        title=_title(checked.label if checked else "", type, text or (checked.words if checked else "")),
        marking=marking,
        key=key,
        occurred_at=occurred_at,
        operation=host.operation,
        host=host,
        position=position,
        text=_searched(text, checked.words if checked else ""),
        photographs=bool(pictures) or more_pictures,
        shown=shown,
    )
    row = Observation.objects.create(record=record, leg=leg, type=type, text=text, accuracy_m=accuracy_m)
    filling_room.keep(record, checked)
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
def change(
    *,
    observation: Observation,
    version: int,
    by: Appointment,
    text: str,
    type: str | None = None,
    position: tuple[float, float] | None = None,
    values: Mapping[str, Any] | None = None,
) -> Observation:
    """Give an own entry new words, or other values of its type, made on its `version`. Whoever opened it abroad is
    told (R16, R21). What it counts as stays with its type, where it has one.

    Raises Refused with code "stale" when it was changed since.
    """
    rights.require_role(by, Permission.PATROL_RUN)
    row = Observation.objects.select_for_update(of=("self",)).select_related("record__owner").get(pk=observation.pk)
    rights.require_sight(by, row.record, timezone.now())
    rights.require_own(by, row.record, "changes its entries")
    row.record.refresh_from_db(fields=["version"])
    if row.record.version != version:
        raise Refused("A colleague has changed this entry since.", code="stale")
    before = {"text": row.text, "type": row.type}
    filled = filling_room.of(row.record) if values is None else filling_room.change(row.record, values)
    words = filling_room.summary(filled.type, filled.values) if filled else ""
    if not text.strip() and not words:
        raise Refused("Write what was seen.", field="text")
    row.type, row.text = row.type if filled else type or row.type, text
    row.save(update_fields=["type", "text"])
    columns: dict[str, Any] = {"search_text": _searched(text, words)}
    if position is not None:
        columns["latitude"], columns["longitude"] = position
    title = _title(filled.label() if filled else "", row.type, text or words)
    records.touch(record=row.record, by=by, title=title, corrects=True, **columns)
    data = {"before": before, "version": version}
    recording.record(verb="observation.change", by=by, subject_kind=KIND, subject_id=row.pk, data=data)
    return row


def _title(label: str, type: str, text: str) -> str:
    return Truncator(f"{label or ObservationType(type).label}: {' '.join(text.split())}").chars(TITLE_LENGTH)


def _searched(text: str, words: str) -> str:
    return f"{text}\n{words}".strip()


@transaction.atomic
def add_photograph(*, observation: Observation, picture: Picture, by: Appointment) -> Photo:
    """Add a photograph to an own entry that no other agency can read: photographs wait for a tap (R6), unless the
    standing order that released the entry names them and is in effect still.

    Raises Refused when the entry has been released otherwise: then the photograph is a new entry.
    """
    rights.require_role(by, Permission.PATROL_RUN)
    row = Observation.objects.select_for_update(of=("self",)).select_related("record__owner").get(pk=observation.pk)
    rights.require_sight(by, row.record, timezone.now())
    rights.require_own(by, row.record, "adds photographs to its entries")
    if _given_without_pictures(row, by):
        raise Refused("This entry is shared already. Log the photograph as a new entry.", field="photos", code="state")
    if row.photos.count() >= photos.MOST:
        raise Refused(f"An entry takes {photos.MOST} photographs at most.", field="photos")
    photo = _keep(row, picture)
    records.touch(record=row.record, by=by)
    recording.record(
        verb="observation.photograph", by=by, subject_kind=KIND, subject_id=row.pk, data={"digest": photo.digest}
    )
    return photo


def _given_without_pictures(row: Observation, by: Appointment) -> bool:
    """Whether somebody abroad has the entry by anything but an order that names photographs today."""
    day = timezone.now().astimezone(by.agency.zone).date()
    by_order = Q(standing_order__photographs=True, standing_order__revoked_at=None)
    lasting = Q(standing_order__ends_on=None) | Q(standing_order__ends_on__gte=day)
    given = row.record.releases.standing().exclude(clause=None)
    return given.exclude(pk__in=given.filter(by_order & lasting).values("pk")).exists()


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
