"""What may be taken along: no more than may be seen now, disclosed, and gone with the right to it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from agreements.sharing.actions import circles
from operations.field.models import Signal
from portal.audit.models import Entry
from portal.audit.recording import DISCLOSE
from tests.operations.field.conftest import KIT, Joint, end_post
from tests.operations.planning.conftest import INSTRUCTIONS, Desk, suspend


def planned(desk: Desk, who: Any = None) -> Any:
    row = desk.joined()
    own = row.record.circle.participations.get(agency=desk.cast.a1)
    circles.assign(participation=own, appointment=who or desk.cast.anton, by=desk.cast.xenia)
    return row


def joint_of(desk: Desk, row: Any) -> Joint:
    return Joint(desk.cast, row.record, row.record.circle)


def test_what_is_in_it(desk: Desk, api_as: Any) -> None:
    cast, row = desk.cast, planned(desk)
    own = row.record.circle.participations.get(agency=cast.a1)
    circles.assign(participation=own, appointment=cast.lars, by=cast.xenia)
    joint = joint_of(desk, row)
    joint.order(cast.xenia)
    patrol = joint.active()
    kit = api_as(cast.anton).send("GET", KIT).json()
    assert [item["id"] for item in kit["operations"]] == [str(row.pk)]
    assert [item["id"] for item in kit["patrols"]] == [str(patrol.pk)]
    assert kit["operations"][0]["instructions"] == INSTRUCTIONS
    assert [agency["name"] for agency in kit["operations"][0]["shown"]["observation"]] == ["Y1"]
    assert kit["operations"][0]["shown"]["crossing"] == []
    assert kit["areas"]["features"][0]["geometry"] == row.area
    assert kit["powers"][0]["operation"] == str(row.pk)
    assert {type["value"] for type in kit["observation_types"]} >= {"sighting", "note"}
    assert kit["officer"]["appointment"] == str(cast.anton.pk)
    # A partner reads its own copy of the instructions.
    theirs = api_as(cast.yann).send("GET", KIT).json()
    assert [item["text"] for item in theirs["instructions"]] == [INSTRUCTIONS]
    assert theirs["operations"][0]["instructions"] == ""


def test_what_the_officer_is_not_assigned_to_is_not_in_it(desk: Desk, api_as: Any) -> None:
    planned(desk)
    desk.plan(name="Another")
    kit = api_as(desk.cast.anton).send("GET", KIT).json()
    assert [item["name"] for item in kit["operations"]] == ["Autumn"]
    assert api_as(desk.cast.lars).send("GET", KIT).json()["operations"] == []
    assert api_as(desk.cast.zoe).send("GET", KIT).json()["operations"] == []
    assert api_as(desk.cast.ada).send("GET", KIT).status_code == 403


def test_it_is_disclosed_and_has_a_version(desk: Desk, api_as: Any) -> None:
    row, client = planned(desk), api_as(desk.cast.anton)
    first = client.send("GET", KIT)
    entry = Entry.objects.filter(verb=DISCLOSE).latest("pk")
    assert [item["record"] for item in entry.records] == [str(row.pk)]
    count = Entry.objects.filter(verb=DISCLOSE).count()
    again = client.send("GET", KIT, if_none_match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert Entry.objects.filter(verb=DISCLOSE).count() == count
    # Another officer's is another, though it holds the same.
    assert client.send("GET", KIT, if_none_match='"x"').status_code == 200
    patrol_leader = joint_of(desk, row)
    own = row.record.circle.participations.get(agency=desk.cast.a1)
    circles.assign(participation=own, appointment=desk.cast.lars, by=desk.cast.xenia)
    assert api_as(desk.cast.lars).send("GET", KIT)["ETag"] != first["ETag"]
    patrol_leader.plan()
    assert client.send("GET", KIT, if_none_match=first["ETag"]).status_code == 200


def test_it_is_withdrawn_at_the_next_contact(desk: Desk, api_as: Any) -> None:
    cast, row = desk.cast, planned(desk)
    client = api_as(cast.yann)
    first = client.send("GET", KIT)
    assert first.json()["operations"]
    suspend(cast)
    after = client.send("GET", KIT, if_none_match=first["ETag"])
    assert after.status_code == 200
    assert after.json()["operations"] == after.json()["patrols"] == after.json()["powers"] == []
    # The own copy of what to do now stays (R24), is to be done from now on, and does not name the operation.
    (before,) = first.json()["instructions"]
    assert before == {"id": before["id"], "operation": str(row.pk), "text": INSTRUCTIONS, "applies": False}
    assert after.json()["instructions"] == [before | {"operation": None, "applies": True}]
    assert str(row.pk) not in after.content.decode()
    end_post(cast.yann)
    assert client.send("GET", KIT, if_none_match=first["ETag"]).status_code == 403


def test_it_never_lasts_past_the_appointment(desk: Desk, api_as: Any) -> None:
    planned(desk)
    post = desk.cast.anton
    kit = api_as(post).send("GET", KIT).json()
    assert timezone.datetime.fromisoformat(kit["until"]) > timezone.now() + timedelta(hours=23)
    post.ends_on = timezone.now().astimezone(post.agency.zone).date()
    post.save()
    kit = api_as(post).send("GET", KIT).json()
    assert timezone.datetime.fromisoformat(kit["until"]) < timezone.now() + timedelta(hours=24)
    assert not Signal.objects.exists()
