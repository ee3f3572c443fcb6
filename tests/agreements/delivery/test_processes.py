"""A real worker, killed in the middle, and a broker that forgets: no alert is lost or doubled, every mail goes out."""

import datetime as dt
import random
import re
import time
from collections import Counter

import pytest
import redis as redis_client
from django.db.models import Count
from django.utils import timezone

from agreements.alerts.models import Alert
from agreements.delivery.choices import DeliveryState
from agreements.delivery.models import Delivery
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from portal.outbox.models import Heartbeat, Message
from portal.outbox.nudges import breaker, messenger
from tests.processes import all_done, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
CAUSES = 210
PROCESSES = 2


@pytest.fixture
def share(cast, patrol_record, release):
    """Releases so many new records to one officer."""

    def run(count):
        for _ in range(count):
            release(patrol_record(), to=To(AudienceKind.OFFICER, appointment=cast.yann))

    return run


@pytest.fixture(autouse=True)
def nudging(quiet, broker_at, redis):
    """With the nudges that a page would send."""
    broker_at(redis.url)
    breaker.reset()


def mails(tmp_path):
    """How often each Message-ID went out."""
    text = "".join(path.read_text() for path in (tmp_path / "mail").glob("*.log"))
    return Counter(re.findall(r"^Message-ID: (\S+)$", text, re.MULTILINE))


def seconds(work):
    started = time.monotonic()
    work()
    return time.monotonic() - started


def sent():
    return Delivery.objects.filter(state=DeliveryState.SENT).count()


def killed_at(worker, condition):
    """Let it work until the condition holds, then kill -9 at any moment of what it does next."""
    worker.start()
    wait_for(condition, worker)
    time.sleep(random.uniform(0, 0.05))
    worker.kill()
    assert Message.objects.waiting().exists()


def test_kill_9_in_mid_dispatch_and_flushall_lose_and_double_nothing(worker, redis, share, tmp_path):
    share(80)
    killed_at(worker, lambda: Alert.objects.count() >= 15)
    share(60)
    killed_at(worker, lambda: sent() >= 20)
    redis_client.Redis.from_url(redis.url).flushall()
    share(CAUSES - 140)
    killed_at(worker, lambda: Alert.objects.count() >= 150)
    killed_at(worker, lambda: sent() >= 150)
    worker.start()
    wait_for(all_done, worker, 120)

    assert not Message.objects.set_aside().exists()
    assert Alert.objects.count() == CAUSES
    assert Alert.objects.aggregate(count=Count("record", distinct=True))["count"] == CAUSES
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == Delivery.objects.count() == CAUSES
    found = mails(tmp_path)
    assert set(found) == set(Delivery.objects.values_list("message_id", flat=True))
    # Sent again only where a process died between sending and commit, and then as the same message.
    assert sum(found.values()) - CAUSES <= 4 * PROCESSES


def test_without_redis_pages_work_and_say_so_and_all_goes_out_after_its_return(worker, redis, share, as_, cast):
    worker.start()
    wait_for(lambda: Heartbeat.objects.filter(name="outbox.sweep").exists(), worker)
    client = as_(cast.yann)
    client.get("/alerts/")
    usual_share, usual_page = seconds(lambda: share(3)) / 3, seconds(lambda: client.get("/alerts/"))
    redis.kill()
    # Nobody waits for the broker, whose connection alone may take a second. How long all takes is the machine's affair.
    assert seconds(lambda: share(7)) / 7 < 1 + 5 * usual_share
    messenger.wait()
    Heartbeat.objects.update(at=timezone.now() - dt.timedelta(minutes=1))
    assert seconds(lambda: client.get("/alerts/")) < 1 + 5 * usual_page
    page = client.get("/alerts/")
    assert page.status_code == 200
    assert "Alerts and reminders wait" in page.content.decode()

    redis.start()
    wait_for(lambda: all_done() and sent() == 10, worker)
    page = client.get("/alerts/")
    assert "Alerts and reminders" not in page.content.decode()
    assert len(page.context["alerts"]) == 10
