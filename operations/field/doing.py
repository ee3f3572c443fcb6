"""Carries an item out: each kind by the action that pages and API call. Nothing is written here."""

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from rest_framework import serializers

from agencies.directory.models import Agency, Appointment
from agreements.sharing.models import Record
from operations.field import inputs, told
from operations.field.actions import crossings, pauses, signals, versions
from operations.field.choices import Flag, ItemKind, ReceiptState
from operations.field.items import Item
from operations.field.models import Crossing, Receipt
from operations.patrols import rights, tracks
from operations.patrols.actions import legs, observations, patrols
from operations.patrols.actions.patrols import TeamPlan
from operations.patrols.choices import PatrolState
from operations.patrols.models import Leg, Observation, Patrol
from operations.patrols.tracks import Fix, Reading
from operations.types import filling
from portal.ui.errors import Refused

MISSING = "There is no such {what}, or it has not been received yet."


@dataclass
class Done:
    """What an item came to: its record, if it has one, and whether a person must decide."""

    record: Record | None
    state: ReceiptState = ReceiptState.RECEIVED
    flags: list[Flag] = field(default_factory=list)
    reference: str = ""


@dataclass(frozen=True)
class Task:
    """An item, when it happened by the server's clock, who acts, and how keys of earlier items are understood."""

    item: Item
    at: datetime
    by: Appointment
    device: uuid.UUID
    resolve: Callable[[uuid.UUID], uuid.UUID]
    drift: timedelta = timedelta()
    # Whose log it is, where that is not who acts: a supervisor admits what another logged.
    officer: uuid.UUID | None = None

    def body(self, kind: type[serializers.Serializer[Any]]) -> Any:
        """The body, checked. Raises ValidationError with every fault at its field."""
        serializer = kind(data=dict(self.item.body))
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def seen(self, key: uuid.UUID | None, kind: str, name: str = "") -> Record:
        """The record that is named, asked of the policy. Hidden and unknown are refused alike (R17)."""
        name = name or kind
        if key is None:
            raise Refused(f"Say which {kind} it is.", field=name)
        row = Record.objects.select_related("owner", "operation").filter(pk=self.resolve(key), kind=kind).first()
        try:
            if row is not None:
                rights.require_sight(self.by, row, timezone.now())
                return row
        except Refused as refused:
            if refused.code != "not_found":
                raise
        raise Refused(MISSING.format(what=kind), field=name, code="missing")

    def keep(self, record: Record, found: dict[str, Any]) -> None:
        told.keep(record, found, at=self.item.happened_at, drift=self.drift)

    def patrol(self) -> Patrol:
        return Patrol.objects.select_related("record__operation").get(pk=self.seen(self.item.patrol, "patrol").pk)

    def leg(self) -> Leg:
        return Leg.objects.select_related("record").get(pk=self.seen(self.item.leg, "leg").pk)


def do(task: Task) -> Done:
    """Bring it about. Raises Refused or ValidationError, and has then written nothing."""
    with transaction.atomic():
        return _DOERS[task.item.kind](task)


def _patrol_start(task: Task) -> Done:
    if task.item.patrol is None:
        return _new_patrol(task)
    patrol = task.patrol()
    if patrol.state in (PatrolState.ACTIVE, PatrolState.ENDED):
        rights.require_own(task.by, patrol.record, "starts its patrols")
        return Done(patrol.record, flags=[Flag.ALREADY])
    return Done(patrols.start(patrol=patrol, by=task.by, started_at=task.at).record)


def _new_patrol(task: Task) -> Done:
    values = task.body(inputs.PatrolBody)
    values["operation"] = task.seen(values["operation"], "operation")
    teams = _teams(values.pop("teams"))
    planned = patrols.plan(by=task.by, key=task.item.id, starts_at=task.at, teams=teams, **values)
    return Done(patrols.start(patrol=planned, by=task.by, started_at=task.at).record)


def _teams(rows: list[dict[str, Any]]) -> list[TeamPlan]:
    agencies = Agency.objects.select_related("country").in_bulk([row["agency"] for row in rows])
    if any(row["agency"] not in agencies for row in rows):
        raise Refused("Only agencies that take part in the operation send a team.", field="teams")
    # Leaders are named at a desk.
    return [
        TeamPlan(
            **{name: value for name, value in row.items() if name != "leader"} | {"agency": agencies[row["agency"]]}
        )
        for row in rows
    ]


