"""A country's page, panels of an agency's page, and what crossed between it and the own agency."""

import uuid
from datetime import date
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from agencies.channels.matrix import interoperability
from agencies.directory.access import requires
from agencies.directory.acquaintance import known_to
from agencies.directory.models import Agency, Appointment, Country
from agencies.directory.roles import Permission
from agreements.atlas.exchanged import CAP, exchange
from agreements.atlas.relations import with_agency, with_country
from agreements.atlas.views.matrix import clean
from agreements.register.models import Agreement
from agreements.sharing import kinds
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.views.door import by_of, now_of
from portal.ui.marking import highest

PAGE = 100


@requires(Permission.DIRECTORY_VIEW)
def country_list(request: HttpRequest) -> HttpResponse:
    """Countries with an agency here: facts of the installation."""
    rows = Country.objects.filter(agencies__in=Agency.objects.active()).distinct()
    return render(request, "atlas/country_list.html", {"rows": rows.order_by("name", "pk")})


@requires(Permission.DIRECTORY_VIEW)
def country_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Agreements in common with their state today, whom they designated, and their agencies (R18, R23)."""
    country = _country(code)
    by, now = by_of(request), now_of(request)
    context = {
        "country": country,
        "own": country.pk == by.agency.country_id,
        "own_country": by.agency.country_id,
        "relations": with_country(by, country, now),
        "reads_agreements": by.may(Permission.AGREEMENT_VIEW),
        "as_of": now,
    }
    return render(request, "atlas/country_detail.html", context)


def _country(code: str) -> Country:
    return get_object_or_404(Country, pk=clean(code))


def _agency(request: HttpRequest, pk: uuid.UUID) -> Agency:
    return get_object_or_404(Agency.objects.known().select_related("country"), pk=pk)


@requires(Permission.DIRECTORY_VIEW)
def agency_relations(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel: the agreements for which the agency is designated, as far as the reader may know them (R23)."""
    agency, by, now = _agency(request, pk), by_of(request), now_of(request)
    context = {"agency": agency, "relations": with_agency(by, agency, now), "as_of": now}
    return render(request, "atlas/agency_relations.html", context)


@requires(Permission.AGREEMENT_VIEW)
def agreement_channels(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel: who of the agencies designated for the agreement can talk to whom now, of those that the reader may
    know (R18)."""
    by, now = by_of(request), now_of(request)
    agreement = get_object_or_404(Agreement.objects.visible_to(by), pk=pk)
    rows = agreement.designations.filter(withdrawn_at=None)
    agencies = list(rows.values_list("agency", flat=True).distinct())
    context = {"found": interoperability(by, now, agencies) if agencies else None, "as_of": now}
    return render(request, "atlas/agreement_channels.html", context)


def _known(by: Appointment, agencies: list[Agency], request: HttpRequest) -> list[uuid.UUID]:
    """Partners among these: nothing crosses to anybody else, nor to oneself."""
    known = known_to(by, now_of(request))
    return [row.pk for row in agencies if row.pk in known and row.pk not in by.agencies]


def _zone(by: Appointment) -> ZoneInfo:
    return ZoneInfo(by.officer.time_zone) if by.officer.time_zone else by.agency.zone


@requires(Permission.DIRECTORY_VIEW)
def agency_exchanged(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A panel: how many records were given to it and received from it, by month."""
    agency = _agency(request, pk)
    return _exchanged(request, [agency], f"agency={agency.pk}")


@requires(Permission.DIRECTORY_VIEW)
def country_exchanged(request: HttpRequest, code: str) -> HttpResponse:
    """A panel: the same with all agencies of a country."""
    country = _country(code)
    return _exchanged(request, list(country.agencies.filter(is_active=True)), f"country={country.pk}")


def _exchanged(request: HttpRequest, agencies: list[Agency], query: str) -> HttpResponse:
    by = by_of(request)
    found = exchange(access_of(request), _known(by, agencies, request), _zone(by))
    context = {"exchange": found, "query": query, "cap": CAP, "as_of": now_of(request)}
    return render(request, "atlas/exchanged.html", context)


@requires(Permission.DIRECTORY_VIEW)
def exchanged_list(request: HttpRequest) -> HttpResponse:
    """The records behind a number: `?agency=` or `?country=`, `?way=given|received`, `?month=2026-11`."""
    by, agencies, name = by_of(request), *_chosen(request)
    found = exchange(access_of(request), _known(by, agencies, request), _zone(by))
    way = "received" if request.GET.get("way") == "received" else "given"
    month = _month(clean(request.GET.get("month")))
    crossed = found.rows(way, month)
    rows = [row.record for row in crossed[:PAGE]]
    disclose(request, rows)
    context = {
        "rows": [(row, kinds.get(row.record.kind)) for row in crossed[:PAGE]],
        "more": len(crossed) > PAGE,
        "most": PAGE,
        "way": way,
        "month": month,
        "name": name,
        "page_marking": highest(rows),
        "as_of": now_of(request),
    }
    return render(request, "atlas/exchanged_list.html", context)


def _chosen(request: HttpRequest) -> tuple[list[Agency], str]:
    key, code = clean(request.GET.get("agency")), clean(request.GET.get("country"))
    try:
        rows = Agency.objects.known().filter(pk=uuid.UUID(key)) if key else Agency.objects.none()
    except ValueError:
        raise Http404 from None
    if rows:
        return list(rows), str(rows[0])
    country = Country.objects.filter(pk=code).first() if code else None
    if key or (code and country is None):
        raise Http404
    return (list(country.agencies.filter(is_active=True)), country.name) if country else ([], "")


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if text else None
    except ValueError:
        return None
