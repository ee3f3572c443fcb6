"""What the teams of a patrol may do in each other's states: on the screen, and on paper."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agencies.directory.access import requires
from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.powers.asking import CardForm
from agreements.powers.printing import printed, validity_of
from agreements.powers.views import zone_of
from agreements.sharing.disclosure import disclose
from operations.patrols.models import Patrol
from operations.patrols.views import reach
from operations.patrols.views.reach import by_of, now_of, patrol_or_404
from operations.planning import cards
from operations.planning.views.powers import require_export
from portal.ui.marking import highest


def teams_of(patrol: Patrol) -> list[Agency]:
    """The agencies with a team, each once."""
    return list(dict.fromkeys(team.agency for team in patrol.teams.select_related("agency__country")))


@requires(Permission.PATROL_VIEW)
@require_GET
def patrol_powers(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The powers card among the states of the teams."""
    patrol, by, now = patrol_or_404(request, pk), by_of(request), now_of(request)
    agencies = teams_of(patrol)
    form = CardForm(request.GET, cards.languages_of(agencies))
    found = cards.among(agencies, by, form.asked(), now)
    operation = reach.operation_of(request, patrol)
    disclose(request, [patrol.record, *operation])
    context = {
        "patrol": patrol,
        "record": patrol.record,
        "operation": operation[0] if operation else None,
        "form": form,
        "card": found,
        "validity": validity_of(found, zone_of(by)),
        "page_marking": highest([patrol.record]),
        "as_of": now,
    }
    return render(request, "patrols/patrol_powers.html", context)


@requires(Permission.PATROL_VIEW)
@require_GET
def patrol_powers_print(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The same card as PDF/A, with the patrol's marking. A printed card is an export."""
    patrol, by, now = patrol_or_404(request, pk), by_of(request), now_of(request)
    require_export(request, patrol.record)
    agencies = teams_of(patrol)
    found = cards.among(agencies, by, CardForm(request.GET, cards.languages_of(agencies)).asked(), now)
    disclose(request, [patrol.record])
    record = patrol.record
    name = f"powers-{record.reference}-{found.day}".lower()
    return printed(found, by, zone_of(by), subject=record.title, marking=highest([record]), name=name)
