"""What falls due: as an agenda, by month, as a file; of one agreement; reviews; lead times of the own state."""

import uuid
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.directory.access import requires
from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.deadlines import actions, calendars
from agreements.deadlines.asking import Row, rows_for
from agreements.deadlines.forms import DeadlineFilter, LeadTimesForm, ReviewForm
from agreements.deadlines.leads import leads_of
from agreements.deadlines.models import LeadTimes, Review
from agreements.deadlines.months import laid_out, month_of
from agreements.register.actions import is_keeper
from agreements.register.models import Agreement
from portal.audit import recording
from portal.ui.refusals import acted, filled

VIEW, DRAFT = Permission.AGREEMENT_VIEW, Permission.AGREEMENT_DRAFT
PANEL = 8


def _by(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


def _agreement(request: HttpRequest, pk: uuid.UUID) -> Agreement:
    return get_object_or_404(Agreement.objects.visible_to(_by(request)), pk=pk)


@requires(VIEW)
@require_GET
def deadline_list(request: HttpRequest) -> HttpResponse:
    """What falls due of the agreements that the officer may know of, as an agenda or by month."""
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    form = DeadlineFilter(request.GET, by=by)
    context: dict[str, Any] = {"form": form, "as_of": now, "may_set": by.may(DRAFT), "view": "agenda"}
    if not form.is_valid():
        return render(request, "deadlines/deadline_list.html", context)
    until = form.cleaned_data["until"]
    if form.cleaned_data["view"] == "month":
        first = month_of(form.cleaned_data["month"], timezone.localdate())
        month = laid_out(first, [])
        rows = rows_for(by, now, until=min(until or month.last, month.last), **form.filters)
        context |= {"view": "month", "month": laid_out(first, rows), "today": timezone.localdate(), "rows": rows}
    else:
        rows = rows_for(by, now, until=until, **form.filters)
        context |= {"months": _by_month(rows), "rows": rows}
    return render(request, "deadlines/deadline_list.html", context)


def _by_month(rows: list[Row]) -> list[tuple[Any, list[Row]]]:
    return [(first, list(found)) for first, found in groupby(rows, key=lambda row: row.day.replace(day=1))]


@requires(VIEW)
@require_GET
def deadline_calendar(request: HttpRequest) -> HttpResponse:
    """The same list as iCalendar, with the same filters. It leaves the portal: that it did stands in the ledger."""
    by = _by(request)
    form = DeadlineFilter(request.GET, by=by)
    if not form.is_valid():
        return redirect("deadlines:deadline-list")
    rows = rows_for(by, request.now, until=form.cleaned_data["until"], **form.filters)  # type: ignore[attr-defined]
    recording.record(
        verb="deadline.export", by=by, data={"agreements": sorted({str(row.agreement.pk) for row in rows})}
    )
    return calendars.response(rows)


@requires(VIEW)
@require_GET
def agreement_deadlines(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on an agreement's page: what falls due of it, its reviews, and the way to plan one."""
    agreement, by = _agreement(request, pk), _by(request)
    rows = rows_for(by, request.now, agreement=agreement)  # type: ignore[attr-defined]
    context = {
        "agreement": agreement,
        "rows": rows[:PANEL],
        "more": max(len(rows) - PANEL, 0),
        "reviews": Review.objects.visible_to(by).standing().filter(agreement=agreement),
        "may_plan": is_keeper(agreement, by),
    }
    return render(request, "deadlines/agreement_deadlines.html", context)


@requires(DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def review_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Plan a review of an agreement."""
    agreement, by = _agreement(request, pk), _by(request)
    if not is_keeper(agreement, by):
        raise PermissionDenied("Only a treaty admin of one of its parties plans reviews of an agreement.")
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = filled(form, lambda: actions.plan_review(agreement=agreement, by=by, **form.cleaned_data))
        if row is not None:
            messages.success(request, "Planned. The treaty admins of its parties are reminded.")
            return redirect("register:agreement-detail", pk=pk)
    return render(request, "deadlines/review_form.html", {"form": form, "agreement": agreement})


@requires(DRAFT)
@require_POST
def review_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """No more of these reviews."""
    row = get_object_or_404(Review.objects.visible_to(_by(request)).select_related("agreement"), pk=pk)
    work = lambda: actions.end_review(review=row, by=_by(request))  # noqa: E731
    return acted(request, work, "No more of these reviews.", "register:agreement-detail", row.agreement_id)


@requires(DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def lead_times_change(request: HttpRequest) -> HttpResponse:
    """How long before a deadline the treaty admins of the own state are reminded."""
    by = _by(request)
    country = by.agency.country
    now = sorted(leads_of([country.pk])[country.pk], reverse=True)
    form = LeadTimesForm(request.POST or None, initial={"days": ", ".join(map(str, now))})
    work = lambda: actions.set_lead_times(by=by, **form.cleaned_data)  # noqa: E731
    if request.method == "POST" and form.is_valid() and filled(form, work) is not None:
        messages.success(request, "Saved.")
        return redirect("deadlines:deadline-list")
    own = LeadTimes.objects.filter(pk=country.pk).first()
    return render(request, "deadlines/lead_times_form.html", {"form": form, "country": country, "own": own})
