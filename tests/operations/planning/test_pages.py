from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import new_key
from operations.planning.actions import operations
from operations.planning.models import Operation
from portal.audit.models import Entry
from tests.conftest import Cast
from tests.operations.planning.conftest import Desk, suspend


def posted(cast: Cast, **values: Any) -> dict[str, Any]:
    return {
        "key": str(new_key()),
        "name": "Night watch",
        "objective": "Watch the river.",
        "clauses": [str(cast.art7.pk)],
        "purpose": "border_operation",
        "host_state": "XX",
        "starts_at": "2026-12-01T08:00",
        "ends_at": "2026-12-20T18:00",
        "zone": "Europe/Zurich",
        "area": "47.6, 9.0\n47.6, 9.2\n47.7, 9.2",
        "instructions": "Return.",
        "classification": "1",
        "tlp": "2",
        **values,
    }


def page(as_: Any, who: Any, name: str, *args: Any) -> Any:
    return as_(who).get(reverse(f"planning:{name}", args=args))


def test_plan_by_the_form(desk: Desk, as_: Any) -> None:
    client, data = as_(desk.cast.xenia), posted(desk.cast)
    assert b"Legal basis" in client.get(reverse("planning:operation-create")).content
    answers = [client.post(reverse("planning:operation-create"), data) for _ in range(2)]
    row = Operation.objects.get()
    assert {answer["Location"] for answer in answers} == {reverse("planning:operation-detail", args=[row.pk])}
    assert row.starts_at.isoformat() == "2026-12-01T07:00:00+00:00"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"ends_at": "2026-11-01T08:00"}, "The end is not after the start."),
        ({"starts_at": "2027-03-28T02:30", "ends_at": "2027-04-01T08:00"}, "does not exist on that day"),
        ({"starts_at": "soon"}, "Give a date and a time"),
        ({"starts_at": "2026-13-45T99:00"}, "Give a date and a time"),
        ({"zone": "Mars/Base"}, "Select a valid choice"),
        ({"host_state": "ZZ"}, "Select a valid choice"),
        ({"clauses": [str(new_key())]}, "Select a valid choice"),
        ({"clauses": []}, "Name the article"),
        ({"area": "47.6, 9.0"}, "at least three corners"),
        ({"name": "a\x00b"}, "Null characters"),
    ],
)
def test_bad_input_is_named_at_its_field_and_kept(desk: Desk, as_: Any, values: Any, said: str) -> None:
    answer = as_(desk.cast.xenia).post(reverse("planning:operation-create"), posted(desk.cast, **values))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "Watch the river." in answer.content.decode()
    assert not Operation.objects.exists()


def test_who_gets_the_form(desk: Desk, as_: Any, client: Any) -> None:
    assert page(as_, desk.cast.lars, "operation-create").status_code == 403
    assert client.get(reverse("planning:operation-create")).status_code == 302
    # A commander whom no article serves is told so.
    assert b"No article lets your agency" in page(as_, desk.cast.zoe, "operation-create").content


def test_both_sides_read_it_and_a_third_finds_nothing(desk: Desk, as_: Any) -> None:
    cast, row = desk.cast, desk.joined()
    own = page(as_, cast.xenia, "operation-detail", row.pk)
    assert b"Who sees this" in own.content
    assert b"Xenia" in own.content
    theirs = page(as_, cast.yann, "operation-detail", row.pk)
    assert b"Why do I see this" in theirs.content
    # Partners' officers by function only (R18).
    assert b"Xenia" not in theirs.content
    unknown = page(as_, cast.zoe, "operation-detail", new_key())
    for who in (cast.zoe, cast.aldo):
        hidden = page(as_, who, "operation-detail", row.pk)
        assert hidden.status_code == 404
        for name in (
            "operation-geojson",
            "operation-edit",
            "invitation-create",
            "assignment-create",
            "operation-cancel",
        ):
            assert page(as_, who, name, row.pk).status_code == 404
        listed = as_(who).get(reverse("planning:operation-list"), {"q": "Autumn"})
        assert b"No operation matches" in listed.content
        assert b"Autumn" not in page(as_, who, "operation-list").content
        assert str(row.record.owner_id) not in page(as_, who, "operation-list").content.decode()
    assert len(unknown.content) == len(page(as_, cast.zoe, "operation-detail", row.pk).content)


