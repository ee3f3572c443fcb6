"""What the worker of the process tests imports: a handler whose effects are counted in a table of their own.

It runs in the worker's process, so it cannot live in the test.
"""

import time

from django.db import connection

from portal.outbox import handlers

KIND = "test.counted"
TABLE = "test_effect"
CREATE = f"CREATE TABLE IF NOT EXISTS {TABLE} (key text PRIMARY KEY)"
# Seconds each takes, so that a kill hits the middle of one.
SLOW = 0.02


def bring_about(payload):
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} VALUES (%s) ON CONFLICT DO NOTHING", [payload["key"]])
    time.sleep(SLOW)


handlers.register(KIND, bring_about)
