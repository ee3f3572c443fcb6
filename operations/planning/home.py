"""What home tells of operations: those that run and are planned, with their legal basis; invitations to answer."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Participation
from operations.planning import presenting
from operations.planning.choices import OperationState
from operations.planning.models import Operation
from portal.ui import home

MOST = 6


def register() -> None:
    home.register(
        home.Card(
            "planning.operations",
            "Operations",
            "compass",
            "planning/home_operations.html",
            _operations,
            order=6,
            permission=Permission.OPERATION_JOIN,
        )
    )


def _list(**filters: str) -> str:
    return f"{reverse('planning:operation-list')}?{urlencode(filters)}"


def _operations(request: HttpRequest) -> home.Content:
    access = access_of(request)
    by = access.appointment
    assert by is not None
    visible = Operation.objects.visible_to(access)
    live = list(visible.live().with_basis().order_by("-starts_at", "-pk"))
    bases = presenting.bases(live, by, access.at)
    fallen = sum(not basis.holds for basis in bases.values())
    waiting = Participation.objects.filter(agency__in=by.agencies, ended_at=None, accepted_at=None)
    invited = set(waiting.filter(circle__record__in=visible.values("record")).values_list("circle__record", flat=True))
    running = sum(row.state == OperationState.OPEN for row in live)
    numbers = [
        home.Number(
            fallen,
            "operations without a legal basis",
            _list(basis="fallen"),
            "danger",
            one="operation without a legal basis",
        ),
        home.Number(
            len(invited),
            "invitations to answer",
            reverse("planning:invitation-list"),
            "warning",
            one="invitation to answer",
        ),
        home.Number(running, "operations open", _list(state="open"), one="operation open"),
    ]
    # What needs a decision first, then what runs.
    live.sort(key=lambda row: (bases[row.pk].holds, row.pk not in invited, row.state != OperationState.OPEN))
    rows = live[:MOST]
    context = {"rows": [(row, bases[row.pk], row.pk in invited) for row in rows], "more": len(live) > MOST}
    return home.Content(numbers, context, [row.record for row in rows])
