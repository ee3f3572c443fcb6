"""What open pages are told, and when: on commit, one word, and never of what."""

import json
import socket

import pytest
from django.db import transaction

from portal.audit import recording
from portal.live import telling
from portal.outbox.nudges import Breaker


@pytest.mark.django_db(transaction=True)
def test_a_word_is_said_once_its_cause_is_committed(ear):
    with transaction.atomic():
        telling.tell("alerts", ["one", "two"])
        assert ear() == []
    assert [json.loads(row) for row in ear()] == [{"word": "alerts", "topics": ["one", "two"]}]


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_is_not_said_and_nobody_is_told_nothing(ear):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        telling.tell("alerts", ["one"])
        raise ZeroDivisionError
    telling.tell("alerts", [])
    assert ear() == []


@pytest.mark.django_db(transaction=True)
def test_a_crowd_is_told_in_parts(ear):
    telling.tell("alerts", (str(number) for number in range(2 * telling.TOGETHER + 1)))
    found = [json.loads(row)["topics"] for row in ear()]
    assert [len(part) for part in found] == [telling.TOGETHER, telling.TOGETHER, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["patrol.start", "alert.see", "meeting.call"])
def test_what_narrows_nothing_is_not(ear, verb):
    recording.record(verb=verb, by=None)
    assert ear() == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_hangs_holds_nobody_up_and_is_left_alone_for_a_while(settings, monkeypatch):
    monkeypatch.setattr(telling, "breaker", Breaker())
    telling.messenger.wait()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_CLIENT_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        telling._redis.cache_clear()
        try:
            telling.tell("alerts", ["one"])
            assert telling.messenger._queue.unfinished_tasks == 1, "who told it goes on while it is being carried"
            telling.messenger.wait()
            assert telling.breaker.is_open()
        finally:
            telling._redis.cache_clear()
