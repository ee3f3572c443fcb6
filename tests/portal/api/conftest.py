"""Clients for the small API in `tests.portal.api.urls`."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.outbox.models import Message


@pytest.fixture(autouse=True)
def small_api(settings):
    settings.ROOT_URLCONF = "tests.portal.api.urls"


@pytest.fixture
def yann(cast, as_):
    """A liaison officer's client."""
    return as_(cast.yann)


@pytest.fixture
def make_messages():
    def make(count, *, same_time=False, **facts):
        now = timezone.now()
        return [
            Message.objects.create(
                **{"kind": "made", "key": f"key {number}", **facts},
                created_at=now - dt.timedelta(minutes=0 if same_time else number),
            )
            for number in range(count)
        ]

    return make
