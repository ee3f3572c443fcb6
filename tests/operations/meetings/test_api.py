"""Meetings over the API: what a page can do it can do, and nobody more."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from icalendar import Calendar

from agencies.directory.models import new_key
from agreements.sharing.models import Assignment, Record
from operations.meetings import actions
from operations.meetings.models import Meeting, Reply
from portal.outbox.models import Due
from tests.api import fault
from tests.conftest import Cast
from tests.operations.meetings.conftest import Hall
from tests.operations.planning.conftest import Desk, suspend

WORD = "Weekly coordination"


def call(**values: Any) -> dict[str, Any]:
    now = timezone.now()
    return {
        "title": WORD,
        "starts_at": (now + timedelta(days=3)).isoformat(),
        "ends_at": (now + timedelta(days=3, hours=1)).isoformat(),
        "place": "Bridge",
        "agenda": "Boats.",
        **values,
    }


def at(row: Any, *more: Any) -> str:
    return "/".join(["meetings", str(getattr(row, "pk", row)), *map(str, more)]) + "/"


def test_the_whole_story(cast: Cast, api_as: Any) -> None:
    caller, guest = api_as(cast.xenia), api_as(cast.yann)
    body = call(invitees=[{"agency": str(cast.b.pk)}], officers=[str(cast.lars.pk)], reminders=[60])
    made = caller.send("POST", "meetings/", body)
    assert made.status_code == 201, made.content
    row = made.json()
    assert made["Location"].endswith(f"/api/v1/meetings/{row['id']}/")
    assert (row["title"], row["reminders"], row["state"]) == (WORD, [60], "called")
    assert {item["officer"]["name"] for item in row["attendees"]} == {"Xenia", "Lars"}
    key = row["id"]
    accepted = guest.send("POST", at(key, "accept"))
    assert accepted.status_code == 200, accepted.content
    assert accepted.json()["may"]["rsvp"] is True
    answered = guest.send("POST", at(key, "rsvp"), {"answer": "tentative"})
    assert (answered.status_code, answered.json()["own_answer"]) == (200, "tentative")
    assert guest.send("POST", at(key, "officers"), {"appointment": str(cast.yara.pk)}).status_code == 201
    moved = caller.send("PATCH", at(key), {"place": "Quay"}, if_match=caller.send("GET", at(key))["ETag"])
    assert (moved.json()["place"], moved.json()["sequence"], moved.json()["agenda"]) == ("Quay", 1, "Boats.")
    assert moved.json()["reminders"] == [60]
    cancelled = caller.send("POST", at(key, "cancel"), {"reason": "Ice"})
    assert (cancelled.json()["state"], cancelled.json()["cancel_reason"]) == ("cancelled", "Ice")
    assert guest.send("POST", at(key, "rsvp"), {"answer": "accepted"}).status_code == 409
    assert not Due.objects.filter(cancelled_at=None, fired_at=None).exists()


def test_answers_reach_the_caller_and_each_its_own(hall: Hall, api_as: Any) -> None:
    """R5: Yann answered; a1 called the meeting and is told, officers of b are told, a third side is not."""
    cast, row = hall.cast, hall.joint()
    actions.rsvp(meeting=row, by=cast.yann, answer="accepted")
    actions.rsvp(meeting=row, by=cast.xenia, answer="declined")

    def told(who: Any) -> dict[str, Any]:
        rows = api_as(who).send("GET", at(row)).json()["attendees"]
        return {
            item["agency"]["acronym"]: (item["officer"]["name"], item["answer_told"], item["answer"]) for item in rows
        }

    assert told(cast.xenia) == {"X1": ("Xenia", True, "declined"), "Y1": (None, True, "accepted")}
    assert told(cast.yara) == {"X1": (None, False, None), "Y1": ("Yann", True, "accepted")}


def test_a_third_state_finds_nothing(hall: Hall, api_as: Any) -> None:
    cast, row = hall.cast, hall.joint()
    for who in (cast.zoe, cast.aldo, cast.zeno):
        client = api_as(who)
        assert client.send("GET", "meetings/").json()["results"] == []
        for path in ("", "reach", "calendar"):
            answers = [client.send("GET", at(key, *filter(None, [path]))) for key in (row.pk, new_key())]
            assert [answer.status_code for answer in answers] == [404, 404], path
            assert answers[0].content == answers[1].content
        for path in ("cancel", "invitations", "accept", "officers", "rsvp"):
            assert client.send("POST", at(row, path), {}).status_code == 404, path
        assert client.send("POST", at(row, "participants", cast.b.pk, "end")).status_code == 404
        assert client.send("PATCH", at(row), {"title": "Mine"}, if_match='"1"').status_code == 404
    suspend(cast)
    assert api_as(cast.yann).send("GET", at(row)).status_code == 404
    assert api_as(cast.yann).send("GET", "meetings/").json()["results"] == []


def test_seen_but_not_allowed_says_why(hall: Hall, api_as: Any) -> None:
    cast, row = hall.cast, hall.joint()
    guest = api_as(cast.yann)
    for method, path, body in (
        ("POST", "cancel", {"reason": "x"}),
        ("POST", "invitations", {"agency": str(cast.c.pk)}),
        ("PATCH", "", {"title": "Ours"}),
        ("GET", "reach", None),
    ):
        answer = guest.send(method, at(row, *filter(None, [path])), body, if_match='"1"')
        assert answer.status_code == 403, (path, answer.content)
        assert "Only X1" in answer.json()["detail"], path
    answer = api_as(cast.yara).send("POST", at(row, "rsvp"), {"answer": "accepted"})
    assert answer.status_code == 403
    assert "not among those who attend" in answer.json()["detail"]
    assert api_as(cast.anton).send("POST", "meetings/", call()).status_code == 403
    assert not Reply.objects.exists()


def test_either_side_ends_it(hall: Hall, api_as: Any) -> None:
    cast, row = hall.cast, hall.joint()
    guest = api_as(cast.yann)
    foreign = Assignment.objects.get(appointment=cast.xenia)
    assert guest.send("POST", at(row, "officers", foreign.pk, "end")).status_code == 404
    own = Assignment.objects.get(appointment=cast.yann)
    assert guest.send("POST", at(row, "officers", own.pk, "end")).json()["ended_at"]
    assert guest.send("POST", at(row, "participants", cast.a1.pk, "end")).status_code == 404
    left = guest.send("POST", at(row, "participants", cast.b.pk, "end"))
    assert (left.status_code, left.json()["ended_at"] is None) == (200, False)
    again = api_as(cast.xenia).send("POST", at(row, "invitations"), {"agency": str(cast.b.pk)})
    assert again.status_code == 201
    assert fault(api_as(cast.xenia).send("POST", at(row, "invitations"), {"agency": str(cast.b.pk)})) != {}


def test_only_own_officers_are_sent(hall: Hall, api_as: Any) -> None:
    cast, row = hall.cast, hall.joint()
    guest = api_as(cast.yann)
    unknown = fault(guest.send("POST", at(row, "officers"), {"appointment": str(new_key())}))
    for other in (cast.lars, cast.zoe, cast.yann):
        answer = guest.send("POST", at(row, "officers"), {"appointment": str(other.pk)})
        assert answer.status_code == 400
        assert fault(answer) == unknown != {}


@pytest.mark.parametrize(
    ("values", "status", "field"),
    [
        ({"ends_at": "2020-01-01T00:00:00Z"}, 422, "ends_at"),
        ({"starts_at": "soon"}, 400, "starts_at"),
        ({"title": "a\x00b"}, 400, "title"),
        ({"place": "", "link": ""}, 422, "place"),
        ({"link": "javascript:alert(1)"}, 400, "link"),
        ({"reminders": [0]}, 400, "reminders"),
        ({"reminders": [1, 2, 3, 4, 5, 6]}, 400, "reminders"),
        ({"operation": str(new_key())}, 400, "operation"),
        ({"agreement": str(new_key())}, 400, "agreement"),
        ({"officers": [str(new_key())]}, 400, "officers"),
        ({"invitees": [{"agency": str(new_key())}]}, 400, "invitees"),
        ({"tlp": 4}, 400, "tlp"),
        ({"classification": 9}, 400, "classification"),
        ({"zone": "Mars/Base"}, 400, "zone"),
    ],
)
def test_wrong_bodies(cast: Cast, api_as: Any, values: dict[str, Any], status: int, field: str) -> None:
    answer = api_as(cast.xenia).send("POST", "meetings/", call(**values))
    assert answer.status_code == status, answer.content
    assert any(name.startswith(field) for name in fault(answer)), answer.content
    assert not Record.objects.exists()


def test_whom_no_article_reaches_is_not_invited(cast: Cast, api_as: Any) -> None:
    """All or nothing: the meeting is not called when one agency of the list cannot be reached."""
    for invitee in (
        {"agency": str(cast.c.pk)},
        {"agency": str(cast.b.pk), "purpose": "safety"},
        {"agency": str(cast.b.pk), "clause": str(new_key())},
    ):
        answer = api_as(cast.xenia).send("POST", "meetings/", call(invitees=[invitee]))
        assert answer.status_code == 400, answer.content
        assert fault(answer)
    assert not Meeting.objects.exists()
    named = {"agency": str(cast.b.pk), "clause": str(cast.art7.pk), "purpose": "coordination"}
    assert api_as(cast.xenia).send("POST", "meetings/", call(invitees=[named])).status_code == 201


def test_what_it_is_about_is_named_only_while_visible(desk: Desk, api_as: Any) -> None:
    cast, operation = desk.cast, desk.joined()
    caller, guest = api_as(cast.xenia), api_as(cast.yann)
    body = call(operation=str(operation.pk), invitees=[{"agency": str(cast.b.pk)}])
    key = caller.send("POST", "meetings/", body).json()["id"]
    assert guest.send("GET", at(key)).json()["record"]["operation"] == str(operation.pk)
    found = guest.send("GET", f"meetings/?operation={operation.pk}").json()["results"]
    assert [item["id"] for item in found] == [key]
    assert api_as(cast.zoe).send("POST", "meetings/", body).status_code == 400
    about = call(agreement=str(cast.art7.agreement_id))
    made = caller.send("POST", "meetings/", about).json()
    assert made["agreement"] == str(cast.art7.agreement_id)
    assert caller.send("GET", f"meetings/?agreement={cast.art7.agreement_id}").json()["results"][0]["id"] == made["id"]
    both = caller.send("POST", "meetings/", {**about, "operation": str(operation.pk)})
    assert (both.status_code, list(fault(both))) == (422, ["agreement"])
    assert list(fault(api_as(cast.zoe).send("POST", "meetings/", about))) == ["agreement"]


def test_changing_needs_the_version_that_was_read(hall: Hall, api_as: Any) -> None:
    cast, row = hall.cast, hall.joint()
    actions.rsvp(meeting=row, by=cast.yann, answer="accepted")
    client = api_as(cast.xenia)
    tag = client.send("GET", at(row))["ETag"]
    assert client.send("PATCH", at(row), {"title": "Else"}).status_code == 428
    later = {"starts_at": (timezone.now() + timedelta(days=4)).isoformat()}
    wrong = client.send("PATCH", at(row), later, if_match=tag)
    assert (wrong.status_code, list(fault(wrong))) == (422, ["ends_at"])
    later["ends_at"] = (timezone.now() + timedelta(days=4, hours=2)).isoformat()
    assert client.send("PATCH", at(row), later, if_match=tag).status_code == 200
    stale = client.send("PATCH", at(row), {"title": "Else"}, if_match=tag)
    assert stale.status_code == 412
    assert not Reply.objects.exists()
    row.refresh_from_db()
    assert row.record.title == WORD


def test_sent_again_it_is_not_done_again(cast: Cast, api_as: Any) -> None:
    client, key = api_as(cast.xenia), str(new_key())
    assert [client.send("POST", "meetings/", call(id=key)).json()["id"] for _ in range(2)] == [key, key]
    body = call()
    first, second = (client.send("POST", "meetings/", body, idempotency_key="m1") for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    for _ in range(2):
        answer = client.send("POST", at(key, "cancel"), {"reason": "Ice"}, idempotency_key="m2")
        assert answer.status_code == 200
    assert Meeting.objects.count() == 2


def test_the_calendar_tells_nothing_of_its_subject(hall: Hall, api_as: Any) -> None:
    cast, row = hall.cast, hall.joint()
    actions.rsvp(meeting=row, by=cast.yann, answer="accepted")
    answer = api_as(cast.yann).get(f"/api/v1/{at(row, 'calendar')}", HTTP_ACCEPT="text/calendar")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("text/calendar")
    event = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert str(event["attendee"].params["PARTSTAT"]) == "ACCEPTED"
    assert WORD not in answer.content.decode()
    assert "Boats" not in answer.content.decode()
    Record.objects.filter(pk=row.pk).update(display_only=True)
    assert api_as(cast.yann).send("GET", at(row, "calendar")).status_code == 403
    told = api_as(cast.yann).send("GET", at(row)).json()
    assert {name for name, value in told.items() if value is not None} == {"id", "record"}


def test_filters_and_order(hall: Hall, api_as: Any) -> None:
    cast, now = hall.cast, timezone.now()
    hour = timedelta(hours=1)
    past = hall.call(title="Past", starts_at=now - 3 * hour, ends_at=now - 2 * hour)
    soon = hall.call(title="Soon", starts_at=now + hour, ends_at=now + 2 * hour)
    late = hall.call(title="Late", starts_at=now + 5 * hour, ends_at=now + 6 * hour)
    actions.cancel(meeting=late, by=cast.xenia, reason="Ice")
    client = api_as(cast.xenia)

    def found(query: str) -> list[str]:
        answer = client.send("GET", f"meetings/?{query}")
        assert answer.status_code == 200, answer.content
        return [item["title"] for item in answer.json()["results"]]

    assert found("") == ["Late", "Soon", "Past"]
    assert found("when=upcoming") == ["Soon", "Late"]
    assert found("when=past") == ["Past"]
    assert found("state=cancelled") == found("q=late") == ["Late"]
    assert found(f"agency={cast.b.pk}") == found(f"operation={new_key()}") == found(f"agreement={new_key()}") == []
    assert found(f"till={(now):%Y-%m-%dT%H:%M:%SZ}") == ["Past"]
    page = client.send("GET", "meetings/?when=upcoming&limit=1").json()
    assert [item["title"] for item in client.get(page["next"]).json()["results"]] == ["Late"]
    for wrong in ("when=now", "state=x", "until=2026-01-01T00:00:00Z"):
        assert client.send("GET", f"meetings/?{wrong}").status_code == 400, wrong
    assert past.record.title == "Past"
    assert soon.state == "called"


@pytest.mark.parametrize("path", ["meetings/", "meetings/?when=upcoming"])
def test_queries_do_not_grow(
    desk: Desk, hall: Hall, api_as: Any, path: str, django_assert_max_num_queries: Any
) -> None:
    cast, client, counts = hall.cast, api_as(hall.cast.yann), []
    agreement = cast.art7.agreement
    for more in (2, 9):
        operation = desk.joined().record
        for n in range(more):
            hall.joint(**({"operation": operation} if n % 2 else {"agreement": agreement}))
        with django_assert_max_num_queries(30) as seen:
            assert len(client.send("GET", path).json()["results"]) >= more
        counts.append(len(seen))
    assert counts[0] == counts[1], counts
