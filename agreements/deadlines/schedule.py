"""What beat starts for this room."""

from django.utils import timezone

from agreements.deadlines import reminders
from portal.celery import app


@app.task(name="deadlines.arm")
def arm() -> None:
    reminders.arm_all(timezone.now())
