"""Two at once: real threads, real transactions. What ends is ended for the next request; nothing is made twice."""

import threading
import time
from bisect import bisect
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.directory import tokens
from agencies.directory.models import Appointment
from agreements.delivery.choices import DeliveryState
from agreements.delivery.models import Delivery
from agreements.register.actions import recording
from agreements.register.choices import ActionKind, Purpose
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.disclosure import note_opening
from agreements.sharing.locking import key_of
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import access, decide
from operations.meetings import actions as meetings
from operations.meetings.actions import Invitee
from portal import second_lock
from portal.audit.models import Entry
from portal.outbox.messages import dispatch
from portal.outbox.models import Message
from portal.outbox.nudges import breaker
from portal.ui.errors import Refused
from tests.conftest import Cast
from tests.doors.world import PLAIN

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, LONGEST = 6, 30
Step = Callable[[], Any]


@pytest.fixture(autouse=True)
def quiet() -> Any:
    """No nudges: nothing else works on the messages."""
    breaker.trip()
    yield
    breaker.reset()


def at_once(*steps: Step) -> list[Any]:
    """Each in a thread of its own, all let go together. What each returned, or the refusal it met."""
    gate, found = threading.Barrier(len(steps)), [None] * len(steps)

    def run(place: int, step: Step) -> None:
        try:
            gate.wait(LONGEST)
            found[place] = step()
        except BaseException as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item, daemon=True) for item in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
        assert not thread.is_alive(), "it hangs"
    broken = [item for item in found if isinstance(item, BaseException) and not isinstance(item, Refused)]
    assert broken == []
    return found


def note(cast: Cast, **values: Any) -> Record:
    return records.create(by=cast.xenia, kind="observation", title="Boat", marking=PLAIN, **values)


def give(cast: Cast, record: Record) -> Release:
    to = To(AudienceKind.AGENCY, agency=cast.b)
    return releases.release(record=record, to=to, clause=cast.art7, purpose=Purpose.COORDINATION, by=cast.xenia)


def suspend(cast: Cast) -> Any:
    return recording.record_action(
        agreement=cast.art7.agreement, kind=ActionKind.SUSPENSION, done_on=timezone.now().date(),
        country=cast.b.country, by=cast.yusuf,
    )  # fmt: skip


def sees(who: Appointment, record: Record) -> bool:
    now = access(who, timezone.now())
    listed = Record.objects.visible_to(now).filter(pk=record.pk).exists()
    assert listed == bool(decide(now, Record.objects.get(pk=record.pk)))
    return listed


def test_released_twice_at_once_it_stands_once(cast: Cast) -> None:
    for _ in range(ROUNDS):
        record = note(cast)
        one, other = at_once(lambda r=record: give(cast, r), lambda r=record: give(cast, r))
        assert isinstance(one, Release) or isinstance(other, Release)
        standing = Release.objects.filter(content_object=record, clause=cast.art7, revoked_at=None)
        assert standing.count() == 1
        assert sees(cast.yann, record)
        releases.revoke(release=standing.get(), by=cast.xenia)
        assert not sees(cast.yann, record), "one revocation is enough"


def test_revoked_twice_at_once_it_is_revoked_once(cast: Cast) -> None:
    for _ in range(ROUNDS):
        record = note(cast)
        row = give(cast, record)
        at_once(*[lambda r=row: releases.revoke(release=Release.objects.get(pk=r.pk), by=cast.xenia)] * 2)
        assert not sees(cast.yann, record)
        assert Entry.objects.filter(verb="record.revoke", subject_id=str(record.pk)).count() == 1


def test_a_release_against_a_revocation_leaves_what_came_last(cast: Cast) -> None:
    """Whichever is first: it stands once or not at all, and who sees it follows from that."""
    for _ in range(ROUNDS):
        record = note(cast)
        row = give(cast, record)
        at_once(lambda r=row: releases.revoke(release=r, by=cast.xenia), lambda r=record: give(cast, r))
        standing = Release.objects.filter(content_object=record, clause=cast.art7, revoked_at=None).count()
        assert standing in (0, 1)
        assert sees(cast.yann, record) == (standing == 1)


@pytest.mark.parametrize("change", ["release", "lower", "raise"])
def test_against_a_suspension_nothing_stays_open(cast: Cast, change: str) -> None:
    record = note(cast)
    if change != "release":
        give(cast, record)
    lower = Marking(categories=["operational"], classification=0, tlp=1)
    higher = Marking(categories=["operational"], classification=2, tlp=2)
    steps: dict[str, Step] = {
        "release": lambda: give(cast, record),
        "lower": lambda: records.mark(record=record, marking=lower, by=cast.xenia),
        "raise": lambda: records.mark(record=record, marking=higher, by=cast.xenia),
    }
    at_once(steps[change], lambda: suspend(cast))
    assert not sees(cast.yann, record)
    assert not sees(cast.yara, record)
    assert sees(cast.xenia, record)


# --- Readers at every door, while what they read is taken away ------------------------------------------------------
def addresses(cast: Cast, record: Record, meeting: Any) -> dict[str, str]:
    return {
        "page": reverse("sharing:record-why", args=[record.pk]),
        "api": reverse("records-detail", args=[record.pk]),
        "calendar": reverse("meetings:meeting-calendar", args=[meeting.pk]),
        "calendar over the API": reverse("meetings-calendar", args=[meeting.pk]),
        "ledger of who saw it": reverse("meetings-detail", args=[meeting.pk]),
    }


