"""What the page of a meeting shows of minutes: what is carried over to it, and its own."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from operations.minutes import sittings
from operations.minutes.choices import State
from operations.minutes.presenting import carried_over
from operations.minutes.views import common
from operations.planning.views.door import by_of, now_of
from portal.ui.marking import highest

SHOWN = 5


@requires(Permission.MEETING_VIEW)
@require_GET
def meeting_minutes(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Overdue action items open the agenda of the board's next meeting by themselves."""
    access = access_of(request)
    record = sittings.record_of(access, pk)
    if record is None:
        raise Http404
    times = sittings.sittings_of(access, pk)
    rows = list(common.minutes(request).filter(meeting=pk).exclude(state=State.WITHDRAWN).newest(SHOWN))
    ahead = [item for item in times if item.ends_at > now_of(request)]
    lines = carried_over(access, ahead[-1] if ahead else times[0]) if times else []
    shown = {line.item.minutes_id: line.item.record for line in lines}
    records = [record, *shown.values(), *(row.record for row in rows)]
    disclose(request, records)
    kept = {row.time for row in rows}
    open_to = [item for item in times if item.starts_at <= now_of(request) and item.time not in kept][:SHOWN]
    context = {
        "meeting": pk,
        "minutes": rows,
        "lines": lines,
        "begin": open_to if sittings.chairs(by_of(request), record.owner_id) else [],
        "page_marking": highest(records),
    }
    return render(request, "minutes/meeting_panel.html", context)
