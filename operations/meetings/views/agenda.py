"""The agenda of a meeting, and the records laid before it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.meetings import agenda, papers, presenting
from operations.meetings.forms import ItemForm
from operations.meetings.models import AgendaItem, Meeting
from operations.meetings.views.door import meeting_or_404, own_or_403
from operations.planning import rights
from operations.planning.views.door import by_of, now_of
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, answer, placed_or_raised

DETAIL = "meetings:meeting-detail"
FOUND = 20


def _form(request: HttpRequest, meeting: Meeting, item: AgendaItem | None = None) -> ItemForm:
    parts = [part.agency for part in presenting.sheet(meeting, by_of(request), now_of(request)).parts]
    return ItemForm(request.POST or None, agencies=parts, item=item)


def _shown(request: HttpRequest, meeting: Meeting, form: ItemForm, item: AgendaItem | None) -> HttpResponse:
    disclose(request, [meeting.record])
    context = {"form": form, "meeting": meeting, "item": item, "page_marking": highest([meeting.record])}
    return render(request, "meetings/item_form.html", context)


@requires(Permission.MEETING_CALL)
def item_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put something on the agenda."""
    meeting = meeting_or_404(request, pk)
    own_or_403(meeting, by_of(request), "writes the agenda")
    form = _form(request, meeting)
    if request.method == "POST" and form.is_valid():
        try:
            agenda.add(meeting, by=by_of(request), **form.cleaned_data)
            return redirect(DETAIL, pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    return _shown(request, meeting, form, None)


@requires(Permission.MEETING_CALL)
def item_change(request: HttpRequest, pk: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    """Word an item anew."""
    meeting = meeting_or_404(request, pk)
    own_or_403(meeting, by_of(request), "writes the agenda")
    row = get_object_or_404(meeting.items.select_related("meeting"), pk=item)
    form = _form(request, meeting, row)
    if request.method == "POST" and form.is_valid():
        try:
            agenda.change(row, by=by_of(request), **form.cleaned_data)
            return redirect(DETAIL, pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    return _shown(request, meeting, form, row)


@requires(Permission.MEETING_CALL)
@require_POST
def item_move(request: HttpRequest, pk: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    """One place earlier or later."""
    row = get_object_or_404(meeting_or_404(request, pk).items.select_related("meeting"), pk=item)
    earlier = request.POST.get("to") == "earlier"
    return acted(request, lambda: agenda.move(row, by=by_of(request), earlier=earlier), "Moved.", DETAIL, pk)


@requires(Permission.MEETING_CALL)
@require_POST
def item_end(request: HttpRequest, pk: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    """Take an item off the agenda."""
    row = get_object_or_404(meeting_or_404(request, pk).items.select_related("meeting"), pk=item)
    return acted(request, lambda: agenda.take_off(row, by=by_of(request)), "Taken off the agenda.", DETAIL, pk)


@requires(Permission.MEETING_CALL)
def paper_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Search among the records that the officer sees, and lay one before the meeting."""
    meeting, by = meeting_or_404(request, pk), by_of(request)
    try:
        rights.participation_of(by, meeting.record, accepted=True)
        if request.method == "POST":
            row = _chosen(request, meeting)
            papers.lay(meeting=meeting, record=row, by=by)
            messages.success(request, f"“{row.title}” is laid before the meeting. Whoever does not see it is not told.")
            return redirect(DETAIL, pk=pk)
    except Refused as refused:
        if refused.code in {"not_found", "forbidden"}:
            raise answer(refused) from refused
        messages.error(request, refused.message)
        return redirect(DETAIL, pk=pk)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    found = _found(request, meeting, words)
    disclose(request, [meeting.record, *found])
    context = {"meeting": meeting, "q": words, "found": found, "page_marking": highest([meeting.record, *found])}
    return render(request, "meetings/paper_form.html", context)


def _found(request: HttpRequest, meeting: Meeting, words: str) -> list[Record]:
    """The newest records with these words, or with this reference, that the officer sees."""
    rows = Record.objects.visible_to(access_of(request)).exclude(pk=meeting.pk)
    rows = rows.exclude(pk__in=[row.record_id for row in papers.seen(meeting, access_of(request))])
    rows = rows.select_related("owner__country")
    return list(rows.matching(words).newest(FOUND)) if words else []


def _chosen(request: HttpRequest, meeting: Meeting) -> Record:
    try:
        key = uuid.UUID(request.POST.get("record", ""))
    except ValueError:
        raise Refused("There is no such record.", code="not_found") from None
    return get_object_or_404(Record.objects.visible_to(access_of(request)), pk=key)


@requires(Permission.MEETING_CALL)
@require_POST
def paper_end(request: HttpRequest, pk: uuid.UUID, paper: uuid.UUID) -> HttpResponse:
    """Take a paper back. One that the officer does not see is not there."""
    meeting = meeting_or_404(request, pk)
    row = next((row for row in papers.seen(meeting, access_of(request)) if row.pk == paper), None)
    if row is None:
        raise answer(Refused("There is no such paper.", code="not_found"))
    row.meeting = meeting
    return acted(request, lambda: papers.take_back(paper=row, by=by_of(request)), "Taken back.", DETAIL, pk)
