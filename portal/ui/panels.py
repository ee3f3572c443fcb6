"""Panels: a page offers a slot, rooms above fill it with fragments by URL name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Panel:
    slot: str
    url_name: str
    title: str
    order: int = 50


_PANELS: list[Panel] = []


def register(panel: Panel) -> None:
    if panel not in _PANELS:
        _PANELS.append(panel)


def of(slot: str) -> list[Panel]:
    return sorted((p for p in _PANELS if p.slot == slot), key=lambda p: (p.order, p.title))


def title_of(url_name: str) -> str:
    """The title under which a fragment was registered; empty for any other page."""
    return next((panel.title for panel in _PANELS if panel.url_name == url_name), "")
