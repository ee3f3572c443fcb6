"""The list of agreements, and one agreement."""

import uuid
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from agencies.directory.access import requires
from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.register import actions, life
from agreements.register.comparing import compared
from agreements.register.correcting import corrections, waits_for
from agreements.register.family import tree
from agreements.register.forms import AgreementFilter
from agreements.register.home import waiting_for
from agreements.register.models import Agreement, Clause, TreatyAction
from agreements.register.overlapping import overlaps
from agreements.register.presenting import Shown, instant_of, shown, works_here
from agreements.register.timeline import change_days, chronicle, known, picture, turn_days
from agreements.register.views.base import acting, day_asked, visible_agreement

# Of more parties than this the table of states would be longer than anybody reads; the picture names none either.
MANY = 14


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
    on, day_form = day_asked(request)
    own = by.agency.country_id
    is_party = any(party.country_id == own for party in agreement.parties.all())
    acts = list(
        agreement.actions.select_related("country", "counterpart", "recorded_for", "rectifies")
        .prefetch_related("clauses", "rectified_by", "confirmations", "liftings__clauses")
        .order_by("done_on", "recorded_at", "id")
    )
    context = {
        "agreement": agreement,
        "parent": _parent(request, agreement),
        "shown": shown([agreement], now, on)[0],
        "between": works_here(agreement, own, now) if is_party and not agreement.is_draft else [],
        "clauses": agreement.clauses.select_related("continues__agreement", "rectifies").prefetch_related(
            "rectified_by", "senders", "receivers"
        ),
        "earlier": set(Agreement.objects.visible_to(by).filter(clauses__continued_by__agreement=agreement)),
        "actions": acts,
        "corrected": corrections(agreement, acts),
        "picture": picture(agreement, acts, now),
        "designations": agreement.designations.select_related("agency", "country").filter(withdrawn_at=None),
        **_waiting(agreement, by, is_party=is_party),
        "party_names": {party.country_id: party.country.name for party in agreement.parties.all()},
        "may_confirm": is_party and by.may(Permission.AGREEMENT_CONFIRM),
        "is_admin": actions.is_keeper(agreement, by),
        "may_draft": by.may(Permission.AGREEMENT_DRAFT),
        "own_country": own,
        "kin": tree(agreement, by),
        "as_of": now,
        "on": on,
        "day_form": day_form,
        **_life(agreement, acts, now, on),
    }
    return render(request, "register/agreement_detail.html", context)


def _waiting(agreement: Agreement, by: Appointment, *, is_party: bool) -> dict[str, Any]:
    """What the own country has yet to confirm; what the officer recorded is for a colleague to confirm (R22)."""
    rows = actions.outstanding(agreement, by.agency.country_id) if is_party else []
    mine = [row for row in rows if actions.own_to_confirm(row, by)]
    mine = mine if mine and actions.others(by) else []
    return {"outstanding": [row for row in rows if row not in mine], "for_colleague": mine}


def _life(agreement: Agreement, acts: list[TreatyAction], now: datetime, on: date | None) -> dict[str, Any]:
    """The chronicle as a table, the days before and after on which something changes, and what runs on the day."""
    treaty, at = known(agreement, now)[agreement.pk], instant_of(agreement, on, now)
    table = chronicle(agreement, acts, now) if len(agreement.parties.all()) <= MANY else None
    days = change_days(table) if table else turn_days(treaty, None, now)
    before, after = life.around(days, on or treaty.day(now))
    return {
        "chronicle": table,
        "before": before,
        "after": after,
        "force": life.force_of(treaty, at),
        "notices_given": life.notices_of(treaty, at),
        "renewal": life.renewal_of(treaty, at),
    }


def _parent(request: HttpRequest, agreement: Agreement) -> Clause | None:
    """The article it was made under, if the reader may see that agreement too."""
    above = agreement.made_under
    seen = above and Agreement.objects.visible_to(acting(request)).filter(pk=above.agreement_id).exists()
    return above if seen else None


@requires(Permission.AGREEMENT_VIEW)
def clause_compare(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An article beside the one whose place it takes, in an amending agreement or as a correction."""
    by = acting(request)
    seen = Agreement.objects.visible_to(by)
    rows = Clause.objects.filter(agreement__in=seen, continues__agreement__in=seen)
    later = get_object_or_404(
        rows.select_related("agreement", "continues__agreement").prefetch_related(
            "senders", "receivers", "continues__senders", "continues__receivers"
        ),
        pk=pk,
    )
    assert later.continues is not None
    now = request.now  # type: ignore[attr-defined]
    context = {
        "later": later,
        "earlier": later.continues,
        "rows": compared(later.continues, later),
        "waits": waits_for(later),
        "as_of": now,
    }
    return render(request, "register/clause_compare.html", context)


@requires(Permission.AGREEMENT_VIEW)
def agreement_precedence(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Where another agreement covers the same flow between the own country and another party: which governs, and why."""
    agreement, by, now = visible_agreement(request, pk), acting(request), request.now  # type: ignore[attr-defined]
    return render(
        request,
        "register/precedence.html",
        {"rows": overlaps(agreement, by, now), "agreement": agreement, "as_of": now},
    )
