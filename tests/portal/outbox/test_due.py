"""Reminders move with what they remind of, and fire once per instant."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from portal.outbox import due
from portal.outbox.models import Due, Message
from portal.outbox.nudges import breaker

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def quiet():
    breaker.trip()
    yield
    breaker.reset()


def schedule(fire_at, key="meeting:7:starts", **facts):
    due.schedule(
        **{
            "kind": "meeting.starts",
            "key": key,
            "fire_at": fire_at,
            "payload": {"meeting": "7"},
            "zone": "Europe/Zurich",
            "local_rule": "2026-11-24T14:00 minus 1 hour",
            **facts,
        }
    )


def keys():
    return list(Message.objects.values_list("key", flat=True).order_by("key"))


@pytest.mark.django_db
def test_what_is_due_becomes_one_message_with_its_payload():
    schedule(NOW)
    schedule(NOW + HOUR, key="meeting:8:starts")
    assert due.fire(NOW) == 1
    assert due.fire(NOW) == 0
    message = Message.objects.get()
    assert message.key == "due:meeting:7:starts:2026-11-24T12:00:00+00:00"
    assert (message.kind, message.payload) == ("meeting.starts", {"meeting": "7"})
    row = Due.objects.get(key="meeting:7:starts")
    assert (row.fired_at, row.zone, row.local_rule) == (NOW, "Europe/Zurich", "2026-11-24T14:00 minus 1 hour")


@pytest.mark.django_db
def test_moving_a_meeting_moves_its_reminder():
    schedule(NOW)
    schedule(NOW + HOUR)
    assert Due.objects.count() == 1
    assert due.fire(NOW) == 0
    assert due.fire(NOW + HOUR) == 1


@pytest.mark.django_db
def test_moving_it_after_the_reminder_arms_a_second_one():
    schedule(NOW)
    due.fire(NOW)
    schedule(NOW + HOUR)
    assert due.fire(NOW + HOUR) == 1
    assert len(keys()) == 2


@pytest.mark.django_db
def test_saying_the_same_instant_again_does_not_fire_again_but_renews_the_payload():
    schedule(NOW)
    due.fire(NOW)
    schedule(NOW, payload={"meeting": "7", "room": "2"})
    assert due.fire(NOW + HOUR) == 0
    assert Due.objects.get().payload == {"meeting": "7", "room": "2"}


@pytest.mark.django_db
def test_moving_it_there_and_back_does_not_remind_twice_of_one_instant():
    schedule(NOW)
    due.fire(NOW)
    schedule(NOW + HOUR)
    schedule(NOW)
    due.fire(NOW + HOUR)
    assert len(keys()) == 1


@pytest.mark.django_db
def test_a_cancelled_reminder_does_not_fire_until_it_is_scheduled_again():
    schedule(NOW)
    schedule(NOW, key="meeting:7:soon")
    schedule(NOW, key="meeting:77:starts")
    assert due.cancel(key_prefix="meeting:7:") == 2
    due.fire(NOW)
    assert keys() == ["due:meeting:77:starts:2026-11-24T12:00:00+00:00"]
    schedule(NOW)
    assert due.fire(NOW) == 1


@pytest.mark.django_db
def test_a_prefix_is_taken_literally():
    schedule(NOW, key="a_b")
    schedule(NOW, key="axb")
    assert due.cancel(key_prefix="a_") == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_remind_once():
    for number in range(20):
        schedule(timezone.now(), key=f"meeting:{number}")
    fired = []

    def sweep():
        fired.append(due.fire(timezone.now()))
        connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    due.fire(timezone.now())
    assert Message.objects.count() == 20
