"""Tests of outlets: one attempt, whose outcome stands at the outlet."""

import uuid
from typing import Any

from agencies.directory.models import new_key
from agreements.delivery.carriers import gateway, webhook
from agreements.delivery.models import Attempt, Outlet, Preference
from agreements.delivery.wording import trial_notice

TRY = "delivery.try"


def tried(payload: dict[str, Any]) -> None:
    """Send one test; once, whatever comes of it."""
    outlet = Outlet.objects.filter(pk=payload["outlet"], ended_at=None).select_related("agency").first()
    key = uuid.UUID(payload["trial"])
    if outlet is None or Attempt.objects.filter(pk=key).exists():
        return
    notice = trial_notice(outlet.agency, new_key().hex[-8:].upper())
    if outlet.is_webhook:
        result = webhook.send(outlet, notice, str(key))
    else:
        preference = Preference.objects.filter(officer=payload["officer"]).exclude(number="").first()
        if preference is None:
            return
        result = gateway.send(outlet, notice, preference.number, str(key))
    Attempt.objects.create(pk=key, outlet=outlet, outcome=result.outcome, code=result.code[:40])
