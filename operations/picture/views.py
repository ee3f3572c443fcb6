"""Home, told by the rooms, and the situation of an operation. Every number leads to the list it counts."""

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.latest import latest_shared
from agreements.sharing.middleware import access_of
from operations.picture import ground, situation
from operations.picture.features import features
from operations.planning import presenting
from operations.planning.views.door import by_of, now_of, operation_or_404
from portal.ui import home as cards
from portal.ui.marking import highest

MOST_SHARES = 10


def home(request: HttpRequest) -> HttpResponse:
    """The officer's own first page."""
    access = access_of(request)
    if access.appointment is None:
        return render(request, "picture/no_appointment.html")
    shown = cards.cards_for(request)
    records = list({row.pk: row for item in shown for row in item.content.records}.values())
    disclose(request, records)
    numbers = [number for item in shown for number in item.content.numbers]
    panels = [item for item in shown if item.content.context is not None]
    context = {
        "urgent": sorted((n for n in numbers if n.is_urgent), key=lambda n: n.tone != "danger"),
        "numbers": [n for n in numbers if not n.tone],
        "main": [item for item in panels if not item.card.aside],
        "aside": [item for item in panels if item.card.aside],
        "as_of": access.at,
        "page_marking": highest(records),
    }
    return render(request, "picture/home.html", context)


@requires(Permission.OPERATION_VIEW)
def operation_situation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is going on in one operation, as far as the reader may see it, and what of it waits for the reader."""
    operation = operation_or_404(request, pk)
    access, at = access_of(request), now_of(request)
    period = situation.period_of(request.GET.get("period", ""), at)
    sheet = presenting.sheet(operation, by_of(request), at)
    counts = situation.patrol_counts(operation, access, at)
    late = next(count.number for count in counts if count.state == "overdue")
    patrols = situation.under_way(operation, access, at)
    events = situation.events(operation, access, period)
    shares = latest_shared(access, MOST_SHARES, place=operation.record, own=True, since=period.begin)
    records = [operation.record, *(row.record for row in patrols), *(share.record for share in shares)]
    records += [row for event in events for row in (event.line.record, event.patrol) if row]
    records = list({row.pk: row for row in records}.values())
    disclose(request, records, opened=operation.record)
    context = {
        "operation": operation,
        "record": operation.record,
        "sheet": sheet,
        "steps": sheet.steps,
        "needs": situation.needs(operation, sheet, access, late),
        "counts": counts,
        "patrols": patrols,
        "efforts": situation.efforts(operation, access, period),
        "events": events,
        "shares": shares,
        "log_url": situation.records_url(operation, **period.query),
        "period": period,
        "periods": [(name, label, name == period.name) for name, (label, _) in situation.PERIODS.items()],
        "features_url": f"{reverse('picture:operation-features', args=[pk])}?period={period.name}",
        "as_of": at,
        "page_marking": highest(records),
    }
    return render(request, "picture/operation_situation.html", context)


@requires(Permission.OPERATION_VIEW)
@require_GET
def operation_features(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The situation's map as GeoJSON, through the same door."""
    operation = operation_or_404(request, pk)
    period = situation.period_of(request.GET.get("period", ""), now_of(request))
    found, shown = features(operation, access_of(request), period)
    disclose(request, list({row.pk: row for row in shown}.values()))
    return JsonResponse({"type": "FeatureCollection", "features": found}, content_type="application/geo+json")


@requires(Permission.OPERATION_VIEW)
@require_GET
def operation_effort(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Hours and kilometres by square of the grid, pauses taken out, as far as the reader sees the legs."""
    operation = operation_or_404(request, pk)
    access, at = access_of(request), now_of(request)
    period = situation.period_of(request.GET.get("period", ""), at)
    side = next((size for size in ground.SIDES if str(size) == request.GET.get("side")), ground.USUAL_SIDE)
    found = ground.ground(operation, access, period, side)
    records = list({row.pk: row for row in (operation.record, *found.records)}.values())
    disclose(request, records)
    sheet = presenting.sheet(operation, by_of(request), at)
    context = {
        "operation": operation,
        "record": operation.record,
        "sheet": sheet,
        "steps": sheet.steps,
        "ground": found,
        "side": side,
        "sides": [(size, f"{size // 1000} km", size == side) for size in ground.SIDES],
        "period": period,
        "periods": [(name, label, name == period.name) for name, (label, _) in situation.PERIODS.items()],
        "as_of": at,
        "page_marking": highest(records),
    }
    return render(request, "picture/operation_effort.html", context)
