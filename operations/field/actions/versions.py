"""Edits made without a network. One made on a version that a colleague changed meanwhile waits for a person (R21)."""

import base64
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.actions.records import marking_of
from agreements.sharing.models import Record
from operations.field.choices import Outcome, VersionState
from operations.field.models import Version
from operations.patrols import exports, joining, rights
from operations.patrols.actions import legs, observations
from operations.patrols.models import Leg, Observation, Patrol, Team, Track
from operations.patrols.recordings import Fixes, unpack
from operations.patrols.tracks import Fix, Reading
from operations.types import filling
from operations.types import values as checking
from operations.types.filling import Filling
from portal.audit import recording
from portal.ui.errors import Refused

NOT_YOURS = "The leader of your team on this patrol decides, or your commander."


@transaction.atomic
def edit(
    *,
    observation: Observation,
    version: int,
    by: Appointment,
    text: str,
    made_at: datetime,
    type: str | None = None,
    position: tuple[float, float] | None = None,
    values: Mapping[str, Any] | None = None,
) -> Version | None:
    """Change an own entry; None when that was done. When a colleague changed it since `version`, the words are kept
    as a second version, which is given back. Raises Refused as `observations.change` does."""
    row = Observation.objects.select_related("record").get(pk=observation.pk)
    before = _words(row)
    try:
        with transaction.atomic():
            changed = observations.change(
                observation=row, version=version, by=by, text=text, type=type, position=position, values=values
            )
    except Refused as refused:
        if refused.code != "stale":
            raise
        latitude, longitude = position or (None, None)
        place = {"latitude": latitude, "longitude": longitude}
        words = {"text": text, "type": type or row.type, "values": _values(row, values), **place}
        return _second(row.record, version, by, made_at, words)
    _earlier(changed.record, version, by, before)
    return None


@transaction.atomic
def attach(
    *,
    leg: Leg,
    reading: Reading,
    by: Appointment,
    made_at: datetime,
    own_before: bool,
    device: uuid.UUID | None = None,
) -> Version | None:
    """Attach a track to an own leg. When it has another one, of another device (`own_before` is false), the second
    is kept beside it. None when it was attached."""
    standing = _standing(leg)
    if standing is None or own_before or standing.digest == reading.digest:
        legs.attach_track(leg=leg, reading=reading, by=by)
        return None
    _try(leg, reading, by)
    return _second(leg.record, leg.record.version, by, made_at, {"track": _plain(reading), "device": device})


@transaction.atomic
def grow(
    *,
    leg: Leg,
    pieces: Sequence[list[Fix]],
    by: Appointment,
    made_at: datetime,
    device: uuid.UUID,
    own: bool,
) -> Version | None:
    """Join a stretch of a device's recording to what it sent of the leg before: to the track that stands if that is its
    `own`, else to the one that waits beside it. None when it went to the leg. Raises Refused as `attach_track` does."""
    standing = _standing(leg)
    known = exports.recording_of(standing) if standing else Fixes()
    if standing is None or (own and joining.is_timed(known)):
        legs.attach_track(leg=leg, reading=joining.joined(known, pieces), by=by, grows=True)
        return None
    mine = Version.objects.waiting().filter(record=leg.pk, device=device, track__isnull=False)
    beside = mine.select_for_update(of=("self",)).first()
    before = unpack(base64.b64decode(beside.track["packed"])) if beside and beside.track else Fixes()
    reading = joining.joined(before, pieces)
    _try(leg, reading, by)
    if beside is None:
        return _second(leg.record, leg.record.version, by, made_at, {"track": _plain(reading), "device": device})
    beside.track = _plain(reading)
    beside.save(update_fields=["track"])
    return beside


def taken_of(leg: Leg) -> Version | None:
    """The second track that a person chose last for the leg: with the instant, `decided_at`."""
    rows = Version.objects.filter(record=leg.pk, state=VersionState.TAKEN, track__isnull=False)
    return rows.order_by("decided_at", "pk").last()


def _standing(leg: Leg) -> Track | None:
    """The leg's track. Two devices that send at once come one after the other."""
    Leg.objects.select_for_update(of=("self",)).get(pk=leg.pk)
    return Track.objects.filter(leg=leg).first()


class _TriedError(Exception):
    """Takes a trial back."""


def _try(leg: Leg, reading: Reading, by: Appointment) -> None:
    """Raise Refused as if it were attached: what is kept beside can be taken."""
    try:
        with transaction.atomic():
            legs.attach_track(leg=leg, reading=reading, by=by)
            raise _TriedError
    except _TriedError:
        return


def _plain(reading: Reading) -> dict[str, Any]:
    values = reading.values()
    for name in ("started_at", "ended_at"):
        values[name] = values[name] and values[name].isoformat()
    return values


def reading_of(values: Mapping[str, Any]) -> Reading:
    """The track that a version keeps."""
    at = {name: values[name] and datetime.fromisoformat(values[name]) for name in ("started_at", "ended_at")}
    return Reading(**{**values, **at})