def test_an_invitation_is_answered_on_its_page(desk: Desk, as_: Any) -> None:
    cast, row = desk.cast, desk.plan()
    form = page(as_, cast.xenia, "invitation-create", row.pk).content.decode()
    assert "Border Guard of Y" in form or "Y1" in form
    assert "Border Guard of Z" not in form
    assert str(cast.c.pk) not in form
    answer = as_(cast.xenia).post(reverse("planning:invitation-create", args=[row.pk]), {"agency": str(cast.b.pk)})
    assert answer.status_code == 302
    assert b"Autumn" in page(as_, cast.yann, "invitation-list").content
    assert b"No invitation waits" in page(as_, cast.zoe, "invitation-list").content
    assert as_(cast.zoe).post(reverse("planning:invitation-accept", args=[row.pk])).status_code == 404
    assert as_(cast.yann).post(reverse("planning:invitation-accept", args=[row.pk])).status_code == 302
    assert row.circle.participations.get(agency=cast.b).accepted_at
    assign = as_(cast.yann).post(
        reverse("planning:assignment-create", args=[row.pk]), {"appointment": str(cast.yara.pk), "role": "team_leader"}
    )
    assert assign.status_code == 302
    refused = as_(cast.yann).post(
        reverse("planning:assignment-create", args=[row.pk]), {"appointment": str(cast.xenia.pk), "role": "member"}
    )
    assert refused.status_code == 200


def test_pending_invitations_are_known_to_the_two_sides_alone(desk: Desk, as_: Any) -> None:
    row = desk.plan()
    desk.invite(row)
    assert b"Invited" in page(as_, desk.cast.xenia, "operation-detail", row.pk).content
    assert b"Accept" in page(as_, desk.cast.yann, "operation-detail", row.pk).content


def test_the_page_says_that_the_basis_fell_away(desk: Desk, as_: Any) -> None:
    cast, row = desk.cast, desk.joined()
    suspend(cast)
    own = page(as_, cast.xenia, "operation-detail", row.pk).content.decode()
    assert "The legal basis has fallen away" in own
    assert "Finish, return, report" in own
    assert page(as_, cast.yann, "operation-detail", row.pk).status_code == 404
    listed = page(as_, cast.yann, "operation-list").content.decode()
    assert "Instructions from X1" in listed
    assert "Autumn" not in listed
    copy = row.record.instructions.get()
    answer = page(as_, cast.yann, "instruction-detail", copy.pk)
    assert b"Finish, return, report" in answer.content
    assert b"not open to you today" in answer.content
    assert page(as_, cast.zoe, "instruction-detail", copy.pk).status_code == 404


def test_steps_by_the_page(desk: Desk, as_: Any) -> None:
    cast, row = desk.cast, desk.joined()
    assert as_(cast.yara).post(reverse("planning:operation-open", args=[row.pk])).status_code == 403
    assert as_(cast.lars).post(reverse("planning:operation-open", args=[row.pk])).status_code == 403
    assert as_(cast.xenia).get(reverse("planning:operation-open", args=[row.pk])).status_code == 405
    assert as_(cast.xenia).post(reverse("planning:operation-open", args=[row.pk])).status_code == 302
    twice = as_(cast.xenia).post(reverse("planning:operation-open", args=[row.pk]), follow=True)
    assert b"cannot open" in twice.content
    cancelled = as_(cast.xenia).post(reverse("planning:operation-cancel", args=[row.pk]), {"reason": "Fog"})
    assert cancelled.status_code == 302
    assert b"Fog" in page(as_, cast.yann, "operation-detail", row.pk).content


