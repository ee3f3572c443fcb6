"""Call, move, change and cancel a meeting, or one time of a row of meetings; note who was there."""

import uuid
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.register.models import Agreement
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.meetings import actions, presenting
from operations.meetings.forms import AttendanceForm, CallForm, CancelForm, MeetingForm, TimeForm, initial_of
from operations.meetings.models import Meeting, MeetingTime
from operations.meetings.views.door import meeting_or_404, own_or_403, time_or_404
from operations.planning import basis
from operations.planning.views.door import by_of, now_of
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import placed_or_raised


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


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the address fills in: what it is about, and a time that was proposed."""
    asked: dict[str, Any] = {name: request.GET[name] for name in ("operation", "agreement") if request.GET.get(name)}
    for name in ("starts_at", "ends_at"):
        with suppress(ValueError):
            at = parse_datetime(request.GET.get(name, ""))
            if at is not None and at.tzinfo is not None:
                asked[name] = at.astimezone(by_of(request).agency.zone).replace(tzinfo=None)
    return asked


def _offered(request: HttpRequest) -> dict[str, Any]:
    """What the officer can choose from: reachable agencies, visible operations and agreements, own officers."""
    by = by_of(request)
    reach = basis.reachable(by.agency, now_of(request)) if by.may(Permission.RECORD_RELEASE) else []
    operations = Record.objects.visible_to(access_of(request)).of_kind("operation")
    return {
        "reach": reach,
        "operations": operations.filter(circle__closed_at=None).order_by("title", "pk"),
        "agreements": Agreement.objects.visible_to(by).filter(registered_at__isnull=False),
        "officers": presenting.own_officers(by, now_of(request)).exclude(pk=by.pk),
    }


@requires(Permission.MEETING_CALL)
def meeting_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Move it, or change what it is about."""
    meeting, by = meeting_or_404(request, pk), by_of(request)
    form = MeetingForm(request.POST or None, by=by, meeting=meeting, initial=initial_of(meeting))
    if request.method == "POST" and form.is_valid():
        values = {**form.values(), "rule": form.rule(meeting), "reminders": form.cleaned_data["reminders"]}
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
    meeting = meeting_or_404(request, pk)
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


@requires(Permission.MEETING_CALL)
def time_move(request: HttpRequest, pk: uuid.UUID, time: uuid.UUID) -> HttpResponse:
    """Move one time; the others stay."""
    meeting = meeting_or_404(request, pk)
    row = time_or_404(request, meeting, time)
    form = TimeForm(request.POST or None, time=row)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("starts_at", "ends_at")}
        try:
            actions.move_time(time=row, by=by_of(request), **values)
            messages.success(request, "Moved. Those who attend are told; the other times stay.")
            return redirect("meetings:meeting-detail", pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    return _of_time(request, meeting, row, form, "meetings/time_move.html")


@requires(Permission.MEETING_CALL)
def time_cancel(request: HttpRequest, pk: uuid.UUID, time: uuid.UUID) -> HttpResponse:
    """Call one time off; the others stay."""
    meeting = meeting_or_404(request, pk)
    row = time_or_404(request, meeting, time)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel_time(time=row, by=by_of(request), reason=form.cleaned_data["reason"])
            messages.success(request, "Cancelled. The other times stay.")
            return redirect("meetings:meeting-detail", pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    return _of_time(request, meeting, row, form, "meetings/time_cancel.html")


@requires(Permission.MEETING_CALL)
def time_attendance(request: HttpRequest, pk: uuid.UUID, time: uuid.UUID) -> HttpResponse:
    """Which agencies were there."""
    meeting, by = meeting_or_404(request, pk), by_of(request)
    row = time_or_404(request, meeting, time)
    own_or_403(meeting, by, "notes who was there")
    parts = [part.agency for part in presenting.sheet(meeting, by, now_of(request)).parts if part.accepted_at]
    form = AttendanceForm(request.POST or None, agencies=parts, there=row.presences.values_list("agency", flat=True))
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_attendance(time=row, agencies=form.chosen, by=by)
            messages.success(request, "It is noted who was there.")
            return redirect("meetings:meeting-detail", pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    return _of_time(request, meeting, row, form, "meetings/attendance_form.html")


def _of_time(request: HttpRequest, meeting: Meeting, row: MeetingTime, form: object, template: str) -> HttpResponse:
    disclose(request, [meeting.record])
    context = {"form": form, "meeting": meeting, "time": row, "page_marking": highest([meeting.record])}
    return render(request, template, context)
