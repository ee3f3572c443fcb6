"""Articles, and what may flow under each: lists, and a form for one of them."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.drafting import actions, rights
from agreements.drafting.actions.filling import clause_version
from agreements.drafting.conflicts import differences, kept, rewrite
from agreements.drafting.forms import ArticleForm, TermsForm
from agreements.drafting.looking.people import authorities
from agreements.drafting.models import Draft
from agreements.drafting.statuses import step_of
from agreements.drafting.views.door import back_to, begun, by_of, stepped
from agreements.register.models import Agreement, Clause
from agreements.register.sentences import permits, shares
from portal.ui.errors import Refused
from portal.ui.refusals import filled, placed_or_raised


def _query(request: HttpRequest) -> str:
    return f"?{request.GET.urlencode()}" if request.GET else ""


def _list(request: HttpRequest, pk: uuid.UUID, name: str) -> str:
    return reverse(f"drafting:{name}", args=[pk]) + _query(request)


def _guarded(request: HttpRequest, agreement: Agreement, task: str) -> bool:
    may = rights.may_fill(agreement, by_of(request), task)
    if request.method == "POST" and not may:
        raise PermissionDenied("Your agency was not let fill in this part of the draft.")
    return may


@requires(Permission.AGREEMENT_DRAFT)
def articles(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The articles in order; one is taken out by a button."""
    agreement, by = begun(request, pk, "articles"), by_of(request)
    may = _guarded(request, agreement, "articles")
    if request.method == "POST":
        row = _clause(agreement, request.POST.get("clause", ""))
        work = lambda: actions.remove_article(clause=row, by=by)  # noqa: E731
        return stepped(request, work, f"{row.article} is taken out.", _list(request, pk, "articles"))
    context = {
        "agreement": agreement,
        "step": step_of(agreement, "articles"),
        "clauses": [(row, permits(row)) for row in agreement.clauses.all()],
        "may_fill": may,
        "query": _query(request),
        "back": back_to(request, pk),
    }
    return render(request, "drafting/articles.html", context)


def _clause(agreement: Agreement, text: str) -> Clause:
    try:
        key = uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(agreement.clauses.select_related("agreement"), pk=key)


@requires(Permission.AGREEMENT_DRAFT)
def article_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    agreement, by = begun(request, pk, "articles"), by_of(request)
    if not _guarded(request, agreement, "articles"):
        raise PermissionDenied("Your agency was not let fill in this part of the draft.")
    form = ArticleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {**form.values(), "key": form.cleaned_data["key"]}
        row = filled(form, lambda: actions.add_article(agreement=agreement, by=by, **values))
        if row is not None:
            messages.success(request, f"{row.article} is added. What may flow under it, “Data sharing” asks.")
            if "more" in request.POST:
                return redirect(reverse("drafting:article-create", args=[pk]) + _query(request))
            return redirect(_list(request, pk, "articles"))
    context = {
        "form": form,
        "agreement": agreement,
        "heading": "Add an article",
        "back": _list(request, pk, "articles"),
    }
    return render(request, "drafting/article_form.html", context)


@requires(Permission.AGREEMENT_DRAFT)
def article_change(request: HttpRequest, pk: uuid.UUID, clause: uuid.UUID) -> HttpResponse:
    agreement, by = begun(request, pk, "articles"), by_of(request)
    may = _guarded(request, agreement, "articles")
    row = agreement.clauses.filter(pk=clause).select_related("agreement").first()
    if row is None:
        return _taken_out(request, agreement)
    held = {name: getattr(row, name) for name in ("article", "kind", "summary", "starts_on", "ends_on", "source")}

    def make(data: Any, row: Clause = row) -> ArticleForm:
        return ArticleForm(data, initial={**held, "version": clause_version(row, "articles")})

    def save(form: ArticleForm) -> Any:
        return actions.change_article(clause=row, by=by, version=form.cleaned_data["version"], **form.values())

    def again(fresh: Clause) -> ArticleForm:
        return ArticleForm(None, initial={name: getattr(fresh, name) for name in held})

    context = {"heading": f"Change {row.article}", "may_fill": may, "back": _list(request, pk, "articles")}
    return _one(request, row, "articles", make, again, save, "drafting/article_form.html", context)


def _taken_out(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """A colleague took the article out while it was being written: what was written is kept, as a new one."""
    if request.method != "POST" or "article" not in request.POST:
        raise Http404
    form = ArticleForm(request.POST)
    form.is_valid()
    form.add_error(None, "A colleague took this article out while you wrote. Saving adds it again.")
    rewrite(form, key="")
    context = {
        "form": form,
        "agreement": agreement,
        "heading": "Add the article again",
        "to": reverse("drafting:article-create", args=[agreement.pk]),
        "back": _list(request, agreement.pk, "articles"),
    }
    return render(request, "drafting/article_form.html", context)


@requires(Permission.AGREEMENT_DRAFT)
def sharing(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What may flow under each article, as a sentence."""
    agreement = begun(request, pk, "sharing")
    parties = {party.country_id: party.country.name for party in agreement.parties.all()}
    context = {
        "agreement": agreement,
        "step": step_of(agreement, "sharing"),
        "clauses": [(row, shares(row, parties)) for row in agreement.clauses.all()],
        "agencies": authorities(agreement),
        "may_fill": rights.may_fill(agreement, by_of(request), "sharing"),
        "query": _query(request),
        "back": back_to(request, pk),
    }
    return render(request, "drafting/sharing.html", context)


@requires(Permission.AGREEMENT_DRAFT)
def terms(request: HttpRequest, pk: uuid.UUID, clause: uuid.UUID) -> HttpResponse:
    agreement, by = begun(request, pk, "sharing"), by_of(request)
    may = _guarded(request, agreement, "sharing")
    row = get_object_or_404(agreement.clauses.select_related("agreement"), pk=clause)

    def make(data: Any, row: Clause = row) -> TermsForm:
        return TermsForm(data, clause=row, by=by, initial={"version": clause_version(row, "sharing")})

    def save(form: TermsForm) -> Any:
        return actions.set_terms(clause=row, by=by, version=form.cleaned_data["version"], **form.values())

    def again(fresh: Clause) -> TermsForm:
        return TermsForm(None, clause=fresh, by=by)

    context = {
        "heading": f"{row.article}: what may flow",
        "may_fill": may,
        "back": _list(request, pk, "sharing"),
        "text": permits(row),
    }
    return _one(request, row, "sharing", make, again, save, "drafting/terms_form.html", context)


def _one(
    request: HttpRequest,
    row: Clause,
    task: str,
    make: Any,
    again: Any,
    save: Any,
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """The form of one article: given back filled in, beside what stands there now, when a colleague was first."""
    form = make(request.POST or None)
    conflict: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            save(form)
        except Refused as refused:
            placed_or_raised(form, refused)
            fresh = Clause.objects.filter(pk=row.pk).select_related("agreement").first()
            if refused.code == rights.STALE and fresh is not None:
                conflict = differences(form, again(fresh))
                kept(form, clause_version(fresh, task))
        else:
            messages.success(request, "Saved.")
            return redirect(context["back"])
    changed = Draft.objects.filter(agreement=row.agreement_id).select_related("changed_by__agency").first()
    return render(
        request,
        template,
        {**context, "form": form, "agreement": row.agreement, "clause": row, "conflict": conflict, "changed": changed},
    )
