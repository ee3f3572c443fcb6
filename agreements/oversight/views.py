"""Pages for auditors: the agency's ledger, one record's story, whether the chain is whole."""

import contextlib
import uuid
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.oversight import reading
from agreements.oversight.forms import LedgerFilter
from agreements.oversight.presenting import Reader
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from agreements.sharing.views.door import by_of, now_of
from portal.audit.checking import verify
from portal.audit.models import Entry, Head
from portal.audit.querysets import EntryQuerySet
from portal.ui.marking import highest

PAGE = 50


def _page(rows: EntryQuerySet, before: str) -> tuple[list[Entry], str]:
    """One page beyond `before` (an entry's key; what is none is the first page), and where the next one starts."""
    with contextlib.suppress(ValueError):
        rows = rows.filter(key__lt=uuid.UUID(before)) if before else rows
    found = list(rows[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].key) if len(found) > PAGE else ""


@require_GET
@requires(Permission.LEDGER_VIEW)
def ledger(request: HttpRequest) -> HttpResponse:
    """Every action of the own agency and everything it was shown (R29)."""
    by, form = by_of(request), LedgerFilter(request.GET, agency=by_of(request).agency)
    rows = reading.own_entries(by)
    rows = reading.narrowed(rows, form.cleaned_data, access_of(request)) if form.is_valid() else rows.none()
    entries, older = _page(rows, request.GET.get("before", ""))
    reader = Reader(access_of(request))
    lines = reader.lines(entries)
    titled = list(reader.titled.values())
    disclose(request, titled)
    context = {
        "form": form,
        "lines": lines,
        "older": older,
        "head": Head.objects.order_by("-upto").first(),
        "as_of": now_of(request),
        "page_marking": highest(titled),
    }
    return render(request, "oversight/ledger.html", context)


@require_GET
def record_ledger(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One own record: what was done to it, and which agencies were shown it, by which article (R18, R29)."""
    record = get_object_or_404(Record.objects.visible_to(access_of(request)).select_related("owner__country"), pk=pk)
    reading.require_owner(by_of(request), record)
    shown, older = _page(reading.shown_to(record), request.GET.get("before", ""))
    done, _ = _page(reading.done_to(record), "")
    reader = Reader(access_of(request))
    lines = reader.lines([*shown, *done])
    disclose(request, [record])
    context = {
        "record": record,
        # Which other records the same responses showed is nobody's business here (R17, R18).
        "responses": [(replace(line, records=()), line.article_of(record)) for line in lines[: len(shown)]],
        "done": lines[len(shown) :],
        "older": older,
        "as_of": now_of(request),
        "page_marking": highest([record]),
    }
    return render(request, "oversight/record_ledger.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.LEDGER_VIEW)
def chain(request: HttpRequest) -> HttpResponse:
    """Whether anything in the ledger was altered, removed or reordered. Numbers stay with the operator (R17)."""
    small = reading.is_short()
    outcome = verify() if request.method == "POST" and small else None
    context = {
        "head": Head.objects.order_by("-upto").first(),
        "small": small,
        "outcome": outcome,
        "as_of": now_of(request),
    }
    return render(request, "oversight/chain.html", context)
