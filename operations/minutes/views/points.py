"""Items, decisions and action items of minutes: write, change, take out."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from operations.minutes import sittings
from operations.minutes.actions import points
from operations.minutes.choices import Level
from operations.minutes.forms.minutes import ActionForm, DecisionForm, ItemForm, initial_of
from operations.minutes.models import Minutes, Point
from operations.minutes.views.common import item_or_404, minutes_or_404, point_or_404, refuse
from operations.minutes.views.minutes import DETAIL, saved
from operations.planning.views.door import by_of
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, placed_or_raised


def _formed(
    request: HttpRequest, row: Minutes, form: forms.Form, work: Callable[[], Any], heading: str, **besides: Any
) -> HttpResponse:
    """The page of a form about the minutes, and what is done with it."""
    if request.method == "POST" and form.is_valid():
        try:
            work()
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, saved(row))
            return redirect(DETAIL, pk=row.pk)
    refuse(request, row, "change")
    disclose(request, [row.record])
    context = {
        "form": form, "row": row, "record": row.record, "heading": heading, "page_marking": highest([row.record]),
        **besides,
    }  # fmt: skip
    return render(request, "minutes/point_form.html", context)


@requires(Permission.MEETING_CALL)
def point_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An item, or with `under` in the address a decision under it."""
    row = minutes_or_404(request, pk)
    under = _under(request, row)
    form = (DecisionForm if under else ItemForm)(request.POST or None)

    def work() -> Point:
        values = {name: form.cleaned_data[name] for name in ("title", "text") if name in form.cleaned_data}
        return points.add_point(minutes=row, by=by_of(request), under=under, key=form.sent_key, **values)

    heading = f"Decision under “{under.title}”" if under else "Add an item"
    return _formed(request, row, form, work, heading, under=under)


def _under(request: HttpRequest, row: Minutes) -> Point | None:
    key = request.GET.get("under", "")
    if not key:
        return None
    try:
        found = uuid.UUID(key)
    except ValueError:
        found = uuid.UUID(int=0)
    return get_object_or_404(row.points.filter(level=Level.ITEM), pk=found)


@requires(Permission.MEETING_CALL)
def point_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    point = point_or_404(request, pk)
    kind = ItemForm if point.level == Level.ITEM else DecisionForm
    form = kind(request.POST or None, initial={"title": point.title, "text": point.text})

    def work() -> Point:
        values = {name: form.cleaned_data[name] for name in ("title", "text") if name in form.cleaned_data}
        return points.change_point(point=point, by=by_of(request), **values)

    heading = f"Change “{point.title}”" if point.level == Level.ITEM else "Change the decision"
    return _formed(request, point.minutes, form, work, heading)


@requires(Permission.MEETING_CALL)
@require_POST
def point_remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    point = point_or_404(request, pk)
    work = lambda: points.remove_point(point=point, by=by_of(request))  # noqa: E731
    return acted(request, work, "Taken out.", DETAIL, point.minutes_id)


@requires(Permission.MEETING_CALL)
def action_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What an agency undertakes by a decision."""
    decision = point_or_404(request, pk)
    row, by = decision.minutes, by_of(request)
    sitting = sittings.seen(access_of(request), row.meeting, row.time)
    initial = {"objective": sittings.objective_of(sitting) if sitting else ""}
    form = ActionForm(request.POST or None, row=row, clauses=points.clauses_for(row, by), initial=initial)
    work = lambda: points.add_action(decision=decision, by=by, key=form.sent_key, **form.values())  # noqa: E731
    return _formed(request, row, form, work, "Add an action item", decision=decision)


@requires(Permission.MEETING_CALL)
def action_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    item = item_or_404(request, pk)
    row, by = item.minutes, by_of(request)
    form = ActionForm(request.POST or None, row=row, clauses=points.clauses_for(row, by), initial=initial_of(item))
    work = lambda: points.change_action(action=item, by=by, **form.values())  # noqa: E731
    return _formed(request, row, form, work, "Change the action item", decision=item.decision)


@requires(Permission.MEETING_CALL)
@require_POST
def action_remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    item = item_or_404(request, pk)
    work = lambda: points.remove_action(action=item, by=by_of(request))  # noqa: E731
    return acted(request, work, "Taken out.", DETAIL, item.minutes_id)
