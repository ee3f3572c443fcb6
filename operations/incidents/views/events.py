"""Events: list, read, open, link, hand on, close."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agencies.directory.access import requires
from agencies.directory.models import Appointment
from agencies.directory.roles import ROLES, Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from agreements.sharing.paging import page_of
from operations.incidents.actions import events as actions
from operations.incidents.choices import EventState
from operations.incidents.forms.events import CloseForm, EventForm, KeeperForm, LinkForm
from operations.incidents.forms.filters import EventFilter
from operations.incidents.models import Event
from operations.incidents.presenting import proposals_of
from operations.incidents.views import common
from operations.planning.views.door import by_of, now_of
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import placed_or_raised, require

MOST_OFFERED = 100
DETAIL = "incidents:event-detail"
KEEPERS = [role.value for role, sheet in ROLES.items() if Permission.INCIDENT_KEEP in sheet.permissions]


def event_or_404(request: HttpRequest, pk: uuid.UUID) -> Event:
    rows = common.events(request).select_related("keeper__officer", "keeper__agency", "record__author__officer")
    return get_object_or_404(rows, pk=pk)


@requires(Permission.INCIDENT_VIEW)
def event_list(request: HttpRequest) -> HttpResponse:
    visible, offered = common.events(request), list(common.operations(request))
    names = [(str(row.pk), row.title) for row in offered]
    form = EventFilter(request.GET, owners=common.owners_of(visible), operations=names)
    rows, older = page_of(form.narrowed(visible, by_of(request)), request.GET.get("before", ""))
    records = [row.record for row in rows]
    disclose(request, [*records, *offered])
    context = {
        "form": form,
        "rows": rows,
        "older": older,
        "may_keep": by_of(request).may(Permission.INCIDENT_KEEP),
        "page_marking": highest(records),
        "as_of": now_of(request),
    }
    return render(request, "incidents/event_list.html", context)


@requires(Permission.INCIDENT_VIEW)
def event_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Of its reports those alone that the reader sees: that there are others is not told (R17)."""
    row, by = event_or_404(request, pk), by_of(request)
    record = row.record
    reports = list(
        common.reports(request).filter(pk__in=row.links.values("report")).order_by("record__occurred_at", "pk")
    )
    operation = common.operation_of(request, record)
    shown = [record, *(report.record for report in reports), *([operation] if operation else [])]
    disclose(request, shown, opened=record)
    own, is_open = record.owner_id in by.agencies, row.state == EventState.OPEN
    keeps = own and row.keeper_id in by.chain and is_open
    context = {
        "row": row,
        "record": record,
        "reports": reports,
        "proposals": proposals_of(record, access_of(request)),
        "operation": operation,
        "own": own,
        "steps": {
            "link": keeps,
            "close": keeps,
            "hand_on": is_open
            and own
            and by.may(Permission.INCIDENT_KEEP)
            and (keeps or by.may(Permission.OPERATION_PLAN)),
            "propose": is_open and by.may(Permission.INCIDENT_REPORT),
        },
        "page_marking": highest(shown),
    }
    return render(request, "incidents/event_detail.html", context)


@requires(Permission.INCIDENT_KEEP)
def event_create(request: HttpRequest) -> HttpResponse:
    """Open an event, with a first report if the address names one."""
    by, report = by_of(request), None
    if key := request.GET.get("report", ""):
        try:
            report = get_object_or_404(common.reports(request), pk=uuid.UUID(key))
        except ValueError:
            raise Http404 from None
    initial: dict[str, Any] = {"occurred_at": now_of(request).astimezone(by.agency.zone)}
    if report is not None:
        initial |= {"title": report.record.title, "impact": report.impact, "confidence": report.confidence}
        initial |= {"operation": report.record.operation_id}
    form = EventForm(request.POST or None, by=by, operations=common.operations(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.open_event(by=by, reports=(report,) if report else (), **form.values())
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, f"Opened as {row.record.reference}. You keep it.")
            return redirect(DETAIL, pk=row.pk)
    disclose(request, [*common.operations(request), *([report.record] if report else [])])
    return render(request, "incidents/event_form.html", {"form": form, "report": report})


def _keeper(request: HttpRequest, row: Event) -> None:
    by = by_of(request)
    require(row.record.owner_id in by.agencies, f"Only {row.record.owner.short} keeps it.")
    require(row.state == EventState.OPEN, "This event is closed.")


@requires(Permission.INCIDENT_KEEP)
def event_link(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, by = event_or_404(request, pk), by_of(request)
    _keeper(request, row)
    require(row.keeper_id in by.chain, f"Its keeper links and closes: {row.keeper.function}.")
    newest = common.reports(request).exclude(state__in=("draft", "withdrawn")).newest(MOST_OFFERED)
    offered = Record.objects.filter(pk__in=[report.pk for report in newest])
    form = LinkForm(request.POST or None, reports=offered)
    disclose(request, [report.record for report in newest])
    return common.step_page(
        request,
        record=row.record,
        form=form,
        act=lambda: actions.link(event=row, report=form.cleaned_data["report"].incident, by=by),
        said="Linked.",
        to=DETAIL,
        heading=f"Link a report to “{row.record.title}”",
        button="Link",
        lines=["Who sees the event does not see the report by that, nor the other way round."],
    )


@requires(Permission.INCIDENT_KEEP)
def event_hand_on(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, by = event_or_404(request, pk), by_of(request)
    _keeper(request, row)
    at = now_of(request)
    able = Appointment.objects.in_effect(at).filter(agency__in=by.agencies, role__in=KEEPERS).exclude(pk=row.keeper_id)
    form = KeeperForm(request.POST or None, officers=able.select_related("officer", "agency"))
    return common.step_page(
        request,
        record=row.record,
        form=form,
        act=lambda: actions.hand_on(event=row, keeper=form.cleaned_data["keeper"], by=by),
        said="Handed on.",
        to=DETAIL,
        heading=f"Another keeper for “{row.record.title}”",
        button="Hand on",
        lines=["The keeper links reports, decides on levels and closes the event. Keeping opens nothing."],
    )


@requires(Permission.INCIDENT_KEEP)
def event_close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, by = event_or_404(request, pk), by_of(request)
    _keeper(request, row)
    require(row.keeper_id in by.chain, f"Its keeper links and closes: {row.keeper.function}.")
    form = CloseForm(request.POST or None)
    return common.step_page(
        request,
        record=row.record,
        form=form,
        act=lambda: actions.close(event=row, by=by, **form.cleaned_data),
        said="Closed.",
        to=DETAIL,
        heading=f"Close “{row.record.title}”?",
        button="Close the event",
        lines=["Its reports stay as they are.", "This cannot be undone: what follows is a new event."],
    )
