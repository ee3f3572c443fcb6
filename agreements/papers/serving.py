"""A document's file: sent as long as it may be read (R13), and only if it is still the one that was given."""

import base64
import hashlib
import logging
import uuid

from django.http import StreamingHttpResponse
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.papers.choices import MediaType
from agreements.papers.models import Document
from portal.audit import recording
from portal.sending import pieces
from portal.ui.errors import Refused

logger = logging.getLogger(__name__)
CHUNK = 1024 * 1024


def reads_now(by: uuid.UUID, document: uuid.UUID) -> bool:
    """Whether the appointment may read the document at this moment, asked anew from the database."""
    row = Appointment.objects.select_related("officer", "agency__country").filter(pk=by).first()
    if row is None or not row.is_in_effect(timezone.now()):
        return False
    return Document.objects.readable_by(row).filter(pk=document).exists()


def served(document: Document, *, by: Appointment) -> StreamingHttpResponse:
    """The file, to be saved and never shown in the portal's place; never cached. Who got it stands in the ledger (R29).

    Raises Refused where the reader may know of the document and not open it, and where the file is not what it was.
    """
    if not Document.objects.readable_by(by).filter(pk=document.pk).exists():
        raise Refused("It was withdrawn: only the agency that withdrew it opens its file.", code="forbidden")
    digest = _checked(document)
    recording.record(verb="document.open", by=by, subject_kind="document", subject_id=document.pk)
    key, name = by.pk, document.pk
    file = document.file.open("rb")
    kind = document.media_type + ("; charset=utf-8" if document.media_type == MediaType.TXT else "")
    response = StreamingHttpResponse(pieces(file, lambda: reads_now(key, name)), content_type=kind)
    response["Content-Length"] = str(document.size)
    response["Content-Disposition"] = f'attachment; filename="{document.file_name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    # RFC 9530: whoever saves it can compare.
    response["Repr-Digest"] = f"sha-256=:{base64.b64encode(digest).decode()}:"
    return response


def _checked(document: Document) -> bytes:
    """The digest of the stored file, if it is the one that was given."""
    digest = hashlib.sha256()
    try:
        with document.file.open("rb") as file:
            for chunk in iter(lambda: file.read(CHUNK), b""):
                digest.update(chunk)
    except FileNotFoundError:
        digest = hashlib.sha256(b"")
    if digest.hexdigest() != document.sha256:
        logger.error("The file of document %s is lost or not the one that was given.", document.pk)
        raise Refused(
            "The stored file is lost or no longer matches its checksum, so it is not given out. Tell your system admin.",
            code="conflict",
        )
    return digest.digest()
