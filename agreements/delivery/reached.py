"""How far alerts came outside the portal: by state for the page of health, and in one word an agency for who sent them."""

import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count

from agreements.alerts.outlets import Reached
from agreements.delivery.choices import DeliveryState
from agreements.delivery.models import Delivery

# What an agency's state is, the first of these that one of its deliveries is in.
WORDS = {
    DeliveryState.SENT: Reached("sent", "Sent"),
    DeliveryState.MERGED: Reached("sent", "Sent"),
    DeliveryState.WAITING: Reached("waiting", "On its way"),
    DeliveryState.HELD: Reached("waiting", "On its way"),
    DeliveryState.FAILED: Reached("failed", "Not delivered: it stands on their page"),
}


def counts() -> dict[str, int]:
    """How many deliveries are in each state, by its word."""
    found = dict(Delivery.objects.values_list("state").annotate(count=Count("pk")).order_by())
    return {state.label: found.get(state.value, 0) for state in DeliveryState}


def reached(kind: str, keys: Iterable[str]) -> dict[uuid.UUID, Reached]:
    """One state an agency. What was withheld there is not told apart from what stands on the page alone (R17)."""
    rows = Delivery.objects.filter(alert__kind=kind, alert__key__in=list(keys), state__in=list(WORDS))
    states: dict[uuid.UUID, set[str]] = defaultdict(set)
    for agency, state in rows.values_list("alert__appointment__agency", "state").distinct().order_by():
        states[agency].add(state)
    return {
        agency: next(word for state, word in WORDS.items() if state.value in found) for agency, found in states.items()
    }
