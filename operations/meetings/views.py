"""Pages of meetings: agenda, one meeting, call, change, answer, calendar file."""

import uuid
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.register.models import Agreement
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Assignment, Record
from agreements.sharing.policy import decide
from operations.meetings import actions, calendars, presenting, waiting
from operations.meetings.actions import Invitee
from operations.meetings.choices import Answer
from operations.meetings.forms import CallForm, CancelForm, MeetingForm, SendForm, initial_of
from operations.meetings.models import Meeting
from operations.meetings.querysets import MeetingQuerySet
from operations.planning import basis
from operations.planning.forms.operations import InviteForm
from operations.planning.views.door import by_of, now_of
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import placed_or_raised, shown_or_raised

PAGE = 50
WHEN = {"": "Upcoming", "unanswered": "To answer", "invited": "Invitations", "past": "Past"}


def _meeting(request: HttpRequest, pk: uuid.UUID) -> Meeting:
    rows = Meeting.objects.visible_to(access_of(request)).select_related("record__circle", "agreement")
    return get_object_or_404(rows, pk=pk)


def _seen_operation(request: HttpRequest, meeting: Meeting) -> Record | None:
    """The operation, while the reader may see it: otherwise not even its name is shown (R23)."""
    key = meeting.record.operation_id
    return Record.objects.visible_to(access_of(request)).filter(pk=key).first() if key else None


def _seen_agreement(request: HttpRequest, meeting: Meeting) -> Agreement | None:
    key = meeting.agreement_id
    return Agreement.objects.visible_to(by_of(request)).filter(pk=key).first() if key else None


@requires(Permission.MEETING_VIEW)
def meeting_list(request: HttpRequest) -> HttpResponse:
    """The agenda by day: what comes, what was, or what of it waits for an answer."""
    at = now_of(request)
    when, rows = _agenda(request)
    page = _number(request.GET.get("page", ""))
    shown = list(rows[page * PAGE : (page + 1) * PAGE + 1])
    more, shown = len(shown) > PAGE, shown[:PAGE]
    disclose(request, [row.record for row in shown])
    context = {
        "days": [(day, list(group)) for day, group in groupby(shown, key=_local_day)],
        "when": when,
        "tabs": [(value, label, value == when) for value, label in WHEN.items()],
        "page": page,
        "more": more,
        "may_call": by_of(request).may(Permission.MEETING_CALL),
        "page_marking": highest([row.record for row in shown]),
        "as_of": at,
    }
    return render(request, "meetings/meeting_list.html", context)


def _agenda(request: HttpRequest) -> tuple[str, MeetingQuerySet]:
    """Which part of the agenda the address asks for, and its meetings."""
    visible, at, by = Meeting.objects.visible_to(access_of(request)), now_of(request), by_of(request)
    when = request.GET.get("when", "")
    ahead: MeetingQuerySet = visible.upcoming(at)
    parts: dict[str, MeetingQuerySet] = {
        "past": visible.past(at),
        "unanswered": waiting.unanswered(ahead, by, at),
        "invited": waiting.inviting(ahead, by),
    }
    return (when, parts[when]) if when in parts else ("", ahead)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _local_day(row: Meeting) -> date:
    """The day in the reader's zone."""
    return timezone.localtime(row.starts_at).date()


@requires(Permission.MEETING_VIEW)
def meeting_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    meeting = _meeting(request, pk)
    operation = _seen_operation(request, meeting)
    sheet = presenting.sheet(meeting, by_of(request), now_of(request))
    shown = [meeting.record, *([operation] if operation else [])]
    disclose(request, shown, opened=meeting.record)
    context = {
        "meeting": meeting,
        "record": meeting.record,
        "operation": operation,
        "agreement": _seen_agreement(request, meeting),
        "sheet": sheet,
        "steps": sheet.steps,
        "answers": Answer.choices,
        "page_marking": highest(shown),
        "as_of": now_of(request),
    }
    return render(request, "meetings/meeting_detail.html", context)


@requires(Permission.MEETING_CALL)
def meeting_create(request: HttpRequest) -> HttpResponse:
    """Call a meeting: only agencies that an article reaches today are offered (R27)."""
    by = by_of(request)
    offered = _offered(request)
    form = CallForm(request.POST or None, by=by, initial=_asked(request), **offered)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.call(by=by, **form.call_values())
            if row.starts_at < now_of(request):
                messages.warning(request, "It lies in the past: it is on record, and nobody is reminded.")
            return redirect("meetings:meeting-detail", pk=row.pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    disclose(request, offered["operations"])
    return render(request, "meetings/meeting_form.html", {"form": form, "own": by.agency})


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("operation", "agreement") if request.GET.get(name)}


def _offered(request: HttpRequest) -> dict[str, Any]:
    """What the officer can choose from: reachable agencies, visible operations and agreements, own officers."""
    by = by_of(request)
    reach = basis.reachable(by.agency, now_of(request)) if by.may(Permission.RECORD_RELEASE) else []
    operations = Record.objects.visible_to(access_of(request)).of_kind("operation")
    return {
        "reach": reach,
        "operations": operations.filter(circle__closed_at=None).order_by("title"),
        "agreements": Agreement.objects.visible_to(by).filter(registered_at__isnull=False),
        "officers": presenting.own_officers(by, now_of(request)).exclude(pk=by.pk),
    }


