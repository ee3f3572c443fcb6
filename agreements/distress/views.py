"""Pages of calls of danger to life (R24)."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.distress import actions
from agreements.distress.choices import Side
from agreements.distress.forms import CallFilter, CallForm, ReviewForm
from agreements.distress.models import DistressCall
from agreements.distress.reading import addressees_of, side_of, steps_of
from agreements.sharing.middleware import access_of
from agreements.sharing.views.door import by_of, now_of
from portal.positions.writing import written
from portal.ui.errors import Refused
from portal.ui.refusals import acted, placed_or_raised

PAGE = 50


@requires(Permission.DISTRESS_VIEW)
@require_GET
def call_list(request: HttpRequest) -> HttpResponse:
    """Calls of the own agency, and received ones as far as they are open to the officer now, newest first."""
    form, access = CallFilter(request.GET), access_of(request)
    found = form.apply(DistressCall.objects.visible_to(access), access).with_sides()
    rows = list(found[: PAGE + 1])
    context = {
        "form": form,
        "rows": [(row, side_of(row, access), row.state_at(access.at)) for row in rows[:PAGE]],
        "more": len(rows) > PAGE,
        "as_of": now_of(request),
        "may_send": by_of(request).may(Permission.DISTRESS_SEND),
    }
    return render(request, "distress/call_list.html", context)


@requires(Permission.DISTRESS_SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def call_create(request: HttpRequest) -> HttpResponse:
    """Write it, read what sending it means, send it."""
    by, after = by_of(request), _repeated(request)
    form = CallForm(request.POST or None, by=by, initial=_again(after) if after else None)
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        if "confirmed" not in request.POST:
            return render(request, "distress/call_confirm.html", {"form": form, "nature": form.nature_words})
        try:
            row = actions.send(by=by, after=after, **form.values())
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, "Sent. It is open to them for one hour. Telephone as well.")
            return redirect("distress:call-detail", pk=row.pk)
    return render(request, "distress/call_form.html", {"form": form, "after": after})


def _repeated(request: HttpRequest) -> DistressCall | None:
    """The call of the own agency that this one repeats, if the address names one."""
    try:
        key = uuid.UUID(request.GET["again"])
    except (KeyError, ValueError):
        return None
    own = DistressCall.objects.sent_by_agency_of(access_of(request)).with_sides()
    return get_object_or_404(own, pk=key)


def _again(call: DistressCall) -> dict[str, Any]:
    kept = ("nature", "place", "call_back", "reason")
    return {
        **{name: getattr(call, name) for name in kept},
        "position": written(call.latitude, call.longitude),
        "agencies": [row.agency_id for row in call.addressees.all()],
    }


def _call(request: HttpRequest, pk: uuid.UUID) -> DistressCall:
    return get_object_or_404(DistressCall.objects.visible_to(access_of(request)).with_sides(), pk=pk)


@requires(Permission.DISTRESS_VIEW)
@require_GET
def call_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _shown(request, _call(request, pk), ReviewForm())


def _shown(request: HttpRequest, call: DistressCall, form: ReviewForm) -> HttpResponse:
    access = access_of(request)
    side, own = side_of(call, access), call.sent_by.agency_id in by_of(request).agencies
    if side == Side.RECEIVED:
        actions.note_reading(call=call, by=by_of(request))
    readings = call.readings.select_related("appointment__agency") if own else ()
    context = {
        "call": call,
        "own": own,
        "open": side != Side.ACCOUNT,
        "state": call.state_at(access.at),
        "addressees": addressees_of(call, access),
        "readings": readings,
        "steps": steps_of(call, access),
        "form": form,
        "as_of": now_of(request),
    }
    return render(request, "distress/call_detail.html", context)


@requires(Permission.DISTRESS_SEND)
@require_POST
def call_acknowledge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    call = _call(request, pk)
    work = lambda: actions.acknowledge(call=call, by=by_of(request))  # noqa: E731
    return acted(request, work, "They read that you act on it, by your function.", "distress:call-detail", pk)


@requires(Permission.DISTRESS_SEND)
@require_POST
def call_over(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    call = _call(request, pk)
    work = lambda: actions.declare_over(call=call, by=by_of(request))  # noqa: E731
    return acted(request, work, "Over. It is closed to those who received it.", "distress:call-detail", pk)


@requires(Permission.DISTRESS_REVIEW)
@require_POST
def call_review(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    call, form = _call(request, pk), ReviewForm(request.POST)
    if not form.is_valid():
        return _shown(request, call, form)
    work = lambda: actions.review(call=call, by=by_of(request), **form.cleaned_data)  # noqa: E731
    return acted(request, work, "Reviewed. It is kept with the call.", "distress:call-detail", pk)
