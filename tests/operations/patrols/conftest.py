"""A joint operation of a1 and b under Art. 7, led by a1, and a patrol in it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import Appointment, Country
from agencies.directory.roles import Permission
from agreements.register.choices import ActionKind, Purpose
from agreements.register.models import TreatyAction
from agreements.sharing import kinds
from agreements.sharing.actions import circles, orders, records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, CircleKind, Tlp
from agreements.sharing.models import Circle, Record, StandingOrder
from agreements.sharing.policy import access
from operations.patrols.actions import legs, observations, patrols
from operations.patrols.actions.patrols import TeamPlan
from operations.patrols.models import Leg, Observation, Patrol
from tests.conftest import Cast

OPERATIONAL = Marking(categories=["operational"], classification=1, tlp=Tlp.AMBER)
GPX = """<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{points}</trkseg></trk></gpx>
"""


def gpx(start: datetime | None = None, count: int = 20, step: float = 0.001, seconds: int = 30) -> bytes:
    """A track due north-east from Konstanz, a point each `seconds`; without times when `start` is None."""
    points = []
    for i in range(count):
        stamp = f"<time>{start + timedelta(seconds=seconds * i):%Y-%m-%dT%H:%M:%SZ}</time>" if start else ""
        points.append(f'<trkpt lat="{47.66 + i * step:.6f}" lon="{9.17 + i * step:.6f}">{stamp}</trkpt>')
    return GPX.format(points="".join(points)).encode()


def sees(who: Appointment, row: Any) -> bool:
    record = row if isinstance(row, Record) else row.record
    return Record.objects.visible_to(access(who, timezone.now())).filter(pk=record.pk).exists()


@dataclass
class Joint:
    """The operation, with short ways to do things in it."""

    cast: Cast
    record: Record
    circle: Circle

    def plan(self, by: Appointment | None = None, **values: Any) -> Patrol:
        now = timezone.now()
        teams = [TeamPlan(self.cast.a1, 2), TeamPlan(self.cast.b, 2)]
        defaults: dict[str, Any] = {
            "by": by or self.cast.lars,
            "operation": self.record,
            "title": "Shore patrol",
            "objective": "Watch the shore.",
            "starts_at": now - timedelta(hours=2),
            "ends_at": now + timedelta(hours=2),
            "teams": teams,
            "marking": OPERATIONAL,
        }
        return patrols.plan(**{**defaults, **values})

    def active(self, hours: float = 2, **values: Any) -> Patrol:
        patrol = self.plan(**values)
        return patrols.start(
            patrol=patrol, by=values.get("by", self.cast.lars), started_at=timezone.now() - timedelta(hours=hours)
        )

    def leg(self, patrol: Patrol, by: Appointment, **values: Any) -> Leg:
        values = {"territory": Country.objects.get(pk="XX"), "marking": OPERATIONAL, **values}
        return legs.start(patrol=patrol, by=by, **values)

    def log(self, patrol: Patrol, by: Appointment, **values: Any) -> Observation:
        values = {"type": "sighting", "text": "Boat without lights.", "marking": OPERATIONAL, **values}
        return observations.log(patrol=patrol, by=by, **values)

    def order(self, by: Appointment, **values: Any) -> StandingOrder:
        defaults: dict[str, Any] = {
            "circle": self.circle,
            "clause": self.cast.art7,
            "purpose": Purpose.BORDER_OPERATION,
            "kinds": ["patrol", "leg", "observation"],
            "categories": ["operational"],
            "ceiling": 1,
            "tlp": Tlp.AMBER,
        }
        return orders.issue(by=by, **{**defaults, **values})

    def release(self, row: Any, by: Appointment) -> None:
        releases.release(
            record=row.record,
            to=To(AudienceKind.CIRCLE, circle=self.circle),
            clause=self.cast.art7,
            purpose=Purpose.BORDER_OPERATION,
            by=by,
        )

    def suspend(self) -> None:
        """The treaty is suspended from today on."""
        TreatyAction.objects.create(
            agreement=self.cast.art7.agreement,
            kind=ActionKind.SUSPENSION,
            done_on=date.today() - timedelta(days=1),
            effective_on=date.today() - timedelta(days=1),
            recorded_at=timezone.now(),
            recorded_by=self.cast.tara,
            recorded_for=self.cast.a1.country,
        )


@pytest.fixture
def joint(cast: Cast) -> Joint:
    if "operation" not in {kind.name for kind in kinds.all_kinds()}:
        kinds.register(
            kinds.Kind("operation", "Operation", "Operations", Permission.OPERATION_VIEW, "patrols:patrol-detail")
        )
    record = records.create(by=cast.xenia, kind="operation", title="Autumn", marking=OPERATIONAL)
    circle = circles.open_circle(record=record, kind=CircleKind.OPERATION, by=cast.xenia)
    invited = circles.invite(
        circle=circle, agency=cast.b, clause=cast.art7, purpose=Purpose.BORDER_OPERATION, by=cast.xenia
    )
    invited = circles.accept(participation=invited, by=cast.yara)
    own = circle.participations.get(agency=cast.a1)
    for who in (cast.lars, cast.anton):
        circles.assign(participation=own, appointment=who, by=cast.xenia)
    for who in (cast.yann, cast.yara):
        circles.assign(participation=invited, appointment=who, by=cast.yara)
    return Joint(cast, Record.objects.get(pk=record.pk), circle)
