"""An agency agrees to the minutes, or agrees and annotates them. When all have, each receives its sealed copy (R3)."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, new_key
from agencies.directory.roles import Permission
from agreements.sharing.models import Record
from operations.minutes import alerting, lifecycle, rights
from operations.minutes.actions import sealing
from operations.minutes.actions.lapsing import lapse
from operations.minutes.choices import Decision, Lapse
from operations.minutes.content import content_digest, said_of
from operations.minutes.models import Annotation, Assent, Minutes
from operations.planning.rights import require_role, require_sight
from operations.sealing import beside
from operations.sealing.canonical import digest_of, digest_of_text, words
from portal import second_lock
from portal.audit import recording
from portal.ui.errors import Refused

KIND = "annotation"
ANNOTATION_LENGTH = 10_000


@transaction.atomic
def agree(
    *,
    minutes: Minutes,
    by: Appointment,
    seen: str,
    decision: str = Decision.AGREES.value,
    annotation: str = "",
) -> Assent:
    """Agree for the officer's agency. `seen` is the digest of the content that the officer read; `annotation` what the
    agency adds, a record of its own that goes to the others.

    Raises Refused when the content is another by now, the agency has agreed already, or an article is missing for the
    annotation.
    """
    now = timezone.now()
    require_role(by, Permission.MEETING_CALL)
    require_sight(by, minutes.record, now)
    row = rights.held(minutes)
    agency = rights.side_of(row, by)
    lifecycle.require(row.state, "agree")
    if row.approvals.standing().filter(agency=agency).exists():
        raise Refused(f"{agency.short} has agreed already.", code="state")
    digest = content_digest(row)
    if seen != digest:
        raise Refused("The minutes were changed since you read them. Read them again, then agree.", code="stale")
    added = _annotate(row, by, agency, decision, annotation, now)
    approval = _said(row, by, agency, decision, added, digest, now)
    alerting.settle(row, agency.pk)
    if added is not None:
        alerting.annotated(row, approval.pk, agency.pk)
    _moved(row)
    sealing.seal_if_complete(row, now)
    return approval


def _said(
    row: Minutes, by: Appointment, agency: Agency, decision: str, added: Annotation | None, digest: str, now: datetime
) -> Assent:
    approval = Assent(
        id=new_key(), minutes=row, agency=agency, by=by, function=by.function, decision=decision,
        annotation=added.record if added else None,
        annotation_digest=digest_of_text(words(added.text)) if added else "",
        revision=row.revision, content_digest=digest, agreed_at=now,
    )  # fmt: skip
    approval.digest = digest_of(said_of(approval))
    approval.save(force_insert=True)
    data = {
        "approval": str(approval.pk), "agency": str(agency.pk), "decision": decision, "revision": row.revision,
        "content": digest, "digest": approval.digest,
    }  # fmt: skip
    recording.record(verb="minutes.agree", by=by, subject_kind="minutes", subject_id=str(row.pk), data=data)
    return approval


def _annotate(
    row: Minutes, by: Appointment, agency: Agency, decision: str, text: str, now: datetime
) -> Annotation | None:
    """The agency's annotation, given to all others that attended under articles of its own."""
    if decision not in Decision.values:
        raise Refused("Agree, or agree and annotate.", field="decision")
    if decision == Decision.AGREES:
        if text.strip():
            raise Refused("You wrote an annotation: agree with an annotation, or empty it.", field="decision")
        return None
    if not text.strip():
        raise Refused("Say what your agency adds: the others read it.", field="annotation")
    if len(text) > ANNOTATION_LENGTH:
        raise Refused(f"{ANNOTATION_LENGTH} characters at most.", field="annotation")
    title = f"Annotation of {agency.short}"
    record = beside.begin(row, by=by, kind=KIND, title=title, text=text, at=now)
    added = Annotation.objects.create(record=record, revision=row.revision, text=text.strip())
    beside.give(record, row, agency, by, now, "annotation")
    return added


@transaction.atomic
def take_back(*, minutes: Minutes, by: Appointment) -> Assent:
    """Take the own agency's agreement back before all have agreed."""
    require_role(by, Permission.MEETING_CALL)
    require_sight(by, minutes.record, timezone.now())
    row = rights.held(minutes)
    agency = rights.side_of(row, by)
    lifecycle.require(row.state, "take_back")
    found = row.approvals.standing().filter(agency=agency).select_related("agency").first()
    if found is None:
        raise Refused(f"{agency.short} has not agreed.", code="state")
    _moved(row)
    lapse(row, [found], Lapse.TAKEN_BACK)
    data = {"approval": str(found.pk)}
    recording.record(verb="minutes.take_back", by=by, subject_kind="minutes", subject_id=str(row.pk), data=data)
    return found


@second_lock.opened("a partner's agreement moves the minutes")
def _moved(row: Minutes) -> None:
    Record.objects.filter(pk=row.pk).update(version=F("version") + 1)
    # Held from here on: a marking that came between is seen, and one that comes now waits.
    row.record.refresh_from_db()
