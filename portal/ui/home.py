"""Home: cards told by the rooms, shown to those whose role calls for them. The page itself knows no room."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Number:
    """How many there are of something, and the list that shows exactly those.

    With a tone (warning, danger) it waits for somebody as long as it is not 0. `cap`: it was counted no further.
    `one`: the label of a single one.
    """

    value: int
    label: str
    url: str
    tone: str = ""
    cap: int | None = None
    one: str = ""

    @property
    def words(self) -> str:
        return self.one if self.one and self.value == 1 else self.label

    @property
    def shown(self) -> str:
        return f"{self.cap:,}+" if self.cap is not None and self.value >= self.cap else f"{self.value:,}"

    @property
    def is_urgent(self) -> bool:
        return bool(self.tone and self.value)


@dataclass
class Content:
    """What a card shows one officer. Without `context` it gives numbers only. `records` are what it discloses."""

    numbers: list[Number] = field(default_factory=list)
    context: dict[str, Any] | None = None
    records: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Card:
    """A card: for whom (a permission, and one of `roles` if any are named), where on the page, and what makes it."""

    name: str
    title: str
    icon: str
    template: str
    build: Callable[[HttpRequest], Content]
    order: int = 50
    permission: str | None = None
    roles: frozenset[str] = frozenset()
    aside: bool = False


_CARDS: dict[str, Card] = {}


def register(card: Card) -> None:
    _CARDS[card.name] = card


@dataclass(frozen=True)
class Shown:
    """A card with what it shows."""

    card: Card
    content: Content


def cards_for(request: HttpRequest) -> list[Shown]:
    """The cards of the acting appointment's role, in order."""
    by = getattr(request, "appointment", None)
    if by is None:
        return []
    fit = [
        card
        for card in _CARDS.values()
        if (card.permission is None or by.may(card.permission)) and (not card.roles or by.role in card.roles)
    ]
    return [Shown(card, card.build(request)) for card in sorted(fit, key=lambda card: (card.order, card.name))]
