"""Pages of bulletins: read them, write one with its preview, acknowledge, update, cancel."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.bulletins import actions
from agreements.bulletins.forms import BulletinFilter, BulletinForm, CancelForm, initial_of
from agreements.bulletins.models import Bulletin
from agreements.bulletins.presenting import keys_of, view_of
from agreements.bulletins.querysets import BulletinQuerySet
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from agreements.sharing.querysets import Place
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, placed_or_raised

DETAIL = "bulletins:bulletin-detail"
PAGE = 50


def _by(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


def _or_404(request: HttpRequest, pk: uuid.UUID) -> Bulletin:
    return get_object_or_404(Bulletin.objects.visible_to(access_of(request)).with_words(), pk=pk)


def _page(rows: BulletinQuerySet, before: str) -> tuple[list[Bulletin], str]:
    """Newest first, beyond `before`: what an earlier page gave as `older`."""
    place: Place | None
    try:
        instant, key = before.split("_")
        place = (datetime.fromisoformat(instant), uuid.UUID(key))
    except ValueError:
        place = None
    found = list(rows.newest(PAGE + 1, before=place))
    more, found = len(found) > PAGE, found[:PAGE]
    return found, f"{found[-1].record.occurred_at.isoformat()}_{found[-1].pk}" if more else ""


@requires(Permission.BULLETIN_VIEW)
@require_GET
def bulletin_list(request: HttpRequest) -> HttpResponse:
    access, by = access_of(request), _by(request)
    form = BulletinFilter(request.GET)
    rows, older = _page(form.narrowed(Bulletin.objects.visible_to(access), by), request.GET.get("before", ""))
    records = [row.record for row in rows]
    disclose(request, records)
    context = {
        "form": form,
        "rows": rows,
        "older": older,
        "may_send": by.may(Permission.BULLETIN_SEND),
        "page_marking": highest(records),
        "as_of": access.at,
    }
    return render(request, "bulletins/bulletin_list.html", context)


@requires(Permission.BULLETIN_SEND)
def bulletin_create(request: HttpRequest) -> HttpResponse:
    """Write one; `?about=` is a record that it speaks of, `?operation=` one that runs. Its preview, then it goes out."""
    seen = Record.objects.visible_to(access_of(request))
    about = _named(seen, request.GET.get("about", ""))
    initial: dict[str, Any] = {"operation": request.GET.get("operation", "")}
    if about is not None:
        initial |= {"tlp": about.tlp, "classification": about.classification, "categories": about.categories}
        initial |= {"operation": about.pk if about.kind == "operation" else about.operation_id}
    return _written(request, about, None, initial)


def _named(seen: Any, key: str) -> Record | None:
    """The record of that key, through the door: hidden and unknown are the same 404 (R17)."""
    if not key:
        return None
    try:
        return get_object_or_404(seen.select_related("owner__country"), pk=uuid.UUID(key))
    except ValueError:
        raise Http404 from None


@requires(Permission.BULLETIN_SEND)
def bulletin_update(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say it anew: the old one is over everywhere once the new one goes out."""
    row = _standing(request, pk)
    about = None
    if row.about_id:
        about = Record.objects.visible_to(access_of(request)).filter(pk=row.about_id).first()
    return _written(request, about, row, initial_of(row))


def _standing(request: HttpRequest, pk: uuid.UUID) -> Bulletin:
    row = _or_404(request, pk)
    if row.record.owner_id not in _by(request).agencies:
        raise PermissionDenied(f"Only {row.record.owner.short} does this (R21).")
    if not row.is_open:
        raise PermissionDenied("It does not stand any more.")
    return row


def _written(request: HttpRequest, about: Record | None, old: Bulletin | None, initial: dict[str, Any]) -> HttpResponse:
    by, lines = _by(request), None
    form = BulletinForm(request.POST or None, access=access_of(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        draft = form.draft(about)
        try:
            if "send" in request.POST:
                row = actions.send(draft=draft, by=by, updates=old, shown=form.was_shown)
                messages.success(request, "It is on its way. This page shows who acknowledges.")
                return redirect(DETAIL, pk=row.pk)
            lines = actions.foresee(draft=draft, by=by, updates=old)
        except Refused as refused:
            placed_or_raised(form, refused)
    offered = {record.pk: record for record in form.fields["operation"].queryset}  # type: ignore[attr-defined]
    named = {record.pk: record for record in (about, old.record if old else None) if record}
    shown = list((offered | named).values())
    disclose(request, shown)
    context = {
        "form": form,
        "about": about,
        "old": old,
        "lines": lines,
        "keys": keys_of(lines or ()),
        "reached": any(line.sees for line in lines or ()),
        "page_marking": highest(shown),
    }
    return render(request, "bulletins/bulletin_form.html", context)


@requires(Permission.BULLETIN_VIEW)
@require_GET
def bulletin_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _or_404(request, pk)
    context = _context(request, row)
    operation = None
    if row.record.operation_id:
        seen = Record.objects.visible_to(access_of(request))
        operation = seen.filter(pk=row.record.operation_id).first()
    shown = [*context["shown"], *([operation] if operation else [])]
    disclose(request, shown, opened=row.record)
    return render(
        request,
        "bulletins/bulletin_detail.html",
        {**context, "operation": operation, "page_marking": highest(shown)},
    )


@requires(Permission.BULLETIN_VIEW)
@require_GET
def receipt_table(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A fragment that an open page asks for again: who has acknowledged, and how far the duty chains were told."""
    row = _or_404(request, pk)
    context = _context(request, row)
    disclose(request, [row.record])
    return render(request, "bulletins/_receipts.html", context)


def _context(request: HttpRequest, row: Bulletin) -> dict[str, Any]:
    view = view_of(row, access_of(request))
    others = [view.about, view.newer and view.newer.record, view.older and view.older.record]
    return {
        "row": row,
        "record": row.record,
        "view": view,
        "shown": [row.record, *(record for record in others if record)],
        "as_of": access_of(request).at,
    }


@requires(Permission.BULLETIN_VIEW)
@require_POST
def bulletin_acknowledge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _or_404(request, pk)
    work = lambda: actions.acknowledge(bulletin=row, by=_by(request))  # noqa: E731
    return acted(request, work, "Acknowledged for your agency. Its sender reads it with your function.", DETAIL, row.pk)


@requires(Permission.BULLETIN_SEND)
def bulletin_cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """It cannot be taken back: the page says whom it concerns first."""
    row = _standing(request, pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel(bulletin=row, by=_by(request), words=form.cleaned_data["words"])
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, "Cancelled. Whoever was alerted is told.")
            return redirect(DETAIL, pk=row.pk)
    disclose(request, [row.record])
    context = {"form": form, "row": row, "record": row.record, "page_marking": highest([row.record])}
    return render(request, "bulletins/bulletin_cancel.html", context)


@requires(Permission.BULLETIN_VIEW)
@require_GET
def record_bulletins(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel of a record: the bulletins about it that the reader sees, and the way to send one."""
    access = access_of(request)
    record = get_object_or_404(Record.objects.visible_to(access), pk=pk)
    rows = list(Bulletin.objects.visible_to(access).filter(about=record).order_by("-record_id")[:5])
    shown = [record, *(row.record for row in rows)]
    disclose(request, shown)
    context = {
        "record": record,
        "rows": rows,
        "may_send": _by(request).may(Permission.BULLETIN_SEND) and record.kind != "bulletin",
        "page_marking": highest(shown),
    }
    return render(request, "bulletins/record_bulletins.html", context)
