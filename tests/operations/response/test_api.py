"""Responses over the API: the same rows and actions as the pages, errors at their field."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from operations.incidents.models import IncidentReport
from operations.response.actions import handovers
from operations.response.models import AssistanceCall
from tests.api import fault
from tests.operations.response.conftest import Room


def test_a_response(room: Room, api_as: Any) -> None:
    cast, report = room.cast, room.told()
    client = api_as(cast.lars)
    begun = client.send("post", f"incidents/{report.pk}/response/")
    assert (begun.status_code, begun.json()["state"]) == (200, "open"), begun.content
    path = f"responses/{report.pk}/"
    bad = client.send("post", f"{path}tasks/", {"what": "", "due_at": "x"})
    assert {"what", "due_at"} <= fault(bad).keys()
    made = client.send("post", f"{path}tasks/", {"what": "Secure it", "assignee": str(room.watch.otto.pk)})
    assert made.status_code == 201, made.content
    task = f"response-tasks/{made.json()['id']}/"
    due = (timezone.now() + timedelta(hours=1)).isoformat()
    changed = client.send("post", f"{task}change/", {"assignee": None, "due_at": due})
    assert (changed.status_code, changed.json()["assignee"]) == (200, None), changed.content
    procedure = room.procedure()
    followed = client.send("post", f"{path}follow/", {"procedure": str(procedure.pk)})
    assert len(followed.json()) == 3, followed.content
    assert len(client.send("get", f"{path}tasks/").json()) == 4
    assert client.send("post", f"{path}close/", {"result": "resolved"}).status_code == 409
    for item in client.send("get", "response-tasks/?state=open").json()["results"]:
        ended = client.send("post", f"response-tasks/{item['id']}/end/", {"done": True})
        assert ended.status_code == 200, ended.content
    handed = client.send("post", f"{path}lead/", {"lead": str(room.watch.otto.pk)})
    assert handed.status_code == 200, handed.content
    assert client.send("post", f"{path}close/", {"result": "resolved"}).status_code == 403
    closed = api_as(room.watch.otto).send("post", f"{path}close/", {"result": "resolved", "words": "Well."})
    assert (closed.json()["state"], closed.json()["result_words"]) == ("closed", "Well.")
    assert api_as(cast.yann).send("get", path).status_code == 404
    room.watch.release(report)
    assert api_as(cast.yann).send("get", path).json()["result"] == "resolved"
    assert api_as(cast.yann).send("get", f"{path}tasks/").json() == []
    assert api_as(cast.yann).send("get", "response-tasks/").json()["results"] == []
    assert [row["id"] for row in client.send("get", "responses/").json()["results"]] == [str(report.pk)]


def test_a_handover(room: Room, api_as: Any) -> None:
    cast, task = room.cast, room.task()
    ours, theirs = api_as(cast.lars), api_as(cast.yann)
    offer = f"response-tasks/{task.pk}/offer/"
    refused = ours.send("post", offer, {"agency": str(cast.b.pk)})
    assert (refused.status_code, list(fault(refused))) == (422, ["agency"])
    room.watch.release(task.record.incident)
    row = ours.send("post", offer, {"agency": str(cast.b.pk), "message": "Nearer."})
    assert row.status_code == 201, row.content
    path = f"task-handovers/{row.json()['id']}/"
    assert theirs.send("get", path).json()["what"] == "Secure the place"
    assert api_as(cast.zoe).send("get", path).status_code == 404
    assert ours.send("post", f"{path}take/").status_code == 404
    declined = theirs.send("post", f"{path}decline/", {"answer": "No boat."})
    assert declined.json()["state"] == "declined", declined.content
    path = f"task-handovers/{ours.send('post', offer, {'agency': str(cast.b.pk)}).json()['id']}/"
    taken = theirs.send("post", f"{path}take/")
    assert (taken.status_code, taken.json()["state"]) == (201, "draft"), taken.content
    own = IncidentReport.objects.get(record__owner=cast.b)
    assert theirs.send("get", path).json()["own"] == str(own.pk)
    assert ours.send("get", path).json()["own"] is None
    assert theirs.send("post", f"{path}finish/").json()["state"] == "finished"
    assert ours.send("post", f"{path}take-back/").status_code == 409


def test_a_list_of_handovers_costs_the_same_for_one_and_for_many(room: Room, api_as: Any) -> None:
    """Each names the taker's own incident, to its officers alone: asked of the policy at once for all."""
    cast = room.cast

    def taken() -> str:
        return str(handovers.take(handover=room.offered(), by=cast.yann).pk)

    own = {taken()}
    clients = [api_as(cast.yann), api_as(cast.lars)]
    for client in clients:
        client.send("get", "task-handovers/")

    def asked(client: Any) -> tuple[int, set[str | None]]:
        with CaptureQueriesContext(connection) as found:
            rows = client.send("get", "task-handovers/").json()["results"]
        return len(found), {row["own"] for row in rows}

    one = [asked(client) for client in clients]
    assert [told for _, told in one] == [own, {None}]
    own |= {taken() for _ in range(4)}
    many = [asked(client) for client in clients]
    assert [told for _, told in many] == [own, {None}]
    assert [count for count, _ in many] == [count for count, _ in one]


