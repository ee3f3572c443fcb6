"""A mail a week before an account falls dormant: that somebody should sign in, and nothing else (R17)."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from agencies.directory.dormancy import ASLEEP, SOON, last_used
from agencies.directory.models import Officer
from agencies.postings.accounts import days_left, to_warn
from portal.outbox import messages

SLEEPING = "postings.sleeping"
EVERY = timedelta(hours=6)


def warn() -> int:
    """Queue a mail for each account that needs one: once for each time it lay idle."""
    found = 0
    for officer in to_warn(timezone.now()):
        key = f"{SLEEPING}:{officer.pk}:{last_used(officer).isoformat()}"
        messages.emit(kind=SLEEPING, key=key, payload={"officer": str(officer.pk)})
        found += 1
    return found


def send(payload: dict[str, Any]) -> None:
    """Unless the officer signed in meanwhile. Sent again after a crash, it carries the same Message-ID."""
    now = timezone.now()
    officer = Officer.objects.filter(pk=uuid.UUID(payload["officer"]), is_active=True).exclude(email="").first()
    if officer is None or not SOON <= now - last_used(officer) < ASLEEP:
        return
    used = int(last_used(officer).timestamp())
    EmailMessage(
        subject="Entente: sign in to keep your account awake",
        body=render_to_string("postings/mail.txt", {"days": days_left(officer, now), "address": settings.SITE_URL}),
        to=[officer.email],
        headers={"Message-ID": f"<sleeping.{officer.pk.hex}.{used}@entente>", "Auto-Submitted": "auto-generated"},
    ).send()
