"""What beat starts for this room."""

from django.utils import timezone

from operations.patrols import alerting
from portal.celery import app


@app.task(name="patrols.watch_overdue")
def watch_overdue() -> None:
    alerting.watch(timezone.now())
