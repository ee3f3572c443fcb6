"""The benchmark's world is what it says: its special readers see what they stand for, and guardian knows the rows."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.sharing.models import Record
from agreements.sharing.policy import access


@pytest.fixture
def in_this_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The owner's connection of the benchmark is that of the test."""
    url = os.environ["OWNER_DATABASE_URL"]
    monkeypatch.setenv(
        "OWNER_DATABASE_URL", url.rpartition("/")[0] + "/" + connections["default"].settings_dict["NAME"]
    )
    yield
    with connections["default"].cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS bench CASCADE")


@pytest.mark.django_db(transaction=True)
def test_the_readers_of_the_benchmark_stand_for_what_they_are_named_after(
    in_this_database: None, tmp_path: Path
) -> None:
    # Brings models of its own, which would be in the way of every other test.
    from agreements.sharing.benchmark import measure, records, register, stock, table  # noqa: PLC0415

    plan = None
    for _, found in records.seed(register.Sizes(4000, agencies=30, officers=60, agreements=60)):
        plan = found
    assert plan is not None

    def mine(number: int) -> Appointment:
        return Appointment.objects.select_related("agency").get(pk=register.first_appointment(plan, number))

    def seen(number: int) -> int:
        return Record.objects.visible_to(access(mine(number), timezone.now())).capped_count(10_000)

    counts = {reader: seen(number) for reader, number in measure.readers(plan).items()}
    assert counts["sparse"] < 100 < counts["mid"] < counts["typical"]
    # It sees its own records and nothing of the convention that it joined today.
    assert counts["joined today"] < counts["typical"] / 4
    newest = Record.objects.visible_to(access(mine(plan.stale), timezone.now())).newest(1)[0]
    assert Record.objects.filter(occurred_at__gt=newest.occurred_at).count() > 3500
    stock.enrol(plan, [0])
    generic, direct = (stock.page(model, mine(0).officer, 50)() for model in (stock.Generic, stock.Direct))
    assert len(generic) == 50
    assert generic == direct
    lines = [measure.Line("anybody", "floor", 2.0, 1.0, 50), measure.Line("hub", "first page", 6.0, 3.0, 50)]
    assert "| first page |  |  |  |  | 6.0 (3.0) |  |  |" in list(table.table(lines))
    told = measure.foretell(plan)
    assert told.releases > 100
    assert told.lost > 100
    assert told.agencies > 5
    suspended = measure.suspend(plan)
    assert suspended["after"] == 0 < suspended["rows"]
    run = table.Run(4000, list(measure.measure(plan, 1)), told, suspended)
    page = tmp_path / "page.md"
    page.write_text(f"Before\n{table.BEGIN}\nold\n{table.END}\nAfter\n")
    table.write([run, run], page)
    text = page.read_text()
    assert text.startswith(f"Before\n{table.BEGIN}\n### 4,000 records\n")
    assert text.endswith(f"\n{table.END}\nAfter\n")
    assert "| first page |" in text
    assert "| suspending writes a constant number of rows | 1 | held |" in text
    assert "old" not in text
    with pytest.raises(ValueError, match="has no place"):
        page.write_text("Nothing")
        table.write([run], page)


def test_growth_is_told_with_and_without_the_rows_that_a_page_shows_more() -> None:
    from agreements.sharing.benchmark import measure, table  # noqa: PLC0415

    def run(records: int, full: float, rare: float, rows: int) -> table.Run:
        lines = [
            measure.Line("anybody", "the floor", 10.0, 1.0, 50),
            measure.Line("mid", "first page", full * 10, full, 50),
            measure.Line("mid", "words, rare (1 in 20,000)", rare * 10, rare, rows),
            measure.Line("mid", "map box of one degree", rare * 10, rare, rows - 5),
        ]
        return table.Run(records, lines, measure.WhatIf(0, 0.0, 0, 0), {"rows": 1})

    small, large = run(100_000, 2.0, 0.5, 5), run(1_000_000, 2.4, 1.4, 50)
    assert [round(times, 2) for times, _ in table._grown(small, large)] == [1.2, 2.8, 2.8]
    # Forty-five rows more, of which fifty cost a floor: 1.4 beside 0.5 + 0.9. A page that was empty is in no comparison.
    assert [round(times, 2) for times, _ in table._grown_beside_rows(small, large)] == [1.2, 1.0]
