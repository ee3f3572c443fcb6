"""Sets of messages."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable

# Longer than any failed attempt is put back for.
LONGEST_WAIT = timedelta(hours=4)


class MessageQuerySet(models.QuerySet):
    def waiting(self) -> "MessageQuerySet":
        """Neither done nor given up."""
        return self.filter(done_at__isnull=True, set_aside_at__isnull=True)

    def due(self, at: datetime | Combinable) -> "MessageQuerySet":
        """Waiting and due at `at`, oldest first.

        A clock that was put back must not hold up what was for at once, nor what was put back for a while.
        """
        at_once = Q(due_at__lte=F("created_at"))
        stepped = Q(attempts__gt=0, due_at__gt=at + LONGEST_WAIT)
        return self.waiting().filter(Q(due_at__lte=at) | at_once | stepped).order_by("due_at", "pk")

    def set_aside(self) -> "MessageQuerySet":
        """Given up after the last attempt: somebody must look."""
        return self.filter(set_aside_at__isnull=False)
