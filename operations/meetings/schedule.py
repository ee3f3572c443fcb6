"""What beat starts for this room."""

from django.utils import timezone

from operations.meetings import reminders
from portal.celery import app


@app.task(name="meetings.arm")
def arm() -> None:
    reminders.arm_all(timezone.now())
