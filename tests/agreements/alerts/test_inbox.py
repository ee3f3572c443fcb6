"""Inbox, bell and API show what is visible at this moment, and nothing tells of the rest (R13, R17)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.alerts.models import Alert
from agreements.register import actions
from agreements.register.choices import ActionKind
from agreements.sharing.policy import access
from portal.audit.models import Entry
from portal.audit.recording import DISCLOSE

DOORS = ("/alerts/", "/alerts/bell/", "/api/v1/alerts/")


@pytest.fixture
def shared(cast, patrol_record, release, settled):
    """A patrol that yann and yara were alerted of."""
    record = patrol_record("Night patrol at the bridge")
    release(record)
    settled()
    return record


def suspend(cast):
    actions.record_action(
        agreement=cast.art7.agreement,
        kind=ActionKind.SUSPENSION,
        done_on=timezone.now().date(),
        country=cast.b.country,
        by=cast.yusuf,
    )


def test_the_recipient_finds_it_in_inbox_bell_and_api(cast, shared, as_):
    client = as_(cast.yann)
    page = client.get("/alerts/")
    assert "Night patrol at the bridge" in page.content.decode()
    assert "X1 shared a record with you: patrol" in page.content.decode()
    assert "1 unread" in client.get("/alerts/bell/").content.decode()
    rows = client.get("/api/v1/alerts/").json()["results"]
    assert [row["record"] for row in rows] == [str(shared.pk)]
    assert "Night patrol" in rows[0]["line"]
    assert rows[0]["address"] == f"/patrols/{shared.pk}/"


@pytest.mark.parametrize("who", ["xenia", "lars", "tara", "aldo", "yusuf", "zoe", "zeno"])
def test_nobody_else_finds_it(cast, shared, as_, who):
    client = as_(getattr(cast, who))
    alert = Alert.objects.get(appointment=cast.yann)
    assert "Night patrol" not in client.get("/alerts/").content.decode()
    assert "unread" not in client.get("/alerts/bell/").content.decode()
    assert client.get("/api/v1/alerts/").json()["results"] == []
    assert client.get(f"/alerts/{alert.pk}/").status_code == 404
    assert client.post(f"/alerts/{alert.pk}/seen/").status_code == 404
    assert client.get(f"/api/v1/alerts/{alert.pk}/").status_code == 404
    assert client.post(f"/api/v1/alerts/{alert.pk}/seen/").status_code == 404


def test_a_superuser_without_an_appointment_finds_nothing(cast, shared, as_):
    client = as_(cast.rita)
    assert "Night patrol" not in client.get("/alerts/").content.decode()
    assert "unread" not in client.get("/alerts/bell/").content.decode()
    assert client.post("/alerts/seen/").status_code == 302
    assert Alert.objects.filter(seen_at=None).count() == 2


def test_when_the_treaty_is_suspended_it_vanishes_on_the_next_request_from_everywhere(cast, shared, as_):
    client = as_(cast.yann)
    alert = Alert.objects.get(appointment=cast.yann)
    before = client.get("/alerts/bell/")
    suspend(cast)
    page = client.get("/alerts/").content.decode()
    assert "Night patrol" not in page
    assert "1 unread" not in page
    after = client.get("/alerts/bell/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "unread" not in after.content.decode()
    assert client.get("/api/v1/alerts/").json()["results"] == []
    hidden, unknown = (client.get(f"/alerts/{key}/") for key in (alert.pk, shared.pk))
    assert hidden.status_code == unknown.status_code == 404
    assert client.post("/api/v1/alerts/seen/").json() == {"seen": 0}
    assert client.get(f"/alerts/?state=unread&kind={alert.kind}").context["alerts"] == []
    alert.refresh_from_db()
    assert alert.seen_at is None


def test_an_alert_of_another_appointment_of_the_same_officer_is_not_shown(cast, shared, as_):
    Alert.objects.filter(appointment=cast.yann).update(appointment=cast.zoe)
    assert not Alert.objects.visible_to(access(cast.yann, timezone.now())).exists()
    # Nor to whom it now stands for: zoe sees nothing of the record.
    assert not Alert.objects.visible_to(access(cast.zoe, timezone.now())).exists()


def test_an_alert_of_an_unknown_kind_or_about_nothing_is_not_shown(cast, shared):
    row = {"appointment": cast.yann, "urgency": "Past"}
    Alert.objects.create(kind="of.a.later.version", key="a", record=shared, **row)
    Alert.objects.create(kind="sharing.shared", key="b", **row)
    assert Alert.objects.visible_to(access(cast.yann, timezone.now())).count() == 1


def test_the_bell_answers_an_unchanged_count_with_304_and_says_no_more_than_the_count(cast, shared, as_):
    client = as_(cast.yann)
    first = client.get("/alerts/bell/")
    again = client.get("/alerts/bell/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert "Night" not in first.content.decode()
    assert "private" in first["Cache-Control"]
    client.post("/alerts/seen/")
    assert client.get("/alerts/bell/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_bell_caps_its_count(cast, shared, as_):
    row = {"appointment": cast.yann, "urgency": "Past", "kind": "sharing.shared", "record": shared}
    Alert.objects.bulk_create(Alert(key=f"more {number}", **row) for number in range(130))
    assert "99+" in as_(cast.yann).get("/alerts/bell/").content.decode()


def test_opening_marks_it_seen_and_leads_to_the_record(cast, shared, as_):
    alert = Alert.objects.get(appointment=cast.yann)
    answer = as_(cast.yann).get(f"/alerts/{alert.pk}/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/patrols/{shared.pk}/"
    alert.refresh_from_db()
    assert alert.seen_at is not None
    assert Alert.objects.get(appointment=cast.yara).seen_at is None
    assert Entry.objects.filter(verb="alert.see").count() == 1


def test_marking_over_the_api(cast, shared, as_):
    alert = Alert.objects.get(appointment=cast.yann)
    client = as_(cast.yann)
    assert client.post(f"/api/v1/alerts/{alert.pk}/seen/").json()["seen_at"]
    assert client.get("/api/v1/alerts/?seen_at__isnull=true").json()["results"] == []
    assert client.get("/api/v1/alerts/?unknown=1").status_code == 400
    assert as_(cast.yara).post("/api/v1/alerts/seen/").json() == {"seen": 1}


def test_what_the_inbox_shows_is_written_in_the_ledger(cast, shared, as_):
    as_(cast.yann).get("/alerts/")
    entry = Entry.objects.filter(verb=DISCLOSE).latest("recorded_at")
    assert [row["record"] for row in entry.records] == [str(shared.pk)]
    assert entry.records[0]["clause"] == str(cast.art7.pk)


def test_unread_come_first_pages_lose_nothing_and_filters_narrow(cast, shared, as_):
    row = {"appointment": cast.yann, "urgency": "Past", "kind": "sharing.shared", "record": shared}
    at = timezone.now()
    Alert.objects.bulk_create(
        Alert(key=f"more {n}", created_at=at, seen_at=at if n % 2 else None, **row) for n in range(119)
    )
    client, found, place = as_(cast.yann), [], ""
    while True:
        page = client.get("/alerts/", {"before": place})
        found += page.context["alerts"]
        place = page.context["older"]
        if not place:
            break
    assert len({alert.pk for alert in found}) == len(found) == 120
    states = [alert.is_unread for alert in found]
    assert states == sorted(states, reverse=True)
    assert len(client.get("/alerts/?urgency=Expected").context["alerts"]) == 1
    assert client.get("/alerts/?urgency=Never").context["alerts"] == []
    assert client.get("/alerts/?before=nonsense").status_code == 200
    assert client.get("/alerts/?kind=%00").status_code == 200


@pytest.mark.parametrize("door", DOORS)
def test_the_number_of_queries_does_not_grow_with_the_alerts(cast, patrol_record, release, settled, as_, door):
    client = as_(cast.yann)
    counts = []
    for more in (1, 2):
        for number in range(more):
            release(patrol_record(f"{more} {number}"))
        settled()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(door)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_anonymous_is_led_to_the_sign_in(client, db):
    for door in ("/alerts/", "/alerts/bell/", "/alerts/health/"):
        assert client.get(door).status_code == 302
    assert client.get("/api/v1/alerts/").status_code in (401, 403)
