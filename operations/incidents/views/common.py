"""Fetch through the door, and the one page on which every step is taken. Hidden and unknown are the same 404 (R17)."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.incidents.models import Event, IncidentReport, SeriousIncident
from operations.incidents.querysets import EventQuerySet, ReportQuerySet, SeriousQuerySet
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import placed_or_raised


def reports(request: HttpRequest) -> ReportQuerySet:
    return IncidentReport.objects.visible_to(access_of(request))


def events(request: HttpRequest) -> EventQuerySet:
    return Event.objects.visible_to(access_of(request))


def serious_incidents(request: HttpRequest) -> SeriousQuerySet:
    return SeriousIncident.objects.visible_to(access_of(request))


def operations(request: HttpRequest) -> QuerySet[Record]:
    return Record.objects.visible_to(access_of(request)).of_kind("operation").order_by("title", "pk")


def operation_of(request: HttpRequest, record: Record) -> Record | None:
    """The operation, while the reader may see it (R23)."""
    return operations(request).filter(pk=record.operation_id).first() if record.operation_id else None


def owners_of(rows: Any) -> list[tuple[str, str]]:
    """Agencies of which the officer sees a row: no other is named (R17)."""
    found = rows.order_by().values_list("record__owner", "record__owner__acronym", "record__owner__name").distinct()
    return sorted(((str(pk), acronym or name) for pk, acronym, name in found), key=lambda pair: pair[1])


def step_page(
    request: HttpRequest,
    *,
    record: Record,
    form: Any,
    act: Callable[[], Any],
    said: str,
    to: str,
    heading: str,
    button: str,
    lines: Sequence[str] = (),
    danger: bool = False,
    offered: Sequence[Record] = (),
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """A page with what the step does and its form; sent, it acts and goes to the record's page at `to`. `offered` are
    the records that the form names (R29)."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, said)
            return redirect(to, pk=record.pk)
    disclose(request, [record, *offered])
    shown = {
        "form": form, "record": record, "heading": heading, "button": button, "lines": lines, "danger": danger,
        "to": to, "page_marking": highest([record, *offered]),
    }  # fmt: skip
    return render(request, "incidents/step.html", {**shown, **(context or {})})
