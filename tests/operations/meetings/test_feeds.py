from datetime import timedelta
from typing import Any

import pytest
import vobject
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from operations.meetings import actions, feeds
from operations.meetings.models import CalendarFeed
from portal.audit.models import Entry
from portal.outbox.models import IdempotencyKey
from portal.ui.errors import Refused
from tests.operations.meetings.conftest import Hall
from tests.operations.planning.conftest import suspend


def read(token: str, **heads: str) -> Any:
    return Client().get(reverse("meetings:feed", args=[token]), headers=heads)


def events(answer: Any) -> list[Any]:
    return list(getattr(vobject.readOne(answer.content.decode()), "vevent_list", []))


def test_it_tells_when_and_nothing_else(hall: Hall) -> None:
    cast, row = hall.cast, hall.joint(officers=[hall.cast.lars])
    hall.call(by=cast.zoe, title="Elsewhere")
    _, token = feeds.make(by=cast.yann, name="Telephone")
    answer = read(token)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    (event,) = events(answer)
    assert event.uid.value == f"{row.pk}@entente"
    for secret in (b"Weekly", b"Boats", b"Bridge", b"Xenia", b"Lars", b"Elsewhere", token.encode()):
        assert secret not in answer.content
    entry = Entry.objects.filter(verb="record.disclose", appointment_id=cast.yann.pk).latest("recorded_at")
    assert [item["record"] for item in entry.records] == [str(row.pk)]


def test_only_those_to_which_the_officer_goes(hall: Hall) -> None:
    cast = hall.cast
    hall.joint()
    row = hall.joint(title="Second")
    actions.rsvp(meeting=row, by=cast.yann, answer="declined")
    _, token = feeds.make(by=cast.yann, name="Telephone")
    assert len(events(read(token))) == 1
    # Yara sees both, and is sent to neither.
    _, other = feeds.make(by=cast.yara, name="Telephone")
    assert events(read(other)) == []


def test_access_is_asked_at_each_reading(hall: Hall) -> None:
    row = hall.joint()
    row.record.display_only = True
    row.record.save()
    _, token = feeds.make(by=hall.cast.yann, name="Telephone")
    assert events(read(token)) == []
    row.record.display_only = False
    row.record.save()
    assert len(events(read(token))) == 1
    suspend(hall.cast)
    assert events(read(token)) == []
    _, own = feeds.make(by=hall.cast.xenia, name="Telephone")
    assert len(events(read(own))) == 1


def test_the_same_content_is_not_sent_twice(hall: Hall) -> None:
    row = hall.joint()
    _, token = feeds.make(by=hall.cast.yann, name="Telephone")
    first = read(token)
    again = read(token, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    later = row.starts_at + timedelta(days=1)
    actions.change(meeting=row, by=hall.cast.xenia, starts_at=later, ends_at=later + timedelta(hours=1))
    changed = read(token, if_none_match=first["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    # What is hidden changes nothing in it (R17).
    hall.call(by=hall.cast.zoe, title="Hidden")
    assert read(token)["ETag"] == changed["ETag"]


def test_what_is_revoked_ended_or_unknown_is_the_same_404(hall: Hall) -> None:
    cast = hall.cast
    row, token = feeds.make(by=cast.yann, name="Telephone")
    _, other = feeds.make(by=cast.yara, name="Telephone")
    with pytest.raises(Refused):
        feeds.revoke(feed=row, by=cast.yara)
    feeds.revoke(feed=row, by=cast.yann)
    cast.yara.ended_at = timezone.now()
    cast.yara.save(update_fields=["ended_at"])
    answers = [read(found) for found in (token, other, "unknown", "x" * 500)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_the_token_is_shown_once_and_kept_as_a_digest(hall: Hall, as_: Any) -> None:
    yann, url = as_(hall.cast.yann), reverse("meetings:feed-list")
    made = yann.post(url, {"name": "Telephone"}).content.decode()
    row = CalendarFeed.objects.get()
    token = made.split("/meetings/feed/")[1].split(".ics")[0]
    assert row.digest == feeds.digest_of(token)
    again = yann.get(url).content.decode()
    assert token not in again
    assert "Telephone" in again
    assert "Telephone" not in as_(hall.cast.yara).get(url).content.decode()
    revoke = reverse("meetings:feed-revoke", args=[row.pk])
    assert as_(hall.cast.yara).post(revoke).status_code == 404
    assert yann.post(revoke).status_code == 302
    assert read(token).status_code == 404


def test_over_the_api(hall: Hall, api_as: Any) -> None:
    yann, url = api_as(hall.cast.yann), "calendar-feeds/"
    made = yann.send("POST", url, {"name": "Desk"}, idempotency_key="one")
    assert made.status_code == 201
    # What is told once is kept nowhere, not even for the same sending again.
    assert not IdempotencyKey.objects.exists()
    token = made.json()["address"].split("/meetings/feed/")[1].removesuffix(".ics")
    assert read(token).status_code == 200
    listed = yann.send("GET", url).json()["results"]
    assert [row["name"] for row in listed] == ["Desk"]
    assert "address" not in listed[0]
    assert api_as(hall.cast.yara).send("GET", url).json()["results"] == []
    revoke = f"calendar-feeds/{listed[0]['id']}/revoke/"
    assert api_as(hall.cast.yara).send("POST", revoke).status_code == 404
    assert yann.send("POST", revoke).status_code == 200
    assert read(token).status_code == 404


def test_so_many_addresses_and_no_more(hall: Hall) -> None:
    for number in range(5):
        feeds.make(by=hall.cast.yann, name=str(number))
    with pytest.raises(Refused, match="Revoke one"):
        feeds.make(by=hall.cast.yann, name="6")
    with pytest.raises(Refused):
        feeds.make(by=hall.cast.yara, name=" ")


def test_the_same_number_of_queries_for_one_meeting_and_three(
    hall: Hall, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    hall.joint()
    _, token = feeds.make(by=hall.cast.yann, name="Telephone")
    read(token)
    with django_assert_max_num_queries(200) as found:
        read(token)
    hall.joint()
    hall.joint()
    with django_assert_num_queries(len(found)):
        assert len(events(read(token))) == 3
