"""Messages commit with their cause and have one effect per key."""

import datetime as dt
import threading
import time

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from portal.outbox import handlers, messages
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