@requires(Permission.MEETING_CALL)
def meeting_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Move it, or change what it is about."""
    meeting, by = _meeting(request, pk), by_of(request)
    form = MeetingForm(request.POST or None, by=by, meeting=meeting, initial=initial_of(meeting))
    if request.method == "POST" and form.is_valid():
        values = {**form.values(), "reminders": form.cleaned_data["reminders"]}
        try:
            actions.change(meeting=meeting, by=by, version=form.cleaned_data["version"], **values)
            messages.success(request, "Saved. Those who attend are told of a new time or place.")
            return redirect("meetings:meeting-detail", pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    disclose(request, [meeting.record])
    parts = presenting.sheet(meeting, by, now_of(request)).parts
    context = {"form": form, "meeting": meeting, "parts": parts, "page_marking": highest([meeting.record])}
    return render(request, "meetings/meeting_form.html", context)


@requires(Permission.MEETING_CALL)
def meeting_cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    meeting = _meeting(request, pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel(meeting=meeting, by=by_of(request), reason=form.cleaned_data["reason"])
            return redirect("meetings:meeting-detail", pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    disclose(request, [meeting.record])
    context = {"form": form, "meeting": meeting, "page_marking": highest([meeting.record])}
    return render(request, "meetings/meeting_cancel.html", context)


@requires(Permission.MEETING_VIEW)
@require_POST
def meeting_rsvp(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    meeting = _meeting(request, pk)
    try:
        actions.rsvp(meeting=meeting, by=by_of(request), answer=request.POST.get("answer", ""))
    except Refused as refused:
        shown_or_raised(request, refused)
    else:
        messages.success(request, "Your answer is with the agency that called the meeting.")
    return redirect("meetings:meeting-detail", pk=pk)


@requires(Permission.MEETING_CALL)
def invitation_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    meeting, by = _meeting(request, pk), by_of(request)
    form = InviteForm(request.POST or None, reach=presenting.invitable(meeting, by, now_of(request)))
    if request.method == "POST" and form.is_valid():
        item = form.chosen
        try:
            actions.invite_agency(meeting=meeting, invitee=Invitee(item.agency, item.clause, item.purpose), by=by)
            messages.success(request, f"{item.agency.short} is invited.")
            return redirect("meetings:meeting-detail", pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    disclose(request, [meeting.record])
    context = {"form": form, "meeting": meeting, "page_marking": highest([meeting.record])}
    return render(request, "meetings/invitation_form.html", context)


@requires(Permission.MEETING_CALL)
@require_POST
def invitation_accept(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    meeting = _meeting(request, pk)
    try:
        actions.accept_invitation(meeting=meeting, by=by_of(request))
    except Refused as refused:
        shown_or_raised(request, refused)
    else:
        messages.success(request, "Your agency attends, and you with it. Send further officers if you wish.")
    return redirect("meetings:meeting-detail", pk=pk)


@requires(Permission.MEETING_CALL)
@require_POST
def participation_end(request: HttpRequest, pk: uuid.UUID, agency: uuid.UUID) -> HttpResponse:
    """Decline, leave, or withdraw an invitation."""
    meeting = _meeting(request, pk)
    other = get_object_or_404(Agency, pk=agency)
    try:
        actions.end_participation(meeting=meeting, agency=other, by=by_of(request))
    except Refused as refused:
        shown_or_raised(request, refused)
        return redirect("meetings:meeting-detail", pk=pk)
    if other.pk != meeting.record.owner_id and other.pk in by_of(request).agencies:
        messages.success(request, f"Your agency does not attend: “{meeting.record.title}” is closed to it.")
        return redirect("meetings:meeting-list")
    return redirect("meetings:meeting-detail", pk=pk)


@requires(Permission.MEETING_CALL)
def assignment_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send an own officer."""
    meeting, by = _meeting(request, pk), by_of(request)
    form = SendForm(request.POST or None, officers=presenting.sendable(meeting, by, now_of(request)))
    if request.method == "POST" and form.is_valid():
        try:
            actions.assign_officer(meeting=meeting, appointment=form.cleaned_data["appointment"], by=by)
            return redirect("meetings:meeting-detail", pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    disclose(request, [meeting.record])
    context = {"form": form, "meeting": meeting, "page_marking": highest([meeting.record])}
    return render(request, "meetings/assignment_form.html", context)


@requires(Permission.MEETING_CALL)
@require_POST
def assignment_end(request: HttpRequest, pk: uuid.UUID, assignment: uuid.UUID) -> HttpResponse:
    meeting = _meeting(request, pk)
    rows = Assignment.objects.filter(participation__circle__record=meeting.record, ended_at=None)
    own = rows.filter(participation__agency__in=by_of(request).agencies).select_related("participation__circle")
    try:
        actions.unassign(assignment=get_object_or_404(own, pk=assignment), by=by_of(request))
    except Refused as refused:
        shown_or_raised(request, refused)
    return redirect("meetings:meeting-detail", pk=pk)


@requires(Permission.MEETING_VIEW)
@require_GET
def meeting_calendar(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The invitation as a calendar file, named after its reference alone."""
    meeting, by = _meeting(request, pk), by_of(request)
    decision = decide(access_of(request), meeting.record, "export")
    if not decision:
        raise PermissionDenied(decision.missing[0])
    disclose(request, [meeting.record])
    return calendars.response(meeting, by)


@requires(Permission.MEETING_VIEW)
@require_GET
def operation_meetings(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on the operation's page: its meetings, the next first."""
    access, at = access_of(request), now_of(request)
    operation = get_object_or_404(Record.objects.visible_to(access).of_kind("operation"), pk=pk)
    rows = list(Meeting.objects.visible_to(access).filter(record__operation=operation).upcoming(at)[:5])
    disclose(request, [operation, *(row.record for row in rows)])
    context = {
        "rows": rows,
        "operation": operation,
        "may_call": by_of(request).may(Permission.MEETING_CALL),
        "page_marking": highest([operation, *(row.record for row in rows)]),
    }
    return render(request, "meetings/operation_meetings.html", context)
