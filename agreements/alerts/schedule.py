"""What beat starts for this room."""

from django.utils import timezone

from agreements.alerts.handling import register
from portal.celery import app


@app.task(name="alerts.watch_agreements")
def watch_agreements() -> None:
    register.watch(timezone.now())
