"""Pages: an agency's communication channels, keeping them, and who can talk to whom."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.channels import actions
from agencies.channels.forms import ChannelForm, WhoFilter, initial_of
from agencies.channels.matrix import interoperability
from agencies.channels.models import CommunicationChannel
from agencies.channels.querysets import reachable
from agencies.directory.access import requires
from agencies.directory.actions import may_manage
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from portal.ui.refusals import acted, filled


def _by(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


def _kept(request: HttpRequest, pk: uuid.UUID) -> Agency:
    agency = get_object_or_404(Agency.objects.active().select_related("country"), pk=pk)
    if not may_manage(agency, _by(request)):
        raise PermissionDenied("Only an admin of the agency keeps its communication channels.")
    return agency


def _channel(request: HttpRequest, pk: uuid.UUID) -> CommunicationChannel:
    """One that the officer may know of (R18), and keeps."""
    rows = CommunicationChannel.objects.visible_to(_by(request), request.now)  # type: ignore[attr-defined]
    row = get_object_or_404(rows.select_related("agency__country"), pk=pk)
    if not may_manage(row.agency, _by(request)):
        raise PermissionDenied("Only an admin of the agency keeps its communication channels.")
    return row


@requires(Permission.DIRECTORY_VIEW)
def agency_channels(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel and a page: how the agency is reached, for itself and its partners (R18)."""
    agency = get_object_or_404(Agency.objects.known().select_related("country"), pk=pk)
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    rows = CommunicationChannel.objects.visible_to(by, now).of([agency.pk]).select_related("agency")
    own, manages = agency.pk in by.agencies, may_manage(agency, by)
    kept = [row for row in rows if row.is_in_effect(now) or (manages and row.ended_at is None)]
    context = {
        "agency": agency,
        "rows": [(row, row.is_in_effect(now)) for row in kept],
        "known": own or manages or agency.pk in reachable(by, now),
        "own": own,
        "manages": manages,
        "as_of": now,
    }
    return render(request, "channels/agency_channels.html", context)


@requires(Permission.AGENCY_MANAGE)
def channel_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put a channel of the agency on record."""
    agency = _kept(request, pk)
    today = request.now.astimezone(agency.zone).date()  # type: ignore[attr-defined]
    form = ChannelForm(request.POST or None, initial={"starts_on": today, "languages": agency.languages})
    work = lambda: actions.add_channel(agency=agency, by=_by(request), **form.cleaned_data)  # noqa: E731
    return _form(request, form, agency, work, "New communication channel", "Add it")


@requires(Permission.AGENCY_MANAGE)
def channel_replace(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End it and put another in its place."""
    row = _channel(request, pk)
    today = request.now.astimezone(row.agency.zone).date()  # type: ignore[attr-defined]
    form = ChannelForm(request.POST or None, initial=initial_of(row, today))
    work = lambda: actions.replace_channel(channel=row, by=_by(request), **form.cleaned_data)  # noqa: E731
    return _form(request, form, row.agency, work, f"In place of {row}", "Replace it")


def _form(request: HttpRequest, form: ChannelForm, agency: Agency, work: Any, heading: str, word: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and filled(form, work) is not None:
        messages.success(request, "Saved. Partners see it from its first day.")
        return redirect("directory:agency-detail", pk=agency.pk)
    context = {"form": form, "agency": agency, "heading": heading, "word": word}
    return render(request, "directory/administration_form.html", context)


@requires(Permission.AGENCY_MANAGE)
@require_POST
def channel_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End it at once."""
    row = _channel(request, pk)
    work = lambda: actions.end_channel(channel=row, by=_by(request))  # noqa: E731
    return acted(request, work, "Ended. Partners see it no more.", "directory:agency-detail", row.agency_id)


@requires(Permission.DIRECTORY_VIEW)
def interoperability_matrix(request: HttpRequest) -> HttpResponse:
    """Who can talk to whom now, by what, in which language: the own agency and its partners, or `?agency=` … among
    each other, or with `?with=` …"""
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    known = Agency.objects.active().filter(pk__in=reachable(by, now)).select_related("country")
    form = WhoFilter(request.GET, agencies=[(str(row.pk), str(row)) for row in known])
    form.is_valid()
    values = form.cleaned_data
    down = _keys(values.get("agency", ())) or ([row.pk for row in known] if values.get("among") else [])
    across = _keys([values["with_"]] if values.get("with_") else [])
    context = {"form": form, "found": interoperability(by, now, down, across), "as_of": now}
    return render(request, "channels/interoperability.html", context)


def _keys(texts: Any) -> list[uuid.UUID]:
    return [uuid.UUID(text) for text in texts]
