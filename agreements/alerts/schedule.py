"""What beat starts for this room."""

from django.utils import timezone

from agreements.alerts.handling import register, system
from portal.celery import app


@app.task(name="alerts.watch_agreements")
def watch_agreements() -> None:
    register.watch(timezone.now())


@app.task(name="alerts.watch_messages")
def watch_messages() -> None:
    system.watch(timezone.now())
