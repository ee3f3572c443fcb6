"""What is hashed: one spelling for one value, and different ones for different values."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.audit import chain
from portal.audit.models import Entry, Head, Seal

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT | st.decimals(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=12)


def spelled(value):
    """What tells two values apart: 1, 1.0, 1.00, true and "1" are five."""
    if isinstance(value, dict):
        return ("dict", sorted((key, spelled(item)) for key, item in value.items()))
    if isinstance(value, list):
        return ("list", [spelled(item) for item in value])
    return (type(value).__name__, str(value))


@given(VALUES, VALUES)
def test_two_values_are_spelled_alike_only_when_they_are_the_same(one, other):
    assert (chain.canonical(one) == chain.canonical(other)) == (spelled(one) == spelled(other))


@given(st.dictionaries(TEXT, SCALARS, min_size=2))
def test_the_order_of_keys_does_not_matter(value):
    assert chain.canonical(value) == chain.canonical(dict(reversed(value.items())))


@given(VALUES)
def test_the_spelling_is_ascii_without_white_space_and_is_json(value):
    text = chain.canonical(value).decode("ascii")
    json.loads(text)
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object()])
def test_what_is_not_json_is_refused(value):
    with pytest.raises((ValueError, TypeError)):
        chain.canonical(value)


@settings(max_examples=50, deadline=None)
@given(value=VALUES)
def test_a_value_keeps_its_spelling_through_the_database(django_db_setup, django_db_blocker, value):
    text = json.dumps(value, default=float)
    expected = chain.canonical(chain.parsed(text))
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT (%s::jsonb)::text, ((%s::jsonb)::text::jsonb)::text", [text, text])
        once, twice = cursor.fetchone()
    assert chain.canonical(chain.parsed(once)) == chain.canonical(chain.parsed(twice))
    if not any(isinstance(part, Decimal) for part in _parts(value)):
        assert chain.canonical(chain.parsed(once)) == expected


def _parts(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _parts(item)
    else:
        yield value


@pytest.mark.django_db
def test_instants_are_spelled_as_the_database_reads_them():
    for moment in (timezone.now(), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch from %s::timestamptz)::text", [moment])
            assert cursor.fetchone()[0] == chain.instant(moment)


def test_the_spelling_of_an_entry_never_changes():
    """A fixed example: if this fails, every ledger that exists would fail its verification."""
    row = {
        "seq": 7,
        "key": "0193b0c0-0000-7000-8000-000000000000",
        "recorded_at": "1764000000.123456",
        "verb": "patrol.start",
        "officer_id": None,
        "appointment_id": None,
        "agency_id": None,
        "door": "page patrols:patrol-start",
        "subject_kind": "patrol",
        "subject_id": "7",
        "records": '[{"record": "a", "release": 1, "clause": null}]',
        "data": '{"km": 12.50, "name": "Zoë"}',
        "request_id": "",
    }
    assert chain.entry_digest(row) == FIXED_ENTRY
    seal = {
        "position": 1,
        "entry_seq": 7,
        "entry_digest": FIXED_ENTRY,
        "previous": chain.GENESIS,
        "sealed_at": "1764000001.000000",
    }
    assert chain.chain_hash(seal) == FIXED_SEAL


FIXED_ENTRY = "2a0bf51658ff946d8613ae45b520c693cec6eb6c9f4971aad88af705c8bbb9df"
FIXED_SEAL = "f2202ffc0a842282ed364bc619c5c9ebecc5e6e7abc8b26f9e8a54f67fabab42"


@pytest.mark.parametrize(
    ("model", "columns"),
    [(Entry, chain.ENTRY_COLUMNS), (Seal, chain.SEAL_COLUMNS), (Head, chain.HEAD_COLUMNS)],
)
def test_every_column_is_covered(model, columns):
    assert set(columns) == {field.column for field in model._meta.fields}
