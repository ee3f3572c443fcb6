"""Lists: all patrols the reader may see, and the officer's own next step."""

import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.directory.access import requires
from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.patrols.choices import OVERDUE_ICON, STATE_ICONS, PatrolState
from operations.patrols.forms import PatrolFilter
from operations.patrols.models import Patrol
from operations.patrols.next_steps import next_steps
from operations.patrols.querysets import PatrolQuerySet
from operations.patrols.views.reach import by_of, guidance, now_of
from portal.ui.marking import highest

PAGE = 30
# Operations to choose from, the latest first.
OFFERED = 200
MOST_COUNTED = 500


@requires(Permission.PATROL_VIEW)
def patrol_list(request: HttpRequest) -> HttpResponse:
    """Patrols, newest first; filters and place stand in the address."""
    access, at = access_of(request), now_of(request)
    visible = Patrol.objects.visible_to(access)
    offered = list(Record.objects.visible_to(access).of_kind("operation").newest(OFFERED))
    operations = {row.pk: row.title for row in offered}
    owners = Agency.objects.filter(pk__in=access.providers)
    form = PatrolFilter(
        request.GET,
        operations=[(str(pk), title) for pk, title in operations.items()],
        agencies=sorted(((str(row.pk), row.short) for row in owners), key=lambda pair: pair[1]),
    )
    narrowed = form.narrowed(visible)
    rows = _page(form.of_state(narrowed, at), request.GET.get("before", ""))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    keys = {key for row in rows if (key := row.record.operation_id)} - operations.keys()
    named = list(Record.objects.visible_to(access).filter(pk__in=keys)) if keys else []
    operations |= {row.pk: row.title for row in named}
    disclose(request, [*offered, *named, *(row.record for row in rows)])
    context = {
        "form": form,
        "rows": [(row, _name_of(row, operations)) for row in rows],
        "chips": _chips(request, narrowed, at),
        "older": _place(rows[-1]) if more else "",
        "page_marking": highest(row.record for row in rows),
        "as_of": at,
    }
    return render(request, "patrols/patrol_list.html", context)


def _name_of(row: Patrol, operations: dict[uuid.UUID, str]) -> str:
    """The operation's, while it is visible (R23)."""
    key = row.record.operation_id
    return operations.get(key, "") if key else ""


def _page(rows: PatrolQuerySet, before: str) -> list[Patrol]:
    """One page beyond a place, and one row more if there is another page."""
    instant, _, key = before.partition("_")
    try:
        place = (datetime.fromisoformat(instant), uuid.UUID(key)) if before else None
    except ValueError:
        return []
    return list(rows.prefetch_related("teams__agency__country").newest(PAGE + 1, before=place))


def _place(row: Patrol) -> str:
    return f"{row.starts_at.isoformat()}_{row.pk}"


def _query(request: HttpRequest, **changes: str) -> str:
    """The address's query with changes; it starts at the first page again unless told otherwise."""
    query = {name: value for name, value in request.GET.items() if value and name != "before"}
    return urlencode({name: value for name, value in {**query, **changes}.items() if value})


def _chips(request: HttpRequest, rows: PatrolQuerySet, at: datetime) -> list[dict[str, Any]]:
    """The states with how many there are: each a link to the list it counts."""
    asked = {"overdue": rows.overdue(at), **{state.value: rows.filter(state=state) for state in PatrolState}}
    counts = {name: found.capped_count(MOST_COUNTED) for name, found in asked.items()}
    states = [("overdue", "Overdue", OVERDUE_ICON), *((s.value, s.label, STATE_ICONS[s]) for s in PatrolState)]
    chosen = request.GET.get("state", "")
    return [
        {
            "state": state,
            "word": word,
            "icon": icon,
            "count": f"{MOST_COUNTED}+" if counts[state] == MOST_COUNTED else counts[state],
            "is_chosen": state == chosen,
            "query": _query(request, state="" if state == chosen else state),
        }
        for state, word, icon in states
    ]


@requires(Permission.PATROL_RUN)
def mine(request: HttpRequest) -> HttpResponse:
    """The next step of an officer in the field."""
    at = now_of(request)
    found = next_steps(access_of(request), at)
    told = [(leg, guidance(request, leg.record.operation_id, at)) for leg in found.hidden]
    disclose(request, [*found.records, *(item.record for _, item in told if item and item.record)])
    context = {
        "page_marking": highest(found.records),
        "may_plan": by_of(request).may(Permission.PATROL_PLAN),
        "found": found,
        "hidden_legs": told,
        "as_of": at,
    }
    return render(request, "patrols/mine.html", context)
