"""Two at once, in real transactions: nothing is sealed twice, nor over what somebody did not sign."""

import json
from typing import Any

import pytest

from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking
from operations.joint.actions import reports
from operations.joint.content import content_digest
from operations.joint.models import SealedCopy, Signature
from operations.joint.verifying import checks_of
from operations.sealing.verifying import is_whole
from portal.outbox.nudges import breaker
from portal.ui.errors import Refused
from tests.doors.test_concurrency import at_once
from tests.operations.joint.conftest import Table

pytestmark = pytest.mark.django_db(transaction=True)
TURNS = 4


@pytest.fixture(autouse=True)
def quiet() -> Any:
    breaker.trip()
    yield
    breaker.reset()


def tried(work: Any) -> Any:
    """A call that may be refused, and nothing worse."""

    def call() -> str:
        try:
            work()
        except Refused as refused:
            return refused.code or "refused"
        return "done"

    return call


def test_both_sides_sign_at_once(table: Table) -> None:
    for number in range(TURNS):
        row = table.put(title=f"Night {number}")
        found = at_once(
            lambda row=row: table.sign(row, table.cast.lars), lambda row=row: table.sign(row, table.cast.yann)
        )
        assert len(found) == 2
        assert table.again(row).state == "sealed"
        copies = SealedCopy.objects.filter(report=row.pk)
        assert sorted(copies.values_list("record__owner__acronym", flat=True)) == ["X1", "Y1"]
        assert all(is_whole(checks_of(copy)) for copy in copies)


def test_a_side_signs_twice_at_once(table: Table) -> None:
    row = table.put()
    found = at_once(*[tried(lambda who=who: table.sign(row, who)) for who in (table.cast.yann, table.cast.yara)])
    assert sorted(found) == ["done", "state"]
    assert Signature.objects.count() == 1


def test_the_text_or_the_marking_is_changed_while_the_last_side_signs(table: Table) -> None:
    """Whichever comes first: what is sealed is what both signed, in text and in marking."""
    cast, told = table.cast, Marking(["operational"], 1, handling_codes=["H1"])
    for number in range(TURNS):
        row = table.put(title=f"Night {number}")
        table.sign(row, cast.lars)
        seen = content_digest(table.again(row))
        change = lambda row=row: reports.change(report=table.again(row), by=cast.lars, text="Other words.")  # noqa: E731
        mark = lambda row=row: records.mark(record=row.record, marking=told, by=cast.xenia)  # noqa: E731
        sign = lambda row=row, seen=seen: table.sign(row, cast.yann, seen=seen)  # noqa: E731
        found = at_once(tried(change if number % 2 else mark), tried(sign))
        assert "done" in found
        for copy in SealedCopy.objects.filter(report=row.pk):
            assert is_whole(checks_of(copy))
            assert json.loads(copy.text)["content"]["marking"]["handling_codes"] == []
            assert copy.content_digest == seen