def test_a_procedure(room: Room, api_as: Any) -> None:
    client = api_as(room.cast.xenia)
    assert "steps[0].what" in fault(client.send("post", "procedures/", {"name": "x", "steps": [{"what": ""}]}))
    assert "steps" in fault(client.send("post", "procedures/", {"name": "x", "steps": []}))
    made = client.send(
        "post", "procedures/", {"name": "Fire", "steps": [{"what": "Look"}, {"what": "Act", "minutes": 5}]}
    )
    assert made.status_code == 201, made.content
    path = f"procedures/{made.json()['id']}/"
    body = {"steps": [{"what": "Look"}], "note": "Shorter"}
    assert client.send("post", f"{path}versions/", body).status_code == 428
    tag = client.send("get", path)["ETag"]
    again = client.send("post", f"{path}versions/", body, if_match=tag)
    assert (again.status_code, again.json()["number"]) == (201, 2), again.content
    assert client.send("post", f"{path}versions/", body, if_match=tag).status_code == 412
    assert [row["number"] for row in client.send("get", f"{path}versions/").json()] == [2, 1]
    assert client.send("post", f"{path}retire/").json()["retired_at"]
    assert api_as(room.cast.yara).send("get", path).status_code == 404
    assert (
        api_as(room.cast.lars).send("post", "procedures/", {"name": "x", "steps": [{"what": "y"}]}).status_code == 403
    )


def test_assistance(room: Room, api_as: Any) -> None:
    cast, report = room.cast, room.told()
    ours, theirs = api_as(cast.lars), api_as(cast.yara)
    desk = theirs.send("post", "duty-desks/", {"name": "Post", "latitude": 47.66, "longitude": 9.17, "reach_km": 30})
    assert desk.status_code == 201, desk.content
    assert theirs.send("get", "duty-desks/").json()["results"][0]["reach_km"] == 30
    page = f"incidents/{report.pk}/assistance/"
    found = {row["agency"]["acronym"]: row for row in ours.send("get", page).json()}
    assert (found["Y1"]["can_be_asked"], found["Y1"]["in_range"], found["Y1"]["distance_km"]) == (True, True, 1)
    assert (found["Z1"]["can_be_asked"], found["Z1"]["distance_km"]) == (False, None)
    body = {
        "situation": "fire", "needed": "A boat.", "latitude": 47.65, "longitude": 9.18, "call_back": "+41 58 000 00 00",
        "agencies": [str(cast.c.pk)],
    }  # fmt: skip
    assert list(fault(ours.send("post", page, body))) == ["agencies"]
    assert {"situation", "needed", "latitude", "call_back"} <= fault(ours.send("post", page, {"latitude": "x"})).keys()
    made = ours.send("post", page, {**body, "agencies": [str(cast.b.pk)]})
    assert (made.status_code, made.json()["state"]) == (201, "live"), made.content
    path = f"assistance-calls/{made.json()['id']}/"
    assert theirs.send("get", path).json()["needed"] == "A boat."
    assert theirs.send("get", path).json()["record"].get("host") is None
    assert api_as(cast.zoe).send("get", path).status_code == 404
    line = theirs.send("get", f"{path}answers/").json()[0]
    assert line["article"] == str(room.art12)
    answer = f"assistance-answers/{line['id']}/"
    when = (timezone.now() + timedelta(minutes=10)).isoformat()
    assert ours.send("post", f"{answer}accept/", {"means": "x", "expected_at": when}).status_code == 404
    assert "expected_at" in fault(theirs.send("post", f"{answer}accept/", {"means": "x"}))
    assert theirs.send("post", f"{answer}decline/", {"reason": "No crew."}).json()["state"] == "declined"
    accepted = theirs.send("post", f"{answer}accept/", {"means": "A boat", "expected_at": when})
    assert accepted.json()["means"] == "A boat", accepted.content
    assert theirs.send("post", f"{answer}arrive/").json()["state"] == "arrived"
    assert ours.send("post", f"{path}answers/", {"agencies": [str(cast.b.pk)]}).status_code == 201
    over = ours.send("post", f"{path}end/", {"ending": "helped"})
    assert (over.json()["state"], AssistanceCall.objects.get().ending) == ("over", "helped")
    assert theirs.send("post", f"duty-desks/{desk.json()['id']}/close/").status_code == 204
    assert api_as(cast.zoe).send("get", "assistance-answers/").json()["results"] == []
