from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intel.reports import actions
from tests.conftest import make_appointment
from tests.intel.reports.conftest import RED, Bureau
from tests.operations.picture.conftest import rows_at


def numbers(client: Any) -> dict[str, Any]:
    context = client.get("/").context
    return {number.label: number for number in (*context["urgent"], *context["numbers"])}


def card(client: Any) -> Any:
    shown = client.get("/").context["main"]
    return next((item.content.context for item in shown if item.card.name == "reports.latest"), None)


def test_reports_to_read_and_own_unreleased(bureau: Bureau, as_: Any) -> None:
    cast = bureau.cast
    bureau.shared(title="Given")
    bureau.write(title="Kept")
    bureau.write(title="Kept too", marking=RED)
    mine, theirs = as_(cast.ada), as_(bureau.yvo)
    assert numbers(mine)["own reports not released"].value == 2
    assert "reports to read" not in numbers(mine)
    assert numbers(theirs)["reports to read"].value == 1
    assert numbers(theirs)["own reports not released"].value == 0
    for client in (mine, theirs):
        for label, number in numbers(client).items():
            if "report" in label:
                assert rows_at(client, number.url) == number.value, label
    assert {row.record.title for row, _ in card(theirs)["rows"]} == {"Given"}


def test_reading_takes_it_off_the_list(bureau: Bureau, as_: Any) -> None:
    row, client = bureau.shared(), as_(bureau.yvo)
    assert [unread for _, unread in card(client)["rows"]] == [True]
    client.get(f"/intel/reports/{row.pk}/")
    assert "reports to read" not in numbers(client)
    assert [unread for _, unread in card(client)["rows"]] == [False]
    assert rows_at(client, "/intel/reports/?reach=unread") == 0


def test_withdrawn_report_waits_for_nobody(bureau: Bureau, as_: Any) -> None:
    kept, given = bureau.write(), bureau.shared()
    for row in (kept, given):
        actions.withdraw(report=row, by=bureau.cast.ada, reason="Wrong")
    assert numbers(as_(bureau.cast.ada))["own reports not released"].value == 0
    assert "reports to read" not in numbers(as_(bureau.yvo))


@pytest.mark.parametrize("name", ["zoe", "aldo", "anton", "tara"])
def test_who_may_not_is_told_nothing(bureau: Bureau, as_: Any, name: str) -> None:
    bureau.shared(title="Given")
    client = as_(getattr(bureau.cast, name))
    assert card(client) is None
    assert "Given" not in client.get("/").content.decode()
    assert "reports to read" not in numbers(client)


def test_red_report_of_a_colleague_is_not_counted(bureau: Bureau, as_: Any) -> None:
    bureau.write(marking=RED)
    colleague = make_appointment("axel", bureau.cast.a1, bureau.cast.ada.role, bureau.cast.ada.clearance)
    assert numbers(as_(colleague))["own reports not released"].value == 0


def test_the_same_number_of_queries_for_little_and_much(bureau: Bureau, as_: Any) -> None:
    client, counts = as_(bureau.yvo), []
    for _ in range(2):
        for _ in range(3):
            bureau.shared()
        client.get("/")
        with CaptureQueriesContext(connection) as found:
            client.get("/")
        counts.append(len(found))
    assert counts[0] == counts[1]
