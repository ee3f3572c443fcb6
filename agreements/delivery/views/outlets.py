"""Pages: where an agency's alerts go beside its officers' mail. For its admins."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.directory.access import requires
from agencies.directory.actions import may_manage
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.delivery import actions
from agreements.delivery.choices import OutletKind
from agreements.delivery.forms import GatewayForm, WebhookForm
from agreements.delivery.models import Outlet
from agreements.delivery.sealing import unseal
from portal.ui.errors import Refused
from portal.ui.refusals import acted, filled, shown_or_raised

MANAGE = Permission.AGENCY_MANAGE
SHOWN = 20


def _by(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


def _agency(request: HttpRequest, pk: uuid.UUID) -> Agency:
    agency = get_object_or_404(Agency.objects.active().select_related("country"), pk=pk)
    if not may_manage(agency, _by(request)):
        raise PermissionDenied("Only an admin of the agency keeps where its alerts go.")
    return agency


def _outlet(request: HttpRequest, pk: uuid.UUID) -> Outlet:
    """One of an agency that the officer keeps; another's is as unknown (R17)."""
    row = get_object_or_404(Outlet.objects.filter(ended_at=None).select_related("agency__country"), pk=pk)
    if not may_manage(row.agency, _by(request)):
        raise Http404
    return row


@requires(Permission.DIRECTORY_VIEW)
@require_GET
def agency_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel and a page: where alerts of an agency go. To its admins alone."""
    agency = get_object_or_404(Agency.objects.known().select_related("country"), pk=pk)
    manages = may_manage(agency, _by(request))
    rows = agency.outlets.filter(ended_at=None) if manages else []
    context = {
        "agency": agency,
        "rows": rows,
        "manages": manages,
        "own": agency.pk in _by(request).agencies,
        "has_gateway": any(not row.is_webhook for row in rows),
    }
    return render(request, "delivery/agency_panel.html", context)


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def outlet_create(request: HttpRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    """Set up a webhook, whose secret is shown once, or the gateway."""
    agency = _agency(request, pk)
    if kind not in OutletKind.values:
        raise Http404
    form = _form_of(kind)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = filled(form, lambda: actions.add_outlet(agency=agency, kind=kind, by=_by(request), **form.cleaned_data))
        if made is not None:
            return _told(request, *made)
    context = {"form": form, "agency": agency, "kind": kind, "outlet": None}
    return render(request, "delivery/outlet_form.html", context)


def _form_of(kind: str) -> type[WebhookForm] | type[GatewayForm]:
    return WebhookForm if kind == OutletKind.WEBHOOK else GatewayForm


def _told(request: HttpRequest, outlet: Outlet, secret: str) -> HttpResponse:
    """The page of the outlet, or the secret on a page that is kept nowhere."""
    if not secret:
        messages.success(request, "Saved.")
        return redirect("delivery:outlet-detail", outlet.pk)
    response = render(request, "delivery/outlet_secret.html", {"outlet": outlet, "secret": secret})
    response["Cache-Control"] = "no-store"
    return response


@requires(MANAGE)
@require_GET
def outlet_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One outlet: where it is, what it is sent, what came of the latest attempts."""
    row = _outlet(request, pk)
    headers = [line.partition(":")[0].strip() for line in unseal(row.headers).splitlines() if line.strip()]
    attempts = row.attempts.order_by("-at", "-pk").select_related("delivery")[:SHOWN]
    context = {"outlet": row, "headers": headers, "attempts": attempts, "as_of": request.now}  # type: ignore[attr-defined]
    return render(request, "delivery/outlet_detail.html", context)


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def outlet_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change an outlet. Headers that are left empty stay."""
    row = _outlet(request, pk)
    kind = _form_of(row.kind)
    initial = {name: getattr(row, name) for name in kind.base_fields if name != "headers"}
    form: Any = kind(request.POST or None, initial=initial)
    if "headers" in form.fields:
        form.fields["headers"].help_text = "Left empty, those that are kept stay. One a line."
    work = lambda: actions.change_outlet(outlet=row, by=_by(request), **form.cleaned_data)  # noqa: E731
    if request.method == "POST" and form.is_valid() and filled(form, work) is not None:
        messages.success(request, "Saved.")
        return redirect("delivery:outlet-detail", row.pk)
    context = {"form": form, "agency": row.agency, "kind": row.kind, "outlet": row}
    return render(request, "delivery/outlet_form.html", context)


@requires(MANAGE)
@require_POST
def outlet_secret(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Another secret, shown once."""
    row = _outlet(request, pk)
    try:
        secret = actions.renew_secret(outlet=row, by=_by(request))
    except Refused as refused:
        shown_or_raised(request, refused)
        secret = ""
    return _told(request, row, secret) if secret else redirect("delivery:outlet-detail", row.pk)


@requires(MANAGE)
@require_POST
def outlet_try(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send a test."""
    row = _outlet(request, pk)
    work = lambda: actions.try_outlet(outlet=row, by=_by(request))  # noqa: E731
    said = "A test is on its way. What came of it stands below in some seconds."
    return acted(request, work, said, "delivery:outlet-detail", row.pk)


@requires(MANAGE)
@require_POST
def outlet_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Nothing goes there any more."""
    row = _outlet(request, pk)
    work = lambda: actions.end_outlet(outlet=row, by=_by(request))  # noqa: E731
    return acted(request, work, "Ended. Nothing goes there any more.", "directory:agency-detail", row.agency_id)