def _patrol_end(task: Task) -> Done:
    patrol = task.patrol()
    if patrol.state == PatrolState.ENDED:
        rights.require_own(task.by, patrol.record, "ends its patrols")
        return Done(patrol.record, flags=[Flag.ALREADY])
    return Done(patrols.end(patrol=patrol, by=task.by, ended_at=task.at).record)


def _leg_start(task: Task) -> Done:
    patrol, values = task.patrol(), task.body(inputs.LegBody)
    # The team's leg there: one that runs, or that a colleague's device has ended meanwhile, after this one's start.
    shared = Leg.objects.filter(Q(ended_at=None) | Q(ended_at__gte=task.at)).filter(
        record__host=patrol.record, record__owner__in=task.by.agencies, territory=values["territory"]
    )
    row = shared.select_related("record").order_by("started_at", "pk").first()
    if row is not None and row.record_id != task.item.id and not values.get("note"):
        # The other tablet of the team started it: entries of both belong to one leg.
        rights.require_sight(task.by, row.record, timezone.now())
        return Done(row.record, flags=[Flag.ALREADY])
    return Done(legs.start(patrol=patrol, by=task.by, started_at=task.at, key=task.item.id, **values).record)


def _leg_end(task: Task) -> Done:
    leg, values = task.leg(), task.body(inputs.LegEndBody)
    if leg.ended_at is not None and values.get("note", leg.note) == leg.note:
        rights.require_own(task.by, leg.record, "ends its legs")
        return Done(leg.record, flags=[Flag.ALREADY])
    return Done(legs.end(leg=leg, by=task.by, ended_at=task.at, **values).record)


def _leg_pause(task: Task) -> Done:
    return _rested(task, pauses.pause)


def _leg_resume(task: Task) -> Done:
    return _rested(task, pauses.resume)


def _rested(task: Task, step: Callable[..., Any]) -> Done:
    leg = task.leg()
    try:
        step(leg=leg, by=task.by, at=task.at)
    except Refused as refused:
        if refused.code != "already":
            raise
        return Done(leg.record, flags=[Flag.ALREADY])
    return Done(leg.record)


def _observation(task: Task) -> Done:
    if "edits" in task.item.body:
        return _edit(task)
    patrol, values = task.patrol(), task.body(inputs.ObservationBody)
    leg = task.leg() if task.item.leg else None
    more = values.pop("photographs") > 0
    found = told.taken(values)
    row = observations.log(
        patrol=patrol, by=task.by, leg=leg, occurred_at=task.at, key=task.item.id, more_pictures=more, **values
    )
    task.keep(row.record, found)
    filled = filling.of(row.record)
    return Done(row.record, flags=[Flag.OLDER] if filled is not None and filled.older else [])


def _edit(task: Task) -> Done:
    values = task.body(inputs.EditBody)
    row = Observation.objects.get(pk=task.seen(values.pop("edits"), "observation", "edits").pk)
    second = versions.edit(observation=row, by=task.by, made_at=task.at, **values)
    return Done(row.record, state=ReceiptState.CONFLICT if second else ReceiptState.RECEIVED)


def _track(task: Task) -> Done:
    leg, values = task.leg(), task.body(inputs.TrackBody)
    second = (
        versions.grow(
            leg=leg, pieces=_pieces(values), by=task.by, made_at=task.at, device=task.device, own=_own(task, leg)
        )
        if values["joins"]
        else versions.attach(
            leg=leg,
            reading=_reading(values),
            by=task.by,
            made_at=task.at,
            device=task.device,
            own_before=_own(task, leg),
        )
    )
    return Done(leg.record, state=ReceiptState.CONFLICT if second else ReceiptState.RECEIVED)


def _own(task: Task, leg: Leg) -> bool:
    """Whether the track that the leg has is this device's: by what was received last, or by what was decided since."""
    same = Receipt.objects.filter(kind=ItemKind.TRACK, record=leg.pk, state=ReceiptState.RECEIVED)
    last = same.order_by("-received_at", "-id").first()
    taken = versions.taken_of(leg)
    if taken is not None and taken.decided_at and (last is None or last.received_at < taken.decided_at):
        return taken.device == task.device
    officer = task.officer or task.by.officer_id
    return last is not None and last.device == task.device and last.officer_id == officer


