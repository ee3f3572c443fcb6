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


def test_to_make_the_plan_is_no_query_of_the_callers() -> None:
    with CaptureQueriesContext(connection) as asked:
        list(prepared.rows(f"{SUM} LIMIT 1", TYPES, {"numbers": [1], "more": 0}))
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_plans_for_itself() -> None:
    for _ in range(2):
        connection.close()  # The one at hand may have planned for a test before.
        assert plans() == 0
        assert list(prepared.rows(f"{SUM} LIMIT 2", TYPES, {"numbers": [1], "more": 0})) == [(1,)]
        assert plans() == 1


def test_values_are_values() -> None:
    types = {"word": "text"}
    said = "%(word)s; DROP TABLE x --'"
    assert list(prepared.rows("SELECT %(word)s", types, {"word": said})) == [(said,)]


def test_nothing_that_is_locked_is_prepared() -> None:
    tables = second_lock.guarded()
    assert {"sharing_record", "sharing_release"} <= tables
    for table in tables:
        with pytest.raises(ValueError, match="locked"):
            list(prepared.rows(f"SELECT count(*) FROM {table}", {}, {}))
