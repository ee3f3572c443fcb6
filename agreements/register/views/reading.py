"""The list of agreements, and one agreement."""

import uuid
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.directory.access import requires
from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.register import actions
from agreements.register.forms import AgreementFilter
from agreements.register.home import waiting_for
from agreements.register.models import Agreement, Clause
from agreements.register.presenting import Shown, shown, works_here
from agreements.register.timeline import picture
from agreements.register.views.base import acting, visible_agreement


@requires(Permission.AGREEMENT_VIEW)
def agreement_list(request: HttpRequest) -> HttpResponse:
    """Agreements that the officer's country is party to, with state and days left; filters in the address."""
    form = AgreementFilter(request.GET)
    rows = _narrowed(Agreement.objects.visible_to(acting(request)), form.cleaned_data if form.is_valid() else {})
    found = shown(rows.prefetch_related("parties__country"), request.now)  # type: ignore[attr-defined]
    found = _worked_out(found, form.cleaned_data if form.is_valid() else {}, acting(request))
    context = {
        "form": form,
        "rows": found,
        "may_draft": acting(request).may(Permission.AGREEMENT_DRAFT),
        "as_of": request.now,  # type: ignore[attr-defined]
    }
    return render(request, "register/agreement_list.html", context)


def _narrowed(rows: Any, values: dict[str, Any]) -> Any:
    if values.get("q"):
        rows = rows.filter(Q(title__icontains=values["q"]) | Q(short_name__icontains=values["q"]))
    if values.get("party"):
        rows = rows.filter(parties__country=values["party"].upper())
    if values.get("kind"):
        rows = rows.filter(kind=values["kind"])
    if values.get("clause"):
        rows = rows.filter(pk__in=Agreement.objects.filter(clauses__kind=values["clause"]).values("pk"))
    return rows


def _worked_out(rows: list[Shown], values: dict[str, Any], by: Appointment) -> list[Shown]:
    """Narrowed by what no column holds: the state, the days left, what waits for the own country."""
    if values.get("state"):
        rows = [row for row in rows if row.state == values["state"]]
    if values.get("ending"):
        rows = [row for row in rows if row.is_ending_soon]
    if values.get("waiting"):
        waiting = waiting_for([row.agreement for row in rows], by)
        rows = [row for row in rows if row.agreement.pk in waiting]
    return rows


@requires(Permission.AGREEMENT_VIEW)
def agreement_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One agreement: state of each party, articles, designations, and its actions in order of time."""
    agreement, by, now = visible_agreement(request, pk), acting(request), request.now  # type: ignore[attr-defined]
    own = by.agency.country_id
    is_party = any(party.country_id == own for party in agreement.parties.all())
    acts = agreement.actions.select_related("country", "counterpart", "recorded_for")
    context = {
        "agreement": agreement,
        "parent": _parent(request, agreement),
        "shown": shown([agreement], now)[0],
        "between": works_here(agreement, own, now) if is_party and not agreement.is_draft else [],
        "clauses": agreement.clauses.select_related("continues__agreement"),
        "earlier": set(
            Agreement.objects.visible_to(acting(request)).filter(clauses__continued_by__agreement=agreement)
        ),
        "actions": acts,
        "picture": picture(agreement, acts, now),
        "designations": agreement.designations.select_related("agency", "country").filter(withdrawn_at=None),
        "outstanding": actions.outstanding(agreement, own) if is_party else [],
        "may_confirm": is_party and by.may(Permission.AGREEMENT_CONFIRM),
        "is_admin": actions.is_keeper(agreement, by),
        "may_draft": by.may(Permission.AGREEMENT_DRAFT),
        "own_country": own,
        "as_of": now,
    }
    return render(request, "register/agreement_detail.html", context)


def _parent(request: HttpRequest, agreement: Agreement) -> Clause | None:
    """The article it was made under, if the reader may see that agreement too."""
    above = agreement.made_under
    seen = above and Agreement.objects.visible_to(acting(request)).filter(pk=above.agreement_id).exists()
    return above if seen else None
