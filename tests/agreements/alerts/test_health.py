"""The health page: counts and keys for the system admin, nothing for anybody else, no content for anybody."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.directory.roles import Role
from agreements.alerts.actions import replay, replay_kind
from agreements.alerts.waiting import health_at, surroundings
from portal.audit.models import Entry
from portal.outbox.messages import MAX_ATTEMPTS, emit
from portal.outbox.models import Heartbeat, Message
from portal.outbox.sweeping import sweep
from portal.outbox.tasks import forget_idempotency_keys
from portal.ui.errors import Refused
from tests.conftest import make_appointment
from tests.portal.outbox.mailbox import Mailbox


@pytest.fixture
def admin(cast):
    return make_appointment("sven", cast.a1, Role.SYSTEM_ADMIN)


@pytest.fixture
def given_up(db):
    emit(kind="nobody.handles", key="a secret title", payload={})
    Message.objects.update(attempts=MAX_ATTEMPTS - 1)
    sweep()
    return Message.objects.set_aside().get()


def test_it_is_for_system_admins(cast, admin, as_):
    for who in cast.everybody:
        client = as_(who)
        expected = 200 if who.pk == admin.pk else 403
        assert client.get("/alerts/health/").status_code == expected
    assert as_(cast.rita).get("/alerts/health/").status_code == 403
    assert as_(admin).get("/alerts/health/").status_code == 200


def test_it_shows_ages_and_keys_and_no_content(cast, admin, as_, given_up, patrol_record, release):
    release(patrol_record("A title to hide"))
    Message.objects.set_aside().update(last_error="ValueError: Smugglers at the bridge")
    page = as_(admin).get("/alerts/health/").content.decode()
    assert str(given_up.pk) in page
    assert "ValueError" in page
    for word in ("Smugglers", "A title to hide", "a secret title", "released:"):
        assert word not in page
    # As a word: a form's token may hold the two characters.
    assert not re.search(r"\bY1\b", page)
    assert "sharing.released" in page


def test_replaying_brings_it_back_and_is_written_in_the_ledger(cast, admin, as_, given_up):
    assert as_(admin).post(f"/alerts/health/{given_up.pk}/replay/").status_code == 302
    given_up.refresh_from_db()
    assert given_up.set_aside_at is None
    assert given_up.attempts == 0
    assert Entry.objects.filter(verb="message.replay", subject_id=str(given_up.pk)).count() == 1


def test_who_may_not_replay(cast, as_, given_up):
    assert as_(cast.xenia).post(f"/alerts/health/{given_up.pk}/replay/").status_code == 403
    with pytest.raises(Refused):
        replay(message=given_up, by=cast.xenia)


def test_what_is_not_set_aside_is_not_replayed(cast, admin, as_):
    emit(kind="nobody.handles", key="waits", payload={})
    message = Message.objects.get(key="waits")
    page = as_(admin).post(f"/alerts/health/{message.pk}/replay/", follow=True)
    assert "It is not set aside" in page.content.decode()


def test_pages_say_that_alerts_wait_until_the_sweep_comes(cast, as_):
    assert "Alerts and reminders wait" in as_(cast.yann).get("/alerts/").content.decode()
    Heartbeat.objects.create(name="outbox.sweep", at=timezone.now())
    assert "Alerts and reminders wait" not in as_(cast.yann).get("/alerts/").content.decode()


def test_it_warns_where_the_second_lock_is_not_in_force(admin, as_, monkeypatch):
    assert "second lock" not in as_(admin).get("/alerts/health/").content.decode()
    assert as_(admin).get("/api/v1/system/health/").json()["second_lock"] is True
    # As on a machine with one login for everything.
    follower = next(item for item in connection.execute_wrappers if hasattr(item, "web_at_all"))
    monkeypatch.setattr(follower, "web_at_all", False)
    assert "The second lock is not in force" in as_(admin).get("/alerts/health/").content.decode()


@pytest.fixture
def several(db):
    """Two kinds: three messages given up of the one, one of the other; one of the first waits for a minute."""
    for number in range(4):
        emit(kind="nobody.handles", key=f"n{number}", payload={})
    emit(kind="other.kind", key="o", payload={})
    Message.objects.exclude(key="n3").update(attempts=MAX_ATTEMPTS, set_aside_at=timezone.now())
    Message.objects.filter(key="n3").update(due_at=timezone.now() - timedelta(minutes=1))


def test_all_of_a_kind_are_replayed_at_once_and_the_ledger_says_how_many(cast, admin, as_, several):
    page = as_(admin).post("/alerts/health/kinds/nobody.handles/replay/", follow=True).content.decode()
    assert "3 are tried again now." in page
    assert list(Message.objects.set_aside().values_list("kind", flat=True)) == ["other.kind"]
    entry = Entry.objects.get(verb="message.replay")
    assert entry.data == {"kind": "nobody.handles", "count": 3}
    page = as_(admin).post("/alerts/health/kinds/nobody.handles/replay/", follow=True).content.decode()
    assert "None of this kind is set aside." in page
    assert Entry.objects.filter(verb="message.replay").count() == 1


def test_who_may_not_replay_a_kind(cast, as_, several):
    for who in (cast.xenia, cast.arno, cast.tara):
        assert as_(who).post("/alerts/health/kinds/nobody.handles/replay/").status_code == 403
        with pytest.raises(Refused):
            replay_kind(kind="nobody.handles", by=who)
    assert Message.objects.set_aside().count() == 4
    assert not Entry.objects.filter(verb="message.replay").exists()


def test_replaying_asks_first(admin, as_, several):
    page = as_(admin).get("/alerts/health/").content.decode()
    assert page.count("data-confirm=") == 2 + 4


def test_it_tells_how_old_each_kind_is_and_how_many_were_given_up(cast, several):
    found = {row.kind: row for row in health_at(timezone.now()).kinds}
    first = found["nobody.handles"]
    assert (first.count, first.tried, first.set_aside) == (1, 0, 3)
    assert first.oldest >= timedelta(minutes=1)
    assert (found["other.kind"].count, found["other.kind"].oldest, found["other.kind"].set_aside) == (0, None, 1)


def test_it_costs_the_same_with_many_kinds_and_messages(cast, several, django_assert_num_queries):
    health_at(timezone.now())
    with CaptureQueriesContext(connection) as few:
        health_at(timezone.now())
    for number in range(20):
        emit(kind=f"kind {number}", key=f"more {number}", payload={})
        Heartbeat.objects.create(name=f"worker:w{number}", at=timezone.now())
    with django_assert_num_queries(len(few)):
        health_at(timezone.now())


def test_it_names_the_workers_and_says_which_are_silent(admin, as_):
    sweep("celery@one")
    Heartbeat.objects.create(name="worker:celery@two", at=timezone.now() - timedelta(minutes=5))
    found = health_at(timezone.now())
    assert [(row.name, row.is_fresh) for row in found.workers] == [("celery@one", True), ("celery@two", False)]
    assert [row.name for row in found.heartbeats] == ["outbox.sweep"]
    assert found.runs
    page = as_(admin).get("/alerts/health/").content.decode()
    assert "celery@one" in page
    assert "Silent" in page
    Heartbeat.objects.filter(name="worker:celery@two").update(at=timezone.now() - timedelta(days=3))
    forget_idempotency_keys()
    assert [row.name for row in health_at(timezone.now()).workers] == ["celery@one"]


def test_it_says_whether_the_broker_and_the_mail_server_answer(admin, as_, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with Mailbox() as box:
        settings.EMAIL_PORT = box.port
        assert surroundings().mail is True
    assert surroundings().mail is False
    page = as_(admin).get("/alerts/health/").content.decode()
    assert "mail is tried again" in page
    assert surroundings().broker is True
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert (surroundings().broker, surroundings().nudges) == (False, None)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert surroundings().mail is None
