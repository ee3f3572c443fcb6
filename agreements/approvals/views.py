"""Pages of two-person release (R20)."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.approvals import actions
from agreements.approvals.forms import ApprovalFilter, DeclineForm
from agreements.approvals.models import Approval
from agreements.approvals.reading import preview_of, steps_of
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.views.door import by_of, now_of
from portal.ui.marking import highest
from portal.ui.refusals import acted

PAGE = 50


@requires(Permission.RECORD_RELEASE)
def approval_list(request: HttpRequest) -> HttpResponse:
    """What colleagues asked to release, newest first, of records that the officer sees."""
    form = ApprovalFilter(request.GET)
    visible = Approval.objects.visible_to(access_of(request))
    rows = list(form.apply(visible).with_words()[: PAGE + 1])
    records = list({row.record_id: row.record for row in rows[:PAGE]}.values())
    disclose(request, records)
    context = {
        "form": form,
        "rows": rows[:PAGE],
        "more": len(rows) > PAGE,
        "as_of": now_of(request),
        "page_marking": highest(records),
    }
    return render(request, "approvals/approval_list.html", context)


def _approval(request: HttpRequest, pk: uuid.UUID) -> Approval:
    return get_object_or_404(Approval.objects.visible_to(access_of(request)).with_words(), pk=pk)


@requires(Permission.RECORD_RELEASE)
def approval_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is asked, and who would see the record by it."""
    return _detail(request, _approval(request, pk), DeclineForm())


def _detail(request: HttpRequest, row: Approval, form: DeclineForm) -> HttpResponse:
    steps = steps_of(row, by_of(request))
    disclose(request, [row.record])
    context = {
        "row": row,
        "record": row.record,
        "steps": steps,
        "form": form,
        "preview": preview_of(row, now_of(request)) if steps["decide"] or steps["take_back"] else None,
        "page_marking": highest([row.record]),
    }
    return render(request, "approvals/approval_detail.html", context)


@requires(Permission.RECORD_RELEASE)
@require_POST
def approval_approve(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _approval(request, pk)
    work = lambda: actions.approve(approval=row, by=by_of(request))  # noqa: E731
    return acted(
        request,
        work,
        "Approved and released. It is open from now on, as long as the article is.",
        "approvals:approval-detail",
        pk,
    )


@requires(Permission.RECORD_RELEASE)
@require_POST
def approval_decline(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, form = _approval(request, pk), DeclineForm(request.POST)
    if not form.is_valid():
        return _detail(request, row, form)
    work = lambda: actions.decline(approval=row, by=by_of(request), **form.cleaned_data)  # noqa: E731
    return acted(request, work, "Declined. Your colleague is told why.", "approvals:approval-detail", pk)


@requires(Permission.RECORD_RELEASE)
@require_POST
def approval_take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _approval(request, pk)
    work = lambda: actions.take_back(approval=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "Taken back.", "approvals:approval-detail", pk)
