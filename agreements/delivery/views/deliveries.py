"""Pages: what left the portal for officers, to themselves and to their agency's admins."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from agencies.directory.roles import Permission
from agreements.delivery.forms import DeliveryFilter
from agreements.delivery.models import Delivery
from agreements.delivery.paging import page_of


@require_GET
def delivery_list(request: HttpRequest) -> HttpResponse:
    """Deliveries, newest first; to an admin those of the whole agency. Filters stand in the address."""
    by, now = request.appointment, request.now  # type: ignore[attr-defined]
    if by is None:
        return redirect("directory:my-account")
    form = DeliveryFilter(request.GET)
    rows, older = page_of(form.narrowed(Delivery.objects.visible_to(by).shown(), by), request.GET.get("before", ""))
    context = {"form": form, "rows": rows, "older": older, "as_of": now, "all": by.may(Permission.AGENCY_MANAGE)}
    return render(request, "delivery/delivery_list.html", context)


@require_GET
def delivery_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One delivery with its attempts: states, instants and numbers of the protocol, no content."""
    by = request.appointment  # type: ignore[attr-defined]
    rows = Delivery.objects.visible_to(by) if by else Delivery.objects.none()
    row = get_object_or_404(rows.shown().select_related("carried_by"), pk=pk)
    mine = row.alert.appointment_id == by.pk
    context = {"row": row, "attempts": row.history, "mine": mine, "as_of": request.now}  # type: ignore[attr-defined]
    return render(request, "delivery/delivery_detail.html", context)
