"""Pages of access requests: ask, what I asked, what is asked of us."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.register.models import Clause
from agreements.requests import actions, references
from agreements.requests.forms import ApproveForm, AskedFilter, AskForm, RefuseForm, RequestFilter
from agreements.requests.models import AccessRequest, AskedRecord
from agreements.requests.reading import Answers, answers_to, asked_of, bases_for, preview_of, steps_of
from agreements.sharing import second
from agreements.sharing.actions import releases
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from agreements.sharing.views.door import by_of, now_of, record_or_404
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, filled, placed_or_raised

PAGE = 50
# Offered at first: as long as a request of the usual kind needs.
USUAL = timedelta(days=30)


@requires(Permission.ACCESS_REQUEST)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a record by its reference. A hit, a recall and the search fill the form in by the address."""
    by, now = by_of(request), now_of(request)
    agencies = Agency.objects.active().exclude(pk__in=by.agencies).select_related("country")
    bases = bases_for(by, now)
    form = AskForm(request.POST or None, agencies=agencies, bases=bases, initial=_filled_in(request, bases))
    seen: list[Record] = []
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.ask(by=by, **form.cleaned_data)
        except Refused as refused:
            if refused.code == actions.SEEN:
                named = references.normal(form.cleaned_data["reference"])
                seen = references.seen_already(access_of(request), named, form.cleaned_data["agency"])
            placed_or_raised(form, refused)
        else:
            return redirect("requests:request-detail", pk=row.pk)
    disclose(request, seen)
    context = {"form": form, "seen": seen, "has_bases": bool(form.bases), "page_marking": highest(seen)}
    return render(request, "requests/ask.html", context)


def _filled_in(request: HttpRequest, bases: dict[uuid.UUID, list[Clause]]) -> dict[str, str]:
    """From the address, with the first article of that agency that names the purpose."""
    found = {name: request.GET[name] for name in ("agency", "reference", "purpose") if request.GET.get(name)}
    for key, clauses in bases.items():
        fitting = [row for row in clauses if found.get("purpose", row.purposes[0]) in row.purposes]
        if str(key) == found.get("agency") and fitting:
            found["clause"] = f"{key}|{fitting[0].pk}"
            found.setdefault("purpose", fitting[0].purposes[0])
    return found


@requires(Permission.ACCESS_REQUEST)
def request_list(request: HttpRequest) -> HttpResponse:
    """What the officer asked, newest first."""
    form, access, now = RequestFilter(request.GET), access_of(request), now_of(request)
    rows = list(form.apply(AccessRequest.objects.visible_to(access), now).with_words()[: PAGE + 1])
    context = {"form": form, "rows": rows[:PAGE], "more": len(rows) > PAGE, "as_of": now}
    return render(request, "requests/request_list.html", context)


def _mine(request: HttpRequest, pk: uuid.UUID) -> AccessRequest:
    return get_object_or_404(AccessRequest.objects.visible_to(access_of(request)).with_words(), pk=pk)


@requires(Permission.ACCESS_REQUEST)
def request_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was asked and what came of it, with the record while it is open to the officer."""
    row, access = _mine(request, pk), access_of(request)
    given = list(AskedRecord.objects.given_to(access).filter(request=row).select_related(
        "record__owner__country", "release__clause__agreement"))  # fmt: skip
    records = [item.record for item in given]
    disclose(request, records)
    context = {"row": row, "given": given, "page_marking": highest(records)}
    return render(request, "requests/request_detail.html", context)


@requires(Permission.ACCESS_REQUEST)
@require_POST
def request_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _mine(request, pk)
    work = lambda: actions.withdraw(request=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "Withdrawn.", "requests:request-detail", pk)


@requires(Permission.RECORD_RELEASE)
def asked_list(request: HttpRequest) -> HttpResponse:
    """What partners ask of the own agency, newest first, for records that the officer sees."""
    form, now = AskedFilter(request.GET), now_of(request)
    rows = list(form.apply(AskedRecord.objects.visible_to(access_of(request)), now).with_words()[: PAGE + 1])
    records = list({row.record_id: row.record for row in rows[:PAGE]}.values())
    disclose(request, records)
    context = {
        "form": form,
        "rows": rows[:PAGE],
        "more": len(rows) > PAGE,
        "as_of": now,
        "page_marking": highest(records),
    }
    return render(request, "requests/asked_list.html", context)


def _asked(request: HttpRequest, pk: uuid.UUID) -> AskedRecord:
    return get_object_or_404(AskedRecord.objects.visible_to(access_of(request)).with_words(), pk=pk)


@requires(Permission.RECORD_RELEASE)
def asked_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who asks, for what, why; what approving would open (R27), or what is missing for it (R26)."""
    row, by, now = _asked(request, pk), by_of(request), now_of(request)
    answers = answers_to(row, by, now) if steps_of(row, by, now)["decide"] else None
    form = _approve_form(request, row, answers)
    if form is None or request.method != "POST":
        return _detail(request, row, answers, form)
    # The button beside the preview names what was previewed: anything else is previewed first.
    meant = form.is_valid() and request.POST.get("previewed") == form.choice
    if meant and _approved(request, row, form, answers):
        return redirect("requests:asked-detail", pk=pk)
    return _detail(request, row, answers, form)


