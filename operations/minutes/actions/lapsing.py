"""Agreements that count no more: what was agreed on is not what stands."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from agreements.sharing.models import Record
from agreements.sharing.policy import access
from operations.minutes import alerting
from operations.minutes.choices import Lapse
from operations.minutes.content import content_digest
from operations.minutes.models import Assent, Minutes
from operations.sealing import copies
from portal import second_lock
from portal.audit import recording


def lapse_all(row: Minutes, why: Lapse) -> int:
    """All that stand; how many those were."""
    return lapse(row, row.approvals.standing().select_related("agency"), why)


@second_lock.opened("what all agencies said lapses together")
def lapse(row: Minutes, approvals: Iterable[Assent], why: Lapse) -> int:
    """These lapse, and their agencies are told to look again unless they did it themselves."""
    found = list(approvals)
    now = timezone.now()
    for approval in found:
        approval.lapsed_at, approval.lapsed_why = now, why
        approval.save(update_fields=["lapsed_at", "lapsed_why"])
        data = {"approval": str(approval.pk), "agency": str(approval.agency_id), "why": why}
        recording.record(verb="minutes.lapse", by=None, subject_kind="minutes", subject_id=str(row.pk), data=data)
    if found and why not in (Lapse.TAKEN_BACK, Lapse.WITHDRAWN):
        alerting.reopened(row, found)
    return len(found)


def outdated(row: Minutes, at: datetime) -> list[Assent]:
    """Those whose officer would not say the same today: another text, or no sight of it."""
    digest = content_digest(row)
    rows = row.approvals.standing().select_related("by__officer", "by__agency__country", "agency")
    return [item for item in rows if item.content_digest != digest or not _sees(row, item, at)]


def _sees(row: Minutes, approval: Assent, at: datetime) -> bool:
    mine = access(approval.by, at)
    return copies.kept(mine, Record.objects.visible_to(mine).filter(pk=row.pk)) == {row.pk}
