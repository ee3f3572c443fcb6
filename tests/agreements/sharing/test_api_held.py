"""Held entries over the API: what one tap on the page does (R6)."""

from typing import Any

import pytest

from agreements.register.choices import Category
from tests.agreements.sharing.conftest import Desk, sees
from tests.api import fault

pytestmark = pytest.mark.usefixtures("note_kind")
HELD = "/records/held/"


def test_held_entries_go_out_together_or_not_at_all(desk: Desk, api_as: Any) -> None:
    cast, operation = desk.cast, desk.operation()
    first, second = desk.note(operation=operation), desk.note(operation=operation, title="Second")
    personal = desk.note(operation=operation, categories=[Category.PERSONAL_DATA])
    client = api_as(cast.xenia)
    rows = {row["record"]["id"]: row for row in client.send("GET", f"{HELD}?place={operation.pk}").json()["rows"]}
    assert set(rows) == {str(row.pk) for row in (first, second, personal)}
    assert rows[str(first.pk)]["clause"] == str(cast.art7.pk)
    assert rows[str(personal.pk)]["clause"] is None
    assert "personal data" in rows[str(personal.pk)]["missing"]
    refused = client.send("POST", HELD, {"records": [str(first.pk), str(personal.pk)]})
    assert refused.status_code == 409
    assert "personal data" in refused.json()["detail"]
    assert not sees(cast.yann, first)
    keys = [str(first.pk), str(second.pk)]
    made = client.send("POST", HELD, {"records": keys}, idempotency_key="tap")
    assert made.status_code == 201, made.content
    assert {row["record"] for row in made.json()} == set(keys)
    assert client.send("POST", HELD, {"records": keys}, idempotency_key="tap").json() == made.json()
    assert sees(cast.yann, first)
    assert sees(cast.yann, second)
    assert list(fault(client.send("POST", HELD, {"records": keys}))) == ["records[0]", "records[1]"]


def test_held_is_the_own_agencys_alone(desk: Desk, api_as: Any) -> None:
    cast, operation = desk.cast, desk.operation()
    mine = desk.note(operation=operation)
    other = api_as(cast.yann)
    assert other.send("GET", HELD).json() == {"rows": [], "more": False}
    assert list(fault(other.send("POST", HELD, {"records": [str(mine.pk)]}))) == ["records[0]"]
    assert not sees(cast.yann, mine)
    assert api_as(cast.arno).send("GET", HELD).status_code == 403
    told = [fault(api_as(cast.zoe).send("GET", f"{HELD}?place={key}")) for key in (operation.pk, "x")]
    assert told[0] == told[1] != {}
    assert list(fault(api_as(cast.xenia).send("POST", HELD, {"records": []}))) == ["records"]


def test_queries_do_not_grow(desk: Desk, api_as: Any, django_assert_max_num_queries: Any) -> None:
    operation, client, counts = desk.operation(), api_as(desk.cast.xenia), []
    for more in (1, 8):
        for _ in range(more):
            desk.note(operation=operation)
        with django_assert_max_num_queries(60) as seen:
            assert client.send("GET", HELD).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1], counts
