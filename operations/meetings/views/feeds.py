"""Addresses of the own calendar: make, see, revoke; and the calendar behind one, for a program without a session."""

import hashlib
import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_etags
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from rest_framework.throttling import SimpleRateThrottle

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import items_of
from agreements.sharing.locking import key_of
from agreements.sharing.policy import access
from operations.meetings import calendars, feeds
from operations.meetings.forms import FeedForm
from operations.planning.views.door import by_of
from portal import second_lock
from portal.audit import recording
from portal.ui.errors import Refused
from portal.ui.refusals import acted, placed_or_raised

LIST = "meetings:feed-list"


class FeedThrottle(SimpleRateThrottle):
    """How often one address may ask for calendars, with a right token or a wrong one."""

    scope = "calendar"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


def address_of(token: str) -> str:
    return settings.SITE_URL.rstrip("/") + reverse("meetings:feed", args=[token])


@requires(Permission.MEETING_VIEW)
@never_cache
def feed_list(request: HttpRequest) -> HttpResponse:
    """The officer's own addresses; a new one is shown once, in the answer to making it."""
    by, address = by_of(request), ""
    form = FeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _, token = feeds.make(by=by, name=form.cleaned_data["name"])
            address, form = address_of(token), FeedForm()
        except Refused as refused:
            placed_or_raised(form, refused)
    rows = list(feeds.own(by).filter(revoked_at=None))
    return render(request, "meetings/feed_list.html", {"form": form, "rows": rows, "address": address})


@requires(Permission.MEETING_VIEW)
@require_POST
def feed_revoke(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(feeds.own(by_of(request)), pk=pk)
    return acted(request, lambda: feeds.revoke(feed=row, by=by_of(request)), "Revoked: that address is dead.", LIST)


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """One officer's meetings, as they may be seen now. Unknown, revoked and ended are the same 404 (R17)."""
    if not FeedThrottle().allow_request(request, None):  # type: ignore[arg-type]
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    at = timezone.now()
    row = feeds.find(token, at)
    if row is None:
        raise Http404
    sight = access(row.appointment, at)
    with second_lock.fed(lambda: key_of(sight)):
        found = feeds.meetings(sight)
        content = calendars.feed(found)
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        feeds.note_reading(row, at)
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            return HttpResponse(status=304, headers=_heads(etag))
        recording.disclose(by=row.appointment, items=items_of(sight, [meeting.record for meeting, _ in found]))
    return HttpResponse(content, content_type=calendars.CONTENT_TYPE, headers=_heads(etag))


def _heads(etag: str) -> dict[str, str]:
    return {"ETag": etag, "Cache-Control": "private, no-cache", "Referrer-Policy": "no-referrer"}
