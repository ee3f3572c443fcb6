"""Links on an agency's page that rooms above offer to one reader: its task list, suspending it, closing it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from agencies.directory.models import Agency, Appointment


@dataclass(frozen=True)
class Link:
    words: str
    url: str
    icon: str
    tone: str = "secondary"


Offer = Callable[[Agency, Appointment], Iterable[Link]]
_OFFERS: list[Offer] = []


def register(offer: Offer) -> None:
    if offer not in _OFFERS:
        _OFFERS.append(offer)


def of(agency: Agency, by: Appointment) -> list[Link]:
    return [link for offer in _OFFERS for link in offer(agency, by)]
