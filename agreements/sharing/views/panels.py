"""Fragments: who sees a record, why one sees it, who will see it once saved, what an agreement lets flow."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from agencies.directory.access import requires
from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.register.models import Agreement
from agreements.sharing.disclosure import disclose
from agreements.sharing.foresight import foresee
from agreements.sharing.forms import AudienceQuestion
from agreements.sharing.middleware import access_of
from agreements.sharing.policy import decide, explain_to_owner
from agreements.sharing.presenting import flows_of, panels_of
from agreements.sharing.views.door import by_of, now_of, record_or_404, visible
from portal.ui.marking import highest


@requires(Permission.RECORD_ASK_WHO)
def record_who(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """For officers of the owner: who sees it, and for any one agency (`?agency=`) by which article or why not (R26)."""
    record, by = record_or_404(request, pk), by_of(request)
    if record.owner_id != by.agency_id:
        raise PermissionDenied("Only officers of its owner ask who sees a record (R26).")
    others = Agency.objects.active().exclude(pk=by.agency_id).select_related("country")
    key = _key(request.GET.get("agency"))
    agency = others.filter(pk=key).first() if key else None
    disclose(request, [record])
    context = {
        "record": record,
        "panels": panels_of(record, access_of(request)),
        "others": others,
        "asked": agency,
        "answer": explain_to_owner(record, agency, now_of(request)) if agency else None,
        "as_of": now_of(request),
        "page_marking": highest([record]),
    }
    return render(request, "sharing/record_who.html", context)


def _key(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


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
    form = AudienceQuestion(data, by=by, operations=visible(request))
    line = None
    if form.is_valid():
        values = form.cleaned_data
        line = foresee(
            by=by,
            operation=values["operation"],
            kind=values["kind"],
            marking=form.marking(),
            photographs=values["photographs"],
            at=now_of(request),
        )
    return render(request, "sharing/audience_line.html", {"audience": line})


@requires(Permission.AGREEMENT_VIEW)
def agreement_flows(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What may flow from whom to whom today, by the same functions that decide."""
    agreement = get_object_or_404(Agreement.objects.visible_to(by_of(request)), pk=pk)
    context = {"rows": flows_of(agreement, now_of(request)), "as_of": now_of(request)}
    return render(request, "sharing/agreement_flows.html", context)
