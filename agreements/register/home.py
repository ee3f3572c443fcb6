"""What home tells of agreements: facts that wait for a confirmation, ends that come near, suspensions."""

import uuid
from collections import defaultdict
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission, Role
from agreements.register import actions
from agreements.register.models import Agreement, Designation
from agreements.register.presenting import Shown, shown
from agreements.register.status import State
from portal.ui import home

MOST = 10


def register() -> None:
    home.register(
        home.Card(
            "register.agreements",
            "Agreements",
            "journal-check",
            "register/home_agreements.html",
            _agreements,
            order=4,
            permission=Permission.AGREEMENT_VIEW,
            roles=frozenset({Role.TREATY_ADMIN, Role.COMMANDER}),
        )
    )


def _list(**filters: str) -> str:
    return f"{reverse('register:agreement-list')}?{urlencode(filters)}"


def _agreements(request: HttpRequest) -> home.Content:
    by: Appointment = request.appointment  # type: ignore[attr-defined]
    visible = list(Agreement.objects.visible_to(by).prefetch_related("parties__country"))
    rows = shown(visible, request.now)  # type: ignore[attr-defined]
    ending = [row for row in rows if row.is_ending_soon]
    suspended = [row for row in rows if row.state == State.SUSPENDED]
    numbers = [
        home.Number(
            len(suspended),
            "agreements suspended",
            _list(state=State.SUSPENDED.value),
            "danger",
            one="agreement suspended",
        ),
        home.Number(
            len(ending),
            "agreements end within 90 days",
            _list(ending="on"),
            "warning",
            one="agreement ends within 90 days",
        ),
        home.Number(len(rows), "agreements", reverse("register:agreement-list"), one="agreement"),
    ]
    if by.role != Role.TREATY_ADMIN:
        return home.Content(numbers)
    waiting = waiting_for(visible, by)
    numbers.insert(
        0,
        home.Number(
            len(waiting),
            "agreements with facts to confirm",
            _list(waiting="on"),
            "warning",
            one="agreement with facts to confirm",
        ),
    )
    rows.sort(key=lambda row: (row.agreement.pk not in waiting, not _is_urgent(row), row.agreement.short_name))
    kept, named = rows[:MOST], _designated(rows[:MOST], by)
    lines = [(row, waiting.get(row.agreement.pk, 0), named[row.agreement.pk]) for row in kept]
    return home.Content(numbers, {"rows": lines, "more": len(rows) > MOST, "country": by.agency.country})


def waiting_for(agreements: list[Agreement], by: Appointment) -> dict[uuid.UUID, int]:
    """Facts that wait for the officer's own country, by agreement; of those that it is party to (R22)."""
    own = by.agency.country_id
    mine = [row for row in agreements if any(party.country_id == own for party in row.parties.all())]
    return actions.outstanding_counts(mine, by.agency.country)


def _is_urgent(row: Shown) -> bool:
    return row.state == State.SUSPENDED or row.is_ending_soon


def _designated(rows: list[Shown], by: Appointment) -> dict[uuid.UUID, list[Agency]]:
    """The own country's agencies that stand designated for each today."""
    found: dict[uuid.UUID, list[Agency]] = defaultdict(list)
    own = Designation.objects.filter(
        agreement__in=[row.agreement for row in rows], country=by.agency.country_id, withdrawn_at=None
    )
    for row in own.select_related("agency__country").order_by("agency__name", "pk"):
        if row.agency not in found[row.agreement_id]:
            found[row.agreement_id].append(row.agency)
    return found
