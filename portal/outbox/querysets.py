"""Sets of messages."""

from datetime import datetime

from django.db import models


class MessageQuerySet(models.QuerySet):
    def waiting(self) -> "MessageQuerySet":
        """Neither done nor given up."""
        return self.filter(done_at__isnull=True, set_aside_at__isnull=True)

    def due(self, at: datetime) -> "MessageQuerySet":
        """Waiting and due at `at`, oldest first."""
        return self.waiting().filter(due_at__lte=at).order_by("due_at")

    def set_aside(self) -> "MessageQuerySet":
        """Given up after the last attempt: somebody must look."""
        return self.filter(set_aside_at__isnull=False)
