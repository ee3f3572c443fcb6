"""Whether alerts go out. Asked by every page for its banner, so it costs one query."""

import smtplib
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from redis.exceptions import RedisError

from portal.outbox.models import Heartbeat

# A page says that alerts wait when the sweep was last here, or a message has been due, for longer than this.
PATIENCE = timedelta(seconds=30)
# Seconds that the mail server may take, and what it says when all is well.
MAIL_SECONDS, SMTP_OK = 2.0, 250

_QUESTION = """
    SELECT (SELECT at FROM outbox_heartbeat WHERE name = 'outbox.sweep'),
           (SELECT min(due_at) FROM outbox_message WHERE done_at IS NULL AND set_aside_at IS NULL),
           clock_timestamp()
"""


# A heartbeat of a worker is told by its name after this; one that was silent for so long is forgotten.
WORKER = "worker:"
FORGOTTEN = timedelta(days=2)


def beat(*names: str) -> None:
    """Write down that the periodic task `name` runs now; after it, which worker runs it."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name[:80], at=Now()) for name in sorted(names)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


def broker_answers() -> bool:
    """Whether Redis answers now. Asked by a system admin's pages only: it may take a second when it does not."""
    try:
        with _broker() as broker:
            return bool(broker.ping())
    except (RedisError, OSError, ValueError):
        return False


def nudges_waiting() -> int | None:
    """How many nudges lie in the broker; None when it does not answer."""
    try:
        with _broker() as broker:
            return int(broker.llen("celery"))  # type: ignore[arg-type]
    except (RedisError, OSError, ValueError):
        return None


def mail_answers() -> bool | None:
    """Whether the mail server takes connections now; None where mail goes into files. May take two seconds."""
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return None
    try:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=MAIL_SECONDS) as server:
            return server.noop()[0] == SMTP_OK
    except (OSError, smtplib.SMTPException):
        return False


def forget_workers() -> int:
    """Drop the heartbeats of workers that are long gone; how many."""
    return Heartbeat.objects.filter(name__startswith=WORKER, at__lt=Now() - FORGOTTEN).delete()[0]


def _broker() -> "redis.Redis":
    # Celery writes a socket's address in its own way.
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://")
    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)


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
