"""Documents: those of one agreement, the search in all, one with its versions, its file; add, new version, withdraw."""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from agencies.directory.access import requires
from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.papers import actions, searching, serving
from agreements.papers.checking import megabytes
from agreements.papers.forms import DocumentForm, FileForm, SearchForm, WithdrawForm
from agreements.papers.models import Document
from agreements.papers.querysets import DocumentQuerySet
from agreements.register.actions import is_keeper
from agreements.register.models import Agreement
from portal.ui.errors import Refused
from portal.ui.refusals import answer, filled, placed_or_raised

VIEW, DRAFT = Permission.AGREEMENT_VIEW, Permission.AGREEMENT_DRAFT
PANEL = 12


def _by(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


def _visible(request: HttpRequest) -> DocumentQuerySet:
    return Document.objects.visible_to(_by(request)).with_words()


def _agreement(request: HttpRequest, pk: uuid.UUID) -> Agreement:
    return get_object_or_404(Agreement.objects.visible_to(_by(request)), pk=pk)


@requires(VIEW)
@require_GET
def document_search(request: HttpRequest) -> HttpResponse:
    """Search in the text of documents that the officer may open; without words, the newest. Filters in the address."""
    by = _by(request)
    form = SearchForm(request.GET, by=by)
    context: dict[str, Any] = {"form": form, "as_of": request.now}  # type: ignore[attr-defined]
    if form.is_valid():
        rows, page = searching.narrowed(by, **form.filters), form.cleaned_data["page"] or 1
        words = form.cleaned_data["q"]
        context |= {"result": searching.search(rows, words, page) if words else searching.latest(rows, page)}
        context |= {"words": words}
    return render(request, "papers/document_search.html", context)


@requires(VIEW)
@require_GET
def agreement_documents(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on an agreement's page: its documents, newest versions, and the way to add one."""
    agreement, by = _agreement(request, pk), _by(request)
    rows = list(
        _visible(request).filter(agreement=agreement).standing().current().order_by("kind", "language", "title", "pk")
    )
    context = {
        "agreement": agreement,
        "rows": rows[:PANEL],
        "more": len(rows) - PANEL,
        "may_add": is_keeper(agreement, by),
    }
    return render(request, "papers/agreement_documents.html", context)


@requires(VIEW)
@require_GET
def document_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One version with its checksum and state, and all versions of the document."""
    row, by = get_object_or_404(_visible(request), pk=pk), _by(request)
    versions = list(_visible(request).filter(series=row.series).order_by("-version", "-pk"))
    mine = is_keeper(row.agreement, by) and actions.may_change(row, by) and row.withdrawn_at is None
    context = {
        "document": row,
        "versions": versions,
        "newest": versions[0],
        "may_read": row.withdrawn_at is None or row.added_by.agency_id in by.agencies,
        "may_withdraw": mine,
        "may_add_version": mine and row.superseded_at is None,
    }
    return render(request, "papers/document_detail.html", context)


@requires(VIEW)
@require_GET
def document_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The file, to be saved: broken off when the right to it ends (R13)."""
    row = get_object_or_404(_visible(request), pk=pk)
    try:
        return serving.served(row, by=_by(request))
    except Refused as refused:
        if refused.code == "forbidden":
            raise PermissionDenied(refused.message) from refused
        messages.error(request, refused.message)
        return redirect("papers:document-detail", pk=pk)


@requires(DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def document_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add a document to an agreement; says who will see it before it is sent."""
    agreement, by = _agreement(request, pk), _by(request)
    _need_keeper(agreement, by)
    form = DocumentForm(request.POST or None, request.FILES or None, agreement=agreement)

    def work() -> Document:
        return actions.add(agreement=agreement, by=by, **form.cleaned_data)

    return _uploaded(request, form, work, {"agreement": agreement, "heading": "Add a document"})


@requires(DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def version_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add a new version of a document. The old one stays."""
    row, by = get_object_or_404(_visible(request), pk=pk), _by(request)
    _need_keeper(row.agreement, by)
    form = FileForm(request.POST or None, request.FILES or None)

    def work() -> Document:
        return actions.add_version(document=row, by=by, **form.cleaned_data)

    return _uploaded(request, form, work, {"agreement": row.agreement, "document": row, "heading": "New version"})


def _need_keeper(agreement: Agreement, by: Appointment) -> None:
    if not is_keeper(agreement, by):
        raise PermissionDenied("Only a treaty admin of one of its parties adds documents to an agreement.")


def _uploaded(
    request: HttpRequest, form: FileForm, work: Callable[[], Document], context: dict[str, Any]
) -> HttpResponse:
    """The page with the form; to htmx, which shows how far the upload is, the form alone or where to go on."""
    by_script = bool(getattr(request, "htmx", False))
    if request.method == "POST" and form.is_valid():
        row = filled(form, work)
        if row is not None:
            messages.success(request, "Kept. Its text is being read.")
            address = reverse("papers:document-detail", args=[row.pk])
            return HttpResponseClientRedirect(address) if by_script else redirect(address)
    most, all_of_it = settings.UPLOAD_LIMIT_DOCUMENT, settings.DOCUMENTS_LIMIT_AGREEMENT
    context |= {"form": form, "most": megabytes(most), "all_of_it": megabytes(all_of_it), "most_bytes": most}
    return render(request, "papers/_upload.html" if by_script else "papers/document_form.html", context)


@requires(DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def document_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a document back, with the reason. It is kept."""
    row, by = get_object_or_404(_visible(request), pk=pk), _by(request)
    if not actions.may_change(row, by):
        refused = Refused(f"Only {row.added_by.agency.country}, which added it, withdraws it.", code="forbidden")
        raise answer(refused)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(document=row, by=by, reason=form.cleaned_data["reason"])
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, "Withdrawn. It is kept, with your reason.")
            return redirect("papers:document-detail", pk=pk)
    return render(request, "papers/document_withdraw.html", {"document": row, "form": form})
