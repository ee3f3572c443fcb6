"""One meeting: its page, the calendar file, the own answer and the own reminders."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.policy import decide
from operations.meetings import actions, calendars, looking, presenting, replying
from operations.meetings.choices import Answer
from operations.meetings.forms import LeadForm, ReplyForm
from operations.meetings.models import Meeting
from operations.meetings.views.door import meeting_or_404, seen_agreement, seen_operation, time_or_404
from operations.planning.views.door import by_of, now_of
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import placed_or_raised, shown_or_raised

DETAIL = "meetings:meeting-detail"


@requires(Permission.MEETING_VIEW)
def meeting_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    meeting, by, at = meeting_or_404(request, pk), by_of(request), now_of(request)
    operation = seen_operation(request, meeting)
    sheet = presenting.sheet(meeting, by, at)
    room = looking.room(meeting, access_of(request))
    papers = [row.record for row in room.papers]
    shown = [meeting.record, *papers, *([operation] if operation else [])]
    disclose(request, shown, opened=meeting.record)
    context = {
        "meeting": meeting,
        "record": meeting.record,
        "operation": operation,
        "agreement": seen_agreement(request, meeting),
        "sheet": sheet,
        "room": room,
        "steps": sheet.steps,
        "answers": Answer.choices,
        "page_marking": highest(shown),
        "as_of": at,
    }
    return render(request, "meetings/meeting_detail.html", context)


@requires(Permission.MEETING_VIEW)
@require_GET
def meeting_calendar(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The invitation as a calendar file, named after its reference alone."""
    meeting, by = meeting_or_404(request, pk), by_of(request)
    decision = decide(access_of(request), meeting.record, "export")
    if not decision:
        raise PermissionDenied(decision.missing[0])
    disclose(request, [meeting.record])
    return calendars.response(meeting, by)


@requires(Permission.MEETING_VIEW)
@require_POST
def meeting_rsvp(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The own answer, to the meeting or to one time of it."""
    meeting = meeting_or_404(request, pk)
    try:
        key = request.POST.get("time", "")
        time = time_or_404(request, meeting, uuid.UUID(key)) if key else None
        actions.rsvp(meeting=meeting, by=by_of(request), answer=request.POST.get("answer", ""), time=time)
    except ValueError:
        shown_or_raised(request, Refused("There is no such time.", code="not_found"))
    except Refused as refused:
        shown_or_raised(request, refused)
    else:
        messages.success(request, "Your answer is with the agency that called the meeting.")
    return redirect(DETAIL, pk=pk)


@requires(Permission.MEETING_VIEW)
def meeting_reply(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The own answer as a calendar program wrote it: a file with METHOD:REPLY."""
    meeting, by = meeting_or_404(request, pk), by_of(request)
    form = ReplyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = replying.read(form.cleaned_data["file"].read(replying.LARGEST + 1))
            row = replying.take(said, meeting, by)
            messages.success(request, f"Your answer is taken: {Answer(row.answer).label.lower()}.")
            return redirect(DETAIL, pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    return _form(request, meeting, form, "meetings/reply_form.html")


@requires(Permission.MEETING_VIEW)
def meeting_reminders(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """When the officer is reminded: as the meeting says, or at own lead times."""
    meeting, by = meeting_or_404(request, pk), by_of(request)
    form = LeadForm(request.POST or None, meeting=meeting, own=looking.own_leads(meeting, by))
    if request.method == "POST" and form.is_valid():
        try:
            actions.remind_me(meeting=meeting, by=by, minutes=form.chosen)
            messages.success(request, "Saved.")
            return redirect(DETAIL, pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    return _form(request, meeting, form, "meetings/reminders_form.html")


def _form(request: HttpRequest, meeting: Meeting, form: object, template: str) -> HttpResponse:
    disclose(request, [meeting.record])
    return render(request, template, {"form": form, "meeting": meeting, "page_marking": highest([meeting.record])})
