"""The health page: counts and keys for the system admin, nothing for anybody else, no content for anybody."""

import re

import pytest
from django.db import connection
from django.utils import timezone

from agencies.directory.roles import Role
from agreements.alerts.actions import replay
from portal.audit.models import Entry
from portal.outbox.messages import MAX_ATTEMPTS, emit
from portal.outbox.models import Heartbeat, Message
from portal.outbox.sweeping import sweep
from portal.ui.errors import Refused
from tests.conftest import make_appointment


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
    assert not re.search(r"\bB1\b", page)
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