class Reader(threading.Thread):
    """Asks one door again and again, as the officer in one session or with one token."""

    def __init__(self, address: str, client: Client, headers: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self.address, self.client, self.headers = address, client, headers
        # What breaks is answered as to a browser, and found below.
        client.raise_request_exception = False
        self.answers: list[tuple[float, float, int]] = []
        self.enough = threading.Event()

    def run(self) -> None:
        try:
            while not self.enough.is_set() and len(self.answers) < 2000:
                begun = time.monotonic()
                status = self.client.get(self.address, **self.headers).status_code
                self.answers.append((begun, time.monotonic(), status))
        finally:
            connection.close()

    def opened(self) -> bool:
        return any(status == 200 for _, _, status in self.answers)

    def closed(self) -> bool:
        return bool(self.answers) and self.answers[-1][2] != 200


class Pulse(threading.Thread):
    """Asks the database for nothing a hundred times a second, beside the readers and slowed by all that slows them.

    A second counted in its beats is a second's work of this machine, however busy it is.
    """

    SECOND = 100

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.at: list[float] = []
        self.enough = threading.Event()

    def run(self) -> None:
        try:
            while not self.enough.wait(1 / self.SECOND):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
                self.at.append(time.monotonic())
        finally:
            connection.close()

    def beats(self, begin: float, end: float) -> int:
        return max(0, bisect(self.at, end) - bisect(self.at, begin))


def wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def end_by_suspension(cast: Cast) -> None:
    suspend(cast)


def end_by_appointment(cast: Cast) -> None:
    Appointment.objects.filter(pk=cast.yann.pk).update(ended_at=timezone.now())


def end_by_revocation(cast: Cast) -> None:
    for row in Release.objects.filter(clause=cast.art7, revoked_at=None):
        releases.revoke(release=row, by=cast.xenia)


def end_of_the_account(cast: Cast) -> None:
    type(cast.yann.officer).objects.filter(pk=cast.yann.officer_id).update(is_active=False)


@pytest.mark.parametrize("ends", [end_by_revocation, end_by_suspension, end_by_appointment, end_of_the_account])
def test_no_request_that_begins_after_the_commit_is_answered(
    cast: Cast, as_: Any, ends: Callable[[Cast], None]
) -> None:
    """Each door in a session, and those of the API with a token too; the commit comes in the middle of their reading."""
    record = note(cast)
    give(cast, record)
    now = timezone.now()
    meeting = meetings.call(
        by=cast.xenia, title="Call", starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=1, hours=1),
        place="Bridge", agenda="Boats", invitees=[Invitee(cast.b, cast.art7, Purpose.COORDINATION)],
    )  # fmt: skip
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {tokens.issue(cast.yann, timezone.now())}"}
    readers = [Reader(url, as_(cast.yann), {}) for url in addresses(cast, record, meeting).values()]
    readers += [Reader(reader.address, Client(), bearer) for reader in readers if reader.address.startswith("/api/")]
    pulse = Pulse()
    for thread in (pulse, *readers):
        thread.start()
    try:
        wait(lambda: all(reader.opened() for reader in readers))
        with transaction.atomic():
            ends(cast)
        committed = time.monotonic()
        wait(lambda: all(reader.closed() for reader in readers))
        assert time.monotonic() - committed < LONGEST
    finally:
        for thread in (*readers, pulse):
            thread.enough.set()
        for thread in (*readers, pulse):
            thread.join(LONGEST)
    late = [
        (r.address, begun - committed) for r in readers for begun, _, s in r.answers if s == 200 and begun > committed
    ]
    assert late == []
    assert [r.address for r in readers for _, _, status in r.answers if status >= 500] == [], "it breaks in the middle"
    # An answer that was being made when it was committed is out within a second, or within what the slowest of the others
    # took: counted in beats, of which a machine at rest makes a hundred in a second, and a busy one fewer.
    usual = max(pulse.beats(begun, done) for r in readers for begun, done, _ in r.answers if done < committed)
    over = [(r.address, pulse.beats(committed, done)) for r in readers for _, done, s in r.answers if s == 200]
    assert [(address, beats) for address, beats in over if beats > max(Pulse.SECOND, usual)] == []


@pytest.mark.parametrize("ends", [end_by_revocation, end_by_suspension, end_by_appointment, end_of_the_account])
def test_a_mail_that_waits_is_withheld_when_the_right_ends_first(cast: Cast, ends: Callable[[Cast], None]) -> None:
    """The alert is raised and its mail queued; the end is committed by another thread before a worker takes it."""
    give(cast, note(cast))
    dispatch(Message.objects.get(kind="sharing.released").pk)
    queued = Delivery.objects.get(alert__appointment=cast.yann)
    assert queued.state == DeliveryState.WAITING
    at_once(lambda: ends(cast))
    dispatch(Message.objects.get(key__startswith=f"deliver:{queued.pk}:").pk)
    queued.refresh_from_db()
    assert queued.state == DeliveryState.WITHHELD
    assert not [message for message in mail.outbox if message.to == [cast.yann.officer.email]]


def test_two_workers_take_a_message_once(cast: Cast) -> None:
    give(cast, note(cast))
    dispatch(Message.objects.get(kind="sharing.released").pk)
    keys = [row.pk for row in Message.objects.filter(kind="delivery.send")]
    at_once(*[lambda: [dispatch(key) for key in keys]] * 3)
    assert sorted(message.to[0] for message in mail.outbox) == ["yann@y1.invalid", "yara@y1.invalid"]


def test_what_is_taken_away_while_it_is_opened_is_not_there(cast: Cast) -> None:
    """The request asked before the revocation was committed, and notes the opening after it."""
    record = note(cast)
    row, before = give(cast, record), access(cast.yann, timezone.now())
    releases.revoke(release=row, by=cast.xenia)
    with second_lock.fed(lambda: key_of(before)), pytest.raises(Http404):
        note_opening(before, record)
    assert not record.openings.exists()
