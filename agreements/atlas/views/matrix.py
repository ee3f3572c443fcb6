"""The flow matrix, and one flow with its articles."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.directory.access import requires
from agencies.directory.models import Country
from agencies.directory.roles import Permission
from agreements.atlas.flows import Ground, ground_of
from agreements.atlas.forms import MatrixFilter
from agreements.atlas.presenting import Asked, End, asked, ends_of, is_too_wide, sheet_of, sides_of
from agreements.atlas.reading import read
from agreements.register.choices import Category
from agreements.sharing.views.door import by_of, now_of


def clean(text: str | None) -> str:
    """A word of the address. The database takes no null character."""
    return (text or "").replace("\x00", "").strip()


def names_of(ground: Ground) -> dict[str, str]:
    """The states of the agreements that the reader may know."""
    return dict(Country.objects.filter(pk__in=ground.parties).order_by("name", "pk").values_list("pk", "name"))


def _asked(request: HttpRequest, ground: Ground, names: dict[str, str]) -> tuple[MatrixFilter, Asked]:
    partners = [(key, name) for key, name in names.items() if key != ground.own]
    form = MatrixFilter(request.GET, partners=partners)
    return form, asked(form, ground, now_of(request))


@requires(Permission.AGREEMENT_VIEW)
def flow_matrix(request: HttpRequest) -> HttpResponse:
    """Who may give what to whom, up to which ceiling: on a day, and against another."""
    ground = ground_of(by_of(request))
    names = names_of(ground)
    form, wanted = _asked(request, ground, names)
    context = {
        "form": form,
        "errors": [error for errors in form.errors.values() for error in errors],
        "sheet": sheet_of(wanted, ground, clean(request.GET.get("sender"))),
        "asked": wanted,
        "too_wide": is_too_wide(wanted, ground),
        "category_words": [(name, Category(name).label) for name in Category.values],
        "own": names.get(ground.own, ground.own),
        "as_of": now_of(request),
    }
    return render(request, "atlas/flow_matrix.html", context)


@requires(Permission.AGREEMENT_VIEW)
def flow(request: HttpRequest) -> HttpResponse:
    """One cell: the articles that open it with their terms, which governs, and what stands in the way of others.

    `?sender=` and `?receiver=`: states by code or agencies by key; `?category=`, `?on=`, `?against=`.
    """
    ground = ground_of(by_of(request))
    _, wanted = _asked(request, ground, names_of(ground))
    sender, receiver, category = (clean(request.GET.get(name)) for name in ("sender", "receiver", "category"))
    if category not in Category.values:
        raise Http404
    ends = _ends(ground, sender, receiver, agencies=wanted.agencies)
    reading = read(ground, sender, receiver, category, wanted.day, wanted.against, kind=wanted.narrow.kind)
    context: dict[str, Any] = {
        "sender": ends[sender],
        "receiver": ends[receiver],
        "category": Category(category).label,
        "reading": reading,
        "asked": wanted,
        "as_of": now_of(request),
        "panel_title": f"{ends[sender].short} to {ends[receiver].short}: {Category(category).label.lower()}",
    }
    return render(request, "atlas/flow.html", context)


def _ends(ground: Ground, sender: str, receiver: str, *, agencies: bool) -> dict[str, End]:
    """Both sides by name; 404 unless the reader may know both from its agreements (R17)."""
    keys = {sender, receiver}
    if not keys <= sides_of(ground, agencies=agencies):
        raise Http404
    return ends_of(keys, agencies=agencies)
