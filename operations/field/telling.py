"""What the field adds to a patrol's log and map, and to the time of its legs: crossings and pauses."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least
from django.urls import reverse

from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from operations.field.models import Crossing, Pause
from operations.patrols import journal, resting, sources
from operations.patrols.journal import Line
from operations.patrols.sources import Conditions, Feature

ENTERED, LEFT = "Partner territory entered", "Partner territory left"


def register() -> None:
    sources.register(sources.Source(lines, features))
    resting.register(rested)


def crossings_of(conditions: Conditions, access: Access, most: int | None = None) -> list[Crossing]:
    rows = Crossing.objects.visible_to(access).filter(**conditions).select_related("territory")
    rows = rows.annotate(is_shared=journal.shared()).order_by("-entered_at", "-pk")
    return list(rows if most is None else rows[:most])


def lines(conditions: Conditions, access: Access, most: int | None) -> list[Line]:
    return [line for row in crossings_of(conditions, access, most) for line in _lines(row, access)]


def _lines(row: Crossing, access: Access) -> Iterable[Line]:
    record, address = row.record, reverse("field:crossing-detail", args=[row.pk])
    told = f" · told: {row.notified}" if row.notified else ""
    yield Line(
        row.entered_at,
        "crossing",
        f"Entered {row.territory.name}",
        "box-arrow-in-right",
        record.owner,
        record,
        held=journal.is_held(row, access),
        url=address,
        note=f"{row.get_basis_display()}{told}",
    )
    if row.left_at:
        stay = row.left_at - row.entered_at
        yield Line(
            row.left_at,
            "crossing_left",
            f"Left {row.territory.name}",
            "box-arrow-left",
            record.owner,
            record,
            url=address,
            note=f"after {int(stay.total_seconds() // 60)} min",
        )


def features(
    conditions: Conditions, access: Access, since: datetime | None, most: int | None
) -> tuple[list[Feature], list[Record]]:
    """Where partner territory was entered and left."""
    after = {"entered_at__gte": since} if since else {}
    found: list[Feature] = []
    shown = []
    for row in crossings_of({**conditions, **after}, access, most):
        points = list(_points(row))
        found += points
        shown += [row.record] if points else []
    return found, shown


def _points(row: Crossing) -> Iterable[Feature]:
    record, address = row.record, reverse("field:crossing-detail", args=[row.pk])
    words = {"url": address, "front": "yes"}
    if record.latitude is not None:
        title = f"Entered {row.territory.name}: {row.get_basis_display().lower()}"
        yield journal.point(record, {**words, "kind": "crossing", "kind_label": ENTERED, "title": title})
    if row.left_at and row.left_latitude is not None:
        shape: dict[str, object] = {"type": "Point", "coordinates": [row.left_longitude, row.left_latitude]}
        more = {
            "kind": "crossing_left",
            "kind_label": LEFT,
            "title": f"Left {row.territory.name}",
            "time": journal.clock(row.left_at),
        }
        yield {**journal.feature(record, {**words, **more}, shape), "id": f"{record.pk}-left"}


def spent(at: datetime) -> ExpressionWrapper:
    """How long a pause took of its leg until `at`: one that still runs ends with the leg."""
    end = Least(Coalesce("ended_at", Value(at)), Coalesce("leg__ended_at", Value(at)))
    return ExpressionWrapper(Greatest(end - F("started_at"), Value(timedelta())), DurationField())


def rested(legs: Collection[uuid.UUID], at: datetime) -> dict[uuid.UUID, timedelta]:
    """How long each of these legs rested until `at`."""
    sums = Pause.objects.filter(leg__in=legs).order_by().values("leg").annotate(spent=Sum(spent(at)))
    return {row["leg"]: row["spent"] for row in sums}
