"""Add a document, add a new version of it, withdraw it. By a treaty admin of a party; of a draft, of its agency (R23)."""

import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.papers import checking, reading
from agreements.papers.checking import Checked
from agreements.papers.choices import IMAGES, DocumentKind, MediaType, Reading
from agreements.papers.models import Document
from agreements.register.actions.rights import changeable
from agreements.register.models import Agreement, TreatyAction
from portal.audit import recording
from portal.keys import sent_before, usable
from portal.ui.errors import Refused

# Kinds that say what one party does: of an act of another party they cannot be.
OFFICIAL_KINDS = frozenset({DocumentKind.AUTHENTIC})


@transaction.atomic
def add(
    *,
    agreement: Agreement,
    file: Any,
    kind: str,
    title: str,
    language: str,
    by: Appointment,
    is_official: bool = False,
    action: TreatyAction | None = None,
    key: uuid.UUID | None = None,
) -> Document:
    """Keep a file as a document of the agreement. The worker reads its text.

    Raises Refused at `file` for what is too large, of another type or there already; 403 for whoever does not
    record facts about the agreement.
    """
    agreement = changeable(agreement, by)
    before = sent_before(Document, key, agreement=agreement, added_by=by)
    if before is not None:
        return before
    if action is not None and action.agreement_id != agreement.pk:
        raise Refused("Name an action of this agreement.", field="action")
    checked = _kept(agreement, file)
    row = Document(
        id=usable(Document, key),
        agreement=agreement,
        action=action,
        kind=DocumentKind(kind),
        title=title,
        language=language,
        is_official=is_official or kind in OFFICIAL_KINDS,
    )
    return _save(row, file, checked, by, "document.add")


@transaction.atomic
def add_version(*, document: Document, file: Any, by: Appointment, key: uuid.UUID | None = None) -> Document:
    """Keep a file as the new version. The old one stays, marked as superseded, with who did it and when.

    Raises Refused as `add` does, and when the document is not the newest version, or another party's.
    """
    old = _changeable(document, by, "adds a new version of it")
    before = sent_before(Document, key, series=old.series, added_by=by)
    if before is not None:
        return before
    if old.superseded_at is not None:
        raise Refused("There is a newer version of it already. Add yours to that one.", code="conflict")
    checked = _kept(old.agreement, file)
    old.superseded_at, old.superseded_by = timezone.now(), by
    old.save(update_fields=["superseded_at", "superseded_by"])
    same = ("agreement", "action", "kind", "title", "language", "is_official", "series")
    row = Document(id=usable(Document, key), version=old.version + 1, **{name: getattr(old, name) for name in same})
    return _save(row, file, checked, by, "document.add_version")


@transaction.atomic
def withdraw(*, document: Document, reason: str, by: Appointment) -> Document:
    """Take it back: it stays with the reason, is found by no search, and only the own agency opens its file."""
    row = _changeable(document, by, "withdraws it")
    if not reason.strip():
        raise Refused("Say why: the parties read it.", field="reason")
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = timezone.now(), by, reason.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    recording.record(verb="document.withdraw", by=by, subject_kind="document", subject_id=row.pk)
    return row


def may_change(document: Document, by: Appointment) -> bool:
    """Whether the officer's country added it: what another party added is not one's own to take back."""
    return document.added_by.agency.country_id == by.agency.country_id


def _changeable(document: Document, by: Appointment, does: str) -> Document:
    """The document, locked after its agreement, if it is the officer's country's own and stands."""
    changeable(document.agreement, by)
    rows = Document.objects.select_for_update(of=("self",)).defer("words")
    row = rows.select_related("agreement", "added_by__agency__country").get(pk=document.pk)
    if not may_change(row, by):
        raise Refused(f"Only {row.added_by.agency.country}, which added it, {does}.", code="forbidden")
    if row.withdrawn_at is not None:
        raise Refused("It is withdrawn.", code="conflict")
    return row


def _kept(agreement: Agreement, file: Any) -> Checked:
    """The file, checked, if there is room for it and it is not there yet."""
    checked = checking.check(file)
    rows = Document.objects.filter(agreement=agreement)
    total = (rows.aggregate(total=Sum("size"))["total"] or 0) + checked.size
    if total > settings.DOCUMENTS_LIMIT_AGREEMENT:
        most = checking.megabytes(settings.DOCUMENTS_LIMIT_AGREEMENT)
        raise Refused(f"With this file the documents of this agreement exceed {most}.", field=checking.FIELD)
    same = rows.standing().filter(sha256=checked.sha256).first()
    if same is not None:
        raise Refused(f"This very file is here already: “{same.title}”, version {same.version}.", field=checking.FIELD)
    return checked


def _save(row: Document, file: Any, checked: Checked, by: Appointment, verb: str) -> Document:
    row.media_type, row.size, row.sha256 = checked.media_type, checked.size, checked.sha256
    row.reading = Reading.EMPTY if MediaType(checked.media_type) in IMAGES else Reading.WAITING
    row.added_by = by
    try:
        row.file.save("document", file, save=False)
        row.save(force_insert=True)
    except Exception:
        if row.file:
            row.file.delete(save=False)
        raise
    reading.queue(row)
    facts = {"agreement": row.agreement_id, "sha256": row.sha256, "version": row.version}
    recording.record(verb=verb, by=by, subject_kind="document", subject_id=row.pk, data=facts)
    return row
