"""No row is dropped or changed, whatever is in it: the counts always add up, and every cell is kept."""

import csv
import io
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.importing import actions
from agreements.importing.choices import RowState
from agreements.importing.models import Import
from agreements.register.models import Agreement
from tests.agreements.importing.conftest import HEADERS, Desk, text

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20)
TITLES = st.one_of(st.sampled_from(["Treaty A", "Treaty B", "", "=1+1", "X–Y Treaty in full"]), WORDS)
PARTIES = st.one_of(
    st.lists(st.sampled_from(["X-land", "YY", "Z-land", "Czechoslovakia", "Atlantis", "x land"]), max_size=4).map(
        "; ".join
    ),
    WORDS,
)
DAYS = st.one_of(
    st.sampled_from(["", "2022-04-05", "5 April 2022", "05.04.2022", "4/5/2022", "13/5/2022", "April 2022", "44656", "1999", "soon", "31.02.2020", "2022-04-05"]),
    st.dates().map(str),
)  # fmt: skip
ROWS = st.lists(
    st.tuples(TITLES, st.sampled_from(["", "SR 1", "SR 2"]), PARTIES, DAYS, DAYS, DAYS, WORDS), min_size=1, max_size=12
)


def trimmed(cells: Iterable[str]) -> list[str]:
    """Without empty cells at the end."""
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def adds_up(job: Import, number: int) -> dict[str, int]:
    counts = job.rows.counts()
    parts = ("made", "kept", "skipped", "undone", "will_be_made", "unchecked")
    assert sum(counts[part] for part in parts) == counts["all"] == number
    return counts


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, skipped=st.integers(0, 3), draft=st.booleans())
def test_counts_add_up_at_every_step(desk: Desk, rows: list[tuple[str, ...]], skipped: int, draft: bool) -> None:
    content = text([HEADERS, *rows])
    read = [cells for cells in csv.reader(io.StringIO(content.decode()), delimiter=";") if any(map(str.strip, cells))][
        1:
    ]
    if not read:
        return
    before = set(Agreement.objects.values_list("pk", flat=True))
    job = desk.named(content, separator=";", shape="treaty", group_by=None)
    adds_up(job, len(read))
    for row in job.rows.filter(state=RowState.ASKING)[:skipped]:
        actions.decide_row(row=row, decision="skip", by=desk.by)
    counts = adds_up(job, len(read))
    if counts["will_be_made"]:
        desk.run(job, draft=draft)
    counts = adds_up(job, len(read))
    assert counts["will_be_made"] == counts["unchecked"] == 0
    made = set(Agreement.objects.values_list("pk", flat=True)) - before
    assert len(made) == counts["made"]
    assert all(row.findings for row in job.rows.filter(state__in=(RowState.ERROR, RowState.ASKING)))
    said = [trimmed(cell.strip() for cell in cells) for cells in read]
    assert [trimmed(row.cells) for row in job.rows.order_by("number")] == said
    if made:
        desk.undo(job)
        adds_up(job, len(read))
    assert set(Agreement.objects.values_list("pk", flat=True)) == before


def test_three_hundred_rows_in_batches(desk: Desk, settings: object) -> None:
    settings.IMPORT_BATCH = 40  # type: ignore[attr-defined]
    rows = [
        (f"Treaty number {n}", f"SR {n}", "X-land; Y-land" if n % 10 else "X-land; Atlantis", "2001-02-03", "", "", "")
        for n in range(1, 301)
    ]
    job = desk.named([HEADERS, *rows], separator=";")
    for row in job.rows.filter(state=RowState.ASKING).exclude(findings__contains=[{"code": "name"}]):
        actions.decide_row(row=row, decision="new", by=desk.by)
    assert adds_up(job, 300)["will_be_made"] == 270
    desk.run(job)
    counts = adds_up(job, 300)
    assert (counts["made"], counts["kept"]) == (270, 30)
    assert job.step == 7
    desk.undo(job)
    assert adds_up(job, 300)["undone"] == 270
    assert Agreement.objects.count() == 1
