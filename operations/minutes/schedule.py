"""What beat starts for this room."""

from django.utils import timezone

from operations.minutes import carrying, rhythms
from portal.celery import app


@app.task(name="minutes.rhythms")
def rhythms_broken() -> None:
    """What is late: boards and plans, and what opens the agendas that were made since."""
    rhythms.tell_broken(timezone.now())
    carrying.carry_over(timezone.now())
