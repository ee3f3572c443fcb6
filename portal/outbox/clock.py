"""The one clock of the outbox: the database's. Web and worker machines whose clocks differ, or step, agree by it."""

from datetime import datetime

from django.db import connection


def now() -> datetime:
    """What the database's clock says now: also within a transaction that began earlier."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found
