"""A real worker makes an import, is killed in the middle, and the next one goes on: nothing twice, nothing half."""

from typing import Any

import pytest
import redis as redis_client

from agreements.importing import actions, running
from agreements.importing.choices import ImportState
from agreements.importing.models import Import
from agreements.register.models import Agreement
from portal.outbox.nudges import breaker, messenger
from tests.agreements.importing.conftest import HEADERS, Desk
from tests.conftest import Cast
from tests.processes import wait_for

NUMBER = 300


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_killed_and_gone_on(cast: Cast, redis: Any, worker: Any, broker_at: Any, monkeypatch: Any) -> None:
    store = redis_client.Redis.from_url(redis.url)
    wait_for(lambda: _answers(store), redis)
    worker.options["env"]["IMPORT_BATCH"] = "5"
    desk = Desk(cast)
    rows = [
        (f"Treaty of the {n}th valley", f"SR {n}", "X-land; Y-land", f"{1700 + n}-01-01", "", "", "")
        for n in range(NUMBER)
    ]
    breaker.trip()
    job = desk.named([HEADERS, *rows], separator=";")
    assert job.rows.counts()["will_be_made"] == NUMBER
    broker_at(redis.url)
    breaker.reset()
    actions.start(job=job, by=desk.by)
    messenger.wait()
    worker.start()
    wait_for(lambda: job.rows.counts()["made"] > 10, worker)
    worker.kill()
    counts = job.rows.counts()
    assert counts["made"] % 5 == 0
    assert counts["made"] == Agreement.objects.count() - 1
    assert counts["made"] < NUMBER, "it was killed in the middle"
    worker.killed = False
    worker.start()
    wait_for(lambda: Import.objects.get(pk=job.pk).state == ImportState.DONE, worker, 120)
    assert job.rows.counts()["made"] == NUMBER == Agreement.objects.count() - 1
    actions.undo(job=job, by=desk.by)
    messenger.wait()
    wait_for(lambda: Import.objects.get(pk=job.pk).state == ImportState.UNDONE, worker, 120)
    assert Agreement.objects.count() == 1


def _answers(store: Any) -> bool:
    try:
        return bool(store.ping())
    except redis_client.exceptions.ConnectionError:
        return False


def test_cancelled_and_gone_on(desk: Desk, settings: Any) -> None:
    settings.IMPORT_BATCH = 3
    rows = [
        (f"Treaty of the {n}th valley", f"SR {n}", "X-land; Y-land", f"{1700 + n}-01-01", "", "", "") for n in range(10)
    ]
    job = desk.named([HEADERS, *rows], separator=";")
    job = actions.start(job=job, by=desk.by)
    payload = {"import": str(job.pk), "turn": job.turn, "step": 0}
    running.work(payload)
    running.work(payload)
    assert job.rows.counts()["made"] == 3, "the same message does its work once"
    actions.cancel(job=job, by=desk.by)
    desk.work()
    assert job.rows.counts()["made"] == 3
    actions.resume(job=job, by=desk.by)
    desk.work()
    job.refresh_from_db()
    assert job.state == ImportState.DONE
    assert job.rows.counts()["made"] == 10 == Agreement.objects.count() - 1


def test_who_may_not_any_more_imports_nothing(desk: Desk) -> None:
    job = desk.named([HEADERS, ("A Treaty", "", "X-land; Y-land", "", "", "", "")])
    actions.start(job=job, by=desk.by)
    type(desk.by).objects.filter(pk=desk.by.pk).update(role="auditor")
    desk.work()
    job.refresh_from_db()
    assert "does not permit it any more" in job.stopped
    assert Agreement.objects.count() == 1
