"""Steps of an import: columns, check, start, stop, go on, take back, repair."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.importing import actions, reading
from agreements.importing.choices import RowState
from agreements.importing.forms import MappingForm, RepairForm, StartForm
from agreements.importing.undoing import reasons
from agreements.importing.views.door import by_of, import_or_404
from portal.ui.errors import Refused
from portal.ui.refusals import acted, filled, shown_or_raised

HERE = "importing:import-detail"


@requires(Permission.AGREEMENT_DRAFT)
def import_columns(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What each column means: guessed, or as it was named the last time; a person corrects it."""
    job, by = import_or_404(request, pk), by_of(request)
    if job.is_own_format:
        return redirect(HERE, pk=pk)
    mapping, options, kept = actions.proposed(job, by)
    form = MappingForm(request.POST or None, job=job, by=by, mapping=mapping, options=options)
    if request.method == "POST" and form.is_valid():
        work = lambda: actions.name_columns(job=job, by=by, mapping=form.mapping, options=form.options)  # noqa: E731
        if filled(form, work) is not None:
            return redirect(HERE, pk=pk)
    samples = reading.samples(job)
    lines = [(number, samples.get(number, []), field, party) for number, field, party in form.columns()]
    context = {"job": job, "form": form, "lines": lines, "kept": kept, "rows": job.rows.count()}
    return render(request, "importing/import_columns.html", context)


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def import_check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Check again; with the answer to which of day and month stands first, if it was asked."""
    job = import_or_404(request, pk)
    order = {"day": True, "month": False}.get(request.POST.get("order", ""))
    work = lambda: actions.check_again(job=job, by=by_of(request), day_first=order)  # noqa: E731
    return acted(request, work, "Checked again.", HERE, pk)


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def import_start(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    job, form = import_or_404(request, pk), StartForm(request.POST)
    draft = form.cleaned_data["draft"] == "draft" if form.is_valid() else None
    work = lambda: actions.start(job=job, by=by_of(request), draft=draft)  # noqa: E731
    return acted(request, work, "Started. You may leave this page: you are told when it has ended.", HERE, pk)


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def import_cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    job = import_or_404(request, pk)
    work = lambda: actions.cancel(job=job, by=by_of(request))  # noqa: E731
    return acted(request, work, "Cancelled. What was made stays until you undo it.", HERE, pk)


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def import_resume(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    job = import_or_404(request, pk)
    work = lambda: actions.resume(job=job, by=by_of(request))  # noqa: E731
    return acted(request, work, "It goes on where it stopped.", HERE, pk)


# Of so many agreements the page says one by one what would stay; of more, in numbers once it is done.
FORETOLD = 500


@requires(Permission.AGREEMENT_DRAFT)
def import_undo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What would go and what must stay, and the button that does it."""
    job = import_or_404(request, pk)
    if request.method == "POST" and "sure" in request.POST:
        work = lambda: actions.undo(job=job, by=by_of(request))  # noqa: E731
        return acted(request, work, "Started. What somebody has built on stays.", HERE, pk)
    made = job.rows.filter(state=RowState.MADE, leads=True).select_related("agreement").order_by("number")
    number = made.count()
    rows = list(made[:FORETOLD])
    stays = reasons(rows)
    context = {
        "job": job,
        "number": number,
        "looked": len(rows) if number > FORETOLD else 0,
        "going": [row for row in rows if row.pk not in stays],
        "staying": [(row, stays[row.pk]) for row in rows if row.pk in stays],
    }
    return render(request, "importing/import_undo.html", context)


@requires(Permission.AGREEMENT_DRAFT)
@require_POST
def import_repair(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take repaired rows back in."""
    job, form = import_or_404(request, pk), RepairForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "Choose the file with the repaired rows.")
        return redirect(HERE, pk=pk)
    try:
        number = actions.replace_rows(job=job, file=form.cleaned_data["file"], by=by_of(request))
    except Refused as refused:
        shown_or_raised(request, refused)
    else:
        messages.success(request, f"{number} row{'s' * (number != 1)} taken in and checked again.")
    return redirect(HERE, pk=pk)
