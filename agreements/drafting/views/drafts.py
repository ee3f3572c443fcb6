"""The list of drafts, the beginning of one, its tasks, and its end."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.drafting import actions, presenting, rights
from agreements.drafting.forms import DraftFilter, StartForm
from agreements.drafting.querysets import drafts_for, narrowed, to_approve
from agreements.drafting.views.door import back_to, begun, by_of, draft_of, stepped
from agreements.register import actions as register
from agreements.register.models import Agreement
from agreements.register.tasks import all_tasks
from portal.ui.errors import Refused
from portal.ui.refusals import filled, shown_or_raised

PAGE = 50


@requires(Permission.AGREEMENT_DRAFT)
def draft_list(request: HttpRequest) -> HttpResponse:
    """Drafts of the own agency and those to which it is invited, with how far each is."""
    by, form = by_of(request), DraftFilter(request.GET)
    values = form.cleaned_data if form.is_valid() else {}
    rows = narrowed(drafts_for(by), by, values.get("show", ""), values.get("q", ""))
    found = list(presenting.in_lists(rows.order_by("-draft__changed_at", "short_name", "pk"))[: PAGE + 1])  # type: ignore[index]
    context = {
        "form": form,
        "rows": presenting.lines(found[:PAGE]),
        "more": len(found) > PAGE,
        "waiting": set(to_approve(by).values_list("agreement", flat=True)),
        "by": by,
        "as_of": request.now,  # type: ignore[attr-defined]
    }
    return render(request, "drafting/draft_list.html", context)


@requires(Permission.AGREEMENT_DRAFT)
def draft_create(request: HttpRequest) -> HttpResponse:
    """Name and kind, and what it stands under: then the tasks."""
    by = by_of(request)
    form = StartForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        row = filled(form, lambda: actions.start(by=by, **form.cleaned_data))
        if row is not None:
            return redirect("drafting:draft-detail", row.pk)
    return render(request, "drafting/draft_create.html", {"form": form})


@requires(Permission.AGREEMENT_DRAFT)
def draft_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Its tasks with how far each is, who works on it, and what becomes of it. Put to its parties: its own page."""
    by = by_of(request)
    if Agreement.objects.visible_to(by).filter(pk=pk, registered_at__isnull=False).exists():
        return redirect("register:agreement-detail", pk)
    draft_of(request, pk)
    found = presenting.sheet(pk, by)
    return render(request, "drafting/draft_detail.html", {"sheet": found, "agreement": found.agreement, "by": by})


@requires(Permission.AGREEMENT_DRAFT)
def task_open(request: HttpRequest, pk: uuid.UUID, task: str) -> HttpResponse:
    """To the page of a task, wherever it stands: from now on it was looked at."""
    found = next((each for each in all_tasks() if each.name == task), None)
    if found is None:
        raise Http404
    begun(request, pk, task)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{found.url(pk)}{query}")


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def task_mark(request: HttpRequest, pk: uuid.UUID, task: str) -> HttpResponse:
    """Call a task done as it stands, or open it again."""
    agreement, done = draft_of(request, pk), request.POST.get("done") == "1"
    work = lambda: actions.mark(agreement=agreement, by=by_of(request), task=task, done=done)  # noqa: E731
    return stepped(request, work, "Done." if done else "Open again.", back_to(request, pk))


@requires(Permission.AGREEMENT_DRAFT)
def draft_delete(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Throw a draft away: first it is said what is lost."""
    by, agreement = by_of(request), draft_of(request, pk)
    if not rights.leads(agreement, by):
        raise PermissionDenied("Only the agency that drafts it throws it away.")
    if request.method == "POST":
        try:
            register.delete_draft(agreement=agreement, by=by)
        except Refused as refused:
            shown_or_raised(request, refused)
            return redirect("drafting:draft-detail", pk)
        messages.success(request, f"The draft “{agreement.short_name}” is thrown away.")
        return redirect("drafting:draft-list")
    found = presenting.sheet(pk, by)
    lost = [(step.task.title, len(step.found.answers)) for step in found.steps if step.found.content]
    return render(request, "drafting/draft_delete.html", {"sheet": found, "agreement": agreement, "lost": lost})
