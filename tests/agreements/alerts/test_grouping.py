"""Families and severities narrow the inbox; what tells of one change set stands together; a new one is said."""

from datetime import timedelta

from django.utils import timezone

from agreements.alerts import kinds, raising
from agreements.alerts.choices import Family, Severity
from agreements.alerts.models import Alert
from agreements.alerts.paging import page_of


def told(cast, record, kind="sharing.shared", **values):
    raising.raise_alert(kind=kind, key=str(record.pk), recipients=[cast.yann], record=record, **values)


def test_every_family_that_officers_make_rules_about_has_kinds(cast):
    families = {kind.family for kind in kinds.all_kinds()}
    assert families == set(Family)


def test_family_and_severity_narrow_page_and_api(cast, patrol_record, release, as_, api_as):
    one, other = patrol_record("Bridge"), patrol_record("Ferry")
    release(one)
    release(other)
    told(cast, one)
    told(cast, other, kind="sharing.assignment", severity=Severity.SEVERE)
    overdue = Alert.objects.get(kind="sharing.assignment")
    client = as_(cast.yann)
    for query in ("family=task", "severity=Severe"):
        page = client.get(f"/alerts/?{query}").content.decode()
        assert "Ferry" in page
        assert "Bridge" not in page
        rows = api_as(cast.yann).send("get", f"alerts/?{query}").json()["results"]
        assert [row["id"] for row in rows] == [str(overdue.pk)]
        assert (rows[0]["family"], rows[0]["mandatory"]) == ("task", False)


def test_alerts_of_one_change_set_stand_together_and_read_ones_apart(cast, patrol_record, release):
    record, other = patrol_record("Bridge"), patrol_record("Ferry")
    told(cast, record)
    told(cast, record, kind="sharing.assignment")
    told(cast, other)
    rows = Alert.objects.filter(appointment=cast.yann)
    groups = page_of(rows, "").groups
    assert [(group.first.record_id, len(group.rest)) for group in groups] == [(other.pk, 0), (record.pk, 1)]
    Alert.objects.filter(kind="sharing.assignment").update(seen_at=timezone.now())
    assert [len(group.rest) for group in page_of(rows, "").groups] == [0, 0, 0]
    Alert.objects.filter(kind="sharing.assignment").update(seen_at=None, created_at=timezone.now() - timedelta(days=2))
    assert [len(group.rest) for group in page_of(rows, "").groups] == [0, 0, 0]


def test_an_open_inbox_is_told_that_something_came_and_not_what(cast, patrol_record, release, as_):
    before = timezone.now().isoformat()
    record = patrol_record("Bridge")
    release(record)
    hidden = patrol_record("Ferry")
    client = as_(cast.yann)
    assert client.get("/alerts/fresh/", {"since": before}).status_code == 204
    told(cast, hidden)
    assert client.get("/alerts/fresh/", {"since": before}).status_code == 204
    told(cast, record)
    answer = client.get("/alerts/fresh/", {"since": before})
    assert "1 new alert" in answer.content.decode()
    assert "Bridge" not in answer.content.decode()
    assert client.get("/alerts/fresh/", {"since": timezone.now().isoformat()}).status_code == 204
    assert client.get("/alerts/fresh/", {"since": "yesterday"}).status_code == 204


def test_superseded_alerts_are_done_and_say_so(cast, patrol_record, release, as_):
    record, other = patrol_record("Bridge"), patrol_record("Ferry")
    release(record)
    release(other)
    told(cast, record)
    told(cast, other)
    assert raising.supersede(names=["sharing.shared"], record=record) == 1
    assert raising.supersede(names=["sharing.shared"], record=record) == 0
    assert not Alert.objects.unread().filter(record=record).exists()
    assert Alert.objects.get(record=other).superseded_at is None
    assert "Superseded" in as_(cast.yann).get("/alerts/").content.decode()


def test_exercise_and_mandatory_are_marked(cast, patrol_record, release, as_):
    record = patrol_record("Bridge")
    release(record)
    told(cast, record, kind="sharing.left", exercise=True)
    page = as_(cast.yann).get("/alerts/").content.decode()
    assert "Exercise" in page
    assert "Mandatory" in page
