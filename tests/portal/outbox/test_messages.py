"""Messages commit with their cause and have one effect per key."""

import datetime as dt
import threading
import time

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from portal.outbox import handlers, messages, sweeping
from portal.outbox.messages import MAX_ATTEMPTS, dispatch, emit, retry
from portal.outbox.models import Message
from portal.outbox.nudges import breaker, messenger
from portal.outbox.sweeping import sweep

KIND = "test.effect"


@pytest.fixture
def seen():
    """What the handler of the test kind was given, in order."""
    payloads = []
    handlers.register(KIND, payloads.append)
    yield payloads
    handlers.unregister(KIND)


@pytest.fixture(autouse=True)
def quiet():
    """No nudges: these tests call what the worker calls."""
    breaker.trip()
    yield
    breaker.reset()


@pytest.mark.django_db
def test_a_message_is_handled_once_and_marked_done(seen):
    emit(kind=KIND, key="a", payload={"record": "1"})
    message = Message.objects.get()
    assert dispatch(message.pk)
    assert not dispatch(message.pk)
    assert seen == [{"record": "1"}]
    message.refresh_from_db()
    assert message.done_at is not None
    assert message.attempts == 0


@pytest.mark.django_db
def test_a_second_message_with_the_same_key_is_dropped_even_after_the_first_is_done(seen):
    emit(kind=KIND, key="a", payload={"n": 1})
    sweep()
    emit(kind=KIND, key="a", payload={"n": 2})
    sweep()
    assert seen == [{"n": 1}]


@pytest.mark.django_db(transaction=True)
def test_a_message_of_a_rolled_back_cause_never_existed(seen):
    with pytest.raises(RuntimeError), transaction.atomic():
        emit(kind=KIND, key="a", payload={})
        raise RuntimeError
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_a_message_due_later_waits_for_its_time(seen):
    emit(kind=KIND, key="a", payload={}, due_at=timezone.now() + dt.timedelta(hours=1))
    sweep()
    assert seen == []
    Message.objects.update(due_at=timezone.now())
    sweep()
    assert seen == [{}]


@pytest.mark.django_db
def test_a_failing_handler_leaves_no_half_effect_and_comes_again_later():
    def fail(payload):
        Message.objects.create(kind="half", key="half")
        raise ValueError("The mail server said no.")

    handlers.register(KIND, fail)
    try:
        emit(kind=KIND, key="a", payload={})
        sweep()
    finally:
        handlers.unregister(KIND)
    message = Message.objects.get()
    assert message.attempts == 1
    assert message.last_error == "ValueError: The mail server said no."
    assert message.due_at > timezone.now() + dt.timedelta(seconds=messages.FIRST_DELAY * 0.8)
    assert message.done_at is None


@pytest.mark.django_db
def test_the_delay_grows_and_after_the_last_attempt_the_message_is_set_aside_until_somebody_retries(seen, caplog):
    emit(kind="nobody.handles", key="a", payload={})
    waits = []
    for _ in range(MAX_ATTEMPTS):
        Message.objects.update(due_at=timezone.now())
        sweep()
        waits.append(Message.objects.get().due_at - timezone.now())
    message = Message.objects.get()
    assert message.set_aside_at is not None
    assert "LookupError" in message.last_error
    assert "set aside" in caplog.text
    assert all(after > before for before, after in zip(waits[:6], waits[1:7], strict=True))
    Message.objects.update(due_at=timezone.now())
    sweep()
    assert Message.objects.get().attempts == MAX_ATTEMPTS

    Message.objects.update(kind=KIND)
    retry(message.pk)
    sweep()
    assert seen == [{}]


@pytest.mark.django_db
def test_poison_does_not_stop_the_others(seen):
    emit(kind="nobody.handles", key="poison", payload={})
    for number in range(5):
        emit(kind=KIND, key=f"good {number}", payload={"n": number})
    assert sweep() == 5
    assert len(seen) == 5


@pytest.mark.django_db(transaction=True)
def test_a_row_in_another_workers_hands_is_skipped():
    runs = []
    entered, leave = threading.Event(), threading.Event()

    def slow(payload):
        runs.append(payload)
        entered.set()
        leave.wait(5)

    def other_worker():
        dispatch(pk)
        connection.close()

    handlers.register(KIND, slow)
    try:
        emit(kind=KIND, key="a", payload={})
        pk = Message.objects.get().pk
        worker = threading.Thread(target=other_worker)
        worker.start()
        assert entered.wait(5)
        assert not dispatch(pk)
        leave.set()
        worker.join()
    finally:
        handlers.unregister(KIND)
    assert runs == [{}]
    assert Message.objects.get().done_at is not None


@pytest.mark.django_db
def test_one_kind_has_one_handler(seen):
    with pytest.raises(ValueError, match="already"):
        handlers.register(KIND, print)


# Seconds: what it would take if each message waited for the broker to time out.
FIFTY_TIME_OUTS = 50 * settings.CELERY_BROKER_TRANSPORT_OPTIONS["socket_connect_timeout"]


def emit_fifty():
    """Seconds it took to commit fifty messages, one by one."""
    started = time.monotonic()
    for number in range(50):
        with transaction.atomic():
            emit(kind=KIND, key=str(number), payload={})
    return time.monotonic() - started


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_neither_fails_nor_delays_the_page(broker_at):
    broker_at("redis://127.0.0.1:1/0")
    breaker.reset()
    assert emit_fifty() < FIFTY_TIME_OUTS / 5
    messenger.wait()
    assert breaker.is_open()
    assert Message.objects.waiting().count() == 50


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_takes_connections_but_never_answers_does_not_delay_the_page(broker_at, mute_port):
    broker_at(f"redis://127.0.0.1:{mute_port}/0")
    breaker.reset()
    assert emit_fifty() < FIFTY_TIME_OUTS / 5
    messenger.wait()
    assert breaker.is_open()
    assert Message.objects.waiting().count() == 50


