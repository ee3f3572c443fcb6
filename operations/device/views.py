"""Pages of the app on phone and tablet. They hold no record: those come through the API, and lie sealed on the device."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from agencies.directory.models import Officer
from operations.device import secrets
from operations.device import shell as files


@require_safe
@login_not_required
def shell(request: HttpRequest) -> HttpResponse:
    """The frame of the app, the same for everybody: a device keeps it, so it may name nobody and nothing."""
    return render(request, files.PAGE, {"version": files.version()})


@require_safe
@login_not_required
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Its scope is this room: no other page of the portal passes through it."""
    response = HttpResponse(files.worker_script(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@login_not_required
def web_manifest(request: HttpRequest) -> HttpResponse:
    """How the app is called, and its icons."""
    sizes = [("icon.svg", "any", "image/svg+xml", "any")]
    sizes += [(f"field/icon-{px}.png", f"{px}x{px}", "image/png", "any maskable") for px in (192, 512)]
    body = {
        "id": reverse("device:shell"),
        "name": "Entente – in the field",
        "short_name": "Entente",
        "description": "Log joint patrols without a network.",
        "start_url": reverse("device:shell"),
        "scope": reverse("device:shell"),
        "display": "standalone",
        "orientation": "any",
        "background_color": "#f2f4f5",
        "theme_color": "#10222b",
        "lang": "en-GB",
        "icons": [{"src": static(src), "sizes": size, "type": kind, "purpose": use} for src, size, kind, use in sizes],
    }
    return JsonResponse(body, content_type="application/manifest+json")


@require_safe
def session(request: HttpRequest) -> HttpResponse:
    """Whose session this is, and what opens that officer's vault on the device. Never cached."""
    officer = request.user
    assert isinstance(officer, Officer)
    appointment = getattr(request, "appointment", None)
    body = {
        "officer": str(officer.pk),
        "name": officer.full_name,
        "appointment": str(appointment.pk) if appointment else None,
        "function": appointment.function if appointment else "",
        "agency": appointment.agency.short if appointment else "",
        "csrf": get_token(request),
        "secrets": [vars(secret) for secret in secrets.secrets_of(officer.pk)],
    }
    response = JsonResponse(body)
    response["Cache-Control"] = "no-store"
    return response
