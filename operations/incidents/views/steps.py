"""Steps of a report: report it, withdraw it, say who was involved, validate or return it, propose and decide levels."""

import uuid

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.register.choices import Category
from agreements.sharing.foresight import foresee_marking
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.incidents import lifecycle
from operations.incidents.actions import chain, levels
from operations.incidents.actions import reports as actions
from operations.incidents.choices import ReportState
from operations.incidents.forms.reports import DecideForm, InvolveForm, LevelsForm, ValidateForm, WithdrawForm
from operations.incidents.models import Involved, LevelProposal
from operations.incidents.views import common
from operations.incidents.views.reports import refuse, report_or_404
from operations.planning.views.door import by_of, now_of
from portal.ui.refusals import acted, require

DETAIL = "incidents:report-detail"


@requires(Permission.INCIDENT_REPORT)
def report_submit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, by = report_or_404(request, pk), by_of(request)
    refuse(request, row, "submit")
    ahead = ReportState(lifecycle.next_state(actions.chain_of(row)))
    where = "It counts as validated at once: the operation has no chain." if ahead == ReportState.VALIDATED else (
        f"It goes on: {ahead.label.lower()}."
    )  # fmt: skip
    return common.step_page(
        request,
        record=row.record,
        form=forms.Form(request.POST if request.method == "POST" else None),
        act=lambda: actions.submit(report=row, by=by),
        said="Reported.",
        to=DETAIL,
        heading=f"Report “{row.record.title}”?",
        button="Report it",
        lines=[
            where,
            "Text and levels can be changed no more, unless it is returned.",
            "It is held until somebody releases it: reporting opens it to no other agency.",
        ],
    )


@requires(Permission.INCIDENT_REPORT)
def report_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, by = report_or_404(request, pk), by_of(request)
    refuse(request, row, "withdraw")
    form = WithdrawForm(request.POST or None)
    return common.step_page(
        request,
        record=row.record,
        form=form,
        act=lambda: actions.withdraw(report=row, by=by, reason=form.cleaned_data["reason"]),
        said="Withdrawn. No other agency can open it any more.",
        to=DETAIL,
        heading=f"Withdraw “{row.record.title}”?",
        button="Withdraw the report",
        danger=True,
        lines=[
            "Every release is taken back: no other agency can open it, from the next click on.",
            "Whoever opened it is told to stop using it.",
            "This cannot be undone. It is written into the ledger.",
        ],
    )


@requires(Permission.INCIDENT_REPORT)
def report_involve(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add who or what was involved. What its data category closes is listed before it is saved (R21, R27)."""
    row, by = report_or_404(request, pk), by_of(request)
    refuse(request, row, "involve")
    form = InvolveForm(request.POST or None)
    return common.step_page(
        request,
        record=row.record,
        form=form,
        act=lambda: actions.involve(report=row, by=by, **form.values()),
        said="Added.",
        to=DETAIL,
        heading="Who or what was involved",
        button="Add",
        lines=[
            "A person makes the report carry personal data, a document number travel documents, a plate vehicle "
            "registration: an article that does not cover these opens it to nobody.",
            *_closing(row.record, now_of(request)),
        ],
    )


def _closing(record: Record, at: object) -> list[str]:
    """Who reads it now and would lose it with a person in it, by the function that decides afterwards."""
    marking = actions.marking_with(record, "person", "", "")
    if Category.PERSONAL_DATA in record.categories:
        return []
    effect = foresee_marking(record=record, marking=marking, at=at)  # type: ignore[arg-type]
    whole = [f"With a person in it {agency.short} loses it: {why}" for agency, why in effect.lost]
    parts = [
        f"With a person in it {part.part} of {part.agency.short} loses it: {part.sentence}"
        for part in effect.parts_lost
    ]
    return whole + parts


@requires(Permission.INCIDENT_REPORT)
@require_POST
def involved_remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rows = Involved.objects.filter(report__in=common.reports(request)).select_related("report__record")
    row, by = get_object_or_404(rows, pk=pk), by_of(request)
    report = row.report_id
    return acted(request, lambda: actions.remove(involved=row, by=by), "Taken out.", DETAIL, report)


@requires(Permission.INCIDENT_VIEW)
def report_validate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, by = report_or_404(request, pk), by_of(request)
    step = lifecycle.WAITING.get(row.state)
    require(step is not None, lifecycle.SAYS[ReportState(row.state)])
    require(
        step is not None and chain.answers_at(row, step, by),
        "Others validate this: the operation names agency and role.",
    )
    form = ValidateForm(request.POST or None)

    def act() -> None:
        words = form.cleaned_data["words"]
        if form.cleaned_data["verdict"] == "validate":
            chain.validate(report=row, by=by, words=words)
        else:
            chain.send_back(report=row, by=by, words=words)

    return common.step_page(
        request,
        record=row.record,
        form=form,
        act=act,
        said="Your answer went to its agency.",
        to=DETAIL,
        heading=f"Validate “{row.record.title}”, or return it",
        button="Answer",
        lines=[
            f"You answer for: {step.label.lower() if step else ''}.",
            "Its agency reads your words, and nobody else.",
        ],
    )


@requires(Permission.INCIDENT_REPORT)
def levels_propose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Of a report or an event."""
    record = get_object_or_404(
        Record.objects.visible_to(access_of(request)).filter(kind__in=("incident", "event")).select_related("owner"),
        pk=pk,
    )
    row, by = levels.levelled(record), by_of(request)
    form = LevelsForm(request.POST or None, initial={"impact": row.impact, "confidence": row.confidence})
    return common.step_page(
        request,
        record=record,
        form=form,
        act=lambda: levels.propose(row=row, by=by, **form.cleaned_data),
        said="Proposed. Somebody else decides.",
        to=DETAIL if record.kind == "incident" else "incidents:event-detail",
        heading=f"Other levels for “{record.title}”",
        button="Propose",
        lines=["Nothing changes until another officer accepts it.", f"{record.owner.short} reads it, and nobody else."],
    )


@requires(Permission.INCIDENT_REPORT)
def proposal_decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rows = LevelProposal.objects.visible_to(access_of(request)).with_words()
    proposal, by = get_object_or_404(rows, pk=pk), by_of(request)
    missing = levels.why_not(proposal, by)
    require(not missing, missing)
    form = DecideForm(request.POST or None)
    record = proposal.record
    return common.step_page(
        request,
        record=record,
        form=form,
        act=lambda: levels.decide(proposal=proposal, by=by, **form.values()),
        said="Decided.",
        to=DETAIL if record.kind == "incident" else "incidents:event-detail",
        heading=f"Levels proposed for “{record.title}”",
        button="Decide",
        lines=[
            f"Impact: {proposal.get_impact_display().lower()}. Confidence: {proposal.get_confidence_display().lower()}.",
            f"Because: {proposal.reason}",
        ],
    )
