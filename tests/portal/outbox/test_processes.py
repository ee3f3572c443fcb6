"""A real worker and a real broker, killed in the middle: nothing is lost, nothing has two effects."""

import random
import time

import pytest
from django.db import connection, transaction

from portal.outbox import handlers, health
from portal.outbox.messages import emit
from portal.outbox.models import Message
from portal.outbox.nudges import breaker, messenger
from tests.portal.outbox import effects
from tests.processes import all_done, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
MESSAGES = 300


@pytest.fixture(autouse=True)
def effect_table(db, worker):
    worker.command += ["--include", effects.__name__]
    with connection.cursor() as cursor:
        cursor.execute(effects.CREATE)
    breaker.reset()
    yield
    breaker.reset()
    handlers.unregister(effects.KIND)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {effects.TABLE}")


def emit_some(first, last):
    for number in range(first, last):
        with transaction.atomic():
            emit(kind=effects.KIND, key=f"alert {number}", payload={"key": f"alert {number}"})


def effects_so_far():
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {effects.TABLE}")
        return cursor.fetchone()[0]


def test_kill_9_of_the_worker_in_mid_dispatch_loses_and_doubles_nothing(worker, redis, broker_at):
    broker_at(redis.url)
    worker.start()
    emit_some(0, 100)
    for first, done in ((100, 20), (200, 60)):
        wait_for(lambda done=done: effects_so_far() >= done, worker)
        time.sleep(random.uniform(0, effects.SLOW))
        worker.kill()
        assert Message.objects.waiting().exists()
        emit_some(first, first + 100)
        worker.start()
    wait_for(all_done, worker)
    total = Message.objects.count()
    assert total == 300
    assert effects_so_far() == total
    assert not Message.objects.set_aside().exists()
    assert health.delayed() == ""


def test_redis_away_pages_go_on_and_everything_goes_out_after_its_return(worker, redis, broker_at):
    broker_at(redis.url)
    worker.start()
    emit_some(0, 20)
    wait_for(all_done, worker)
    redis.kill()
    started = time.monotonic()
    emit_some(20, MESSAGES)
    # One second for each message, the broker's time-out, would be minutes.
    assert time.monotonic() - started < MESSAGES / 10
    messenger.wait()
    assert Message.objects.waiting().count() > 0
    redis.start()
    wait_for(all_done, worker)
    assert effects_so_far() == Message.objects.count() == MESSAGES


def test_a_broker_that_forgot_everything_is_made_up_for(worker, redis, broker_at):
    broker_at(redis.url)
    emit_some(0, MESSAGES)
    messenger.wait()
    redis.kill()
    redis.start()
    worker.start()
    wait_for(all_done, worker)
    assert effects_so_far() == MESSAGES