@pytest.fixture
def many():
    """A kind that takes many; `bad` raise. What it was given, call by call."""
    calls = []

    def take(payloads):
        calls.append([payload["n"] for payload in payloads])
        Message.objects.bulk_create(
            [Message(kind="trace", key=f"effect {payload['n']}", done_at=timezone.now()) for payload in payloads]
        )
        if any(payload.get("bad") for payload in payloads):
            raise ValueError("This one cannot be handled.")

    handlers.register_many(KIND, take)
    yield calls
    handlers.unregister(KIND)


def effects():
    return sorted(Message.objects.filter(kind="trace").values_list("key", flat=True))


@pytest.mark.django_db
def test_a_kind_that_takes_many_is_given_many_at_once(many):
    for number in range(30):
        emit(kind=KIND, key=str(number), payload={"n": number})
    assert sweep() == 30
    assert len(many) == 1
    assert sorted(many[0]) == list(range(30))
    assert len(effects()) == 30
    assert not Message.objects.waiting().exists()
    assert sweep() == 0


@pytest.mark.django_db
def test_one_that_cannot_be_handled_holds_up_none_of_the_many_and_leaves_no_half_effect(many):
    for number in range(10):
        emit(kind=KIND, key=str(number), payload={"n": number, "bad": number == 4})
    assert sweep() == 9
    assert len(effects()) == 9
    assert "effect 4" not in effects()
    poison = Message.objects.waiting().get()
    assert (poison.payload["n"], poison.attempts, poison.last_error) == (
        4,
        1,
        "ValueError: This one cannot be handled.",
    )
    assert set(Message.objects.filter(kind=KIND).exclude(pk=poison.pk).values_list("attempts", flat=True)) == {0}


@pytest.mark.django_db
def test_a_nudge_for_a_kind_that_takes_many_handles_the_one(many):
    emit(kind=KIND, key="a", payload={"n": 1})
    assert dispatch(Message.objects.get(kind=KIND).pk)
    assert many == [[1]]


@pytest.mark.django_db
def test_a_kind_is_handled_one_by_one_or_many_at_once_and_not_both(many):
    with pytest.raises(ValueError, match="already"):
        handlers.register(KIND, print)
    with pytest.raises(ValueError, match="already"):
        handlers.register_many(KIND, print)
    assert handlers.takes_many(KIND)
    assert KIND in handlers.kinds()


@pytest.mark.django_db(transaction=True)
def test_several_sweeps_at_once_share_the_work_and_double_nothing(many):
    for number in range(1000):
        Message.objects.create(kind=KIND, key=str(number), payload={"n": number})
    done = []

    def run():
        done.append(sweep())
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 1000
    assert sorted(number for call in many for number in call) == list(range(1000))


@pytest.mark.django_db
def test_a_kind_that_takes_its_time_does_not_hold_up_the_others(seen, monkeypatch):
    monkeypatch.setattr(sweeping, "BUDGET", 0.6)
    monkeypatch.setattr(sweeping, "SHARE", 0.3)
    handlers.register("test.slow", lambda payload: time.sleep(0.1))
    try:
        for number in range(100):
            emit(kind="test.slow", key=f"slow {number}", payload={})
        emit(kind=KIND, key="quick", payload={"n": 1})
        begin = time.monotonic()
        sweep()
        assert time.monotonic() - begin < 2
    finally:
        handlers.unregister("test.slow")
    assert seen == [{"n": 1}]
    assert Message.objects.waiting().filter(kind="test.slow").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [-30, -1, 1, 30])
def test_whoever_emits_and_handles_with_a_wrong_clock_neither_loses_nor_holds_up_a_message(seen, clock_off_by, hours):
    """Messages are judged by the database's clock alone."""
    with clock_off_by(hours):
        emit(kind=KIND, key="a", payload={"n": 1})
    sweep()
    emit(kind=KIND, key="b", payload={"n": 2})
    with clock_off_by(hours):
        sweep()
    assert seen == [{"n": 1}, {"n": 2}]


@pytest.mark.django_db
def test_a_database_whose_clock_was_put_back_holds_up_nothing_that_was_for_at_once(seen):
    emit(kind=KIND, key="at once", payload={"n": 1})
    emit(kind=KIND, key="failed", payload={"n": 2})
    emit(kind=KIND, key="for later", payload={"n": 3}, due_at=timezone.now() + dt.timedelta(hours=9))
    ahead = timezone.now() + dt.timedelta(hours=6)
    Message.objects.filter(key="at once").update(created_at=ahead, due_at=ahead)
    Message.objects.filter(key="failed").update(created_at=ahead, due_at=ahead + dt.timedelta(seconds=15), attempts=2)
    sweep()
    assert sorted(payload["n"] for payload in seen) == [1, 2]


@pytest.mark.django_db
def test_all_of_a_kind_are_brought_back_at_once(seen):
    for number in range(3):
        emit(kind=KIND, key=str(number), payload={"n": number})
    emit(kind="nobody.handles", key="other", payload={})
    Message.objects.update(set_aside_at=timezone.now(), attempts=MAX_ATTEMPTS)
    assert messages.retry_kind(KIND) == 3
    assert messages.retry_kind(KIND) == 0
    sweep()
    assert len(seen) == 3
    assert Message.objects.set_aside().count() == 1
