"""What the workers of the process tests import: handlers whose effects are counted in a table of their own.

They run in the worker's process, so they cannot live in the test. With ENTENTE_CLOCK_HOURS the clock of this process
is that many hours fast: everything the portal dates reads `django.utils.timezone.now`, which asks its module's
`datetime`; sockets, Celery and the database keep their time.
"""

import os
import time
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from agreements.alerts import kinds
from agreements.alerts.choices import Urgency
from portal.outbox import handlers

KIND = "test.counted"
MANY = "test.many"
ALERT = "test.storm"
TABLE = "test_effect"
CREATE = f"CREATE TABLE IF NOT EXISTS {TABLE} (key text PRIMARY KEY)"
# Without a key: an effect that came about twice is there twice.
CREATE_OPEN = f"CREATE TABLE {TABLE} (key text); GRANT SELECT, INSERT ON {TABLE} TO PUBLIC"
# Seconds each takes, so that a kill hits the middle of one.
SLOW = 0.02


class Fast:
    """A clock that is some hours off."""

    def __init__(self, hours):
        self.ahead = timedelta(hours=hours)

    def now(self, tz=None):
        return datetime.now(tz) + self.ahead

    def __getattr__(self, name):
        return getattr(datetime, name)


def bring_about(payload):
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} VALUES (%s) ON CONFLICT DO NOTHING", [payload["key"]])
    time.sleep(SLOW)


def bring_many_about(payloads):
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} SELECT unnest(%s)", [[payload["key"] for payload in payloads]])
    time.sleep(SLOW)


def line(alert):
    return f"An exercise of the fault test: {alert.subject}."


def register():
    handlers.register(KIND, bring_about)
    handlers.register_many(MANY, bring_many_about)
    kinds.register(
        kinds.AlertKind(
            ALERT, "Fault test", "bell", Urgency.EXPECTED, mandatory=True, line=line, standalone=True, mail=True
        )
    )


register()
if os.environ.get("ENTENTE_CLOCK_HOURS"):
    timezone.datetime = Fast(float(os.environ["ENTENTE_CLOCK_HOURS"]))
if os.environ.get("ENTENTE_BREAK"):
    from tests.portal.outbox import broken

    broken.take(os.environ["ENTENTE_BREAK"])
