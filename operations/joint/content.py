"""What is signed: the joint text in all its wordings, with period, place, marking and sides. The same for every side."""

from operations.joint.models import JointReport, Signature
from operations.sealing.canonical import digest_of, instant, place, words
from operations.sealing.content import Plain, marking, sides_of, signer_of

CONTENT = "entente.joint.content/1"


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


def content_digest(report: JointReport) -> str:
    return digest_of(content_of(report))


def signed_of(row: Signature) -> Plain:
    """All that a signature says. Who signed is told by function; `signer` proves to the own agency which officer it
    was, without telling any other (R18)."""
    return {
        "signature": str(row.pk),
        "agency": str(row.agency_id),
        "function": words(row.function),
        "signer": signer_of(row),
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
