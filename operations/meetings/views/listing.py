"""The agenda and the month: what comes, what was, what waits for an answer; and panels of operation and agreement."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.deadlines.months import laid_out, month_of
from agreements.register.models import Agreement
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from operations.meetings import waiting
from operations.meetings.forms import MeetingFilter
from operations.meetings.models import Meeting, MeetingTime
from operations.meetings.querysets import MeetingQuerySet, MeetingTimeQuerySet
from operations.planning.views.door import by_of, now_of
from portal.ui.marking import highest

PAGE = 50
IN_MONTH = 500
IN_PANEL = 5
WHEN = {"": "Upcoming", "unanswered": "To answer", "invited": "Invitations", "past": "Past"}


@dataclass(frozen=True)
class Shown:
    """A time on the day that it has in the reader's zone."""

    day: date
    time: MeetingTime


@requires(Permission.MEETING_VIEW)
@require_GET
def meeting_list(request: HttpRequest) -> HttpResponse:
    """The agenda by day or the month: what comes, what was, or what of it waits for an answer."""
    form = MeetingFilter(request.GET, by=by_of(request), access=access_of(request))
    month = form.is_valid() and form.cleaned_data["view"] == "month"
    context = _month(request, form) if month else _agenda_page(request, form)
    records = list({row.meeting_id: row.meeting.record for row in context["rows"]}.values())
    offered = form.fields["operation"].queryset  # type: ignore[attr-defined]
    records = list({record.pk: record for record in (*records, *offered)}.values())
    disclose(request, records)
    context |= {
        "form": form,
        "view": "month" if month else "agenda",
        "may_call": by_of(request).may(Permission.MEETING_CALL),
        "page_marking": highest(records),
        "as_of": now_of(request),
    }
    return render(request, "meetings/meeting_list.html", context)


def _agenda_page(request: HttpRequest, form: MeetingFilter) -> dict[str, Any]:
    when, rows = _agenda(request)
    page = _number(request.GET.get("page", ""))
    found = list(form.narrowed(rows)[page * PAGE : (page + 1) * PAGE + 1])
    more, shown = len(found) > PAGE, found[:PAGE]
    return {
        "rows": shown,
        "days": [(day, list(group)) for day, group in groupby(shown, key=_local_day)],
        "when": when,
        "tabs": [(value, label, value == when) for value, label in WHEN.items()],
        "page": page,
        "more": more,
    }


def _agenda(request: HttpRequest) -> tuple[str, MeetingTimeQuerySet]:
    """Which part of the agenda the address asks for, and its times."""
    times, at = MeetingTime.objects.visible_to(access_of(request)), now_of(request)
    when = request.GET.get("when", "")
    if when == "past":
        return when, times.past(at)
    ahead: MeetingTimeQuerySet = times.upcoming(at)
    if when not in {"unanswered", "invited"}:
        return "", ahead
    meetings = _waiting(request, when)
    return when, ahead.filter(meeting__in=meetings, pk=Subquery(_next(at)))


def _waiting(request: HttpRequest, when: str) -> MeetingQuerySet:
    by, at = by_of(request), now_of(request)
    ahead = Meeting.objects.upcoming(at)
    return waiting.inviting(ahead, by) if when == "invited" else waiting.unanswered(ahead, by, at)


def _next(at: datetime) -> Any:
    """The next time of each meeting: one line for a row of meetings that waits for one answer."""
    rows = MeetingTime.objects.filter(meeting=OuterRef("meeting")).taking_place().upcoming(at)
    return rows.values("pk")[:1]


def _month(request: HttpRequest, form: MeetingFilter) -> dict[str, Any]:
    """All times of one month, in the reader's zone."""
    first = month_of(form.cleaned_data["month"], timezone.localdate())
    frame = laid_out(first, [])
    rows = MeetingTime.objects.visible_to(access_of(request)).order_by("starts_at", "id")
    rows = rows.filter(starts_at__gte=_midnight(frame.first), starts_at__lt=_midnight(frame.last, following=True))
    found = list(form.narrowed(rows)[:IN_MONTH])
    shown: Any = [Shown(_local_day(row), row) for row in found]
    return {"rows": found, "month": laid_out(first, shown), "today": timezone.localdate(), "tabs": [], "when": ""}


def _midnight(day: date, *, following: bool = False) -> datetime:
    """00:00 of the day, or of the one after it, in the reader's zone."""
    then = date.fromordinal(day.toordinal() + following)
    return datetime.combine(then, time(), tzinfo=timezone.get_current_timezone())


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _local_day(row: MeetingTime) -> date:
    """The day in the reader's zone."""
    return timezone.localtime(row.starts_at).date()


@requires(Permission.MEETING_VIEW)
@require_GET
def operation_meetings(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on the operation's page: its next times, and whether it has a board."""
    operation = get_object_or_404(Record.objects.visible_to(access_of(request)).of_kind("operation"), pk=pk)
    rows = _panel_rows(request).filter(meeting__record__operation=operation)
    return _panel(request, rows, {"operation": operation, "about": f"operation={operation.pk}"}, [operation])


@requires(Permission.MEETING_VIEW)
@require_GET
def agreement_meetings(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on the agreement's page."""
    agreement = get_object_or_404(Agreement.objects.visible_to(by_of(request)), pk=pk)
    rows = _panel_rows(request).filter(meeting__agreement=agreement)
    return _panel(request, rows, {"agreement": agreement, "about": f"agreement={agreement.pk}"}, [])


def _panel_rows(request: HttpRequest) -> MeetingTimeQuerySet:
    return MeetingTime.objects.visible_to(access_of(request)).upcoming(now_of(request))


def _panel(
    request: HttpRequest, rows: MeetingTimeQuerySet, context: dict[str, Any], besides: list[Record]
) -> HttpResponse:
    shown = list(rows[:IN_PANEL])
    records = [*besides, *{row.meeting_id: row.meeting.record for row in shown}.values()]
    disclose(request, records)
    context |= {
        "rows": shown,
        "may_call": by_of(request).may(Permission.MEETING_CALL),
        "page_marking": highest(records),
    }
    return render(request, "meetings/meetings_panel.html", context)
