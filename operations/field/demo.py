"""The demonstration in the field: stays on partner territory, a rest, two versions of an entry, and a colleague's file."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment, Country
from agreements.sharing.actions import releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record
from operations.field import quarantine
from operations.field.actions import crossings, pauses, versions
from operations.field.choices import QuarantineCause
from operations.field.clocks import Clock
from operations.field.models import Crossing
from operations.patrols.models import Leg, Observation, Patrol
from operations.planning.demo import appointment, key_of
from operations.planning.models import Operation
from portal.ui import demo

MINUTE = timedelta(minutes=1)
OPERATION, PATROL = "Lake Constance Autumn", "Kreuzlingen–Ermatingen"
DEVICE = uuid.UUID("0d5b6a51-35a2-4f0e-8a57-94c1ce0a7d11")
MARKING = Marking(categories=["operational"], classification=1, tlp=Tlp.AMBER.value)


@transaction.atomic
def load() -> int:
    """What belongs to the patrol under way, if that is there and this is not; how many are new."""
    patrol = patrol_under_way()
    if patrol is None or patrol.started_at is None or Record.objects.filter(pk=_key("stay of ch")).exists():
        return 0
    now = timezone.now().replace(second=0, microsecond=0)
    begun = patrol.started_at
    ch, de = appointment("ch.leader"), appointment("de.leader")
    _stay(patrol, ch, "stay of ch", "DE", begun + 25 * MINUTE, (47.6620, 9.1690), "Wiesenstrasse crossing")
    _stay(patrol, de, "stay of de", "CH", now - 35 * MINUTE, (47.6520, 9.1520), "Tägerwilen", open_=True)
    leg = Leg.objects.filter(record__host=patrol.record, record__owner=ch.agency, ended_at=None).first()
    if leg is not None:
        pauses.pause(leg=leg, by=ch, at=leg.started_at + 30 * MINUTE)
        pauses.resume(leg=leg, by=ch, at=leg.started_at + 45 * MINUTE)
    _two_versions(patrol, ch, now)
    _carried_in(patrol, ch, appointment("ch.liaison"), now)
    return 3


def patrol_under_way() -> Patrol | None:
    rows = Patrol.objects.select_related("record__operation")
    return rows.filter(pk=key_of(f"{OPERATION} {PATROL} today "), state="active").first()


def _key(part: str) -> uuid.UUID:
    return key_of(f"field {PATROL} {part}")


def _stay(
    patrol: Patrol,
    by: Appointment,
    name: str,
    country: str,
    at: datetime,
    position: tuple[float, float],
    place: str,
    *,
    open_: bool = False,
) -> Crossing:
    row = crossings.enter(
        patrol=patrol,
        by=by,
        territory=Country.objects.get(pk=country),
        basis="joint_patrol",
        marking=MARKING,
        entered_at=at,
        position=position,
        place=place,
        notified="Duty desk of the host",
        key=_key(name),
    )
    release(row.record)
    if not open_:
        crossings.leave(crossing=row, by=by, left_at=at + 22 * MINUTE, position=(47.6583, 9.1721), place="Main customs")
    return row


def release(record: Record) -> None:
    """By hand, as somebody does with a tap, to those who take part."""
    operation = Operation.objects.get(pk=record.operation_id)
    if record.releases.standing().filter(clause__isnull=False).exists():
        return
    releases.release(
        record=record,
        to=To(AudienceKind.CIRCLE, circle=operation.circle),
        clause=operation.clauses.select_related("agreement").get(),
        purpose=operation.purpose,
        by=record.author,
    )


def _two_versions(patrol: Patrol, by: Appointment, now: datetime) -> None:
    """The other tablet of the team changed the entry before this one came back to the network."""
    rows = Observation.objects.filter(record__host=patrol.record, record__owner=by.agency)
    row = rows.select_related("record").order_by("record__occurred_at", "pk").first()
    if row is None:
        return
    stale = row.record.version
    versions.edit(
        observation=row, version=stale, by=by, text=f"{row.text} Papers seen, nothing taken.", made_at=now - 9 * MINUTE
    )
    row.refresh_from_db()
    versions.edit(
        observation=row, version=stale, by=by, text="Two estate cars checked, one driver with a ferry ticket.",
        made_at=now - 12 * MINUTE,
    )  # fmt: skip


def _carried_in(patrol: Patrol, whose: Appointment, carrier: Appointment, now: datetime) -> None:
    """A tablet that found no network: its file was brought to a desk by a colleague."""
    made = (now - 70 * MINUTE).isoformat()
    item: dict[str, Any] = {"happened_at": made, "made_at": made, "patrol": str(patrol.pk)}
    raws = [
        {
            **item,
            "id": str(_key("carried 1")),
            "kind": "observation",
            "body": {"type": "sighting", "text": "Dinghy drawn up in the reeds below Triboltingen, nobody near it."},
        },
        {
            **item,
            "id": str(_key("carried 2")),
            "kind": "observation",
            "body": {"type": "hazard", "text": "Barbed wire across the shore path."},
        },
    ]
    quarantine.put_aside(
        officer=whose.officer,
        device=DEVICE,
        clock=Clock(now, now, by_hand=True),
        raws=raws,
        cause=QuarantineCause.BY_HAND,
        carried_by=carrier,
    )


def register() -> None:
    demo.register(demo.Step("field", 41, load))