def _words(row: Observation) -> dict[str, Any]:
    place = {"latitude": row.record.latitude, "longitude": row.record.longitude}
    return {"text": row.text, "type": row.type, "values": _values(row, None), **place}


def _values(row: Observation, values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Of the entry's type: those given, checked, or those that stand. None where the type has no fields."""
    filled = filling.of(row.record)
    if filled is None:
        return None
    return filled.values if values is None else checking.check(filled.type, values)


def _second(record: Record, version: int, by: Appointment, made_at: datetime, words: Mapping[str, Any]) -> Version:
    row = Version.objects.create(record=record, based_on=version, made_by=by, made_at=made_at, **words)
    recording.record(verb="version.keep", by=by, subject_kind=record.kind, subject_id=record.pk, data={"on": version})
    return row


def _earlier(record: Record, version: int, by: Appointment, words: Mapping[str, Any]) -> None:
    state = VersionState.EARLIER
    Version.objects.create(record=record, based_on=version, made_by=by, made_at=timezone.now(), state=state, **words)


def may_decide(record: Record, by: Appointment) -> bool:
    """Whether the officer decides between versions: the leader of the own team on the patrol, else whoever supervises;
    where no leader in effect is named, any officer of the agency who is assigned and runs patrols."""
    if record.owner_id not in by.agencies or not by.may(Permission.PATROL_RUN):
        return False
    if by.may(Permission.FIELD_SUPERVISE):
        return True
    now = timezone.now()
    team = Team.objects.filter(patrol=record.host_id, agency=record.owner_id).select_related("leader__officer").first()
    leader = team.leader.held_on(now) if team and team.leader else None
    return leader.pk in by.chain if leader else rights.is_assigned(by, record.operation, now)


@transaction.atomic
def decide(*, version: Version, outcome: str, by: Appointment) -> Version:
    """Say which of the two stands. Nothing is lost: the other is kept as it was, or as an entry of its own."""
    record = Record.objects.select_for_update(of=("self",)).get(pk=version.record_id)
    rights.require_sight(by, record, timezone.now())
    row = Version.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if not may_decide(record, by):
        raise Refused(NOT_YOURS, code="forbidden")
    if row.state != VersionState.WAITING:
        raise Refused("That is decided already.", code="state")
    state = {
        Outcome.STANDING: VersionState.DECLINED,
        Outcome.SECOND: VersionState.TAKEN,
        Outcome.BOTH: VersionState.APART,
    }[Outcome(outcome)]
    if state == VersionState.TAKEN:
        _take(row, record, by)
    if state == VersionState.APART:
        row.entry = _apart(row, record, by).pk
    row.state, row.decided_by, row.decided_at = state, by, timezone.now()
    row.save(update_fields=["state", "entry", "decided_by", "decided_at"])
    data = {"version": row.pk, "outcome": outcome, "entry": row.entry}
    recording.record(verb="version.decide", by=by, subject_kind=record.kind, subject_id=record.pk, data=data)
    return row


def _take(row: Version, record: Record, by: Appointment) -> None:
    if row.track is not None:
        standing = Track.objects.get(leg=record.pk)
        kept = {name: getattr(standing, name) for name in row.track}
        kept |= {name: kept[name] and kept[name].isoformat() for name in ("started_at", "ended_at")}
        legs.attach_track(leg=standing.leg, reading=reading_of(row.track), by=by)
        _earlier(record, record.version, by, {"track": kept})
        return
    observation = Observation.objects.select_related("record").get(pk=record.pk)
    before = _words(observation)
    position = None if row.latitude is None or row.longitude is None else (row.latitude, row.longitude)
    observations.change(
        observation=observation,
        version=record.version,
        by=by,
        text=row.text,
        type=row.type,
        position=position,
        values=row.values,
    )
    _earlier(record, record.version, by, before)


def _apart(row: Version, record: Record, by: Appointment) -> Record:
    """As an entry of its own, marked alike and held: nobody was shown who would read it (R6)."""
    if row.track is not None:
        raise Refused("A leg has one track: keep one of the two.", field="outcome")
    standing = Observation.objects.select_related("leg").get(pk=record.pk)
    position = None if row.latitude is None or row.longitude is None else (row.latitude, row.longitude)
    made = observations.log(
        patrol=Patrol.objects.get(pk=record.host_id),
        by=by,
        type=row.type,
        text=row.text,
        marking=marking_of(record),
        occurred_at=record.occurred_at,
        position=position,
        leg=standing.leg,
        shown=False,
        filling=_filling(row, record),
    )
    return made.record


def _filling(row: Version, record: Record) -> Filling | None:
    """The second version's values, of the same type in the same version as the entry's."""
    filled = filling.of(record)
    return Filling(filled.type.key, row.values, filled.catalogue) if filled and row.values is not None else None
