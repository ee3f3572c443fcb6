"""Agree for the own agency, take that back; read an annotation."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from operations.minutes import lifecycle
from operations.minutes.actions import agreeing
from operations.minutes.choices import Decision, State
from operations.minutes.forms.minutes import AgreeForm
from operations.minutes.models import Annotation, Minutes
from operations.minutes.presenting import minutes_view
from operations.minutes.views.common import minutes_or_404
from operations.minutes.views.minutes import DETAIL
from operations.patrols.views.reach import seen
from operations.planning.views.door import by_of
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, placed_or_raised, require


@requires(Permission.MEETING_CALL)
def minutes_agree(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Read the minutes once more as they are agreed on; agree, or annotate them."""
    row = minutes_or_404(request, pk)
    view = minutes_view(row, access_of(request))
    form = AgreeForm(request.POST or None, initial={"seen": view.digest, "decision": Decision.AGREES})
    if request.method == "POST" and form.is_valid():
        try:
            agreeing.agree(minutes=row, by=by_of(request), **form.cleaned_data)
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, _said(row))
            return redirect(DETAIL, pk=pk)
    require(lifecycle.may(row.state, "agree"), lifecycle.SAYS[State(row.state)])
    require(view.own is not None, "Your agency did not attend.")
    require(view.steps["agree"], "Your agency has agreed already.")
    disclose(request, [row.record, *view.shown])
    marking = highest([row.record, *view.shown])
    context = {"form": form, "row": row, "record": row.record, "view": view, "page_marking": marking}
    return render(request, "minutes/minutes_agree.html", context)


def _said(row: Minutes) -> str:
    state = Minutes.objects.filter(pk=row.pk).values_list("state", flat=True).first()
    if state == State.AGREED:
        return "Agreed by all: your agency has its copy."
    return "Agreed. The other agencies are asked, or were already."


@requires(Permission.MEETING_CALL)
@require_POST
def minutes_take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = minutes_or_404(request, pk)
    work = lambda: agreeing.take_back(minutes=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "Taken back: your agency has not agreed.", DETAIL, pk)


@requires(Permission.MEETING_VIEW)
@require_GET
def annotation_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What an agency adds. Its page works alone when its host is hidden (R23)."""
    rows = Annotation.objects.visible_to(access_of(request)).select_related("record__author__officer")
    row = get_object_or_404(rows, pk=pk)
    host = seen(request, row.record.host_id)
    disclose(request, [row.record, *([host] if host else [])], opened=row.record)
    context = {"row": row, "record": row.record, "host": host, "page_marking": highest([row.record])}
    return render(request, "minutes/annotation_detail.html", context)
