"""A form that is sent twice makes one row, and a key that another has taken tells nothing."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from agreements.distress import actions
from agreements.distress.models import DistressCall
from agreements.sharing.models import Record
from portal import second_lock
from portal.keys import new_key, sent_before, usable
from tests.agreements.sharing.conftest import desk, note_kind
from tests.conftest import Cast

__all__ = ["desk", "note_kind"]


def test_a_taken_key_is_taken_behind_the_second_lock_too(desk: Any) -> None:
    taken, free = desk.note().pk, new_key()
    with second_lock.closed():
        assert not Record.objects.filter(pk=taken).exists(), "the lock hides it"
        assert usable(Record, taken) not in (taken, None)
        assert usable(Record, free) == free
        assert usable(Record, None) != usable(Record, None)


def test_only_ones_own_first_sending_is_found(desk: Any) -> None:
    row, cast = desk.note(), desk.cast
    assert sent_before(Record, row.pk, author=cast.xenia) == row
    assert sent_before(Record, row.pk, author=cast.anton) is None
    assert sent_before(Record, new_key(), author=cast.xenia) is None
    assert sent_before(Record, None, author=cast.xenia) is None


@pytest.mark.django_db(transaction=True)
def test_a_second_click_waits_for_the_first(cast: Cast) -> None:
    """While the first transaction is open, the second neither fails nor sends the call again."""
    key, began, made = new_key(), threading.Event(), []
    terms: dict[str, Any] = {
        "nature": "person", "position": (47.6, 8.7), "call_back": "+41 58 123 45 67", "reason": "In the water.",
        "agencies": [cast.b], "by": cast.anton, "key": key,
    }  # fmt: skip

    def second() -> None:
        began.set()
        try:
            made.append(actions.send(**terms).pk)
        finally:
            connection.close()

    with transaction.atomic():
        first = actions.send(**terms)
        other = threading.Thread(target=second)
        other.start()
        assert began.wait(5)
        other.join(0.5)
        assert other.is_alive(), "it waits"
    other.join(10)
    assert made == [first.pk] == [key]
    assert DistressCall.objects.count() == 1
