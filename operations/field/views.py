"""Pages: two versions side by side, what waits in quarantine, a signal."""

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.views.door import record_or_404
from operations.field import quarantine
from operations.field.actions import versions
from operations.field.choices import ItemKind, QuarantineState, VersionState
from operations.field.forms import OutcomeForm, QuarantineFilter, ReasonForm, VersionFilter
from operations.field.models import Quarantined, Signal, Told, Version
from operations.patrols.models import Observation, Track
from operations.patrols.views import reach
from operations.patrols.views.reach import by_of, now_of
from operations.types import filling
from operations.types.presenting import languages_of
from operations.types.values import lines
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, placed_or_raised

PAGE = 50


@requires(Permission.PATROL_RUN)
@require_GET
def version_list(request: HttpRequest) -> HttpResponse:
    """Versions of the own agency's entries, the newest first."""
    form = VersionFilter(request.GET)
    visible = Version.objects.visible_to(access_of(request))
    rows = list(form.apply(visible).with_words().order_by("-recorded_at", "-pk")[: PAGE + 1])
    records = list({row.record_id: row.record for row in rows[:PAGE]}.values())
    disclose(request, records)
    context = {
        "form": form,
        "rows": rows[:PAGE],
        "more": len(rows) > PAGE,
        "as_of": now_of(request),
        "page_marking": highest(records),
    }
    return render(request, "field/version_list.html", context)


def _version(request: HttpRequest, pk: uuid.UUID) -> Version:
    return get_object_or_404(Version.objects.visible_to(access_of(request)).with_words(), pk=pk)


@requires(Permission.PATROL_RUN)
@require_GET
def version_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The entry as it stands and the second version, side by side."""
    row = _version(request, pk)
    return _compared(request, row, OutcomeForm(of_track=row.track is not None))


def _compared(request: HttpRequest, row: Version, form: OutcomeForm) -> HttpResponse:
    record = row.record
    disclose(request, [record])
    filled, languages = filling.of(record), languages_of(by_of(request))
    context = {
        "row": row,
        "record": record,
        "standing_lines": lines(filled.type, filled.values, languages) if filled else [],
        "second_lines": lines(filled.type, row.values or {}, languages) if filled else [],
        "standing": Observation.objects.select_related("record__filled").filter(pk=record.pk).first()
        if row.track is None
        else None,
        "standing_track": Track.objects.filter(leg=record.pk).first() if row.track is not None else None,
        "may_decide": row.state == VersionState.WAITING and versions.may_decide(record, by_of(request)),
        "waits": row.state == VersionState.WAITING,
        "not_yours": versions.NOT_YOURS,
        "form": form,
        "page_marking": highest([record]),
    }
    return render(request, "field/version_detail.html", context)


@requires(Permission.PATROL_RUN)
@require_POST
def version_decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _version(request, pk)
    form = OutcomeForm(request.POST, of_track=row.track is not None)
    if not form.is_valid():
        return _compared(request, row, form)
    work = lambda: versions.decide(version=row, by=by_of(request), **form.cleaned_data)  # noqa: E731
    return acted(request, work, "Decided. The other version is kept here.", "field:version-detail", pk)


@requires(Permission.FIELD_SUPERVISE)
@require_GET
def quarantine_list(request: HttpRequest) -> HttpResponse:
    """What waits for a supervisor, the newest first."""
    form = QuarantineFilter(request.GET)
    visible = Quarantined.objects.visible_to(access_of(request))
    rows = list(form.apply(visible).with_words().order_by("-pk")[: PAGE + 1])
    context = {"form": form, "rows": rows[:PAGE], "more": len(rows) > PAGE, "as_of": now_of(request)}
    return render(request, "field/quarantine_list.html", context)


def _quarantined(request: HttpRequest, pk: uuid.UUID) -> Quarantined:
    return get_object_or_404(Quarantined.objects.visible_to(access_of(request)).with_words(), pk=pk)


@requires(Permission.FIELD_SUPERVISE)
@require_GET
def quarantined_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _quarantined_page(request, _quarantined(request, pk), ReasonForm(), ReasonForm())


def _quarantined_page(request: HttpRequest, row: Quarantined, admit: ReasonForm, reject: ReasonForm) -> HttpResponse:
    made = reach.seen(request, row.receipt.record)
    if made:
        disclose(request, [made])
    context = {
        "row": row,
        "receipt": row.receipt,
        "waits": row.state == QuarantineState.WAITING,
        "is_photograph": row.receipt.kind == ItemKind.PHOTOGRAPH,
        "lines": _lines(row.item),
        "made": made,
        "admit_form": admit,
        "reject_form": reject,
    }
    return render(request, "field/quarantined_detail.html", context)


def _lines(item: Any) -> list[tuple[str, str]]:
    """What the device sent, a line for each of its words."""
    if not isinstance(item, dict):
        return [("item", str(item))]
    body = item.get("body")
    told = {
        **{name: value for name, value in item.items() if name != "body"},
        **(body if isinstance(body, dict) else {}),
    }
    return [
        (name.replace("_", " "), value if isinstance(value, str) else json.dumps(value)[:2000])
        for name, value in told.items()
    ]


@requires(Permission.FIELD_SUPERVISE)
@require_POST
def quarantined_admit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, form = _quarantined(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            quarantine.admit(row=row, by=by_of(request), **form.cleaned_data)
            return redirect("field:quarantined-detail", pk)
        except Refused as refused:
            # What the log refuses is no matter of this page's rights: it is said above the form, the reason kept.
            if refused.code == "not_found":
                placed_or_raised(form, refused)
            form.add_error(None, refused.message)
    return _quarantined_page(request, row, form, ReasonForm())


@requires(Permission.FIELD_SUPERVISE)
@require_POST
def quarantined_reject(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, form = _quarantined(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            quarantine.reject(row=row, by=by_of(request), **form.cleaned_data)
            return redirect("field:quarantined-detail", pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    return _quarantined_page(request, row, ReasonForm(), form)


@require_GET
def record_told(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel on a record's page: what the device told beside it, if one did."""
    record = record_or_404(request, pk)
    row = Told.objects.visible_to(access_of(request)).filter(pk=pk).first()
    disclose(request, [record])
    context = {"record": record, "row": row, "page_marking": highest([record])}
    return render(request, "field/record_told.html", context)


@requires(Permission.PATROL_VIEW)
@require_GET
def signal_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A check-in or a call for help of the own agency."""
    access = access_of(request)
    row = get_object_or_404(Signal.objects.visible_to(access).with_words(access), pk=pk)
    patrol = reach.seen(request, row.patrol)
    if patrol:
        disclose(request, [patrol])
    return render(request, "field/signal_detail.html", {"row": row, "patrol": patrol})
