"""What beat starts for this room."""

from django.utils import timezone

from operations.safety import falling
from portal.celery import app


@app.task(name="safety.watch_bases")
def watch_bases() -> None:
    falling.watch(timezone.now())
