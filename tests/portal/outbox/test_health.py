"""The banner: says that alerts wait when they do, and costs one query."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.celery import app
from portal.outbox import beat, health
from portal.outbox.messages import emit
from portal.outbox.models import Heartbeat, Message
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from portal.outbox.tasks import forget_idempotency_keys
from portal.ui import notices

LATER = dt.timedelta(seconds=31)


@pytest.fixture(autouse=True)
def quiet():
    breaker.trip()
    yield
    breaker.reset()


@pytest.mark.django_db
def test_all_is_well_after_a_sweep(django_assert_num_queries):
    sweep()
    with django_assert_num_queries(1):
        assert health.delayed() == ""


@pytest.mark.django_db
def test_a_worker_that_never_ran_or_stopped_is_said():
    assert "not running" in health.delayed()
    sweep()
    assert "not running" in health.delayed(timezone.now() + LATER)
    assert health.delayed() in ("", None)


@pytest.mark.django_db
def test_a_message_nobody_handles_in_time_is_said():
    emit(kind="nobody.handles", key="a", payload={})
    health.beat("outbox.sweep")
    assert health.delayed() == ""
    Message.objects.update(due_at=timezone.now() - LATER)
    assert "late" in health.delayed()
    Message.objects.update(set_aside_at=timezone.now())
    assert health.delayed() == ""


@pytest.mark.django_db
def test_a_message_for_later_is_not_late():
    emit(kind="nobody.handles", key="a", payload={}, due_at=timezone.now() + LATER)
    health.beat("outbox.sweep")
    assert health.delayed() == ""


@pytest.mark.django_db
def test_every_page_says_so():
    assert health.delayed in notices._NOTICES
    assert any("not running" in sentence for sentence in notices.current())


@pytest.mark.django_db
def test_there_is_one_heartbeat_by_name():
    health.beat("outbox.sweep")
    health.beat("outbox.sweep")
    assert Heartbeat.objects.count() == 1


def test_beat_sends_what_the_rooms_ask_for_and_lets_it_expire():
    schedule = app.conf.beat_schedule
    assert schedule["outbox.sweep"]["schedule"] == 3.0
    assert schedule["audit.seal"]["schedule"] == 1.0
    assert schedule["audit.seal everything=True"]["kwargs"] == {"everything": True}
    assert all(entry["options"]["expires"] for entry in schedule.values())
    app.loader.import_default_modules()
    assert {entry["task"] for entry in schedule.values()} <= set(app.tasks)


def test_a_room_adds_its_own_task():
    beat.every(60, "patrols.example")
    assert app.conf.beat_schedule.pop("patrols.example") == {
        "task": "patrols.example",
        "schedule": 60.0,
        "kwargs": {},
        "options": {"expires": 120.0},
    }


@pytest.mark.django_db
def test_forgetting_runs():
    forget_idempotency_keys()
