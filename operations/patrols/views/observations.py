"""Log an entry, read it, and its photographs."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.policy import decide
from operations.patrols import serving
from operations.patrols.actions import observations
from operations.patrols.choices import TYPE_ICONS, ObservationType
from operations.patrols.forms import ObservationForm
from operations.patrols.models import Observation, Photo
from operations.patrols.views import reach
from operations.patrols.views.reach import by_of, now_of, observation_or_404, patrol_or_404
from operations.types.definitions import said
from operations.types.presenting import current, languages_of, lines_of
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import placed_or_raised


@requires(Permission.PATROL_RUN)
def observation_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    patrol, by = patrol_or_404(request, pk), by_of(request)
    initial = {"type": request.GET["type"]} if "type" in request.GET else {}
    own, operation = reach.own_legs(request, patrol), reach.operation_of(request, patrol)
    catalogue = current(operation[0]) if operation else None
    form = ObservationForm(
        request.POST or None, request.FILES or None, by=by, legs=own, catalogue=catalogue, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = observations.log(patrol=patrol, by=by, **form.values())
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, f"Received {now_of(request):%H:%M}Z (ref. {row.record.reference}).")
            return redirect("patrols:patrol-detail", pk=pk)
    if form.errors and request.FILES and "photos" not in form.errors:
        # A browser gives no file back: without a word the entry would go without them.
        form.add_error("photos", "Choose your photographs again: they were not kept.")
    disclose(request, [patrol.record, *(leg.record for leg in own), *operation])
    types = [(type.value, type.label, TYPE_ICONS[type]) for type in ObservationType]
    own_types = sorted(form.own.items(), key=lambda pair: not pair[1].made.quick)
    context = {
        "patrol": patrol,
        "form": form,
        "types": types,
        "own_types": [(value, TYPE_ICONS[each.made.base], each) for value, each in own_types],
        "page_marking": highest([patrol.record]),
    }
    return render(request, "patrols/observation_form.html", context)


@requires(Permission.PATROL_VIEW)
def observation_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row: Observation = observation_or_404(request, pk)
    host = reach.seen(request, row.record.host_id)
    disclose(request, [row.record, *([host] if host else [])], opened=row.record)
    languages = languages_of(by_of(request))
    word, language = said(row.filled.type.labels, languages) if row.filled else (row.get_type_display(), "")
    context = {
        "observation": row,
        "record": row.record,
        "host": host,
        "word": word,
        "language": language,
        "lines": lines_of(row.filled, languages),
        "page_marking": highest([row.record]),
    }
    return render(request, "patrols/observation_detail.html", context)


@requires(Permission.PATROL_VIEW)
@require_GET
def photo_image(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    photo = _photo(request, pk)
    if request.GET.get("download"):
        decision = decide(access_of(request), photo.observation.record, "export")
        if not decision:
            raise PermissionDenied(decision.reason)
        return _served(request, photo, photo.image, "attachment")
    return _served(request, photo, photo.image, "inline")


@requires(Permission.PATROL_VIEW)
@require_GET
def photo_thumbnail(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    photo = _photo(request, pk)
    return _served(request, photo, photo.thumbnail, "inline")


def _photo(request: HttpRequest, pk: uuid.UUID) -> Photo:
    """The photograph, if its entry may be seen now: asked for every file (R13)."""
    visible = Observation.objects.visible_to(access_of(request))
    photo = Photo.objects.filter(observation__in=visible).select_related("observation__record").filter(pk=pk).first()
    if photo is None:
        raise Http404
    disclose(request, [photo.observation.record])
    return photo


def _served(request: HttpRequest, photo: Photo, stored: FieldFile, disposition: str) -> HttpResponseBase:
    response = serving.served(stored, by=by_of(request), observation=photo.observation_id)
    response["Content-Disposition"] = f'{disposition}; filename="photograph.jpg"'
    return response
