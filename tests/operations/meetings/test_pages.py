from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from agencies.directory.models import new_key
from operations.meetings import actions
from operations.meetings.models import Meeting
from tests.operations.meetings.conftest import Hall
from tests.operations.planning.conftest import Desk, suspend


def page(as_: Any, who: Any, name: str, *args: Any) -> Any:
    return as_(who).get(reverse(f"meetings:{name}", args=args))


def posted(hall: Hall, **values: Any) -> dict[str, Any]:
    return {
        "key": str(new_key()),
        "title": "Weekly",
        "starts_at": "2027-03-28T09:00",
        "ends_at": "2027-03-28T10:00",
        "zone": "Europe/Zurich",
        "place": "Bridge",
        "agenda": "Boats and cars.",
        "reminders": ["1440", "15"],
        "invited": [str(hall.cast.b.pk)],
        "officers": [str(hall.cast.lars.pk)],
        "classification": "1",
        "tlp": "2",
        **values,
    }


def test_call_by_the_form(hall: Hall, as_: Any) -> None:
    client, data = as_(hall.cast.xenia), posted(hall)
    form = client.get(reverse("meetings:meeting-create")).content.decode()
    assert "Art. 7 of the X–Y Treaty" in form
    assert str(hall.cast.c.pk) not in form
    answers = [client.post(reverse("meetings:meeting-create"), data) for _ in range(2)]
    row = Meeting.objects.get()
    assert {answer["Location"] for answer in answers} == {reverse("meetings:meeting-detail", args=[row.pk])}
    assert row.starts_at == datetime(2027, 3, 28, 7, tzinfo=UTC)
    assert row.circle.participations.filter(agency=hall.cast.b).exists()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"ends_at": "2027-03-28T08:00"}, "The end is not after the start."),
        ({"starts_at": "2027-03-28T02:30"}, "does not exist on that day"),
        ({"place": "", "link": ""}, "Say where"),
        ({"link": "ftp://x"}, "Enter a valid URL"),
        ({"invited": [str(new_key())]}, "Select a valid choice"),
        ({"reminders": ["7"]}, "Select a valid choice"),
        ({"zone": "x"}, "Select a valid choice"),
        ({"operation": str(new_key())}, "Select a valid choice"),
    ],
)
def test_bad_input_is_named_at_its_field_and_kept(hall: Hall, as_: Any, values: dict[str, Any], said: str) -> None:
    answer = as_(hall.cast.xenia).post(reverse("meetings:meeting-create"), posted(hall, **values))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "Boats and cars." in answer.content.decode()
    assert not Meeting.objects.exists()


def test_the_past_is_warned_of(hall: Hall, as_: Any) -> None:
    data = posted(hall, starts_at="2026-01-05T09:00", ends_at="2026-01-05T10:00")
    answer = as_(hall.cast.xenia).post(reverse("meetings:meeting-create"), data, follow=True)
    assert b"It lies in the past" in answer.content


def test_both_sides_read_it_and_a_third_finds_nothing(hall: Hall, as_: Any) -> None:
    cast, row = hall.cast, hall.joint(officers=[hall.cast.lars])
    actions.rsvp(meeting=row, by=cast.yann, answer="accepted")
    actions.rsvp(meeting=row, by=cast.lars, answer="tentative")
    own = page(as_, cast.xenia, "meeting-detail", row.pk).content.decode()
    assert "Lars" in own
    assert "Yann" not in own
    assert "Accepted" in own
    assert "Who sees this" in own
    theirs = page(as_, cast.yann, "meeting-detail", row.pk).content.decode()
    assert "Yann" in theirs
    assert "Lars" not in theirs
    # The answers of others reach the meeting's owner alone (R5).
    assert "Tentative" not in theirs
    assert "Why do I see this" in theirs
    for who in (cast.zoe, cast.aldo, cast.zeno):
        for name in ("meeting-detail", "meeting-calendar"):
            assert page(as_, who, name, row.pk).status_code == 404
        for name in ("meeting-change", "meeting-cancel", "invitation-create", "assignment-create"):
            assert page(as_, who, name, row.pk).status_code == 404
        assert as_(who).post(reverse("meetings:meeting-rsvp", args=[row.pk]), {"answer": "accepted"}).status_code == 404
        assert b"Weekly coordination" not in page(as_, who, "meeting-list").content
    assert b"Weekly coordination" in page(as_, cast.yara, "meeting-list").content
    suspend(cast)
    assert page(as_, cast.yann, "meeting-detail", row.pk).status_code == 404
    assert b"Weekly coordination" not in page(as_, cast.yann, "meeting-list").content


def test_both_zones_are_shown(hall: Hall, as_: Any) -> None:
    cast = hall.cast
    cast.b.time_zone = "Europe/Helsinki"
    cast.b.save()
    starts = datetime(2027, 3, 28, 7, tzinfo=UTC)
    row = hall.joint(starts_at=starts, ends_at=starts + timedelta(hours=1), zone="Europe/Zurich")
    for who in (cast.xenia, cast.yann):
        shown = page(as_, who, "meeting-detail", row.pk).content.decode()
        assert "28 Mar 2027, 09:00" in shown
        assert "28 Mar 2027, 10:00" in shown


