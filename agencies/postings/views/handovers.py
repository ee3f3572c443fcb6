"""Pages of handovers: the checklist, what became of it, and the gaps that are left."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agencies.directory.access import requires
from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agencies.postings import handover
from agencies.postings.forms import HandoverForm
from agencies.postings.models import Handover
from portal.ui.refusals import filled


def _by(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


@requires(Permission.DIRECTORY_VIEW)
def handover_list(request: HttpRequest) -> HttpResponse:
    """Handovers one gave or took; for an admin those of the agency, and what nobody took over, in numbers."""
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    keeps = by.may(Permission.AGENCY_MANAGE) and not by.may(Permission.AGENCY_MANAGE_ANY)
    only = request.GET.get("show", "")
    context = {
        "rows": Handover.objects.visible_to(by).with_words().prefetch_related("items") if only != "gaps" else [],
        "gaps": handover.gaps_of(by.agency, now) if keeps and only != "made" else [],
        "keeps": keeps,
        "only": only,
        "agency": by.agency,
        "as_of": now,
    }
    return render(request, "postings/handover_list.html", context)


@requires(Permission.DIRECTORY_VIEW)
def handover_make(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The checklist of one appointment: its officer's own, or an admin's, who reads kinds and numbers alone."""
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    rows = Appointment.objects.filter(agency__in=by.agencies).select_related("officer", "agency__country")
    row = get_object_or_404(rows, pk=pk)
    if not handover.may_hand_over(row, by):
        return redirect("postings:handover-list")
    lines = handover.checklist(row, by, now)
    form = HandoverForm(request.POST or None, lines=lines, own=handover.successors(row, now))
    if request.method == "POST" and form.is_valid():
        taker = form.cleaned_data["successor"]
        work = lambda: handover.hand_over(  # noqa: E731
            appointment=row, successor=taker, by=by, wishes=form.wishes
        )
        made = filled(form, work)
        if made is not None:
            messages.success(request, "Handed over. What nobody took over stands below.")
            return redirect("postings:handover-detail", pk=made.pk)
    handover.disclose(by, [line.words for line in lines])
    context = {"row": row, "form": form, "lines": lines, "own": row.pk in by.chain, "as_of": now}
    return render(request, "postings/handover_form.html", context)


@requires(Permission.DIRECTORY_VIEW)
def handover_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """By whom, on which day, and each item: with its title for whoever may read it now."""
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    row = get_object_or_404(Handover.objects.visible_to(by).with_words(), pk=pk)
    items = handover.items_of(row, by, now)
    handover.disclose(by, [item.words for item in items])
    context = {"row": row, "items": items, "mine": row.successor_id in by.chain, "as_of": now}
    return render(request, "postings/handover_detail.html", context)


@requires(Permission.DIRECTORY_VIEW)
def account_panel(request: HttpRequest) -> HttpResponse:
    """On one's own page: acting-for, the own time line, handing over, and what was handed over to one."""
    by = _by(request)
    taken = Handover.objects.filter(successor__in=by.chain).with_words()[:5]
    context = {"by": by, "taken": taken, "keeps": by.may(Permission.AGENCY_MANAGE)}
    return render(request, "postings/account_panel.html", context)
