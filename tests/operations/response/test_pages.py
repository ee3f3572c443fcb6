"""Pages of responses: steps by hand, hidden is 404, not allowed is 403 with the reason, input is kept."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agreements.distress.models import DistressCall
from operations.incidents.models import IncidentReport
from operations.response.actions import handovers
from operations.response.models import AssistanceCall, Desk, Handover, Procedure, Response, Task
from tests.operations.response.conftest import HERE, Room


def url(name: str, *keys: Any) -> str:
    return reverse(f"response:{name}", args=keys)


def local(hours: int = 2) -> str:
    return f"{timezone.localtime() + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


def text(answer: Any) -> str:
    return answer.content.decode()  # type: ignore[no-any-return]


def test_a_response_from_beginning_to_end(room: Room, as_: Any) -> None:
    cast, report = room.cast, room.told()
    client, otto = as_(cast.lars), as_(room.watch.otto)
    assert "Begin a response" in text(client.get(url("incident-response", report.pk)))
    assert client.post(url("response-start", report.pk)).status_code == 302
    row = Response.objects.get()
    assert "No task yet" in text(client.get(url("response-detail", row.pk)))
    kept = client.post(url("task-give", row.pk), {"what": "", "due_at": "2020-01-01T10:00"})
    assert "2020-01-01T10:00" in text(kept)
    assert client.post(url("task-give", row.pk), {"what": "Look", "due_at": "2020-01-01T10:00"}).status_code == 200
    client.post(url("task-give", row.pk), {"what": "Secure it", "assignee": room.watch.otto.pk, "due_at": local()})
    task = Task.objects.get()
    assert task.assignee == room.watch.otto
    assert "Secure it" in text(otto.get(f"{url('task-list')}?show=mine"))
    assert "Secure it" not in text(client.get(f"{url('task-list')}?show=mine"))
    assert "task for you" in text(otto.get("/"))
    client.post(url("task-change", task.pk), {"assignee": "", "due_at": local(3)})
    assert Task.objects.get().assignee is None
    assert "Say why it is dropped" in text(client.post(url("task-end", task.pk), {"verdict": "drop", "result": ""}))
    client.post(url("task-end", task.pk), {"verdict": "done", "result": "Moored."})
    assert client.get(url("task-end", task.pk)).status_code == 403
    assert "Moored." in text(client.get(url("response-detail", row.pk)))
    assert otto.get(url("response-close", row.pk)).status_code == 403
    client.post(url("response-hand-on", row.pk), {"lead": room.watch.otto.pk})
    otto.post(url("response-close", row.pk), {"result": "resolved", "words": "All well."})
    page = text(client.get(url("response-detail", row.pk)))
    assert "All well." in page
    assert "Give a task" not in page
    assert "Response closed: resolved" in text(client.get(reverse("incidents:report-detail", args=[report.pk])))
    assert client.get(url("task-give", row.pk)).status_code == 403
    for query in ("", "?state=closed", "?mine=on", "?state=x"):
        shown = report.record.title in text(client.get(f"{url('response-list')}{query}"))
        assert shown == (query in ("", "?state=closed"))


def test_a_procedure_by_hand(room: Room, as_: Any) -> None:
    cast, client = room.cast, as_(room.cast.xenia)
    sent = {
        "title": "Fire on the water", "categories": ["operational"], "classification": "1", "tlp": "2", "operation": "",
        "steps-TOTAL_FORMS": "3", "steps-INITIAL_FORMS": "0", "steps-0-what": "Second", "steps-0-minutes": "30",
        "steps-0-ORDER": "2", "steps-1-what": "First", "steps-1-ORDER": "1", "steps-2-what": "",
    }  # fmt: skip
    assert client.get(url("procedure-create")).status_code == 200
    bad = text(client.post(url("procedure-create"), {**sent, "steps-0-minutes": "0", "title": "Kept words"}))
    assert "Kept words" in bad
    assert not Procedure.objects.exists()
    assert client.post(url("procedure-create"), sent).status_code == 302
    row = Procedure.objects.get()
    assert [(step.what, step.minutes) for step in row.current.steps.all()] == [("First", None), ("Second", 30)]
    page = client.get(url("procedure-change", row.pk))
    assert "First" in text(page)
    again = {
        "note": "Air", "version": str(row.version), "steps-TOTAL_FORMS": "3", "steps-INITIAL_FORMS": "2",
        "steps-0-what": "First", "steps-0-ORDER": "1", "steps-1-what": "Second", "steps-1-ORDER": "2",
        "steps-2-what": "Third", "steps-2-ORDER": "3",
    }  # fmt: skip
    assert client.post(url("procedure-change", row.pk), again).status_code == 302
    assert "changed since you read it" in text(client.post(url("procedure-change", row.pk), again))
    page_text = text(as_(cast.lars).get(url("procedure-detail", row.pk)))
    assert "Earlier versions" in page_text
    assert "New version" not in page_text
    assert as_(cast.lars).get(url("procedure-change", row.pk)).status_code == 403
    assert as_(cast.yara).get(url("procedure-change", row.pk)).status_code == 404
    started = room.started()
    lars = as_(cast.lars)
    assert "Fire on the water" in text(lars.get(url("response-follow", started.pk)))
    lars.post(url("response-follow", started.pk), {"procedure": row.pk})
    assert set(Task.objects.values_list("what", flat=True)) == {"First", "Second", "Third"}
    client.post(url("procedure-retire", row.pk))
    assert "Fire on the water" not in text(client.get(url("procedure-list")))
    assert "Fire on the water" in text(client.get(f"{url('procedure-list')}?all"))


def test_a_task_goes_to_a_partner_and_back(room: Room, as_: Any) -> None:
    cast = room.cast
    ours, theirs, task = as_(cast.lars), as_(cast.yann), room.task()
    assert "No partner reads the incident" in text(ours.get(url("task-offer", task.pk)))
    room.watch.release(task.record.incident)
    ours.post(url("task-offer", task.pk), {"agency": cast.b.pk, "message": "You are nearer."})
    row = Handover.objects.get()
    assert "task offered by a partner" in text(theirs.get("/"))
    assert "You are nearer." in text(theirs.get(url("incident-response", task.response_id)))
    assert "Offered to your agency" in text(theirs.get(url("response-detail", task.response_id)))
    assert ours.get(url("handover-answer", row.pk)).status_code == 403
    assert as_(cast.zoe).get(url("handover-answer", row.pk)).status_code == 404
    assert theirs.get(url("task-end", task.pk)).status_code == 404
    assert "Say why not" in text(theirs.post(url("handover-answer", row.pk), {"verdict": "decline", "answer": ""}))
    taken = theirs.post(url("handover-answer", row.pk), {"verdict": "take"})
    own = IncidentReport.objects.get(record__owner=cast.b)
    assert taken.url == url("response-detail", own.pk)
    assert "Tell them that it is done" in text(theirs.get(url("incident-response", own.pk)))
    assert "Taken over: Secure the place" in text(ours.get(url("response-detail", task.response_id)))
    assert own.record.reference not in text(ours.get(url("response-detail", task.response_id)))
    theirs.post(url("handover-finish", row.pk))
    assert "Done by them" in text(ours.get(url("response-detail", task.response_id)))
    assert ours.get(url("task-end", task.pk)).status_code == 403


def sent(room: Room, **values: Any) -> dict[str, Any]:
    return {
        "situation": "fire", "needed": "A fire boat.", "position": "47.65, 9.18", "place": "Harbour",
        "call_back": "+41 58 000 00 00", "categories": ["operational"], "classification": "1", "tlp": "2",
        "agencies": [str(room.cast.b.pk)], **values,
    }  # fmt: skip


def test_assistance_is_called_for_answered_and_over(room: Room, as_: Any) -> None:
    cast, report = room.cast, room.told()
    ours, theirs, page = as_(cast.lars), as_(cast.yara), url("assistance-create", report.pk)
    assert (
        theirs.post(url("desk-list"), {"name": "Post", "position": "47.66, 9.17", "reach_km": "30"}).status_code == 302
    )
    form = ours.get(page)
    assert "In range: Post, 1 km" in text(form)
    assert str(cast.b.pk) in form.context["chosen"], "who is near is chosen beforehand"
    # Marked too high for the article: nobody can be asked, and nothing is sent by looking.
    high = text(ours.post(page, sent(room, classification="2", preview="1")))
    assert "no article carries such a call" in high
    assert "A fire boat." in high
    assert not AssistanceCall.objects.exists()
    assert "Choose whom to ask" in text(ours.post(page, sent(room, agencies=[])))
    assert ours.post(page, sent(room)).status_code == 302
    row = AssistanceCall.objects.get()
    assert "Nobody has answered yet" in text(ours.get(url("assistance-detail", row.pk)))
    assert "call for assistance waits for your desk" in text(theirs.get("/"))
    assert row.record.title in text(theirs.get(f"{url('assistance-list')}?show=waiting"))
    asked = row.asked.get()
    assert ours.get(url("asked-answer", asked.pk)).status_code == 403
    assert "in how many minutes" in text(
        theirs.post(url("asked-answer", asked.pk), {"verdict": "come", "means": "A boat"})
    )
    theirs.post(url("asked-answer", asked.pk), {"verdict": "come", "means": "A boat, four crew", "minutes": "12"})
    assert "A boat, four crew" in text(ours.get(url("assistance-detail", row.pk)))
    theirs.post(url("asked-arrive", asked.pk))
    page_text = text(ours.get(url("assistance-detail", row.pk)))
    assert "Arrived" in page_text
    assert ours.get(url("assistance-geojson", row.pk)).json()["features"][0]["id"] == str(row.pk)
    assert "was asked" in text(ours.get(url("assistance-more", row.pk)))
    ours.post(url("assistance-end", row.pk), {"ending": "helped", "words": "Out."})
    assert "Needed no more" in text(theirs.get(url("assistance-detail", row.pk)))
    assert theirs.get(url("asked-answer", asked.pk)).status_code == 403
    for who in (cast.zoe, cast.aldo):
        for name in ("assistance-detail", "assistance-more", "assistance-end", "assistance-geojson"):
            assert as_(who).get(url(name, row.pk)).status_code == 404
        assert as_(who).get(url("asked-answer", asked.pk)).status_code == 404
    assert report.record.title not in text(theirs.get(url("assistance-detail", row.pk)))


def test_without_an_article_by_the_same_page(room: Room, as_: Any) -> None:
    cast, report = room.cast, room.told()
    ours, page = as_(cast.lars), url("assistance-create", report.pk)
    assert "No article on assistance binds X1 and Z1" in text(ours.get(page))
    asked = {"without_article": [str(cast.c.pk)]}
    assert "endangers a life" in text(ours.post(page, sent(room, **asked)))
    assert ours.post(page, sent(room, danger="A man drowns.", **asked)).status_code == 302
    assert DistressCall.objects.get().addressees.get().agency == cast.c
    detail = url("assistance-detail", AssistanceCall.objects.get().pk)
    assert "call of danger to life" in text(ours.get(detail))
    assert "call of danger to life" not in text(as_(cast.yann).get(detail))


def test_desks_are_kept_by_their_commander(room: Room, as_: Any) -> None:
    cast = room.cast
    assert as_(cast.lars).post(url("desk-list"), {"name": "x"}).status_code == 403
    client = as_(cast.yara)
    assert "Say where" in text(client.post(url("desk-list"), {"name": "Post", "reach_km": "5", "position": ""}))
    client.post(url("desk-list"), {"name": "Post", "position": f"{HERE[0]}, {HERE[1]}", "reach_km": "5"})
    row = Desk.objects.get()
    assert "Post" in text(as_(cast.lars).get(url("desk-list")))
    assert "Post" not in text(as_(cast.zoe).get(url("desk-list")))
    assert as_(cast.zoe).post(url("desk-close", row.pk)).status_code == 404
    assert as_(cast.xenia).post(url("desk-close", row.pk)).status_code == 403
    client.post(url("desk-close", row.pk))
    assert "None is told of" in text(client.get(url("desk-list")))


def test_hidden_and_unknown_are_the_same(room: Room, as_: Any) -> None:
    task, procedure = room.task(), room.procedure()
    client = as_(room.cast.yann)
    for name, key in (
        ("response-detail", task.response_id), ("incident-response", task.response_id), ("task-give", task.response_id),
        ("response-close", task.response_id), ("assistance-create", task.response_id), ("task-change", task.pk),
        ("task-end", task.pk), ("task-offer", task.pk), ("procedure-detail", procedure.pk),
    ):  # fmt: skip
        assert client.get(url(name, key)).status_code == 404, name
    assert client.post(url("response-start", task.response_id)).status_code == 404


def test_lists_and_pages_cost_the_same_with_one_and_with_many(room: Room, as_: Any) -> None:
    client, row = as_(room.cast.lars), room.started()
    room.offered(room.task(row))
    room.task(row)
    room.call(report=row.record.incident)
    room.procedure()

    def queries(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    pages = [
        url("response-list"), url("task-list"), url("assistance-list"), url("procedure-list"), url("desk-list"),
        url("response-detail", row.pk), url("incident-response", row.pk),
        reverse("incidents:report-detail", args=[row.pk]), "/",
    ]  # fmt: skip
    few = [queries(page) for page in pages]
    for number in range(4):
        task = room.task(row, what=f"Task {number}")
        handovers.offer(task=task, agency=room.cast.b, by=room.cast.lars)
        room.task(row, what=f"More {number}", assignee=room.watch.otto)
        room.task(room.started(), what="Elsewhere")
        room.procedure(name=f"Procedure {number}")
        room.call()
    many = [queries(page) for page in pages]
    assert dict(zip(pages, many, strict=True)) == dict(zip(pages, few, strict=True))
