"""Home: what is going on, as far as the officer may see it. Every number leads to the list it counts."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from agreements.register import actions
from agreements.register.models import Agreement
from agreements.sharing import kinds
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.patrols.models import Patrol
from portal.ui.marking import highest

LATEST = 12


@dataclass(frozen=True)
class Stat:
    value: int
    label: str
    url: str


def home(request: HttpRequest) -> HttpResponse:
    """The officer's own first page."""
    access = access_of(request)
    if access.appointment is None:
        return render(request, "picture/no_appointment.html")
    rows = Record.objects.visible_to(access).select_related("owner__country").order_by("-occurred_at", "-pk")
    shared = list(rows.exclude(owner=access.appointment.agency_id)[:LATEST])
    active = list(
        Patrol.objects.visible_to(access).filter(state="active").order_by("ends_at").prefetch_related("teams__agency")
    )
    disclose(request, [*shared, *(patrol.record for patrol in active)])
    context = {
        "stats": _stats(request),
        "active": active,
        "shared": [(row, kinds.get(row.kind)) for row in shared],
        "waiting": _waiting(request),
        "as_of": access.at,
        "page_marking": highest([*shared, *(patrol.record for patrol in active)]),
    }
    return render(request, "picture/home.html", context)


def _stats(request: HttpRequest) -> list[Stat]:
    access = access_of(request)
    found = []
    for kind in kinds.all_kinds():
        if kind.name in access.kinds:
            count = Record.objects.visible_to(access).of_kind(kind.name).capped_count()
            found.append(Stat(count, kind.plural, f"{reverse('sharing:record-list')}?kind={kind.name}"))
    agreements = Agreement.objects.visible_to(access.appointment).count()
    if agreements:
        found.append(Stat(agreements, "Agreements", reverse("register:agreement-list")))
    return found


def _waiting(request: HttpRequest) -> list[tuple[Agreement, int]]:
    """Agreements with facts that wait for the officer's own country (R22)."""
    by = access_of(request).appointment
    if by is None or not by.may("agreement.confirm"):
        return []
    rows = Agreement.objects.visible_to(by).filter(parties__country=by.agency.country_id)
    counted = [(row, len(actions.outstanding(row, by.agency.country))) for row in rows]
    return [(row, count) for row, count in counted if count]
