"""A process that intends things: each is tried until its commit is confirmed, as a device or a page does.

`python -m tests.portal.outbox.emitting KIND FIRST LAST SECONDS`; kinds: one, many, due, mail. Prints how many it did.
Between them it sends nudges that nobody asked for: again, of others, and in any order.
"""

import random
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.db import DatabaseError, InterfaceError, connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from agencies.directory.models import Appointment  # noqa: E402
from agreements.alerts import raising  # noqa: E402
from portal.outbox import due, messages, nudges  # noqa: E402
from portal.outbox.models import Message  # noqa: E402
from tests.portal.outbox import effects  # noqa: E402


def intend(kind, number, people):
    key = f"{kind} {number}"
    if kind == "one":
        messages.emit(kind=effects.KIND, key=key, payload={"key": key})
    elif kind == "many":
        messages.emit(kind=effects.MANY, key=key, payload={"key": key})
    elif kind == "due":
        later = timezone.now() + timedelta(seconds=random.uniform(0, 3))
        due.schedule(kind=effects.KIND, key=key, fire_at=later, payload={"key": key})
    else:
        raising.raise_alert(kind=effects.ALERT, key=key, subject=str(number), recipients=[people[number % len(people)]])


def until_done(work):
    while True:
        try:
            with transaction.atomic():
                work()
        except (DatabaseError, InterfaceError):
            # Perhaps it committed, perhaps not: it is tried again under the same key.
            connection.close()
            time.sleep(0.1)
        else:
            return


def nudge_at_random():
    keys = [str(pk) for pk in Message.objects.order_by("?").values_list("pk", flat=True)[:5]] * 3
    random.shuffle(keys)
    for key in keys:
        nudges.nudge_on_commit(key)


def main(kind, first, last, seconds):
    people = []
    until_done(lambda: people.extend(Appointment.objects.exclude(officer__email="").select_related("agency")[:5]))
    begin, span = time.monotonic(), max(1, last - first)
    for number in range(first, last):
        until_done(lambda number=number: intend(kind, number, people))
        if number % 40 == 0:
            until_done(nudge_at_random)
        ahead = begin + seconds * (number - first + 1) / span - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
    sys.stdout.write(f"{last - first}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
