"""Alerts over the API beside what the inbox tests: the bell's number, and the health of what carries them."""

import pytest

from agencies.directory.roles import Role
from portal.audit.models import Entry
from portal.outbox.messages import MAX_ATTEMPTS, emit
from portal.outbox.models import Message
from portal.outbox.sweeping import sweep
from tests.conftest import make_appointment


@pytest.fixture
def admin(cast):
    return make_appointment("sven", cast.a1, Role.SYSTEM_ADMIN)


@pytest.fixture
def given_up(db):
    emit(kind="nobody.handles", key="k", payload={})
    Message.objects.update(attempts=MAX_ATTEMPTS - 1)
    sweep()
    return Message.objects.set_aside().get()


def test_how_many_wait(cast, api_as, patrol_record, release):
    release(patrol_record())
    sweep()
    client = api_as(cast.yann)
    assert client.send("GET", "alerts/unread/").json() == {"unread": 1}
    assert api_as(cast.zoe).send("GET", "alerts/unread/").json() == {"unread": 0}
    client.send("POST", "alerts/seen/")
    assert client.send("GET", "alerts/unread/").json() == {"unread": 0}


def test_health_is_for_system_admins(cast, admin, api_as, given_up, patrol_record, release):
    release(patrol_record("A title to hide"))
    Message.objects.set_aside().update(last_error="ValueError: Smugglers at the bridge")
    answer = api_as(admin).send("GET", "system/health/")
    told = answer.json()
    assert (told["set_aside_count"], told["set_aside"][0]["id"]) == (1, str(given_up.pk))
    assert told["set_aside"][0]["error"] == "ValueError"
    assert any(row["kind"] == "sharing.released" for row in told["kinds"])
    for word in ("Smugglers", "A title to hide", "Y1"):
        assert word not in answer.content.decode()
    for who in (cast.xenia, cast.arno, cast.tara):
        assert api_as(who).send("GET", "system/health/").status_code == 403
        assert api_as(who).send("POST", f"system/messages/{given_up.pk}/replay/").status_code == 403


def test_replaying_brings_it_back(admin, api_as, given_up):
    client, path = api_as(admin), f"system/messages/{given_up.pk}/replay/"
    for _ in range(2):
        assert client.send("POST", path, idempotency_key="once").status_code == 204
    given_up.refresh_from_db()
    assert (given_up.set_aside_at, given_up.attempts) == (None, 0)
    assert client.send("POST", path).status_code == 409
    assert Entry.objects.filter(verb="message.replay").count() == 1


def test_replaying_a_kind_brings_all_of_it_back(cast, admin, api_as, given_up):
    path = f"system/kinds/{given_up.kind}/replay/"
    for who in (cast.xenia, cast.arno, cast.tara):
        assert api_as(who).send("POST", path).status_code == 403
    client = api_as(admin)
    for _ in range(2):
        answer = client.send("POST", path, idempotency_key="once")
        assert (answer.status_code, answer.json()) == (200, {"count": 1})
    given_up.refresh_from_db()
    assert (given_up.set_aside_at, given_up.attempts) == (None, 0)
    assert client.send("POST", path).status_code == 409


def test_health_tells_what_the_page_does(admin, api_as, given_up):
    told = api_as(admin).send("GET", "system/health/").json()
    assert told["runs"] is True
    assert told["workers"] == []
    assert told["around"]["broker"] is True
    row = next(row for row in told["kinds"] if row["kind"] == given_up.kind)
    assert (row["count"], row["set_aside"], row["oldest_s"]) == (0, 1, None)
