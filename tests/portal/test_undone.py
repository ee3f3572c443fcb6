"""Trying a step."""

from typing import Any

import pytest
from django.db import transaction

from agencies.directory.models import Country
from portal.undone import undone

pytestmark = pytest.mark.django_db


def there() -> bool:
    return Country.objects.filter(code="QQ").exists()


def step() -> None:
    Country.objects.create(code="QQ", alpha3="QQQ", name="Nowhere")


def test_what_is_done_is_seen_inside_and_gone_afterwards() -> None:
    with undone():
        step()
        assert there()
    assert not there()


def test_what_was_read_may_leave() -> None:
    def tried() -> bool:
        with undone():
            step()
            return there()

    assert tried()
    assert not there()


def test_what_it_raises_passes_and_nothing_stays() -> None:
    with pytest.raises(ValueError, match="no"), undone():
        step()
        raise ValueError("no")
    assert not there()


def test_what_was_done_before_stays_and_may_go_on() -> None:
    with transaction.atomic():
        step()
        with undone():
            Country.objects.filter(code="QQ").delete()
        assert there()
        Country.objects.filter(code="QQ").update(name="Still nowhere")
    assert Country.objects.get(code="QQ").name == "Still nowhere"


def test_nothing_is_sent_of_it(django_capture_on_commit_callbacks: Any) -> None:
    sent: list[str] = []
    with django_capture_on_commit_callbacks(execute=True):
        transaction.on_commit(lambda: sent.append("before"))
        with undone():
            transaction.on_commit(lambda: sent.append("tried"))
    assert sent == ["before"]