def _reading(values: Mapping[str, Any]) -> Reading:
    if "gpx" in values:
        return tracks.read(values["gpx"].encode())
    content = json.dumps(values["pieces"], separators=(",", ":")).encode()
    return tracks.assembled(_pieces(values), hashlib.sha256(content).hexdigest())


def _pieces(values: Mapping[str, Any]) -> list[list[Fix]]:
    return [[_fix(point) for point in piece] for piece in values["pieces"]]


def _fix(point: list[Any]) -> Fix:
    longitude, latitude, seconds = (*point, None)[:3]
    numbers = [part for part in (longitude, latitude, seconds) if part is not None]
    plain = len(numbers) >= 2 and all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers)
    if not plain or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Refused("A point of the track is not on Earth: write longitude, latitude.", field="track")
    try:
        at = None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise Refused("A point has a time that is not a time.", field="track") from None
    return Fix(float(latitude), float(longitude), at)


def _enter(task: Task) -> Done:
    patrol, values = task.patrol(), task.body(inputs.EnterBody)
    found = told.taken(values, accuracy=True)
    row = crossings.enter(patrol=patrol, by=task.by, entered_at=task.at, key=task.item.id, **values)
    task.keep(row.record, found)
    return Done(row.record)


def _leave(task: Task) -> Done:
    values = task.body(inputs.LeaveBody)
    named = values.pop("crossing", None)
    if named is None:
        host = task.seen(task.item.patrol, "patrol")
        rows = Crossing.objects.open().filter(record__host=host, record__owner__in=task.by.agencies)
        row = rows.select_related("record").first()
        if row is None:
            raise Refused("Your team is not on partner territory.", code="state")
    else:
        row = Crossing.objects.select_related("record").get(pk=task.seen(named, "crossing").pk)
    if row.left_at is not None:
        rights.require_own(task.by, row.record, "ends its crossings")
        return Done(row.record, flags=[Flag.ALREADY])
    return Done(crossings.leave(crossing=row, by=task.by, left_at=task.at, **values).record)


def _check_in(task: Task) -> Done:
    patrol, values = task.patrol(), task.body(inputs.CheckInBody)
    row = signals.check_in(patrol=patrol, by=task.by, at=task.at, key=task.item.id, **values)
    return Done(None, reference=_short(row.pk))


def _panic(task: Task) -> Done:
    """Nothing that is wrong about the rest keeps a call for help from being heard."""
    values = _what_can_be_read(task)
    try:
        patrol = task.patrol() if task.item.patrol else None
    except Refused:
        patrol = None
    row = signals.call(by=task.by, at=task.at, patrol=patrol, key=task.item.id, **values)
    return Done(None, reference=_short(row.pk))


def _what_can_be_read(task: Task) -> Any:
    """The body of a call for help without what is wrong in it: the words count though the place cannot be."""
    body = dict(task.item.body)
    while True:
        serializer = inputs.PanicBody(data=body)
        if serializer.is_valid():
            return serializer.validated_data
        wrong = [name for name in serializer.errors if name in body]
        for name in wrong or list(body):
            del body[name]


def _short(key: uuid.UUID) -> str:
    """The random tail of a key, which counts nothing (R17)."""
    return f"SIG-{key.hex[-8:].upper()}"


_DOERS: dict[ItemKind, Callable[[Task], Done]] = {
    ItemKind.PATROL_START: _patrol_start,
    ItemKind.PATROL_END: _patrol_end,
    ItemKind.LEG_START: _leg_start,
    ItemKind.LEG_PAUSE: _leg_pause,
    ItemKind.LEG_RESUME: _leg_resume,
    ItemKind.LEG_END: _leg_end,
    ItemKind.OBSERVATION: _observation,
    ItemKind.TRACK: _track,
    ItemKind.CROSSING_ENTER: _enter,
    ItemKind.CROSSING_LEAVE: _leave,
    ItemKind.CHECK_IN: _check_in,
    ItemKind.PANIC: _panic,
}
