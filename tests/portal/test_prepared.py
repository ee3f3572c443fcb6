"""Statements that are planned once for a connection."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import prepared, second_lock

pytestmark = pytest.mark.django_db
SUM = "SELECT n + %(more)s FROM unnest(%(numbers)s) AS n WHERE n > %(more)s ORDER BY 1"
TYPES = {"numbers": "int[]", "more": "int"}


def plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'entente_%'")
        return int(cursor.fetchone()[0])


def test_the_same_plan_answers_for_other_values() -> None:
    before = plans()
    assert list(prepared.rows(SUM, TYPES, {"numbers": [1, 2, 3], "more": 1})) == [(3,), (4,)]
    assert list(prepared.rows(SUM, TYPES, {"numbers": [], "more": 7})) == []
    assert plans() == before + 1


def test_another_text_has_another_plan() -> None:
    before = plans()
    for word in ("ASC", "DESC"):
        (first, *_) = prepared.rows(f"{SUM} {word}", TYPES, {"numbers": [5, 6], "more": 0})
        assert first == ((5,) if word == "ASC" else (6,))
    assert plans() == before + 2


def test_a_new_connection_plans_for_itself() -> None:
    values = {"numbers": [1], "more": 0}
    with CaptureQueriesContext(connection) as asked:
        assert list(prepared.rows(f"{SUM} LIMIT 1", TYPES, values)) == [(1,)]
    connection.connection.cursor().execute("DEALLOCATE ALL")
    prepared._planned.clear()  # As a new connection has no entry here.
    assert list(prepared.rows(f"{SUM} LIMIT 1", TYPES, values)) == [(1,)]
    assert len(asked) == 1, "to make the plan is no query of the caller's"


def test_values_are_values() -> None:
    types = {"word": "text"}
    said = "%(word)s; DROP TABLE x --'"
    assert list(prepared.rows("SELECT %(word)s", types, {"word": said})) == [(said,)]


@pytest.mark.parametrize("table", sorted(second_lock.guarded()))
def test_nothing_that_is_locked_is_prepared(table: str) -> None:
    with pytest.raises(ValueError, match="locked"):
        list(prepared.rows(f"SELECT count(*) FROM {table}", {}, {}))
