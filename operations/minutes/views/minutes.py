"""Minutes: list, read, begin, change, put into words, put to the agencies, withdraw, print."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.choices import HandlingCode
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.paging import page_of
from operations.minutes import printing, sittings
from operations.minutes.actions import keeping
from operations.minutes.choices import State
from operations.minutes.content import parts_of
from operations.minutes.forms.filters import MinutesFilter
from operations.minutes.forms.minutes import BeginForm, ChangeForm, WithdrawForm, WordsForm
from operations.minutes.models import Minutes
from operations.minutes.presenting import minutes_view
from operations.minutes.rights import NOT_THE_SECRETARY
from operations.minutes.views import common
from operations.minutes.views.common import minutes_or_404, refuse
from operations.patrols.views.reach import seen
from operations.planning.views.door import by_of, now_of
from operations.planning.views.powers import require_export
from operations.sealing import basis
from operations.sealing.presenting import sides_asked
from operations.sealing.views import operations
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, placed_or_raised, require

DETAIL = "minutes:minutes-detail"
TO_MINUTE = 20


@requires(Permission.MEETING_VIEW)
@require_GET
def minutes_list(request: HttpRequest) -> HttpResponse:
    """What the officer may see, the latest meeting first; filters and place stand in the address."""
    offered, by = operations(request), by_of(request)
    names = {row.pk: row.title for row in offered}
    form = MinutesFilter(request.GET, operations=[(str(key), title) for key, title in names.items()])
    visible = common.minutes(request).prefetch_related("sides__agency__country", "approvals")
    rows, older = page_of(form.narrowed(visible, by), request.GET.get("before", ""))
    records = [row.record for row in rows]
    disclose(request, [*records, *offered])
    context = {
        "form": form,
        "rows": [(row, names.get(row.record.operation_id, ""), sides_asked(row)) for row in rows],
        "older": older,
        "page_marking": highest(records),
        "as_of": now_of(request),
    }
    return render(request, "minutes/minutes_list.html", context)


@requires(Permission.MEETING_VIEW)
@require_GET
def minutes_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, access = minutes_or_404(request, pk), access_of(request)
    record, view = row.record, minutes_view(row, access, request.GET.get("language", ""))
    meeting, operation = common.meeting_of(request, row.meeting), seen(request, record.operation_id)
    copy = common.copies(request).filter(minutes=row.pk).first()
    besides = [item for item in (meeting, operation, copy and copy.record) if item]
    disclose(request, [record, *view.shown, *besides], opened=record)
    context = {
        "row": row,
        "record": record,
        "view": view,
        "meeting": meeting,
        "operation": operation,
        "copy": copy,
        "own": access.owns(record.owner_id),
        "codes": [HandlingCode(code).label for code in record.handling_codes],
        "page_marking": highest([record, *view.shown]),
    }
    return render(request, "minutes/minutes_detail.html", context)


@requires(Permission.MEETING_CALL)
def minutes_begin(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Begin the minutes of a meeting."""
    by, access = by_of(request), access_of(request)
    sitting = sittings.seen(access, pk, _time(request))
    if sitting is None:
        raise Http404
    meeting = sitting.record
    require(sittings.chairs(by, meeting.owner_id), NOT_THE_SECRETARY)
    form = BeginForm(request.POST or None, by=by, meeting=meeting, agencies=sittings.attended(sitting))
    if request.method == "POST" and form.is_valid():
        try:
            row = keeping.begin(meeting=meeting, by=by, time=sitting.time, **form.values())
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, f"Kept as {row.record.reference}, a draft: write down its items.")
            return redirect(DETAIL, pk=row.pk)
    disclose(request, [meeting])
    context = {"form": form, "meeting": meeting, "sitting": sitting, "page_marking": highest([meeting])}
    return render(request, "minutes/minutes_form.html", context)