def test_edit_by_the_form(desk: Desk, as_: Any) -> None:
    cast, row = desk.cast, desk.joined()
    address = reverse("planning:operation-edit", args=[row.pk])
    assert as_(cast.xenia).get(address).status_code == 200
    data = posted(cast, name="Dawn", version=str(row.version))
    assert as_(cast.xenia).post(address, data).status_code == 302
    stale = as_(cast.xenia).post(address, data)
    assert b"was changed since you read it" in stale.content
    assert as_(cast.yara).post(address, posted(cast, version="2")).status_code == 403


def test_standing_order_by_the_form(desk: Desk, as_: Any) -> None:
    cast, row = desk.cast, desk.joined()
    address = reverse("planning:order-issue", args=[row.pk])
    data = {
        "clause": str(cast.art7.pk),
        "purpose": "border_operation",
        "kinds": ["patrol"],
        "categories": ["operational"],
        "ceiling": "1",
        "tlp": "2",
    }
    assert as_(cast.lars).get(address).status_code == 403
    assert b"does not cover" in as_(cast.xenia).post(address, {**data, "categories": ["dna"]}).content
    assert as_(cast.xenia).post(address, data).status_code == 302
    order = row.circle.standing_orders.get()
    assert b"go out by themselves" in page(as_, cast.xenia, "operation-detail", row.pk).content
    assert b"go out by themselves" not in page(as_, cast.yara, "operation-detail", row.pk).content
    revoke = reverse("planning:order-revoke", args=[row.pk, order.pk])
    assert as_(cast.yara).post(revoke).status_code == 404
    assert as_(cast.xenia).post(revoke).status_code == 302


def test_filters_and_pages(desk: Desk, as_: Any) -> None:
    now = timezone.now()
    for number in range(27):
        desk.plan(name=f"Op {number:02}", starts_at=now + timedelta(days=number), ends_at=now + timedelta(days=60))
    client = as_(desk.cast.xenia)
    address = reverse("planning:operation-list")
    first = client.get(address)
    assert b"Op 26" in first.content
    assert b"Op 01" not in first.content
    second = client.get(address, {"before": first.context["older"]})
    assert b"Op 01" in second.content
    assert client.get(address, {"before": "nonsense"}).status_code == 200
    operations.cancel(operation=Operation.objects.get(record__title="Op 05"), by=desk.cast.xenia, reason="Fog")
    found = client.get(address, {"state": "cancelled"}).context["rows"]
    assert [row.record.title for row in found] == ["Op 05"]
    assert client.get(address, {"q": "Op 07"}).context["rows"][0].record.title == "Op 07"
    assert client.get(address, {"since": "2026-12-02", "till": "2026-12-01"}).context["rows"] == []
    assert client.get(address, {"agency": str(desk.cast.b.pk)}).context["rows"] == []


def test_the_same_number_of_queries_for_one_row_and_three(desk: Desk, as_: Any) -> None:
    client, counts = as_(desk.cast.yann), []
    row = desk.joined()
    for _ in range(2):
        for name, args in (("operation-list", []), ("operation-detail", [row.pk])):
            with CaptureQueriesContext(
                connection,
            ) as found:
                assert client.get(reverse(f"planning:{name}", args=args)).status_code == 200
            counts.append(len(found))
        desk.joined()
        desk.joined()
    assert counts[:2] == counts[2:]
    assert max(counts) < 60


def test_every_reading_is_written_down(desk: Desk, as_: Any) -> None:
    row = desk.joined()
    page(as_, desk.cast.yann, "operation-detail", row.pk)
    entry = Entry.objects.filter(verb="record.disclose").latest("recorded_at")
    assert entry.records[0]["record"] == str(row.pk)
    assert entry.records[0]["clause"] == str(desk.cast.art7.pk)
    answer = page(as_, desk.cast.yann, "operation-geojson", row.pk)
    assert answer.json()["features"][0]["geometry"]["type"] == "Polygon"
    assert answer["Content-Type"] == "application/geo+json"