def _approve_form(request: HttpRequest, row: AskedRecord, answers: Answers | None) -> ApproveForm | None:
    if answers is None or not answers.offers.fits:
        return None
    offers, asked = answers.offers, row.request
    first = offers.fits[0]
    purpose = asked.purpose if asked.purpose in first.clause.purposes else first.clause.purposes[0]
    until = asked.until if asked.until and asked.until > now_of(request) else now_of(request) + USUAL
    initial = {"to": first.value, "purpose": purpose, "until": _minute(until)}
    return ApproveForm(request.POST or None, choices=offers.choices(), clauses=offers.clauses, initial=initial)


def _minute(instant: datetime) -> datetime:
    return timezone.localtime(instant).replace(second=0, microsecond=0)


def _approved(request: HttpRequest, row: AskedRecord, form: ApproveForm, answers: Answers | None) -> bool:
    """Whether it went through, or waits for a second officer."""
    assert answers is not None
    done = filled(form, lambda: actions.approve(asked=row, by=by_of(request), **form.terms(answers.offers)))
    if done is None:
        return False
    two = done.release is None
    said = "A second officer is asked. It is open once one of your colleagues approves." if two else "Approved."
    messages.success(request, said)
    return True


def _detail(
    request: HttpRequest, row: AskedRecord, answers: Answers | None, form: ApproveForm | None, **forms: Any
) -> HttpResponse:
    by, now = by_of(request), now_of(request)
    context = {
        "row": row,
        "record": row.record,
        "steps": steps_of(row, by, now),
        "answers": answers,
        "form": form,
        "two": releases.needs_second(row.record, by),
        "waiting": row.audience and second.waiting(record=row.record, audience=row.audience),
        "refuse_form": RefuseForm(told=row.known),
        "page_marking": highest([row.record]),
        **_previewed(row, answers, form, request),
        **forms,
    }
    disclose(request, [row.record])
    return render(request, "requests/asked_detail.html", context)


def _previewed(
    row: AskedRecord, answers: Answers | None, form: ApproveForm | None, request: HttpRequest
) -> dict[str, Any]:
    """At first of what is offered first, so that one look and one click do; then of what was chosen."""
    if answers is None or form is None or (form.is_bound and not form.is_valid()):
        return {"preview": None, "previewed": ""}
    values = form.cleaned_data if form.is_bound else form.initial
    offer = answers.offers.find(values["to"])
    assert offer is not None
    choice = "|".join(str(values[name]) for name in ("to", "purpose", "until"))
    preview = preview_of(row, offer, values["purpose"], values["until"], by_of(request), now_of(request))
    return {"preview": preview, "previewed": choice, "chosen": offer, "until": values["until"]}


@requires(Permission.RECORD_RELEASE)
@require_POST
def asked_refuse(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _asked(request, pk)
    form = RefuseForm(request.POST, told=row.known)
    if not form.is_valid():
        by, now = by_of(request), now_of(request)
        answers = answers_to(row, by, now) if steps_of(row, by, now)["decide"] else None
        return _detail(request, row, answers, None, refuse_form=form)
    work = lambda: actions.refuse(asked=row, by=by_of(request), **form.cleaned_data)  # noqa: E731
    said = "Refused. They are told." if row.known else "Refused. To them it stays without an answer."
    return acted(request, work, said, "requests:asked-detail", pk)


@requires(Permission.RECORD_RELEASE)
@require_POST
def asked_revoke(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _asked(request, pk)
    work = lambda: actions.revoke(asked=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "Taken back: it is closed to them from now on.", "requests:asked-detail", pk)


def record_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What partners asked for an own record. Receivers read nothing here."""
    record = record_or_404(request, pk)
    disclose(request, [record])
    context = {"record": record, "rows": asked_of(record, access_of(request)), "page_marking": highest([record])}
    return render(request, "requests/record_panel.html", context)
