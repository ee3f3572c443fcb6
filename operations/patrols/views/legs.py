"""A team's leg: start, end, track. Its page works alone when its host is hidden (R23)."""

import uuid

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from operations.patrols import exports, journal
from operations.patrols.actions import legs
from operations.patrols.forms import LegEndForm, LegForm, TrackForm
from operations.patrols.models import Leg, Patrol, Track
from operations.patrols.views import reach
from operations.patrols.views.reach import by_of, leg_or_404, now_of, patrol_or_404
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import placed_or_raised


@requires(Permission.PATROL_VIEW)
def leg_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    leg = leg_or_404(request, pk)
    host = reach.seen(request, leg.record.host_id)
    own = access_of(request).owns(leg.record.owner_id)
    running = own and leg.ended_at is None
    told = reach.guidance(request, leg.record.operation_id, now_of(request)) if running else None
    besides = [row for row in (host, told and told.record) if row]
    disclose(request, [leg.record, *besides], opened=leg.record)
    context = {
        "leg": leg,
        "record": leg.record,
        "host": host,
        "is_own": own,
        "may_run": own and by_of(request).may(Permission.PATROL_RUN),
        "has_track": journal.has_track(leg),
        "may_export": own or not leg.record.display_only,
        "guidance": told,
        "page_marking": highest([leg.record]),
    }
    return render(request, "patrols/leg_detail.html", context)


@requires(Permission.PATROL_RUN)
def leg_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Start the own leg now, or write one up."""
    patrol, by = patrol_or_404(request, pk), by_of(request)
    form = LegForm(request.POST or None, by=by, territories=reach.territories(patrol))
    if request.method == "POST" and form.is_valid():
        try:
            legs.start(patrol=patrol, by=by, **form.values())
            return redirect("patrols:patrol-detail", pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    disclose(request, [patrol.record, *reach.operation_of(request, patrol)])
    return render(
        request,
        "patrols/leg_form.html",
        {"patrol": patrol, "form": form, "page_marking": highest([patrol.record])},
    )


@requires(Permission.PATROL_RUN)
def leg_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    leg = leg_or_404(request, pk)
    form = LegEndForm(request.POST or None, initial={"note": leg.note})
    if request.method == "POST" and form.is_valid():
        try:
            legs.end(leg=leg, by=by_of(request), **form.cleaned_data)
            # Back to the patrol, which is what ends next; to the leg alone when its host is hidden.
            host = reach.seen(request, leg.record.host_id)
            return redirect("patrols:patrol-detail", pk=host.pk) if host else redirect("patrols:leg-detail", pk=pk)
        except Refused as refused:
            placed_or_raised(form, refused)
    disclose(request, [leg.record])
    return render(request, "patrols/leg_end.html", {"leg": leg, "form": form, "page_marking": highest([leg.record])})


@requires(Permission.PATROL_RUN)
def track_attach(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Attach a GPX or GeoJSON file to one of the own legs of a patrol."""
    patrol = patrol_or_404(request, pk)
    return _attach(request, reach.own_legs(request, patrol), back=patrol)


@requires(Permission.PATROL_RUN)
def leg_track(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Attach a GPX or GeoJSON file to one leg: also when its host is hidden."""
    leg = leg_or_404(request, pk)
    return _attach(request, [leg] if access_of(request).owns(leg.record.owner_id) else [], back=None)


def _attach(request: HttpRequest, own: list[Leg], back: Patrol | None) -> HttpResponse:
    form = TrackForm(request.POST or None, request.FILES or None, legs=own)
    if request.method == "POST" and form.is_valid():
        leg = form.legs[form.cleaned_data["leg"]]
        try:
            track = legs.attach_track(leg=leg, reading=form.cleaned_data["track"], by=by_of(request))
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, _attached(track))
            url = reverse("patrols:patrol-detail" if back else "patrols:leg-detail", args=[(back or leg).pk])
            # The page that shows how far the upload is goes there by itself.
            return JsonResponse({"url": url}) if request.headers.get("X-Progress") else redirect(url)
    disclose(request, [*([back.record] if back else []), *(leg.record for leg in own)])
    back_url = reverse("patrols:patrol-detail", args=[back.pk]) if back else reverse("patrols:mine")
    return render(request, "patrols/track_form.html", {"form": form, "legs": own, "back_url": back_url})


def _attached(track: Track) -> str:
    words = f"Track attached: {track}, {track.point_count:,} points."
    if track.outliers:
        words += f" {track.outliers} of them lie where nobody can have been in time: kept, but not measured or drawn."
    return words


@requires(Permission.PATROL_VIEW)
@require_GET
def leg_geojson(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    leg = leg_or_404(request, pk)
    tracks = Track.objects.filter(leg=leg).select_related("leg__record__owner", "leg__territory")
    disclose(request, [leg.record])
    features = [journal.track_feature(track) for track in tracks]
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")


class ScaleForm(forms.Form):
    """What a map shows: its zoom, and its edges."""

    zoom = forms.IntegerField(min_value=0, max_value=30)
    west = forms.FloatField(required=False)
    south = forms.FloatField(required=False)
    east = forms.FloatField(required=False)
    north = forms.FloatField(required=False)

    def box(self) -> exports.Box | None:
        west, south, east, north = (self.cleaned_data[name] for name in ("west", "south", "east", "north"))
        return None if None in (west, south, east, north) else (west, south, east, north)


@requires(Permission.PATROL_VIEW)
@require_GET
def leg_lines(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The track as a map of this scale draws it."""
    leg, form = leg_or_404(request, pk), ScaleForm(request.GET)
    disclose(request, [leg.record])
    if not journal.has_track(leg):
        raise Http404
    scale = form.cleaned_data["zoom"] if form.is_valid() else 12
    found = exports.lines(exports.recording_of(leg.track), scale, form.box() if form.is_valid() else None)
    shape = {"type": "MultiLineString", "coordinates": found}
    return JsonResponse(shape, content_type="application/geo+json")


@requires(Permission.PATROL_VIEW)
@require_GET
def leg_recording(request: HttpRequest, pk: uuid.UUID, kind: str) -> HttpResponseBase:
    """The whole recording as a file, with its marking in it. What is for display alone is no file (R7)."""
    leg = leg_or_404(request, pk)
    if not journal.has_track(leg):
        raise Http404
    if leg.record.display_only and not access_of(request).owns(leg.record.owner_id):
        raise PermissionDenied("Its owner lets it be shown on pages and not taken away as a file.")
    disclose(request, [leg.record])
    return exports.served(leg, by=by_of(request), kind=kind)
