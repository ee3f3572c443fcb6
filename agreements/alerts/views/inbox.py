"""Pages of alerts: the bell, the inbox, and the way from an alert to what it is about."""

import hashlib
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.models import Appointment
from agreements.alerts import actions
from agreements.alerts.forms import AlertFilter
from agreements.alerts.models import Alert
from agreements.alerts.paging import page_of
from agreements.alerts.querysets import AlertQuerySet
from agreements.sharing import kinds
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from portal.ui.marking import highest


def _mine(request: HttpRequest) -> AlertQuerySet:
    """The officer's alerts whose subjects are visible to them now."""
    return Alert.objects.visible_to(access_of(request))


def _by(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """A fragment: how many wait, and nothing else. The same count is answered with 304."""
    count = _mine(request).unread().capped_count()
    owner = access_of(request).appointment
    tag = hashlib.sha256(f"{owner and owner.pk} {count}".encode()).hexdigest()[:16]
    etag = f'"{tag}"'
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        context = {"url": reverse("alerts:alert-list"), "count": count}
        response = render(request, "components/bell.html", context)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie"
    return response


@require_GET
def alert_list(request: HttpRequest) -> HttpResponse:
    """The inbox: unread first. Filters and place stand in the address."""
    form, mine = AlertFilter(request.GET), _mine(request)
    page = page_of(form.narrowed(mine), request.GET.get("before", ""))
    records = list({row.record.pk: row.record for row in page.alerts if row.record}.values())
    disclose(request, records)
    context = {
        "form": form,
        "alerts": page.alerts,
        "groups": page.groups,
        "older": page.older,
        "unread": mine.unread().capped_count(),
        "as_of": request.now,  # type: ignore[attr-defined]
        "page_marking": highest(records),
    }
    return render(request, "alerts/alert_list.html", context)


@require_GET
def fresh(request: HttpRequest) -> HttpResponse:
    """A fragment that an open inbox asks for: whether something came since `since`, and nothing of what."""
    since = parse_datetime(request.GET.get("since", "").replace(" ", "+"))
    if since is None or is_naive(since):
        return HttpResponse(status=204)
    count = _mine(request).unread().filter(created_at__gt=since).capped_count()
    if not count:
        return HttpResponse(status=204)
    return render(request, "alerts/_fresh.html", {"count": count})


@require_GET
def alert_open(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Mark it seen and go to what it is about, where the door is asked again."""
    alert = get_object_or_404(_mine(request).with_subjects(), pk=pk)
    actions.mark_seen(alerts=Alert.objects.filter(pk=pk), by=_by(request))
    return redirect(address_of(alert))


def address_of(alert: Alert) -> str:
    """The page of what the alert is about."""
    if alert.sheet.url is not None:
        return alert.sheet.url(alert)
    if alert.record is not None:
        return reverse(kinds.get(alert.record.kind).detail_url, args=[alert.record.pk])
    if alert.agreement is not None:
        return reverse("register:agreement-detail", args=[alert.agreement.pk])
    return reverse("alerts:alert-list")


@require_GET
def recall_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What became of a record that the officer opened (R16). The record itself only if it is visible now."""
    mine = Alert.objects.visible_to(access_of(request)).filter(recall__isnull=False).with_subjects()
    alert = get_object_or_404(mine, pk=pk)
    recall = alert.recall
    record = Record.objects.visible_to(access_of(request)).filter(pk=recall.record_id).first()
    shown = [record] if record else []
    disclose(request, shown)
    context = {
        "alert": alert,
        "recall": recall,
        "kind": kinds.get(recall.kind),
        "record": record,
        "page_marking": highest(shown),
    }
    return render(request, "alerts/recall_detail.html", context)


@require_POST
def alert_see(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Mark one as seen without opening it."""
    alert = get_object_or_404(_mine(request), pk=pk)
    actions.mark_seen(alerts=Alert.objects.filter(pk=alert.pk), by=_by(request))
    return redirect("alerts:alert-list")


@require_POST
def alert_see_all(request: HttpRequest) -> HttpResponse:
    """Mark everything that is shown to the officer now as seen."""
    count = actions.mark_seen(alerts=_mine(request), by=_by(request)) if _by(request) else 0
    messages.success(request, f"{count} marked as seen." if count else "Nothing was unread.")
    return redirect("alerts:alert-list")
