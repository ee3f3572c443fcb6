"""Pages of who acts for whom, of accounts that sleep, and of an officer's time at the agency."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.models import Agency, Appointment, Officer
from agencies.directory.roles import Permission
from agencies.postings import accounts, deputies
from agencies.postings.choices import AccountState
from agencies.postings.forms import DeputyForm
from agencies.postings.models import Handover
from agencies.postings.showing import own_officers, span_of, timeline_of
from portal.ui.refusals import acted, filled

LISTED = ("active", "planned", "ended")


def _by(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


def deputy_state(row: Appointment, at: Any) -> str:
    if row.is_in_effect(at):
        return "active"
    over = row.ended_at or (row.ends_on and row.ends_on < at.astimezone(row.agency.zone).date())
    return "ended" if over else "planned"


@requires(Permission.DIRECTORY_VIEW)
def deputy_list(request: HttpRequest) -> HttpResponse:
    """Who acts for whom: the own ones; an admin reads those of the agency."""
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    wanted = request.GET.get("state", "")
    found = [(row, deputy_state(row, now)) for row in deputies.deputies_seen_by(by).order_by("-starts_on", "pk")]
    rows = [
        {"row": row, "state": state, "may_withdraw": state != "ended" and deputies.may_withdraw(row, by)}
        for row, state in found
        if wanted not in LISTED or state == wanted
    ]
    counts = {state: sum(item == state for _, item in found) for state in LISTED}
    tabs = [{"label": "All", "url": "?", "count": len(found), "current": wanted not in LISTED}]
    tabs += [
        {"label": label, "url": f"?state={state}", "count": counts[state], "current": wanted == state}
        for state, label in (("active", "Now"), ("planned", "To come"), ("ended", "Over"))
    ]
    context = {"rows": rows, "tabs": tabs, "agency": by.agency, "as_of": now, "may_name": by.acts_for_id is None}
    return render(request, "postings/deputy_list.html", context)


@requires(Permission.DIRECTORY_VIEW)
def deputy_name(request: HttpRequest) -> HttpResponse:
    """Name who acts for oneself; an admin for any officer of the agency."""
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    own = own_officers(by, now)
    of = [row for row in own if deputies.may_name(row, by)]
    form = DeputyForm(
        request.POST or None,
        of=of,
        own=[row for row in own if row.officer_id != by.officer_id],
        initial={"starts_on": now.astimezone(by.agency.zone).date(), "represented": request.GET.get("for", "")},
    )
    if request.method == "POST" and form.is_valid():
        row = filled(form, lambda: deputies.name(by=by, **form.cleaned_data))
        if row is not None:
            messages.success(request, f"{row.officer} may act for {row.acts_for.officer} on these days.")
            return redirect("postings:deputy-list")
    return render(request, "postings/deputy_form.html", {"form": form, "agency": by.agency})


@requires(Permission.DIRECTORY_VIEW)
@require_POST
def deputy_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(deputies.deputies_seen_by(_by(request)), pk=pk)
    work = lambda: deputies.withdraw(deputy=row, by=_by(request))  # noqa: E731
    return acted(request, work, f"Withdrawn. {row.officer} acts for nobody by it any more.", "postings:deputy-list")


@requires(Permission.AGENCY_MANAGE)
def account_list(request: HttpRequest) -> HttpResponse:
    """Accounts of the agency: active, soon dormant, dormant, ended."""
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    agency = _kept(by, request.GET.get("agency"))
    wanted = request.GET.get("state", "")
    wanted = wanted if wanted in AccountState.values else ""
    found = accounts.accounts_of(agency, now)
    more = f"agency={agency.pk}" if agency.pk != by.agency_id else ""
    tabs = [{"label": "All", "url": f"?{more}", "count": len(found), "current": not wanted}]
    tabs += [
        {
            "label": state.label,
            "url": f"?state={state.value}&{more}".rstrip("&"),
            "count": sum(row.state == state for row in found),
            "current": wanted == state,
        }
        for state in AccountState
    ]
    context = {
        "rows": [row for row in found if not wanted or row.state == wanted],
        "tabs": tabs,
        "agency": agency,
        "agencies": Agency.objects.known().select_related("country") if by.may(Permission.AGENCY_MANAGE_ANY) else [],
        "state": wanted,
        "as_of": now,
        "dormant": AccountState.DORMANT,
        "soon": AccountState.SOON,
    }
    return render(request, "postings/account_list.html", context)


@requires(Permission.AGENCY_MANAGE)
@require_POST
def account_wake(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Wake it; with `new_password` its officer sets another one first."""
    by = _by(request)
    agency = _kept(by, request.POST.get("agency"))
    row = _officer_of(agency, pk)
    new = request.POST.get("new_password") == "on"
    work = lambda: accounts.wake(officer=row, agency=agency, by=by, new_password=new)  # noqa: E731
    more = " The old password is void: a new one is set by “Forgotten password?” on the sign-in page." if new else ""
    to = reverse("postings:account-list")
    to += f"?agency={agency.pk}" if agency.pk != by.agency_id else ""
    return acted(request, work, f"{row} may sign in again.{more}", to)


def _kept(by: Appointment, key: str | None) -> Agency:
    agency = accounts.agency_of(by, key)
    if agency is None:
        raise Http404
    return agency


def _officer_of(agency: Agency, pk: uuid.UUID) -> Officer:
    """One who holds or held a post there. Others are unknown here (R18)."""
    held = Appointment.objects.filter(agency=agency).values("officer")
    return get_object_or_404(Officer.objects.filter(pk__in=held), pk=pk)


@requires(Permission.DIRECTORY_VIEW)
def officer_timeline(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An officer's appointments, postings and acting-for: the own ones, or for an admin those of the agency."""
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    officer = by.officer if pk == by.officer_id else None
    if officer is None:
        officer = _officer(request, pk if by.may(Permission.AGENCY_MANAGE) else uuid.UUID(int=0))
    bars = timeline_of(officer, by, now)
    start, end = span_of(bars, now.date()) if bars else (None, None)
    days = max((end - start).days, 1) if start and end else 1
    posts = Appointment.objects.filter(officer=officer, agency__in=by.agencies).select_related("agency")
    context = {
        "officer": officer,
        "bars": bars,
        "start": start,
        "end": end,
        "today": round((now.date() - start).days / days * 100, 2) if start else 0,
        "height": len(bars) * 30 + 8,
        "handovers": Handover.objects.visible_to(by).filter(appointment__officer=officer).with_words(),
        "posts": [row for row in posts if row.ended_at is None and row.acts_for_id is None],
        "agency": by.agency,
        "as_of": now,
    }
    return render(request, "postings/officer_timeline.html", context)


def _officer(request: HttpRequest, pk: uuid.UUID) -> Officer:
    """One who holds or held a post at the own agency. Others are unknown here (R18)."""
    held = Appointment.objects.filter(agency__in=_by(request).agencies).values("officer")
    return get_object_or_404(Officer.objects.filter(pk__in=held), pk=pk)
