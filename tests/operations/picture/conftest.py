"""An open operation of a1 and b with something of everything in it, and short ways to follow a number to its list."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Country
from agreements.register.choices import Purpose
from agreements.sharing.actions import circles
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import Tlp
from operations.meetings import actions as meetings
from operations.meetings.actions import Invitee
from operations.patrols import tracks
from operations.patrols.actions import legs, patrols
from operations.patrols.models import Patrol
from operations.planning.actions import operations
from operations.planning.models import Operation
from portal.outbox import messages
from portal.outbox.models import Message
from tests import kept
from tests.conftest import Cast
from tests.kept import Keeper
from tests.operations.patrols.conftest import Joint, gpx
from tests.operations.planning.conftest import Desk

PERSONAL = Marking(["operational", "personal_data"], 1, Tlp.AMBER)
HOUR = timedelta(hours=1)


@dataclass
class Scene:
    """The operation, and how to make more happen in it."""

    cast: Cast
    desk: Desk
    operation: Operation
    joint: Joint

    def patrol(self, title: str = "Shore patrol") -> Patrol:
        """Active: a leg of each side with its track, an entry of each, and one of a1 that is held."""
        now, cast = timezone.now(), self.cast
        patrol = self.joint.active(hours=3, title=title)
        for who in (cast.anton, cast.yann):
            leg = self.joint.leg(patrol, who, started_at=now - 2 * HOUR)
            legs.attach_track(leg=leg, reading=tracks.read(gpx(now - HOUR)), by=who)
            self.joint.log(patrol, who, position=(47.66, 9.18), text=f"Boat seen by {who.agency.short}.")
        self.joint.log(patrol, cast.anton, marking=PERSONAL, text="A name.", position=(47.65, 9.1))
        return patrol

    def late(self) -> Patrol:
        """Active past its planned end."""
        now = timezone.now()
        return self.joint.active(hours=5, title="Late patrol", starts_at=now - 6 * HOUR, ends_at=now - HOUR)

    def ended(self) -> Patrol:
        cast, now = self.cast, timezone.now()
        patrol = self.joint.active(hours=30, title="Ended patrol", starts_at=now - 30 * HOUR, ends_at=now - 20 * HOUR)
        self.joint.leg(patrol, cast.yann, started_at=now - 29 * HOUR, ended_at=now - 27 * HOUR)
        return patrols.end(patrol=patrol, by=cast.lars, ended_at=now - 20 * HOUR)

    def invitation(self) -> Operation:
        """Another operation, to which b is invited and has not answered."""
        row = self.desk.plan(name="Winter")
        self.desk.invite(row)
        return row

    def meeting(self, *, attend: bool, title: str = "Coordination") -> Any:
        """Called by a1 for b tomorrow; when it attends, Yann is sent and has not answered."""
        cast, begin = self.cast, timezone.now() + timedelta(days=1)
        invitees = [Invitee(cast.b, cast.art7, Purpose.COORDINATION)]
        row = meetings.call(
            by=cast.xenia, title=title, starts_at=begin, ends_at=begin + HOUR, place="Pier", invitees=invitees
        )
        if attend:
            meetings.accept_invitation(meeting=row, by=cast.yann)
        return row

    def fill(self) -> None:
        """Something of everything."""
        self.patrol()
        self.late()
        self.ended()
        self.joint.plan(title="Tonight", starts_at=timezone.now() + 3 * HOUR, ends_at=timezone.now() + 6 * HOUR)
        self.joint.plan(title="Next week", starts_at=timezone.now() + 168 * HOUR, ends_at=timezone.now() + 170 * HOUR)
        self.invitation()
        self.meeting(attend=True)
        self.meeting(attend=False, title="Planning day")


def make_scene(cast: Cast) -> Scene:
    """The operation, of which nothing but the instructions of both sides is there yet."""
    desk = Desk(cast)
    row = desk.joined()
    own = row.circle.participations.get(agency=cast.a1)
    theirs = row.circle.participations.get(agency=cast.b)
    for who in (cast.lars, cast.anton):
        circles.assign(participation=own, appointment=who, by=cast.xenia)
    circles.assign(participation=theirs, appointment=cast.yara, by=cast.yara)
    operations.open_operation(operation=row, by=cast.xenia)
    joint = Joint(cast, row.record, row.circle)
    joint.order(cast.xenia)
    joint.order(cast.yara)
    return Scene(cast, desk, Operation.objects.get(pk=row.pk), joint)


def make_full(scene: Scene) -> Scene:
    """The same with something of everything, and the alerts that come of it."""
    scene.fill()
    for message in Message.objects.filter(done_at=None, set_aside_at=None):
        messages.dispatch(message.pk)
    return scene


kept.layer("scene", make_scene, "cast")
kept.layer("full", lambda cast, scene: make_full(scene), "cast", "scene")


@pytest.fixture
def scene(kept: Keeper, cast: Cast) -> Scene:
    """See `make_scene`."""
    found: Scene | None = kept.give("scene")
    return found or make_scene(cast)


@pytest.fixture
def full(kept: Keeper, scene: Scene) -> Scene:
    """See `make_full`."""
    found: Scene | None = kept.give("full")
    return found or make_full(scene)


# How a row looks where a list is no table.
ROWS = {
    "/patrols/mine/": r"next-step\b",
    "/operations/invitations/": r'aria-labelledby="o\d',
    # Also those that are folded under another of the same change.
    "/alerts/": r'href="/alerts/[0-9a-f-]{36}/"',
}


def rows_at(client: Client, url: str) -> int:
    """How many rows the list shows, on all its pages."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    text = answer.content.decode()
    pattern = ROWS.get(url.partition("?")[0])
    if pattern:
        return len(re.findall(pattern, text))
    bodies = re.findall(r"<tbody>(.*?)</tbody>", text, re.DOTALL)
    found = sum(len(re.findall(r"<tr\b", body)) for body in bodies)
    older = re.search(r'rel="next" href="(\?[^"]+)"', text)
    return found + (rows_at(client, url.partition("?")[0] + older[1].replace("&amp;", "&")) if older else 0)


def situation(operation: Operation, period: str = "all") -> str:
    return f"{reverse('picture:operation-situation', args=[operation.pk])}?period={period}"


def features(operation: Operation, period: str = "all") -> str:
    return f"{reverse('picture:operation-features', args=[operation.pk])}?period={period}"


def country(code: str) -> Country:
    return Country.objects.get(pk=code)


def clock(at: datetime) -> str:
    return timezone.localtime(at).strftime("%H:%M")
