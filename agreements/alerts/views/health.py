"""The health of what carries alerts: counts and keys, for system admins."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.alerts import actions
from agreements.alerts.waiting import health_at, surroundings
from portal.outbox.models import Message
from portal.ui.errors import Refused


@requires(Permission.SYSTEM_HEALTH)
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Queue ages, last beats, failures, and what was set aside."""
    at = request.now  # type: ignore[attr-defined]
    return render(request, "alerts/health.html", {"health": health_at(at), "around": surroundings(), "as_of": at})


@requires(Permission.SYSTEM_HEALTH)
@require_POST
def message_replay(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Bring back one message that was set aside."""
    message = get_object_or_404(Message, pk=pk)
    try:
        actions.replay(message=message, by=request.appointment)  # type: ignore[attr-defined]
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "It is tried again now.")
    return redirect("alerts:health")


@requires(Permission.SYSTEM_HEALTH)
@require_POST
def kind_replay(request: HttpRequest, kind: str) -> HttpResponse:
    """Bring back every message of a kind that was set aside."""
    try:
        count = actions.replay_kind(kind=kind, by=request.appointment)  # type: ignore[attr-defined]
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"{count} {'is' if count == 1 else 'are'} tried again now.")
    return redirect("alerts:health")
