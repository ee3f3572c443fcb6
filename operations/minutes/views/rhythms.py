"""Rhythms: which are broken, state and end one, note a review, dates for the next meeting."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.register.models import Agreement
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.minutes import rhythms
from operations.minutes.actions import rhythms as actions
from operations.minutes.choices import Subject
from operations.minutes.forms.rhythms import DatesFilter, ReviewForm, RhythmForm
from operations.minutes.models import Rhythm
from operations.minutes.rhythms import Standing, standings, zone_of
from operations.planning.views.door import by_of, now_of
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, placed_or_raised


def _rows(request: HttpRequest) -> Any:
    return Rhythm.objects.visible_to(access_of(request)).standing().with_words()


def _rhythm(request: HttpRequest, pk: uuid.UUID) -> Rhythm:
    found: Rhythm = get_object_or_404(_rows(request), pk=pk)
    return found


def may_state(request: HttpRequest, row: Rhythm | None = None, **of: Any) -> bool:
    """Whether the officer may state and end it: of an agreement as facts about it, of an operation its lead."""
    by = by_of(request)
    agreement = row.agreement if row else of.get("agreement")
    operation = row.operation if row else of.get("operation")
    if operation is not None:
        return by.may(Permission.OPERATION_PLAN) and operation.owner_id in by.agencies
    return agreement is not None and actions.is_keeper(agreement, by)


@requires(Permission.MEETING_VIEW)
@require_GET
def rhythm_list(request: HttpRequest) -> HttpResponse:
    """Every rhythm that the officer may know of, the broken first; `show=broken` those alone."""
    found = standings(_rows(request), access_of(request), now_of(request))
    only = request.GET.get("show") == "broken"
    shown = sorted((item for item in found if item.is_broken or not only), key=lambda item: item.due_on)
    records = [item.rhythm.operation for item in shown if item.rhythm.operation]
    records += [item.next.record for item in shown if item.next]
    disclose(request, records)
    context = {
        "found": shown, "only": only, "page_marking": highest(records), "as_of": now_of(request),
    }  # fmt: skip
    return render(request, "minutes/rhythm_list.html", context)


@requires(Permission.MEETING_CALL)
def rhythm_create(request: HttpRequest) -> HttpResponse:
    """State how often a board meets, or a plan is reviewed."""
    agreement, operation = _board(request)
    if not may_state(request, agreement=agreement, operation=operation):
        raise Http404
    form = RhythmForm(request.POST or None, clauses=actions.clauses_for(agreement, operation))
    back = _address(agreement, operation)
    if request.method == "POST" and form.is_valid():
        try:
            actions.state(by=by_of(request), agreement=agreement, operation=operation, **form.values())
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, "Stated. It takes the place of the one before.")
            return redirect(back)
    disclose(request, [operation] if operation else [])
    name = operation.title if operation else agreement.short_name if agreement else ""
    context = {"form": form, "name": name, "back": back, "page_marking": highest([operation] if operation else [])}
    return render(request, "minutes/rhythm_form.html", context)


def _board(request: HttpRequest) -> tuple[Agreement | None, Record | None]:
    """Of what the address names; hidden and unknown are the same 404."""
    try:
        keys = {name: uuid.UUID(request.GET[name]) for name in ("agreement", "operation") if request.GET.get(name)}
    except ValueError:
        raise Http404 from None
    if "operation" in keys:
        rows = Record.objects.visible_to(access_of(request)).of_kind("operation")
        return None, get_object_or_404(rows.select_related("owner__country"), pk=keys["operation"])
    rows_of = Agreement.objects.visible_to(by_of(request))
    return get_object_or_404(rows_of, pk=keys.get("agreement")), None


def _address(agreement: Agreement | None, operation: Record | None) -> str:
    if operation is not None:
        return reverse("planning:operation-detail", args=[operation.pk])
    return reverse("register:agreement-detail", args=[agreement.pk if agreement else None])


@requires(Permission.MEETING_VIEW)
@require_GET
def rhythm_dates(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Dates for the next meeting, in everybody's working hours."""
    row, access, now = _rhythm(request, pk), access_of(request), now_of(request)
    item = rhythms.standing(row, access, now)
    form = DatesFilter(request.GET)
    found = []
    if form.is_valid():
        data = form.cleaned_data
        found = rhythms.proposals(item, access, now, minutes=data["minutes"], regions=data["regions"])
    agencies = rhythms.members(row)
    records = [row.operation] if row.operation else []
    disclose(request, records)
    context = {
        "item": item,
        "form": form,
        "slots": [(slot, _call(item, slot)) for slot in found],
        "agencies": agencies,
        "zones": list(dict.fromkeys([zone_of(row), *(agency.time_zone for agency in agencies)]))[:6],
        "may_call": by_of(request).may(Permission.MEETING_CALL),
        "page_marking": highest(records),
        "as_of": now,
    }
    return render(request, "minutes/rhythm_dates.html", context)


def _call(item: Standing, slot: Any) -> str:
    """Where to call a meeting at this time: its form filled in."""
    row = item.rhythm
    board = {"operation": row.operation_id} if row.operation_id else {"agreement": row.agreement_id}
    query = {**board, "starts_at": slot.starts_at.isoformat(), "ends_at": slot.ends_at.isoformat()}
    return f"{reverse('meetings:meeting-create')}?{urlencode(query)}"


@requires(Permission.MEETING_CALL)
@require_POST
def rhythm_review(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _rhythm(request, pk)
    form = ReviewForm(request.POST)
    back = _address(row.agreement, row.operation)
    if not form.is_valid():
        messages.error(request, "Give the day of the review.")
        return redirect(back)
    work = lambda: actions.note_review(rhythm=row, by=by_of(request), on=form.cleaned_data["on"])  # noqa: E731
    return acted(request, work, "Noted.", back)


@requires(Permission.MEETING_CALL)
@require_POST
def rhythm_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _rhythm(request, pk)
    work = lambda: actions.end(rhythm=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "It is stated no more.", _address(row.agreement, row.operation))


@requires(Permission.MEETING_VIEW)
@require_GET
def operation_rhythm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on the operation's page."""
    rows = Record.objects.visible_to(access_of(request)).of_kind("operation").select_related("owner__country")
    operation = get_object_or_404(rows, pk=pk)
    return _panel(request, _rows(request).filter(operation=operation), operation=operation)


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def agreement_rhythm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on the agreement's page."""
    agreement = get_object_or_404(Agreement.objects.visible_to(by_of(request)), pk=pk)
    return _panel(request, _rows(request).filter(agreement=agreement), agreement=agreement)


def _panel(
    request: HttpRequest, rows: Any, *, agreement: Agreement | None = None, operation: Record | None = None
) -> HttpResponse:
    found = standings(rows, access_of(request), now_of(request))
    records = [operation] if operation else []
    records += [item.next.record for item in found if item.next]
    disclose(request, records)
    may = may_state(request, agreement=agreement, operation=operation)
    address = f"operation={operation.pk}" if operation else f"agreement={agreement.pk}" if agreement else ""
    context = {
        "found": found,
        "may_state": may and by_of(request).may(Permission.MEETING_CALL),
        "address": address,
        "review": Subject.REVIEW.value,
        "today": found[0].today if found else None,
        "page_marking": highest(records),
    }
    return render(request, "minutes/rhythm_panel.html", context)
