"""Release an own record, with preview, and take a release back."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing import second
from agreements.sharing.actions import releases
from agreements.sharing.disclosure import disclose
from agreements.sharing.forms import ReleaseForm
from agreements.sharing.models import Record, Release
from agreements.sharing.offers import Offers, offers_for
from agreements.sharing.presenting import ReleasePreview, preview_release
from agreements.sharing.views.door import by_of, now_of, own_or_refused, record_or_404, visible
from portal.ui.errors import Refused
from portal.ui.marking import highest


@requires(Permission.RECORD_RELEASE)
def record_release(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """First who would see it, then the release: only what an article allows today is offered (R20, R27)."""
    record, by = record_or_404(request, pk), by_of(request)
    own_or_refused(request, record, "release")
    offers = offers_for(by, record, now_of(request), kind=record.kind, operation=record.operation)
    form = ReleaseForm(request.POST or None, choices=offers.choices(), clauses=offers.clauses)
    preview = None
    if request.method == "POST" and form.is_valid():
        # The button beside the preview names what was previewed: anything else is previewed first.
        if request.POST.get("previewed") == form.choice and _released(request, record, form, offers):
            return redirect("sharing:record-detail", pk=pk)
        preview = _preview(request, record, form, offers)
    disclose(request, [record])
    context = {
        "record": record,
        "form": form,
        "offers": offers,
        "preview": preview,
        "previewed": form.choice if preview else "",
        "two": releases.needs_second(record, by),
        "page_marking": highest([record]),
    }
    return render(request, "sharing/record_release.html", context)


def _preview(request: HttpRequest, record: Record, form: ReleaseForm, offers: Offers) -> ReleasePreview:
    terms = form.terms(offers)
    proposal = terms.pop("to").proposal(provider=by_of(request).agency, **terms)
    return preview_release(record, proposal, now_of(request))


def _released(request: HttpRequest, record: Record, form: ReleaseForm, offers: Offers) -> bool:
    """Whether it went through; a refusal is said at its field."""
    by, two = by_of(request), releases.needs_second(record, by_of(request))
    try:
        (second.ask if two else releases.release)(record=record, by=by, **form.terms(offers))
    except Refused as refused:
        form.add_error("to" if refused.field in ("audience", "clause") else None, refused.message)
        return False
    if two:
        messages.success(request, "A second officer is asked. It is released once one of your colleagues approves.")
    else:
        messages.success(request, "Released. It is open from now on, as long as the article is.")
    return True


@requires(Permission.RECORD_RELEASE)
@require_POST
def release_revoke(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a release back: closed on the next request through every door (R13)."""
    own = by_of(request).agencies
    rows = Release.objects.filter(content_object__in=visible(request), clause__isnull=False)
    row = get_object_or_404(rows.filter(Q(provider__in=own) | Q(content_object__owner__in=own)), pk=pk)
    try:
        releases.revoke(release=row, by=by_of(request))
    except Refused as refused:
        raise PermissionDenied(refused.message) from refused
    messages.success(request, "Taken back: it is closed from now on.")
    return redirect(reverse("sharing:record-detail", args=[row.content_object_id]))
