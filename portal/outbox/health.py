"""Whether alerts go out. Asked by every page for its banner, so it costs one query."""

from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from redis.exceptions import RedisError

from portal.outbox.models import Heartbeat

# A page says that alerts wait when the sweep was last here, or a message has been due, for longer than this.
PATIENCE = timedelta(seconds=30)

_QUESTION = """
    SELECT (SELECT at FROM outbox_heartbeat WHERE name = 'outbox.sweep'),
           (SELECT min(due_at) FROM outbox_message WHERE done_at IS NULL AND set_aside_at IS NULL),
           clock_timestamp()
"""


def beat(name: str) -> None:
    """Write down that the periodic task `name` runs now."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=Now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


def broker_answers() -> bool:
    """Whether Redis answers now. Asked by a system admin's pages only: it may take a second when it does not."""
    # Celery writes a socket's address in its own way.
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://")
    try:
        with redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as broker:
            return bool(broker.ping())
    except (RedisError, OSError, ValueError):
        return False


def delayed(now: datetime | None = None) -> str:
    """Why alerts wait, in a sentence; empty when they do not."""
    with connection.cursor() as cursor:
        cursor.execute(_QUESTION)
        last_sweep, oldest, clock = cursor.fetchone()
    now = now or clock
    if last_sweep is None or now - last_sweep > PATIENCE:
        return "Alerts and reminders wait: the background worker is not running. Nothing is lost."
    if oldest is not None and now - oldest > PATIENCE:
        return "Alerts and reminders are late: the background worker is catching up. Nothing is lost."
    return ""
