"""The menu: entries told by the rooms, shown to those whose role has the permission."""

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
    return [_shown(entry, request.path) for entry in sorted(found, key=lambda e: (e.order, e.label))]


def _shown(entry: MenuEntry, path: str) -> Shown:
    url = reverse(entry.url_name)
    current = path == url if url == "/" else path.startswith(url)
    return Shown(entry.label, entry.icon, url, current)
