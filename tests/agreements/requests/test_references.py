"""What is a reference, and that asking for one costs the same whatever it is of (R17)."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from agreements.requests import references
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Record
from agreements.sharing.policy import access
from portal.ui.errors import Refused
from tests.agreements.requests.conftest import UNKNOWN, Counter


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("REP-1A2B3C4D", "REP-1A2B3C4D"),
        (" rep 1a2b3c4d ", "REP-1A2B3C4D"),
        ("rep1a2b3c4d", "REP-1A2B3C4D"),
        ("K7QW 23MN", "K7QW23MN"),
        (
            "https://x.invalid/intel/reports/0190D3C2-8A4B-7C1D-9E2F-112233445566/?at=1",
            "0190d3c2-8a4b-7c1d-9e2f-112233445566",
        ),
    ],
)
def test_one_form_for_each(text: str, kept: str) -> None:
    assert references.normal(text) == kept


@pytest.mark.parametrize(
    "text", ["", "REP", "REP-1A2B3C4", "REP-1A2B3C4G", "lost paper", "12345", "%", "'; --", "K7QW23M0"]
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(Refused) as refused:
        references.normal(text)
    assert refused.value.field == "reference"
    assert not references.looks_like_one(text)


@given(st.text(max_size=60))
def test_whatever_is_typed_has_one_form_or_none(text: str) -> None:
    if references.looks_like_one(text):
        once = references.normal(text)
        assert references.normal(once) == once
        assert len(once) <= 40


def test_the_records_own_reference_finds_it(counter: Counter) -> None:
    cast, record = counter.cast, counter.note()
    for reference in (record.reference, str(record.pk)):
        assert references.named_by(references.normal(reference), cast.a1) == [record.pk]
        # Of another agency there is nothing under it.
        assert references.named_by(references.normal(reference), cast.a2) == []
    assert references.named_by(f"PAT-{record.reference[-8:]}", cast.a1) == [], "a reference names the kind too"


def test_two_that_end_alike_are_both_meant(counter: Counter) -> None:
    first = counter.note()
    twin = uuid.UUID(bytes=uuid.uuid4().bytes[:12] + first.pk.bytes[12:])
    counter.note(key=twin)
    assert set(references.named_by(first.reference, counter.cast.a1)) == {first.pk, twin}


def statements(work: Any) -> list[str]:
    with CaptureQueriesContext(connection) as found:
        work()
    return [query["sql"].split("WHERE")[0] for query in found]


def test_hidden_and_unknown_run_the_same_statements(counter: Counter) -> None:
    cast, hidden = counter.cast, counter.note()
    told = {}
    for name, reference in (("hidden", hidden.reference), ("unknown", UNKNOWN)):
        mine = access(cast.yann, timezone.now())
        told[name] = statements(lambda r=reference, m=mine: references.seen_already(m, r, cast.a1))
    assert told["hidden"] == told["unknown"]
    assert len([sql for sql in told["hidden"] if "sharing_record" in sql]) == 2


def test_only_what_is_visible_is_seen_already(counter: Counter) -> None:
    cast, record = counter.cast, counter.note()
    mine = access(cast.yann, timezone.now())
    assert references.seen_already(mine, record.reference, cast.a1) == []
    counter.desk.release(record, To(AudienceKind.AGENCY, agency=cast.b))
    mine = access(cast.yann, timezone.now())
    assert references.seen_already(mine, record.reference, cast.a1) == [record]


def test_a_reference_is_found_by_its_index(counter: Counter) -> None:
    """A table of records is never read through for one reference."""
    cast = counter.cast
    Record.objects.bulk_create(
        Record(kind="note", title="One of many", owner=cast.a1, author=cast.xenia) for _ in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE sharing_record")
        sql, params = references._named("NOT-1A2B3C4D", cast.a1).order_by("pk").values("pk").query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "record_reference" in plan
