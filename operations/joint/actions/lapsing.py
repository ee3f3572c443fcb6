"""Signatures that count no more: what was signed is not what stands."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from agreements.sharing.models import Record
from agreements.sharing.policy import access
from operations.joint import alerting, annex
from operations.joint.choices import Lapse, State
from operations.joint.content import content_digest
from operations.joint.models import JointReport, Signature
from operations.sealing import copies
from portal import second_lock
from portal.audit import recording

ENTRIES = ("leg", "observation", "crossing")


def lapse_all(row: JointReport, why: Lapse) -> int:
    """All standing signatures of the report; how many those were."""
    return lapse(row, row.signatures.standing().select_related("agency"), why)


@second_lock.opened("signatures of all sides lapse together")
def lapse(row: JointReport, signatures: Iterable[Signature], why: Lapse) -> int:
    """These signatures lapse, and their sides are told to look again unless they did it themselves."""
    found = list(signatures)
    now = timezone.now()
    for signature in found:
        signature.lapsed_at, signature.lapsed_why = now, why
        signature.save(update_fields=["lapsed_at", "lapsed_why"])
        data = {"signature": str(signature.pk), "agency": str(signature.agency_id), "why": why}
        recording.record(verb="joint.lapse", by=None, subject_kind="joint", subject_id=str(row.pk), data=data)
    if found and why not in (Lapse.TAKEN_BACK, Lapse.WITHDRAWN):
        alerting.reopened(row, found)
    return len(found)


def outdated(row: JointReport, at: datetime) -> list[Signature]:
    """Standing signatures whose officer would not sign the same today: other words, other entries, or no sight."""
    return [
        item
        for item in row.signatures.standing().select_related("by__officer", "by__agency__country", "agency")
        if not _still(row, item, at)
    ]


def _still(row: JointReport, signature: Signature, at: datetime) -> bool:
    mine = access(signature.by, at)
    sees = Record.objects.visible_to(mine).filter(pk=row.pk)
    return (
        copies.kept(mine, sees) == {row.pk}
        and signature.content_digest == content_digest(row)
        and signature.entries_digest == annex.entries_digest(row, mine)
    )


@second_lock.opened("an entry was changed that others signed for")
def entry_changed(*, record: Record, **_: object) -> None:
    """What readers are told of an entry was changed: those who signed with it sign again."""
    if record.kind not in ENTRIES:
        return
    of_patrol = JointReport.objects.filter(state=State.OPEN, record__host=record.host_id)
    of_shift = JointReport.objects.filter(
        state=State.OPEN, record__host=record.operation_id, starts_at__lte=record.occurred_at, ends_at__gte=record.occurred_at
    )  # fmt: skip
    for row in (of_patrol | of_shift).select_related("record__owner"):
        found = outdated(row, timezone.now())
        if found:
            lapse(row, found, Lapse.ENTRIES)
