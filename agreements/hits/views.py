"""Pages of hit/no-hit: search, what was searched, and the index of a record (R19)."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.hits import actions
from agreements.hits.forms import IndexForm, SearchForm
from agreements.hits.models import IndexEntry, Search
from agreements.hits.reading import indexed
from agreements.hits.searching import clauses_to_index
from agreements.sharing.choices import Tlp
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.views.door import by_of, now_of, own_or_refused, record_or_404
from portal.ui.marking import highest
from portal.ui.refusals import acted, filled

PAGE = 50


@requires(Permission.HIT_SEARCH)
def search(request: HttpRequest) -> HttpResponse:
    """Ask partners; the answer has a page of its own, without the value."""
    form = SearchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = filled(form, lambda: actions.search(by=by_of(request), **form.cleaned_data))
        if row is not None:
            return redirect("hits:search-detail", pk=row.pk)
    newest = Search.objects.visible_to(access_of(request)).with_words()[:5]
    return render(request, "hits/search.html", {"form": form, "newest": newest})


@requires(Permission.HIT_SEARCH)
def search_list(request: HttpRequest) -> HttpResponse:
    """What officers of the own agency searched, newest first."""
    rows = list(Search.objects.visible_to(access_of(request)).with_words()[: PAGE + 1])
    context = {"rows": rows[:PAGE], "more": len(rows) > PAGE, "as_of": now_of(request)}
    return render(request, "hits/search_list.html", context)


@requires(Permission.HIT_SEARCH)
def search_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What each partner answered then, and whom to ask."""
    row = get_object_or_404(Search.objects.visible_to(access_of(request)).with_words(), pk=pk)
    return render(request, "hits/search_detail.html", {"row": row})


def record_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is indexed of an own record, and which searches hit it. Receivers read nothing here."""
    record = record_or_404(request, pk)
    disclose(request, [record])
    may = access_of(request).owns(record.owner_id) and by_of(request).may(Permission.RECORD_RELEASE)
    context = {
        "record": record,
        "found": indexed(record, access_of(request)),
        "red": record.tlp == Tlp.RED,
        "may": may,
        "can": may and record.tlp != Tlp.RED and bool(clauses_to_index(by_of(request))),
        "page_marking": highest([record]),
    }
    return render(request, "hits/record_panel.html", context)


@requires(Permission.RECORD_RELEASE)
def entry_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Index one term of an own record."""
    record = record_or_404(request, pk)
    own_or_refused(request, record, "release")
    form = IndexForm(request.POST or None, clauses=clauses_to_index(by_of(request)))
    if request.method == "POST" and form.is_valid():
        work = lambda: actions.index(record=record, by=by_of(request), **form.cleaned_data)  # noqa: E731
        if filled(form, work) is not None:
            messages.success(request, "Indexed. A partner's search may hit it; you are told when one does.")
            return redirect("sharing:record-detail", pk=record.pk)
    disclose(request, [record])
    context = {"record": record, "form": form, "page_marking": highest([record])}
    return render(request, "hits/entry_form.html", context)


@requires(Permission.RECORD_RELEASE)
@require_POST
def entry_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(IndexEntry.objects.visible_to(access_of(request)).with_words(), pk=pk)
    work = lambda: actions.withdraw(entry=row, by=by_of(request))  # noqa: E731
    said = "Taken out of the index: no search hits it from now on."
    return acted(request, work, said, "sharing:record-detail", row.record_id)
