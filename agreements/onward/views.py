"""Pages of onward transfer: pass a record on, ask the originator, decide (R11)."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.onward import actions
from agreements.onward.forms import ELSEWHERE, AskForm, ConsentForm, RefuseForm, RequestFilter
from agreements.onward.models import ConsentRequest
from agreements.onward.reading import Passing, onward_offers, own_offers, passing_of, steps_of
from agreements.sharing import second
from agreements.sharing.actions import releases
from agreements.sharing.disclosure import disclose
from agreements.sharing.forms import ReleaseForm
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from agreements.sharing.offers import Offers
from agreements.sharing.presenting import ReleasePreview, preview_release
from agreements.sharing.views.door import by_of, now_of, record_or_404
from portal.ui.marking import highest
from portal.ui.refusals import acted, filled

PAGE = 50


def record_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Whether the record may go on, what was passed on, what was asked: the reader's own side of it."""
    record = record_or_404(request, pk)
    disclose(request, [record])
    by = by_of(request)
    context = {
        "found": passing_of(record, access_of(request)),
        "record": record,
        "may": by.may(Permission.RECORD_RELEASE),
        "page_marking": highest([record]),
    }
    return render(request, "onward/record_panel.html", context)


@requires(Permission.RECORD_RELEASE)
def pass_on(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Freely where the articles let it go, with preview; otherwise the question to the originator."""
    record = record_or_404(request, pk)
    passing = passing_of(record, access_of(request))
    if passing.way is None:
        raise PermissionDenied(passing.refused)
    return _pass_freely(request, passing) if passing.free else _ask(request, passing)


def _pass_freely(request: HttpRequest, passing: Passing) -> HttpResponse:
    record, offers = passing.record, onward_offers(passing.record, access_of(request), now_of(request))
    form = ReleaseForm(request.POST or None, choices=offers.choices(), clauses=offers.clauses)
    preview = None
    if request.method == "POST" and form.is_valid():
        # The button beside the preview names what was previewed: anything else is previewed first.
        if request.POST.get("previewed") == form.choice and _passed(request, record, form, offers):
            return redirect("sharing:record-detail", pk=record.pk)
        preview = _preview(request, passing, form, offers)
    return _form(request, passing, form, offers, preview=preview, previewed=form.choice if preview else "")


def _preview(request: HttpRequest, passing: Passing, form: ReleaseForm, offers: Offers) -> ReleasePreview:
    assert passing.way is not None
    terms = form.terms(offers)
    proposal = terms.pop("to").proposal(provider=by_of(request).agency, via=passing.way.release, **terms)
    return preview_release(passing.record, proposal, now_of(request))


def _passed(request: HttpRequest, record: Record, form: ReleaseForm, offers: Offers) -> bool:
    """Whether it went through, or waits for a second officer."""
    by, terms = by_of(request), form.terms(offers)
    if releases.needs_second(record, by):
        via = actions.way_for(record, by).release
        work = lambda: second.ask(record=record, by=by, via=via, **terms)  # noqa: E731
        said = "A second officer is asked. It is passed on once one of your colleagues approves."
    else:
        work = lambda: actions.pass_on(record=record, by=by, **terms)  # noqa: E731
        said = f"Passed on. {record.owner.short} is told."
    done = filled(form, work) is not None
    if done:
        messages.success(request, said)
    return done


def _ask(request: HttpRequest, passing: Passing) -> HttpResponse:
    record, by = passing.record, by_of(request)
    offers = onward_offers(record, access_of(request), now_of(request))
    others = Agency.objects.active().exclude(pk__in={*by.agencies, record.owner_id}).select_related("country")
    form = AskForm(request.POST or None, choices=offers.choices(), clauses=offers.clauses, agencies=others)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        chosen = values.pop("to")
        offer = None if chosen == ELSEWHERE else offers.find(chosen)
        target: dict[str, Any] = {"to": offer.to, "clause": offer.clause} if offer else {}
        if filled(form, lambda: actions.ask(record=record, by=by, **values, **target)):
            messages.success(request, f"{record.owner.short} is asked. You are told when it is decided.")
            return redirect("sharing:record-detail", pk=record.pk)
    return _form(request, passing, form, offers)


def _form(request: HttpRequest, passing: Passing, form: Any, offers: Offers, **more: Any) -> HttpResponse:
    record = passing.record
    disclose(request, [record])
    context = {"record": record, "passing": passing, "form": form, "offers": offers, **more}
    return render(request, "onward/pass_on.html", {**context, "page_marking": highest([record])})


@requires(Permission.RECORD_RELEASE)
def request_list(request: HttpRequest) -> HttpResponse:
    """Asked of the own agency and by it, newest first, of records that the reader sees; filters in the address."""
    access, by = access_of(request), by_of(request)
    form = RequestFilter(request.GET)
    rows = list(form.apply(ConsentRequest.objects.visible_to(access), by.agencies).with_words()[: PAGE + 1])
    records = list({row.record_id: row.record for row in rows[:PAGE]}.values())
    disclose(request, records)
    context = {
        "form": form,
        "rows": rows[:PAGE],
        "more": len(rows) > PAGE,
        "own": by.agencies,
        "page_marking": highest(records),
        "as_of": now_of(request),
    }
    return render(request, "onward/request_list.html", context)


def _request(request: HttpRequest, pk: uuid.UUID) -> ConsentRequest:
    return get_object_or_404(ConsentRequest.objects.visible_to(access_of(request)).with_words(), pk=pk)


@requires(Permission.RECORD_RELEASE)
def request_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is asked, by whom, for whom; and what the reader may do about it."""
    return _detail(request, _request(request, pk))


def _detail(request: HttpRequest, row: ConsentRequest, **forms: Any) -> HttpResponse:
    access, now = access_of(request), now_of(request)
    steps = steps_of(row, access, now)
    instead = own_offers(row, access, now) if steps["decide"] else []
    context = {
        "row": row,
        "record": row.record,
        "steps": steps,
        "own": access.owns(row.record.owner_id),
        "asker": access.owns(row.asked_by.agency_id),
        "consent_form": ConsentForm(initial={"ends_at": row.until}),
        "refuse_form": RefuseForm(),
        "instead_form": _instead(row, instead),
        "page_marking": highest([row.record]),
    }
    disclose(request, [row.record])
    return render(request, "onward/request_detail.html", {**context, **forms})


def _instead(row: ConsentRequest, offers: list[Any], data: Any = None) -> ReleaseForm | None:
    if not offers:
        return None
    found = Offers(fits=offers)
    initial = {"purpose": row.purpose, "until": row.until, "to": offers[0].value}
    return ReleaseForm(data, choices=found.choices(), clauses=found.clauses, initial=initial)


@requires(Permission.RECORD_RELEASE)
@require_POST
def request_consent(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, form = _request(request, pk), ConsentForm(request.POST)
    if not form.is_valid():
        return _detail(request, row, consent_form=form)
    work = lambda: actions.consent(request=row, by=by_of(request), **form.cleaned_data)  # noqa: E731
    return acted(request, work, f"You consented. {row.asked_by.agency.short} is told.", "onward:request-detail", pk)


@requires(Permission.RECORD_RELEASE)
@require_POST
def request_refuse(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, form = _request(request, pk), RefuseForm(request.POST)
    if not form.is_valid():
        return _detail(request, row, refuse_form=form)
    work = lambda: actions.refuse(request=row, by=by_of(request), **form.cleaned_data)  # noqa: E731
    return acted(request, work, f"Refused. {row.asked_by.agency.short} is told why.", "onward:request-detail", pk)


@requires(Permission.RECORD_RELEASE)
@require_POST
def request_release(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The originator's own release, to whom the request is for."""
    row = _request(request, pk)
    offers = (
        own_offers(row, access_of(request), now_of(request)) if access_of(request).owns(row.record.owner_id) else []
    )
    form = _instead(row, offers, request.POST)
    if form is None:
        raise PermissionDenied("No article of yours reaches whom this is for.")
    if not form.is_valid():
        return _detail(request, row, instead_form=form)
    terms = form.terms(Offers(fits=offers))
    work = lambda: actions.release_instead(request=row, by=by_of(request), **terms)  # noqa: E731
    return acted(
        request, work, "Released by your agency. Nobody reads there who asked for it.", "onward:request-detail", pk
    )


@requires(Permission.RECORD_RELEASE)
@require_POST
def request_pass(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _request(request, pk)
    work = lambda: actions.pass_on_consented(request=row, by=by_of(request))  # noqa: E731
    return acted(
        request, work, "Passed on, for as long as the consent and both articles hold.", "onward:request-detail", pk
    )


@requires(Permission.RECORD_RELEASE)
@require_POST
def request_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _request(request, pk)
    work = lambda: actions.end_consent(request=row, by=by_of(request))  # noqa: E731
    return acted(
        request, work, "Your consent has ended: what was passed on by it is closed.", "onward:request-detail", pk
    )


@requires(Permission.RECORD_RELEASE)
@require_POST
def request_take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _request(request, pk)
    work = lambda: actions.take_back(request=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "Taken back.", "onward:request-detail", pk)
