"""What happens to an alert beside its row: rooms above say it, in the transaction of the alert."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agreements.alerts.models import Alert

Outlet = Callable[[Sequence["Alert"]], None]
_OUTLETS: list[Outlet] = []


def register(outlet: Outlet) -> None:
    """Let `outlet(new)` be told of alerts that are new, with constant many statements however many they are."""
    if outlet not in _OUTLETS:
        _OUTLETS.append(outlet)


def tell(new: Sequence["Alert"]) -> None:
    """Tell every outlet of these new alerts."""
    if new:
        for outlet in _OUTLETS:
            outlet(new)
