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


@requires(Permission.MEETING_VIEW)
@require_GET
def meeting_minutes(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Overdue action items open the agenda of the board's next meeting by themselves."""
    access = access_of(request)
    sitting = sittings.seen(access, pk)
    if sitting is None:
        raise Http404
    own = common.minutes(request).filter(meeting=pk).exclude(state=State.WITHDRAWN).first()
    lines = carried_over(access, sitting)
    shown = {line.item.minutes_id: line.item.record for line in lines}
    records = [sitting.record, *shown.values(), *([own.record] if own else [])]
    disclose(request, records)
    begun = sitting.starts_at <= now_of(request) and sittings.was_held(pk)
    context = {
        "meeting": pk,
        "minutes": own,
        "lines": lines,
        "may_begin": begun and own is None and sittings.chairs(by_of(request), sitting.record.owner_id),
        "page_marking": highest(records),
    }
    return render(request, "minutes/meeting_panel.html", context)
