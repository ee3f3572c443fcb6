"""What the agencies agree on: the minutes in all their wordings, with time, place, marking and who attended. The same
for every agency. How an action item stands is no part of it."""

from typing import Any

from operations.minutes.choices import Level
from operations.minutes.models import ActionItem, Assent, Minutes, Point
from operations.sealing.canonical import digest_of, instant, words
from operations.sealing.content import Plain, marking, sides_of, signer_of

CONTENT = "entente.minutes.content/1"
Content = tuple[list[Point], list[ActionItem]]


def parts_of(row: Minutes) -> Content:
    """Points and action items, each in order."""
    items = row.action_items.select_related(
        "agency__country", "clause__agreement", "officer__officer", "officer__agency"
    )
    return list(row.points.all()), list(items)


def content_of(row: Minutes, parts: Content | None = None) -> Plain:
    """The content as it stands now."""
    record, (points, actions) = row.record, parts or parts_of(row)
    return {
        "format": CONTENT,
        "minutes": str(row.pk),
        "meeting": str(row.meeting),
        "reference": record.reference,
        "revision": row.revision,
        "title": words(record.title),
        "language": row.language,
        "starts_at": instant(row.starts_at),
        "ends_at": instant(row.ends_at),
        "zone": record.zone,
        "place": words(row.place),
        "opening": words(row.opening),
        "items": [_item(point, points, actions) for point in points if point.level == Level.ITEM],
        "wordings": {wording.language: _texts(wording.texts) for wording in row.wordings.all()},
        "marking": marking(record),
        "sides": sides_of(row),
    }


def _texts(texts: dict[str, Any]) -> Plain:
    return {str(key): words(str(text)) for key, text in texts.items()}


def _item(item: Point, points: list[Point], actions: list[ActionItem]) -> Plain:
    return {
        "id": str(item.pk),
        "title": words(item.title),
        "text": words(item.text),
        "decisions": [_decision(point, actions) for point in points if point.under_id == item.pk],
    }


def _decision(point: Point, actions: list[ActionItem]) -> Plain:
    mine = [_action(row) for row in actions if row.decision_id == point.pk]
    return {"id": str(point.pk), "text": words(point.text), "actions": mine}


def _action(row: ActionItem) -> Plain:
    return {
        "id": str(row.pk),
        "text": words(row.text),
        "agency": str(row.agency_id),
        "due_on": row.due_on.isoformat(),
        "zone": row.zone,
        "article": words(str(row.clause)) if row.clause else None,
        "objective": words(row.objective) or None,
    }


def content_digest(row: Minutes) -> str:
    return digest_of(content_of(row))


def said_of(row: Assent) -> Plain:
    """All that an approval says. Who said it is told by function; `signer` proves to the own agency which officer it
    was, without telling any other (R18)."""
    return {
        "approval": str(row.pk),
        "agency": str(row.agency_id),
        "function": words(row.function),
        "signer": signer_of(row),
        "decision": row.decision,
        "annotation": str(row.annotation_id) if row.annotation_id else None,
        "annotation_digest": row.annotation_digest or None,
        "revision": row.revision,
        "content_digest": row.content_digest,
        "agreed_at": instant(row.agreed_at),
    }
