"""Pages of alarms, timers and what holds when a legal basis falls away."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from operations.field.actions import signals
from operations.field.models import Crossing, Signal
from operations.field.receiving import is_held
from operations.patrols.models import Patrol
from operations.patrols.views import reach
from operations.patrols.views.reach import by_of, now_of, patrol_or_404
from operations.safety import standing
from operations.safety.actions import alarms, escalation, notices, timers
from operations.safety.choices import Step
from operations.safety.forms import AlarmFilter, AnswerForm, HelpForm, OutcomeForm, TimerForm
from operations.safety.models import Alarm, Answer, LimitChange, Notice
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, placed_or_raised

PAGE = 50


@requires(Permission.PATROL_VIEW)
@require_GET
def now(request: HttpRequest) -> HttpResponse:
    """What holds for the officer's teams now: instructions that apply, alarms, stays, timers."""
    found = standing.standing_of(access_of(request))
    disclose(request, found.records)
    context = {
        "found": found,
        "may_run": by_of(request).may(Permission.PATROL_RUN),
        "page_marking": highest(found.records),
        "as_of": now_of(request),
    }
    return render(request, "safety/now.html", context)


@requires(Permission.PATROL_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def help_call(request: HttpRequest) -> HttpResponse:
    """Call the own agency for help from a page."""
    form = HelpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        active = standing.standing_of(access_of(request)).watched
        patrol = active[0].patrol if len(active) == 1 else None
        row = signals.call(by=by_of(request), at=timezone.now(), patrol=patrol, **form.values())
        messages.success(request, "Help is called: your duty desk is alerted now. Telephone and use the radio as well.")
        return redirect("safety:alarm-of-signal", row.pk)
    return render(request, "safety/help.html", {"form": form})


def _alarms(request: HttpRequest) -> Any:
    access = access_of(request)
    return Alarm.objects.visible_to(access).with_words(access)


def _alarm(request: HttpRequest, pk: uuid.UUID) -> Alarm:
    return get_object_or_404(_alarms(request), pk=pk)


@requires(Permission.PATROL_VIEW)
@require_GET
def alarm_list(request: HttpRequest) -> HttpResponse:
    """Alarms of the own agency's teams, the newest first, and notices of partners."""
    form = AlarmFilter(request.GET)
    rows = list(form.apply(_alarms(request)).order_by("-raised_at", "-pk")[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    theirs = Notice.objects.visible_to(access_of(request)).exclude(record__owner__in=by_of(request).agencies)
    received = list(theirs.select_related("alarm").order_by("-since", "-pk")[:PAGE])
    named = {row.signal.patrol for row in rows if row.patrol_is_seen}  # type: ignore[attr-defined]
    patrols = {row.pk: row for row in Patrol.objects.visible_to(access_of(request)).filter(pk__in=named)}
    shown = [row.record for row in received] + [row.record for row in patrols.values()]
    disclose(request, shown)
    context = {
        "form": form,
        "rows": [(row, patrols.get(row.signal.patrol)) for row in rows],
        "received": received,
        "more": more,
        "as_of": now_of(request),
        "page_marking": highest(shown),
    }
    return render(request, "safety/alarm_list.html", context)


@requires(Permission.PATROL_VIEW)
@require_GET
def alarm_of_signal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Where an alert leads: the alarm, or the signal while no alarm is raised yet."""
    row = Alarm.objects.visible_to(access_of(request)).filter(signal=pk).first()
    if row is not None:
        return redirect("safety:alarm-detail", row.pk)
    signal = get_object_or_404(Signal.objects.visible_to(access_of(request)), pk=pk)
    return redirect("field:signal-detail", signal.pk)


@requires(Permission.PATROL_VIEW)
@require_GET
def alarm_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _alarm_page(request, _alarm(request, pk), OutcomeForm())


def _alarm_page(request: HttpRequest, row: Alarm, form: OutcomeForm) -> HttpResponse:
    by, patrol = by_of(request), reach.seen(request, row.signal.patrol)
    notice = getattr(row, "notice", None)
    if notice is not None and reach.seen(request, notice.pk) is None:
        notice = None
    shown = [record for record in (patrol, notice and notice.record) if record]
    disclose(request, shown)
    may = by.may(Permission.PATROL_RUN) and row.closed_at is None
    taken = {told.step for told in row.steps.all()}
    context = {
        "row": row,
        "signal": row.signal,
        "place": notices.last_place(row.signal),
        "patrol": patrol,
        "notice": notice,
        "is_held": notice is not None and is_held(notice.record),
        "answers": notice.answers.all() if notice else (),
        "may_acknowledge": may and row.acknowledged_at is None,
        "may_close": may,
        "may_tell": may and notice is None and patrol is not None,
        "may_call": may and row.call is None and by.may(Permission.DISTRESS_SEND),
        "waits": [(step, step.label, minutes) for step, minutes in escalation.plan(row) if step not in taken]
        if row.acknowledged_at is None and row.closed_at is None
        else [],
        "form": form,
        "as_of": now_of(request),
        "page_marking": highest(shown),
    }
    return render(request, "safety/alarm_detail.html", context)


@requires(Permission.PATROL_RUN)
@require_POST
def alarm_acknowledge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _alarm(request, pk)
    work = lambda: alarms.acknowledge(alarm=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "The team reads that you act on it, by your function.", "safety:alarm-detail", pk)


@requires(Permission.PATROL_RUN)
@require_POST
def alarm_close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, form = _alarm(request, pk), OutcomeForm(request.POST)
    if form.is_valid():
        try:
            alarms.close(alarm=row, by=by_of(request), **form.cleaned_data)
            return redirect("safety:alarm-detail", pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    return _alarm_page(request, row, form)


@requires(Permission.PATROL_RUN)
@require_POST
def alarm_partners(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write the notice, held, and go to where it is released with its readers shown (R27)."""
    row = _alarm(request, pk)
    try:
        escalation.further(alarm=row, step=Step.PARTNERS, by=by_of(request))
    except Refused as refused:
        if refused.code in ("not_found", "forbidden"):
            placed_or_raised(OutcomeForm(), refused)
        messages.error(request, refused.message)
        return redirect("safety:alarm-detail", pk)
    return redirect("sharing:record-release", Notice.objects.get(alarm=row).pk)


@requires(Permission.PATROL_RUN)
@require_POST
def alarm_neighbours(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _alarm(request, pk)
    work = lambda: escalation.further(alarm=row, step=Step.NEIGHBOURS, by=by_of(request))  # noqa: E731
    return acted(request, work, "Sent to their duty desks for one hour. Telephone as well.", "safety:alarm-detail", pk)


def _notice(request: HttpRequest, pk: uuid.UUID) -> Notice:
    return get_object_or_404(Notice.objects.visible_to(access_of(request)).select_related("alarm__agency"), pk=pk)


@requires(Permission.PATROL_VIEW)
@require_GET
def notice_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _notice_page(request, _notice(request, pk), AnswerForm())


def _notice_page(request: HttpRequest, row: Notice, form: AnswerForm) -> HttpResponse:
    by, host = by_of(request), reach.seen(request, row.record.host_id)
    disclose(request, [row.record, *([host] if host else [])], opened=row.record)
    own = row.record.owner_id in by.agencies
    answers = Answer.objects.between(by).filter(notice=row).select_related("agency__country", "by__officer")
    mine = next((each for each in answers if each.agency_id in by.agencies), None)
    context = {
        "row": row,
        "record": row.record,
        "host": host,
        "own": own,
        "answers": answers,
        "mine": mine,
        "may_answer": not own and mine is None and row.alarm.closed_at is None and by.may(Permission.DISTRESS_SEND),
        "form": form,
        "page_marking": highest([row.record]),
    }
    return render(request, "safety/notice_detail.html", context)


@requires(Permission.DISTRESS_SEND)
@require_POST
def notice_answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, form = _notice(request, pk), AnswerForm(request.POST)
    if form.is_valid():
        try:
            notices.answer(notice=row, by=by_of(request), **form.cleaned_data)
            messages.success(request, f"{row.record.owner.short} reads your answer now.")
            return redirect("safety:notice-detail", pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    return _notice_page(request, row, form)


@requires(Permission.PATROL_VIEW)
@require_GET
def patrol_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Timer, check-ins, alarms and stays of the own team on a patrol."""
    patrol, by, access = patrol_or_404(request, pk), by_of(request), access_of(request)
    has_team = patrol.teams.filter(agency__in=by.agencies).exists()
    stays = [row for row in standing.stays_of(access, by) if row.crossing.record.host_id == patrol.pk]
    disclose(request, [patrol.record, *(row.crossing.record for row in stays)])
    context = {
        "patrol": patrol,
        "has_team": has_team,
        "watched": standing.watched(patrol, by.agency) if has_team else None,
        "alarms": _alarms(request).open().filter(signal__patrol=patrol.pk),
        "stays": stays,
        "active": patrol.state == "active",
        "may_run": by.may(Permission.PATROL_RUN),
        "as_of": now_of(request),
    }
    return render(request, "safety/patrol_panel.html", context)


@requires(Permission.PATROL_RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def timer_set(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    patrol, by = patrol_or_404(request, pk), by_of(request)
    timer = timers.timer_for(patrol.pk, by.agency_id)
    form = TimerForm(request.POST or None, timer=timer)
    if request.method == "POST" and form.is_valid():
        try:
            timers.set_timer(patrol=patrol, by=by, **form.values())
            messages.success(request, "Set. It counts from now.")
            return redirect("patrols:patrol-detail", pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    disclose(request, [patrol.record])
    context = {"patrol": patrol, "form": form, "page_marking": highest([patrol.record])}
    return render(request, "safety/timer_form.html", context)


@requires(Permission.PATROL_RUN)
@require_POST
def check_in(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The own team is well, says an officer of its agency: by radio, or on the spot."""
    patrol = patrol_or_404(request, pk)
    work = lambda: timers.check_in(patrol=patrol, by=by_of(request))  # noqa: E731
    return acted(request, work, "Checked in.", "patrols:patrol-detail", pk)


@requires(Permission.PATROL_VIEW)
@require_GET
def limits_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How the limits of a stay changed while it lasted."""
    access = access_of(request)
    crossing = get_object_or_404(Crossing.objects.visible_to(access), pk=pk)
    rows = LimitChange.objects.visible_to(access).filter(crossing=crossing.pk).order_by("at", "pk")
    disclose(request, [crossing.record])
    return render(request, "safety/limits_panel.html", {"rows": rows})
