"""The menu: entries told by the rooms, shown to those whose role has the permission."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class MenuEntry:
    label: str
    url_name: str
    icon: str
    order: int
    permission: str | None = None


_ENTRIES: dict[str, MenuEntry] = {}


def register(entry: MenuEntry) -> None:
    _ENTRIES[entry.url_name] = entry


def label_of(url_name: str) -> str:
    """The label of a page that stands in the menu; empty for any other page."""
    entry = _ENTRIES.get(url_name)
    return entry.label if entry else ""


@dataclass(frozen=True)
class Shown:
    """One entry as a page shows it."""

    label: str
    icon: str
    url: str
    current: bool


def entries_for(request: HttpRequest) -> list[Shown]:
    """The entries that the acting appointment's role opens, in order."""
    appointment = getattr(request, "appointment", None)
    if appointment is None:
        return []
    found = [e for e in _ENTRIES.values() if e.permission is None or appointment.may(e.permission)]
    urls = {entry.url_name: reverse(entry.url_name) for entry in found}
    here = _current(urls.values(), request.path)
    ordered = sorted(found, key=lambda e: (e.order, e.label))
    return [Shown(e.label, e.icon, urls[e.url_name], urls[e.url_name] == here) for e in ordered]


def _current(urls: Iterable[str], path: str) -> str:
    """The entry that a page belongs to: of those that its address begins with, the most exact."""
    return max((url for url in urls if path == url or (url != "/" and path.startswith(url))), key=len, default="")
