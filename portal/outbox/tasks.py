"""Celery's side: nudges with primary keys."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from portal.celery import app
from portal.outbox import due, health, messages, sweeping
from portal.outbox.models import IdempotencyKey

# A field device may be offline that long and still send its write again.
KEEP_KEYS = timedelta(days=30)


@app.task(name="outbox.dispatch")
def dispatch(pk: str) -> None:
    messages.dispatch(pk)


@app.task(name="outbox.sweep", bind=True)
def sweep(self: Any) -> None:
    sweeping.sweep(self.request.hostname or "")


@app.task(name="outbox.forget_idempotency_keys")
def forget_idempotency_keys() -> None:
    IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEEP_KEYS).delete()
    health.forget_workers()


@app.task(name="outbox.rework_due")
def rework_due() -> None:
    """Reminders follow the law of their zone."""
    due.rework()
