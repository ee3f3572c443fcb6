"""Reminders move with what they remind of, and fire once per instant."""

import datetime as dt
import threading
import zoneinfo
from pathlib import Path

import pytest
import tzdata
from django.db import connection
from django.utils import timezone

from portal import clocks
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


@pytest.fixture
def new_law(tmp_path):
    """As if the system had got time-zone data by which Warsaw keeps the time of Athens."""
    target = tmp_path / "Europe" / "Warsaw"
    target.parent.mkdir()
    target.write_bytes((Path(tzdata.__file__).parent / "zoneinfo" / "Europe" / "Athens").read_bytes())
    before = zoneinfo.TZPATH

    def come():
        zoneinfo.reset_tzpath([str(tmp_path), *before])

    yield come
    zoneinfo.reset_tzpath(before)
    zoneinfo.ZoneInfo.clear_cache()


def armed_at(local, key, **facts):
    """A reminder ten minutes before a local time in Warsaw."""
    lead = dt.timedelta(minutes=10)
    rule = clocks.rule(local, before=lead)
    schedule(
        clocks.instant(local, "Europe/Warsaw") - lead, key=key, **{"zone": "Europe/Warsaw", "local_rule": rule, **facts}
    )


@pytest.mark.django_db
def test_when_the_law_of_a_zone_changes_what_is_armed_moves_to_its_local_time(new_law):
    noon = dt.datetime(2027, 7, 1, 12)
    armed_at(noon, "moves")
    armed_at(noon, "in words", local_rule="ten minutes before noon")
    armed_at(noon, "elsewhere", zone="Europe/Berlin")
    armed_at(noon, "cancelled")
    armed_at(dt.datetime(2026, 7, 1, 12), "fired")
    due.cancel(key_prefix="cancelled")
    due.fire(NOW)
    assert due.rework() == 0
    new_law()
    assert due.rework() == 1
    assert due.rework() == 0
    kept = dt.datetime(2027, 7, 1, 9, 50, tzinfo=dt.UTC)
    found = dict(Due.objects.values_list("key", "fire_at"))
    assert found.pop("moves") == kept - dt.timedelta(hours=1)
    assert found.pop("fired") == dt.datetime(2026, 7, 1, 9, 50, tzinfo=dt.UTC)
    assert set(found.values()) == {kept}


@pytest.mark.django_db
def test_reworking_costs_one_query_where_nothing_moves(django_assert_num_queries):
    for number in range(30):
        armed_at(dt.datetime(2027, 7, 1, 12), f"{number}")
    with django_assert_num_queries(1):
        assert due.rework() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "first", "days"),
    [
        ("Europe/Warsaw", dt.datetime(2026, 3, 25, 2, 30), 8),
        ("Europe/Warsaw", dt.datetime(2026, 10, 21, 2, 30), 8),
        ("Asia/Beirut", dt.datetime(2026, 3, 25, 0, 0), 8),
        ("Asia/Beirut", dt.datetime(2026, 10, 21, 23, 30), 8),
        ("America/Santiago", dt.datetime(2026, 9, 2, 0, 30), 8),
        ("America/Santiago", dt.datetime(2026, 4, 1, 23, 30), 8),
        ("Pacific/Apia", dt.datetime(2011, 12, 27, 10, 0), 8),
        ("Pacific/Apia", dt.datetime(2012, 9, 27, 3, 30), 8),
        ("Pacific/Apia", dt.datetime(2012, 3, 28, 3, 30), 8),
    ],
)
def test_a_daily_reminder_fires_once_on_every_day_that_exists(zone, first, days):
    """As a room arms it: a row for each local day. A sweep each quarter of an hour, over the change of the clocks."""
    for day in range(days):
        local = first + dt.timedelta(days=day)
        if clocks.exists(local, zone) or clocks.exists(local.replace(hour=12), zone):
            schedule(clocks.instant(local, zone), key=f"daily:{local.date()}", zone=zone, local_rule=clocks.rule(local))
    at = clocks.instant(first, zone) - HOUR
    fired_on = []
    for _ in range(4 * 24 * (days + 1)):
        fired_on += [clocks.wall(at, zone).date()] * due.fire(at)
        at += HOUR / 4
    skipped = {dt.date(2011, 12, 30)} if zone == "Pacific/Apia" else set()
    assert fired_on == sorted({first.date() + dt.timedelta(days=day) for day in range(days)} - skipped)
