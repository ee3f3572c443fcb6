"""What is signed: the joint text in all its wordings, with period, place, marking and sides. The same for every side."""

from typing import Any

from agreements.sharing.models import Record
from operations.joint.canonical import digest_of, instant, place, words
from operations.joint.models import COPY_FORMAT, JointReport, Signature

CONTENT, COPY = "entente.joint.content/1", COPY_FORMAT
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


def content_of(report: JointReport) -> Plain:
    """The content as it stands now."""
    record = report.record
    texts = {report.language: _texts(report.text, report.open_points)}
    texts |= {row.language: _texts(row.text, row.open_points) for row in report.wordings.all()}
    return {
        "format": CONTENT,
        "report": str(report.pk),
        "reference": record.reference,
        "revision": report.revision,
        "form": report.form,
        "title": words(record.title),
        "language": report.language,
        "texts": texts,
        "starts_at": instant(report.starts_at),
        "ends_at": instant(report.ends_at),
        "zone": record.zone,
        "place": words(report.place),
        "position": place(record.latitude, record.longitude),
        "marking": marking(record),
        "sides": sides_of(report),
    }


def _texts(text: str, open_points: str) -> Plain:
    return {"text": words(text), "open_points": words(open_points)}


def sides_of(report: JointReport) -> list[Plain]:
    rows = sorted(report.sides.select_related("agency__country"), key=lambda side: str(side.agency_id))
    return [
        {
            "agency": str(side.agency_id),
            "name": side.agency.name,
            "short": side.agency.short,
            "country": side.agency.country_id,
        }
        for side in rows
    ]


def content_digest(report: JointReport) -> str:
    return digest_of(content_of(report))


def signed_of(row: Signature) -> Plain:
    """All that a signature says. Who signed is told by function; `signer` proves to the own agency which officer it
    was, without telling any other (R18)."""
    return {
        "signature": str(row.pk),
        "agency": str(row.agency_id),
        "function": words(row.function),
        "signer": digest_of([str(row.pk), str(row.by_id)]),
        "decision": row.decision,
        "statement": str(row.statement_id) if row.statement_id else None,
        "statement_digest": row.statement_digest or None,
        "revision": row.revision,
        "content_digest": row.content_digest,
        "signed_at": instant(row.signed_at),
        "device_at": instant(row.device_at),
        "device": str(row.device) if row.device else None,
        "user_agent": words(row.user_agent),
    }
