"""Pages of postings, for the admins of the two agencies; and what of them an agency's page shows to whom."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agencies.postings import posting
from agencies.postings.choices import PostingState
from agencies.postings.forms import AcceptForm, PostingFilter, PostingForm, ReasonForm
from agencies.postings.models import Posting
from agencies.postings.showing import name_of, own_officers, shown_to_partners
from portal.ui.refusals import acted, filled


def _by(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


@requires(Permission.AGENCY_MANAGE)
def posting_list(request: HttpRequest) -> HttpResponse:
    """Postings of the own agency's officers and those posted here, by state and direction."""
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    form = PostingFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = Posting.objects.kept_by(by).with_words()
    if wanted.get("side"):
        rows = rows.filter(**{"sender__in" if wanted["side"] == "out" else "host__in": by.agencies})
    found = [(row, row.state_at(now), name_of(row, by)) for row in rows]
    state = wanted.get("state")
    shown = [item for item in found if not state or item[1] == state]
    context = {"rows": shown, "any": bool(found), "form": form, "agency": by.agency, "as_of": now}
    context["sides"] = posting.is_admin(by)
    return render(request, "postings/posting_list.html", context)


@requires(Permission.AGENCY_MANAGE)
def posting_propose(request: HttpRequest) -> HttpResponse:
    """Send an own officer, or (`?as=host`) ask another agency for one."""
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    as_host = request.GET.get("as") == "host"
    form = PostingForm(request.POST or None, by=by, own=None if as_host else own_officers(by, now))
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        partner = values.pop("partner")
        sides = {"sender": partner, "host": by.agency} if as_host else {"sender": by.agency, "host": partner}
        row = filled(form, lambda: posting.propose(by=by, **sides, **values))
        if row is not None:
            messages.success(request, f"Proposed. An admin of {partner.short} has to accept it.")
            return redirect("postings:posting-detail", pk=row.pk)
    context = {"form": form, "as_host": as_host, "agency": by.agency}
    return render(request, "postings/posting_form.html", context)


@requires(Permission.AGENCY_MANAGE)
def posting_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The terms, and what may be done: accept or decline a proposal, recall what runs."""
    return _detail(request, _kept(request, pk))


@requires(Permission.AGENCY_MANAGE)
@require_POST
def posting_accept(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, by = _kept(request, pk), _by(request)
    form = _accept_form(request, row)
    if form is not None and not form.is_valid():
        return _detail(request, row, form)
    home = form.cleaned_data["home"] if form is not None else None
    work = lambda: posting.accept(posting=row, by=by, home=home)  # noqa: E731
    if form is None:
        return acted(request, work, "Accepted. The rights come and go with the days.", "postings:posting-detail", pk)
    if filled(form, work) is None:
        return _detail(request, row, form)
    messages.success(request, "Accepted. The rights come and go with the days.")
    return redirect("postings:posting-detail", pk=pk)


@requires(Permission.AGENCY_MANAGE)
@require_POST
def posting_drop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, reason = _kept(request, pk), _reason(request)
    work = lambda: posting.drop(posting=row, by=_by(request), reason=reason)  # noqa: E731
    return acted(request, work, "The proposal is dropped.", "postings:posting-detail", pk)


@requires(Permission.AGENCY_MANAGE)
@require_POST
def posting_recall(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, reason = _kept(request, pk), _reason(request)
    work = lambda: posting.recall(posting=row, by=_by(request), reason=reason)  # noqa: E731
    return acted(request, work, "Recalled. The officer has no rights there any more.", "postings:posting-detail", pk)


@requires(Permission.DIRECTORY_VIEW)
def agency_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """On an agency's page: who serves there from elsewhere and who is away, by name only to the two agencies."""
    agency = get_object_or_404(Agency.objects.known(), pk=pk)
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    own = agency.pk in by.agencies
    found = Posting.objects.of_agencies([agency.pk]).in_effect(now)
    running = [row for row in found if by.agencies & {row.sender_id, row.host_id}]
    told = [] if own else shown_to_partners(agency, by, now)
    context = {
        "agency": agency,
        "own": own,
        "rows": [(row, row.host_id == agency.pk, name_of(row, by)) for row in running],
        "told": [item for item in told if item.other is None or item.other.pk not in by.agencies],
        "keeps": posting.is_admin(by),
    }
    return render(request, "postings/agency_panel.html", context)


def _detail(request: HttpRequest, row: Posting, form: AcceptForm | None = None) -> HttpResponse:
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    state = row.state_at(now)
    answers = state == PostingState.PROPOSED and posting.may_answer(row, by)
    context = {
        "row": row,
        "state": state,
        "name": name_of(row, by),
        "answers": answers,
        "form": (form or _accept_form(request, row)) if answers else None,
        "reasons": ReasonForm(),
        "recallable": state in (PostingState.PLANNED, PostingState.ACTIVE),
        "own_side": row.sender if row.sender_id in by.agencies else row.host,
    }
    return render(request, "postings/posting_detail.html", context)


def _accept_form(request: HttpRequest, row: Posting) -> AcceptForm | None:
    """Only the sender, asked by the host, has anything to fill in."""
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    if not row.by_host or row.sender_id not in by.agencies:
        return None
    return AcceptForm(request.POST or None, own=own_officers(by, now))


def _reason(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    return form.cleaned_data["reason"] if form.is_valid() else ""


def _kept(request: HttpRequest, pk: uuid.UUID) -> Posting:
    """One of the own agency's; others are unknown here (R17)."""
    return get_object_or_404(Posting.objects.kept_by(_by(request)).with_words(), pk=pk)
