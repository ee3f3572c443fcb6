"""One page of deliveries, newest first."""

import uuid
from datetime import datetime

from django.db.models import Q

from agreements.delivery.models import Delivery
from agreements.delivery.querysets import DeliveryQuerySet

PAGE = 50


def page_of(rows: DeliveryQuerySet, place: str) -> tuple[list[Delivery], str]:
    """The page beyond `place`, and the place of the next; one that is not ours is the first page."""
    found = list(rows.filter(_beyond(place)).order_by("-created_at", "-pk")[: PAGE + 1])
    shown = found[:PAGE]
    return shown, f"{shown[-1].created_at.isoformat()}_{shown[-1].pk}" if len(found) > PAGE else ""


def _beyond(place: str) -> Q:
    try:
        instant, key = place.split("_")
        at, pk = datetime.fromisoformat(instant), uuid.UUID(key)
    except ValueError:
        return Q()
    if at.tzinfo is None:
        return Q()
    return Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk)
