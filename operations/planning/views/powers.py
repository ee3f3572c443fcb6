"""What the teams of an operation may do in each other's states: on the screen, and on paper."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.powers.asking import CardForm
from agreements.powers.printing import printed, validity_of
from agreements.powers.views import zone_of
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from agreements.sharing.policy import decide
from operations.planning import cards, presenting
from operations.planning.views.door import by_of, now_of, operation_or_404
from portal.ui.marking import highest


def require_export(request: HttpRequest, record: Record) -> None:
    """Raise PermissionDenied with the reason where receivers may not take it away (R7)."""
    decision = decide(access_of(request), record, "export")
    if not decision:
        raise PermissionDenied(decision.missing[0])


@requires(Permission.OPERATION_VIEW)
@require_GET
def operation_powers(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The powers card among the states that take part, on a day, over a border, in a language."""
    operation, by, now = operation_or_404(request, pk), by_of(request), now_of(request)
    agencies = cards.taking_part(operation, by, now)
    form = CardForm(request.GET, cards.languages_of(agencies))
    found = cards.among(agencies, by, form.asked(), now)
    sheet = presenting.sheet(operation, by, now)
    copy = [sheet.instruction.record] if sheet.instruction else []
    disclose(request, [operation.record, *copy])
    context = {
        "operation": operation,
        "record": operation.record,
        "sheet": sheet,
        "steps": sheet.steps,
        "form": form,
        "card": found,
        "validity": validity_of(found, zone_of(by)),
        "page_marking": highest([operation.record]),
        "as_of": now,
    }
    return render(request, "planning/operation_powers.html", context)


@requires(Permission.OPERATION_VIEW)
@require_GET
def operation_powers_print(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The same card as PDF/A, with the operation's marking. A printed card is an export."""
    operation, by, now = operation_or_404(request, pk), by_of(request), now_of(request)
    require_export(request, operation.record)
    agencies = cards.taking_part(operation, by, now)
    found = cards.among(agencies, by, CardForm(request.GET, cards.languages_of(agencies)).asked(), now)
    disclose(request, [operation.record])
    record = operation.record
    name = f"powers-{record.reference}-{found.day}".lower()
    return printed(found, by, zone_of(by), subject=record.title, marking=highest([record]), name=name)
