"""Celery's side."""

from agencies.postings import warning
from portal.celery import app


@app.task(name="postings.warn_sleeping")
def warn_sleeping() -> None:
    warning.warn()
