"""What beat starts every few seconds: fire what is due, handle what nobody was nudged for."""

import time

from django.utils import timezone

from portal.outbox import due, health
from portal.outbox.messages import dispatch
from portal.outbox.models import Message

# Seconds one sweep may take before it leaves the rest to the next, and messages it looks at.
BUDGET = 10.0
BATCH = 500


def sweep() -> int:
    """One round; how many messages it brought to their end.

    Rounds may overlap, in one worker or in several: rows in other hands are skipped.
    """
    health.beat("outbox.sweep")
    started = time.monotonic()
    while due.fire(timezone.now()) == due.BATCH and time.monotonic() - started < BUDGET:
        pass
    done = 0
    for pk in Message.objects.due(timezone.now()).values_list("pk", flat=True)[:BATCH]:
        done += dispatch(pk)
        if time.monotonic() - started > BUDGET:
            break
    return done
