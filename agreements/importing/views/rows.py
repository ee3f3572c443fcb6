"""One row: its cells, what was found, the repair in place, the decision about a double."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.importing import actions, reading
from agreements.importing.checking.batches import SETTLED
from agreements.importing.choices import FIELDS, WORKING
from agreements.importing.forms import DecisionForm, RowForm
from agreements.importing.views.door import by_of, row_or_404
from agreements.register.models import Agreement
from portal.ui.refusals import filled

LABELS = {name: field.label for name, field in FIELDS.items()}


@requires(Permission.AGREEMENT_DRAFT)
def row_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """All cells of a row, those that no field holds too, with what was found and what was made."""
    row = row_or_404(request, pk)
    leader = row if row.leads else row.of.rows.get(group=row.group, leads=True)
    twins = [finding["agreement"] for finding in leader.findings if finding.get("agreement")]
    context = {
        "row": row,
        "job": row.of,
        "leader": leader,
        "others": row.of.rows.filter(group=row.group).exclude(pk=row.pk).order_by("number")[:100],
        "cells": reading.cells_of(row, row.of, LABELS),
        "whole": reading.whole_findings(leader.findings),
        "elsewhere": [] if row.leads else [f for f in leader.findings if f.get("column") is not None],
        "twins": Agreement.objects.visible_to(by_of(request)).filter(pk__in=twins),
        "changeable": row.state not in SETTLED and row.of.state not in WORKING,
        "seen": Agreement.objects.visible_to(by_of(request)).filter(pk__in=[row.agreement_id]).first(),
    }
    return render(request, "importing/row_detail.html", context)


@requires(Permission.AGREEMENT_DRAFT)
def row_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Repair it in place: it is checked at once."""
    row = row_or_404(request, pk)
    form = RowForm(request.POST or None, row=row, job=row.of)
    if request.method == "POST" and form.is_valid():
        changed = filled(form, lambda: actions.edit_row(row=row, cells=form.cells, by=by_of(request)))
        if changed is not None:
            messages.success(request, f"Checked again: {changed.get_state_display().lower()}.")
            return redirect("importing:row-detail", pk=pk)
    return render(request, "importing/row_form.html", {"form": form, "row": row, "job": row.of, "heading": "Repair"})


@requires(Permission.AGREEMENT_DRAFT)
def row_decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Leave it out, make it new, or add its facts to the agreement that is there."""
    row = row_or_404(request, pk)
    leader = row if row.leads else row.of.rows.get(group=row.group, leads=True)
    form = DecisionForm(request.POST or None, row=leader, by=by_of(request))
    if request.method == "POST" and form.is_valid():
        work = lambda: actions.decide_row(row=leader, by=by_of(request), **form.cleaned_data)  # noqa: E731
        if filled(form, work) is not None:
            messages.success(request, "Decided.")
            return redirect("importing:row-detail", pk=pk)
    context = {"form": form, "row": row, "job": row.of, "leader": leader, "heading": "Decide"}
    return render(request, "importing/row_form.html", context)