def test_answer_accept_and_send_by_the_page(hall: Hall, as_: Any) -> None:
    cast, row = hall.cast, hall.call(invitees=[hall.b])
    yann = as_(cast.yann)
    assert b"invites your agency" in page(as_, cast.yann, "meeting-detail", row.pk).content
    assert yann.post(reverse("meetings:meeting-rsvp", args=[row.pk]), {"answer": "accepted"}).status_code == 403
    assert yann.post(reverse("meetings:invitation-accept", args=[row.pk])).status_code == 302
    assert yann.post(reverse("meetings:meeting-rsvp", args=[row.pk]), {"answer": "accepted"}).status_code == 302
    assert row.replies.get().answer == "accepted"
    sent = yann.post(reverse("meetings:assignment-create", args=[row.pk]), {"appointment": str(cast.yara.pk)})
    assert sent.status_code == 302
    wrong = yann.post(reverse("meetings:assignment-create", args=[row.pk]), {"appointment": str(cast.lars.pk)})
    assert wrong.status_code == 200
    assert yann.post(reverse("meetings:meeting-cancel", args=[row.pk]), {"reason": "x"}).status_code == 403


def test_move_by_the_form(hall: Hall, as_: Any) -> None:
    row = hall.joint()
    address = reverse("meetings:meeting-change", args=[row.pk])
    assert as_(hall.cast.xenia).get(address).status_code == 200
    data = posted(hall, version=str(row.version))
    assert as_(hall.cast.xenia).post(address, data).status_code == 302
    assert Meeting.objects.get().sequence == 1
    assert b"was changed since you read it" in as_(hall.cast.xenia).post(address, data).content


def test_the_calendar_file_tells_nothing(hall: Hall, as_: Any) -> None:
    cast, row = hall.cast, hall.joint()
    answer = page(as_, cast.yann, "meeting-calendar", row.pk)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=REQUEST"
    for secret in (b"Weekly", b"Boats", b"Bridge", b"Xenia"):
        assert secret not in answer.content
    assert row.record.reference in answer["Content-Disposition"]
    outside = Calendar.from_ical(answer.content)
    event = outside.walk("VEVENT")[0]
    assert (outside["METHOD"], event["UID"], event["SEQUENCE"]) == ("REQUEST", f"{row.pk}@entente", 0)
    assert event["SUMMARY"] == f"Entente meeting {row.record.reference}"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert abs(event["DTSTART"].dt - row.starts_at) < timedelta(seconds=1)
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    row = actions.cancel(meeting=row, by=cast.xenia, reason="Fog")
    event = Calendar.from_ical(page(as_, cast.yann, "meeting-calendar", row.pk).content).walk("VEVENT")[0]
    assert (event["STATUS"], event["SEQUENCE"], event["UID"]) == ("CANCELLED", 1, f"{row.pk}@entente")


def test_display_only_is_not_downloaded(hall: Hall, as_: Any) -> None:
    row = hall.joint()
    row.record.display_only = True
    row.record.save()
    assert page(as_, hall.cast.yann, "meeting-calendar", row.pk).status_code == 403
    assert page(as_, hall.cast.xenia, "meeting-calendar", row.pk).status_code == 200


def test_a_hidden_operation_is_not_named(hall: Hall, desk: Desk, as_: Any) -> None:
    operation = desk.plan(name="Secret name")
    row = hall.joint(operation=operation.record)
    assert b"Secret name" in page(as_, hall.cast.xenia, "meeting-detail", row.pk).content
    assert b"Secret name" not in page(as_, hall.cast.yann, "meeting-detail", row.pk).content
    assert b"Weekly coordination" in page(as_, hall.cast.xenia, "operation-meetings", operation.pk).content
    assert page(as_, hall.cast.yann, "operation-meetings", operation.pk).status_code == 404
    chosen = as_(hall.cast.xenia).get(reverse("meetings:meeting-create"), {"operation": str(operation.pk)})
    assert f'value="{operation.pk}" selected' in chosen.content.decode()


def test_upcoming_and_past(hall: Hall, as_: Any) -> None:
    then = timezone.now() - timedelta(days=2)
    hall.call(title="Earlier", starts_at=then, ends_at=then + timedelta(hours=1))
    hall.call(title="Later")
    client, address = as_(hall.cast.xenia), reverse("meetings:meeting-list")
    assert b"Later" in client.get(address).content
    assert b"Earlier" not in client.get(address).content
    assert b"Earlier" in client.get(address, {"when": "past"}).content
    assert client.get(address, {"page": "nonsense"}).status_code == 200


def test_the_same_number_of_queries_for_one_row_and_three(hall: Hall, as_: Any) -> None:
    client, counts = as_(hall.cast.yann), []
    row = hall.joint()
    for _ in range(2):
        for name, args in (("meeting-list", []), ("meeting-detail", [row.pk])):
            with CaptureQueriesContext(connection) as found:
                assert client.get(reverse(f"meetings:{name}", args=args)).status_code == 200
            counts.append(len(found))
        hall.joint()
        hall.joint()
    assert counts[:2] == counts[2:]
