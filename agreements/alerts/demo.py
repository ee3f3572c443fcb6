"""The demonstration's warnings: what beat's next round would raise is there from the start."""

from django.utils import timezone

from agreements.alerts.handling import register as handling
from portal.ui import demo


def load() -> int:
    """Alerts of agreements about to end that are not there yet; how many are new."""
    return handling.watch(timezone.now())


def register() -> None:
    demo.register(demo.Step("warnings", 60, load))
