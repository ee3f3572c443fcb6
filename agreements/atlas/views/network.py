"""Who is bound with whom, drawn and as a table; and the agreements between two states."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.atlas.flows import Day, ground_of
from agreements.atlas.forms import DayFilter, NetworkFilter
from agreements.atlas.network import FAMILIES, REST, Edge, drawing, edges, wide_ones
from agreements.atlas.presenting import ties_of
from agreements.atlas.views.matrix import names_of
from agreements.sharing.views.door import by_of, now_of


@requires(Permission.AGREEMENT_VIEW)
def network(request: HttpRequest) -> HttpResponse:
    """States and the articles that bind them to each other on a day; `?kind=` and `?around=` narrow it."""
    ground, now = ground_of(by_of(request)), now_of(request)
    names = names_of(ground)
    form = NetworkFilter(request.GET, states=[(key, name) for key, name in names.items() if key != ground.own])
    form.is_valid()
    values = form.cleaned_data
    around = {"": ground.own, "all": ""}.get(values.get("around", ""), values.get("around", ""))
    left_out = [] if values.get("wide") else wide_ones(ground)
    found = edges(ground, Day(now, values.get("on")), kind=values.get("kind", ""), around=around, without=left_out)
    context = {
        "form": form,
        "errors": [error for errors in form.errors.values() for error in errors],
        "drawing": drawing(found, names, ground.own, around),
        "rows": sorted(({"edge": edge, "label": _label(edge, names, around)} for edge in found), key=_by_label),
        "families": [*FAMILIES, REST],
        "left_out": [ground.agreements[key] for key in left_out],
        "on": values.get("on"),
        "query": f"?on={values['on']:%Y-%m-%d}" if values.get("on") else "",
        "as_of": now,
    }
    return render(request, "atlas/network.html", context)


def _label(edge: Edge, names: dict[str, str], around: str) -> str:
    """Both by name; around one, the other alone."""
    return " – ".join(names[key] for key in edge.pair if key != around)


def _by_label(row: dict[str, Any]) -> str:
    return str(row["label"])


@requires(Permission.AGREEMENT_VIEW)
def between(request: HttpRequest, one: str, other: str) -> HttpResponse:
    """The agreements that bind two states to each other on a day, with their articles by kind."""
    ground, now = ground_of(by_of(request)), now_of(request)
    if one == other or not {one, other} <= ground.parties:
        raise Http404
    names = names_of(ground)
    form = DayFilter(request.GET)
    form.is_valid()
    day = Day(now, form.cleaned_data.get("on"))
    context = {
        "one": one,
        "other": other,
        "names": (names[one], names[other]),
        "groups": ties_of(ground, day, one, other),
        "day": day,
        "as_of": now,
    }
    return render(request, "atlas/between.html", context)
