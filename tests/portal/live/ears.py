"""Hears everything that is told to open pages, as it lies in Redis."""

import time

import pytest
import redis
from django.conf import settings

from portal.live import telling


@pytest.fixture
def ear():
    """Everything that is said in Redis, as it lies there."""
    with redis.Redis.from_url(settings.REDIS_CLIENT_URL) as line, line.pubsub() as found:
        found.subscribe(telling.channel())
        assert found.get_message(timeout=5)["type"] == "subscribe"

        def heard(seconds=0.0):
            telling.messenger.wait()
            rows, end = [], time.monotonic() + seconds
            while (message := found.get_message(timeout=0.2)) or time.monotonic() < end:
                if message:
                    rows.append(message["data"])
            return rows

        yield heard
