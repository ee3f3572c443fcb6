"""What beat starts for this room."""

from django.utils import timezone

from operations.minutes import rhythms
from portal.celery import app


@app.task(name="minutes.rhythms")
def rhythms_broken() -> None:
    rhythms.tell_broken(timezone.now())