def _time(request: HttpRequest) -> uuid.UUID | None:
    """Which time of the meeting the address names."""
    try:
        return uuid.UUID(request.GET["time"]) if request.GET.get("time") else None
    except ValueError:
        raise Http404 from None


@requires(Permission.MEETING_CALL)
def minutes_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change title, place and opening. Once they are with the agencies, all agree anew."""
    row = minutes_or_404(request, pk)
    initial = {"title": row.record.title, "opening": row.opening, "place": row.place, "version": row.version}
    form = ChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.change(minutes=row, by=by_of(request), version=form.cleaned_data["version"], **form.values())
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, saved(row))
            return redirect(DETAIL, pk=pk)
    refuse(request, row, "change")
    disclose(request, [row.record])
    return render(request, "minutes/minutes_form.html", _about(row, form=form))


def saved(row: Minutes) -> str:
    return "Saved. All agencies agree to this text anew." if row.state == State.PUT else "Saved."


def _about(row: Minutes, **besides: Any) -> dict[str, Any]:
    return {"row": row, "record": row.record, "page_marking": highest([row.record]), **besides}


@requires(Permission.MEETING_CALL)
def minutes_word(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put them into another language."""
    row = minutes_or_404(request, pk)
    refuse(request, row, "change")
    asked = request.GET.get("language", "")
    wording = row.wordings.filter(language=asked).first()
    initial = {"language": asked, **{f"t_{key}": text for key, text in (wording.texts if wording else {}).items()}}
    agencies = [side.agency for side in row.sides.select_related("agency__country")]
    form = WordsForm(request.POST or None, row=row, agencies=agencies, originals=originals_of(row), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.put_into_words(
                minutes=row, by=by_of(request), language=form.cleaned_data["language"], texts=form.texts()
            )
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, saved(row))
            return redirect(DETAIL, pk=pk)
    disclose(request, [row.record])
    return render(request, "minutes/minutes_word.html", _about(row, form=form, wordings=row.wordings.all()))


def originals_of(row: Minutes) -> dict[str, str]:
    """Each text of the minutes by the key that a wording has for it, in their order."""
    points, actions = parts_of(row)
    found = {"title": row.record.title, "opening": row.opening}
    for item in (point for point in points if point.under_id is None):
        found |= {f"{item.pk}.title": item.title, str(item.pk): item.text}
        for decision in (point for point in points if point.under_id == item.pk):
            found[str(decision.pk)] = decision.text
            found |= {str(action.pk): action.text for action in actions if action.decision_id == decision.pk}
    return {key: text for key, text in found.items() if text}


@requires(Permission.MEETING_CALL)
def minutes_put(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who will read them, and under which article, before they are put to them (R27)."""
    row, by = minutes_or_404(request, pk), by_of(request)
    if request.method == "POST":
        work = lambda: keeping.put_forward(minutes=row, by=by)  # noqa: E731
        return acted(request, work, "Put to the agencies. Each is asked to agree.", DETAIL, pk)
    refuse(request, row, "put")
    found = basis.footings(row.record, keeping.others(row, by), by, now_of(request))
    disclose(request, [row.record])
    holds = all(footing.holds for footing in found)
    return render(request, "minutes/minutes_put.html", _about(row, footings=found, holds=holds))


@requires(Permission.MEETING_CALL)
def minutes_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = minutes_or_404(request, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.withdraw(minutes=row, by=by_of(request), reason=form.cleaned_data["reason"])
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, "Withdrawn.")
            return redirect(DETAIL, pk=pk)
    refuse(request, row, "withdraw")
    disclose(request, [row.record])
    return render(request, "minutes/minutes_withdraw.html", _about(row, form=form))


@requires(Permission.MEETING_VIEW)
@require_GET
def minutes_print(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """As PDF/A, in the languages of all agencies, as they stand now. A printed copy is an export."""
    row = minutes_or_404(request, pk)
    require_export(request, row.record)
    answer = printing.minutes_printed(row, by_of(request), now_of(request))
    disclose(request, [row.record])
    return answer
