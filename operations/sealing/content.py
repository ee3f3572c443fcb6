"""What is written alike into the content of every such text, and into its copies."""

from typing import Any

from agreements.sharing.models import Record
from operations.sealing.canonical import digest_of, words
from operations.sealing.models import Said, SharedText

Plain = dict[str, Any]


def marking(record: Record) -> Plain:
    return {
        "classification": record.classification,
        "tlp": record.tlp,
        "rel_to": None if record.rel_to is None else sorted(record.rel_to),
        "handling_codes": sorted(record.handling_codes),
        "handling_note": words(record.handling_note),
        "categories": sorted(record.categories),
    }


def sides_of(row: SharedText) -> list[Plain]:
    """In an order that is the same wherever the content is worked out."""
    sides = sorted(row.sides.select_related("agency__country"), key=lambda side: str(side.agency_id))
    return [
        {
            "agency": str(side.agency_id),
            "name": side.agency.name,
            "short": side.agency.short,
            "country": side.agency.country_id,
        }
        for side in sides
    ]


def signer_of(row: Said) -> str:
    """Proves to the own agency which officer it was, without telling any other (R18)."""
    return digest_of([str(row.pk), str(row.by_id)])


def beside_of(row: Any) -> Plain:
    """What an agency stated or added beside the text, as a copy quotes it."""
    return {
        "id": str(row.pk),
        "agency": str(row.record.owner_id),
        "revision": row.revision,
        "text": words(row.text),
    }
