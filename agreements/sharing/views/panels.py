"""Fragments: who sees a record, why one sees it, who will see it once saved, what an agreement lets flow."""

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from agencies.directory.access import requires
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.register.models import Agreement
from agreements.sharing.asking import (
    Instant,
    ask_agency,
    ask_officer,
    instant_of,
    instant_of_agreement,
    key_of,
    own_officers,
)
from agreements.sharing.compartments import compartments_of
from agreements.sharing.disclosure import disclose
from agreements.sharing.foresight import foresee
from agreements.sharing.forms import AudienceQuestion
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from agreements.sharing.policy import Access, decide
from agreements.sharing.presenting import RecordPanels, flows_of, panels_of, panels_then
from agreements.sharing.views.door import by_of, now_of, record_or_404, visible
from portal.ui.marking import highest


@requires(Permission.RECORD_ASK_WHO)
def record_who(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """For officers of the owner: who sees it; for any one agency (`?agency=`) or own officer (`?officer=`) by which
    article or rule, or why not (R26). `?at=`: of another instant, by the facts recorded by then, or with `known=now`
    by all (R14)."""
    record, by = record_or_404(request, pk), by_of(request)
    if record.owner_id not in by.agencies:
        raise PermissionDenied("Only officers of its owner ask who sees a record (R26).")
    access, wrong = access_of(request), ""
    try:
        when = instant_of(request.GET.get("at", ""), request.GET.get("known", ""), record, access.at, _zone_of(by))
    except ValueError as error:
        when, wrong = Instant(access.at), str(error)
    disclose(request, [record])
    context = {
        "record": record,
        # To a time that cannot be asked about there is no answer: that of today would be taken for it.
        "panels": None if wrong else _panels(record, access, when),
        **_asked(request, record, when, wrong),
        "when": when,
        "typed": request.GET.get("at", ""),
        "as_of": when.at or when.now,
        "page_marking": highest([record]),
    }
    return render(request, "sharing/record_who.html", context)


def _zone_of(by: Appointment) -> ZoneInfo:
    return ZoneInfo(by.officer.time_zone) if by.officer.time_zone else by.agency.zone


def _panels(record: Record, access: Access, when: Instant) -> RecordPanels:
    return panels_of(record, access) if when.at is None else panels_then(record, access, when.at, when.known)


def _asked(request: HttpRequest, record: Record, when: Instant, wrong: str) -> dict[str, Any]:
    """Whom the reader asks about, and the answer, or what is wrong with the question."""
    others = Agency.objects.active().exclude(pk=record.owner_id).select_related("country")
    officers = own_officers(record, when.at or when.now)
    wanted, person = request.GET.get("agency", ""), request.GET.get("officer", "")
    key = key_of(wanted)
    agency = others.filter(pk=key).first() if key else None
    officer = next((row for row in officers if row.pk == key_of(person)), None)
    wrong = wrong or _no_question(record, agency or wanted, officer or person)
    answer = None
    if not wrong and agency is not None:
        answer = ask_agency(record, agency, when)
    elif not wrong and officer is not None:
        answer = ask_officer(record, officer, when)
    return {
        "others": others, "officers": officers, "asked": agency, "asked_officer": officer, "answer": answer,
        "wrong": wrong,
    }  # fmt: skip


def _no_question(record: Record, agency: Agency | str, officer: Appointment | str) -> str:
    """Why nothing is answered, in a sentence; empty where all is in order. What was not found is given as a text."""
    own = record.owner.short
    if isinstance(agency, str) and agency:
        return "There is no such agency to ask about: choose one of the list."
    if isinstance(officer, str) and officer:
        return f"There is no such officer of {own}: choose one of the list."
    if agency and officer:
        return f"Ask about one of the two: {officer.officer} is an officer of {own}, not of {agency.short}."
    return ""


def record_why(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """For whoever sees it: by which rule, release and article (R26)."""
    record = record_or_404(request, pk)
    disclose(request, [record])
    context = {
        "record": record,
        "decision": decide(access_of(request), record),
        "as_of": now_of(request),
        "page_marking": highest([record]),
    }
    return render(request, "sharing/record_why.html", context)


def audience_line(request: HttpRequest) -> HttpResponse:
    """Who will read what a form not yet sent describes (R27). Asks for nothing but the marking."""
    by = by_of(request)
    data = request.POST if request.method == "POST" else request.GET
    form = AudienceQuestion(data, by=by, operations=visible(request), compartments=compartments_of(by, now_of(request)))
    line = None
    if form.is_valid():
        values = form.cleaned_data
        line = foresee(
            by=by,
            operation=values["operation"],
            kind=values["kind"],
            marking=form.marking(),
            photographs=values["photographs"],
            compartment=values["compartment"],
            at=now_of(request),
        )
    return render(request, "sharing/audience_line.html", {"audience": line})


@requires(Permission.AGREEMENT_VIEW)
def agreement_flows(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What may flow from whom to whom, by the same functions that decide: today, or `?at=` another instant, by the
    facts recorded by then, or with `known=now` by all (R14)."""
    agreement, now = get_object_or_404(Agreement.objects.visible_to(by_of(request)), pk=pk), now_of(request)
    zone, wrong = _zone_of(by_of(request)), ""
    try:
        when = instant_of_agreement(request.GET.get("at", ""), request.GET.get("known", ""), agreement, now, zone)
    except ValueError as error:
        when, wrong = Instant(now), str(error)
    context = {
        "agreement": agreement,
        "rows": [] if wrong else flows_of(agreement, when.at or now, when.known),
        "when": when,
        "wrong": wrong,
        "typed": request.GET.get("at", ""),
        "as_of": when.at or now,
    }
    return render(request, "sharing/agreement_flows.html", context)
