"""Records of every kind in one list, what is held, and the way to a record's own page."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agencies.directory.access import requires
from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.sharing import kinds
from agreements.sharing.actions.held import release_held
from agreements.sharing.compartments import compartments_of
from agreements.sharing.disclosure import disclose
from agreements.sharing.forms import RecordFilter
from agreements.sharing.holding import Held, held_of
from agreements.sharing.middleware import access_of
from agreements.sharing.policy import Access
from agreements.sharing.querysets import RecordQuerySet
from agreements.sharing.views.door import by_of, now_of, record_or_404, visible
from portal.ui.errors import Refused
from portal.ui.marking import highest

PAGE = 50


def record_list(request: HttpRequest) -> HttpResponse:
    """Everything the officer may see, newest first; filters and place stand in the address."""
    access, by = access_of(request), by_of(request)
    operations = visible(request).of_kind("operation").order_by("title", "pk")
    form = _filter(request, access, operations)
    rows = form.apply(visible(request), by)
    page, places = _page(rows, request.GET)
    disclose(request, [*page, *operations])
    count = rows.capped_count()
    context = {
        "form": form,
        "rows": [(row, kinds.get(row.kind)) for row in page],
        "count": "1,000+" if count >= 1000 else str(count),
        "page_marking": highest(page),
        "compartments": "compartment" in form.fields or by.may(Permission.COMPARTMENT_KEEP),
        **places,
    }
    return render(request, "sharing/record_list.html", context)


def _filter(request: HttpRequest, access: Access, operations: RecordQuerySet) -> RecordFilter:
    """Only what the officer may know of is offered: own, and agencies from which something may come today (R17)."""
    names = [(kind.name, kind.plural) for kind in kinds.all_kinds() if kind.name in access.kinds]
    return RecordFilter(
        request.GET,
        names=names,
        owners=Agency.objects.filter(pk__in=access.providers).select_related("country"),
        operations=operations,
        compartments=compartments_of(by_of(request), access.at),
    )


def _page(rows: Any, query: Any) -> tuple[list[Any], dict[str, str]]:
    """The page at the place in the query, newest first, and the places beside it.

    A place is a pair of instant and key, so that rows of one instant are not lost between two pages.
    """
    newer = _place(query.get("after", ""))
    older = None if newer else _place(query.get("before", ""))
    rows = rows.select_related("owner__country")
    found = list(rows.newest(PAGE + 1, before=older, after=newer))
    more, page = len(found) > PAGE, found[:PAGE]
    if newer:
        page.reverse()
        return page, {"newer": _mark(page[0]) if more else "", "older": _mark(page[-1]) if page else ""}
    return page, {"older": _mark(page[-1]) if more else "", "newer": _mark(page[0]) if older and page else ""}


def _mark(row: Any) -> str:
    return f"{row.occurred_at.isoformat()}_{row.pk}"


def _place(text: str) -> tuple[datetime, uuid.UUID] | None:
    instant, _, key = text.partition("_")
    try:
        at, pk = datetime.fromisoformat(instant), uuid.UUID(key)
    except ValueError:
        return None
    return (at, pk) if at.tzinfo else None


def record_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Lead to the page of the record's kind."""
    record = record_or_404(request, pk)
    return redirect(kinds.get(record.kind).detail_url, pk=record.pk)


@requires(Permission.RECORD_RELEASE)
def held(request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
    """Own entries that wait for a tap (R6), of one operation, of one host (`?host=`), or all of the agency's."""
    place = record_or_404(request, pk or _key(request)) if pk or request.GET.get("host") else None
    found = held_of(access_of(request), place, now_of(request))
    if request.method == "POST":
        return _release_held(request, found)
    disclose(request, [*([place] if place else []), *(row.record for row in found.rows)])
    marked = [*([place] if place else []), *(row.record for row in found.rows)]
    context = {"place": place, "found": found, "page_marking": highest(marked)}
    return render(request, "sharing/held.html", context)


def _key(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.GET.get("host", ""))
    except ValueError:
        raise Http404 from None


def _release_held(request: HttpRequest, found: Held) -> HttpResponse:
    """Release those chosen, each to its operation's circle under the article shown beside it. All or none."""
    chosen = set(request.POST.getlist("record"))
    rows = [row for row in found.rows if str(row.record.pk) in chosen and row.offer is not None]
    try:
        release_held(rows=rows, by=by_of(request))
    except Refused as refused:
        messages.error(request, f"Nothing was released. {refused.message}")
        return redirect(request.get_full_path())
    if rows:
        messages.success(request, f"Released: {len(rows)} entr{'y' if len(rows) == 1 else 'ies'}.")
    else:
        messages.warning(request, "Nothing was released: choose entries that have an article beside them.")
    return redirect(request.get_full_path())
