"""Who comes: invite, accept, decline, say who must be there, send officers."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.models import Assignment
from operations.meetings import actions, presenting
from operations.meetings.actions import Invitee
from operations.meetings.forms import SendForm
from operations.meetings.views.door import meeting_or_404
from operations.planning.forms.operations import InviteForm
from operations.planning.views.door import by_of, now_of
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, placed_or_raised, shown_or_raised


@requires(Permission.MEETING_CALL)
def invitation_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    meeting, by = meeting_or_404(request, pk), by_of(request)
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
    meeting = meeting_or_404(request, pk)
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
    meeting = meeting_or_404(request, pk)
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
    meeting, by = meeting_or_404(request, pk), by_of(request)
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
    meeting = meeting_or_404(request, pk)
    rows = Assignment.objects.filter(participation__circle__record=meeting.record, ended_at=None)
    own = rows.filter(participation__agency__in=by_of(request).agencies).select_related("participation__circle")
    try:
        actions.unassign(assignment=get_object_or_404(own, pk=assignment), by=by_of(request))
    except Refused as refused:
        shown_or_raised(request, refused)
    return redirect("meetings:meeting-detail", pk=pk)


@requires(Permission.MEETING_CALL)
@require_POST
def seat_set(request: HttpRequest, pk: uuid.UUID, agency: uuid.UUID) -> HttpResponse:
    """What an agency is at the meeting for. One that does not take part is unknown here (R18)."""
    meeting = meeting_or_404(request, pk)
    parts = {part.agency_id: part.agency for part in presenting.sheet(meeting, by_of(request), now_of(request)).parts}
    other = get_object_or_404(Agency.objects.filter(pk__in=parts), pk=agency)
    work = lambda: actions.seat(meeting=meeting, agency=other, role=request.POST.get("role", ""), by=by_of(request))  # noqa: E731
    return acted(request, work, f"Saved for {other.short}.", "meetings:meeting-detail", pk)
