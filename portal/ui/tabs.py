"""Tabs: pages about one thing that stand side by side. A room offers a row of them; rooms above add theirs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tab:
    row: str
    url_name: str
    label: str
    order: int = 50


_TABS: list[Tab] = []


def register(tab: Tab) -> None:
    if tab not in _TABS:
        _TABS.append(tab)


def of(row: str) -> list[Tab]:
    return sorted((tab for tab in _TABS if tab.row == row), key=lambda tab: (tab.order, tab.label))
