"""Record what a court order or a law compels the agency to disclose (R25)."""

import uuid
from datetime import date

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.compelled.models import CompelledDisclosure
from agreements.sharing.models import Record
from agreements.sharing.policy import access_to, decide
from portal.audit import recording
from portal.keys import sent_before, usable
from portal.outbox import messages
from portal.ui.errors import Refused

RECORDED = "compelled.recorded"
TEXTS = {
    "authority": "Name the court or authority.",
    "legal_basis": "Name the order or the law.",
    "what": "Say what is to be disclosed.",
}


@transaction.atomic
def record_compelled(
    *,
    record: Record,
    authority: str,
    legal_basis: str,
    what: str,
    due_on: date,
    telling_forbidden: bool,
    by: Appointment,
    key: uuid.UUID | None = None,
) -> CompelledDisclosure:
    """Before a received record is disclosed outside: its originator is told at once, unless the order forbids.

    Recorded twice under the same `key` by the same officer, it is recorded once. Raises Refused at the field.
    """
    _require_receiver(record, by)
    sent = sent_before(CompelledDisclosure, key, record=record, recorded_by=by)
    if sent is not None:
        return sent
    texts = {"authority": authority.strip(), "legal_basis": legal_basis.strip(), "what": what.strip()}
    for name, text in texts.items():
        if not text:
            raise Refused(TEXTS[name], field=name)
    row = CompelledDisclosure.objects.create(
        id=usable(CompelledDisclosure, key),
        record=record,
        due_on=due_on,
        telling_forbidden=telling_forbidden,
        recorded_by=by,
        **texts,
    )
    recording.record(
        verb="record.compel",
        by=by,
        subject_kind=record.kind,
        subject_id=record.pk,
        data={"compelled": row.pk, **texts, "due_on": due_on, "telling_forbidden": telling_forbidden},
    )
    if not telling_forbidden:
        messages.emit(kind=RECORDED, key=f"{RECORDED}:{row.pk}", payload={"compelled": str(row.pk)})
    return row


def _require_receiver(record: Record, by: Appointment) -> None:
    """An officer of another agency than the originator, who sees the record and may record such a thing."""
    if not decide(access_to(record, by, timezone.now()), record):
        raise Refused("There is no such record.", code="not_found")
    if not by.may(Permission.COMPELLED_RECORD):
        raise Refused("Your role does not permit this.", code="forbidden")
    if record.owner_id in by.agencies:
        raise Refused("It is your own agency's record: there is no originator to tell.", code="forbidden")
