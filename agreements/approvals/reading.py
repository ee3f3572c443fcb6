"""What a second officer is shown: who would see the record by the release, and what may be done."""

from datetime import datetime

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.approvals.choices import State
from agreements.approvals.models import Approval
from agreements.sharing.actions.releases import To
from agreements.sharing.presenting import ReleasePreview, preview_release


def preview_of(row: Approval, at: datetime) -> ReleasePreview:
    """By the function that decides afterwards (R20, R27)."""
    clause = row.audience.clause
    assert clause is not None
    to, provider = To.of(row.audience), row.asked_by.agency
    proposal = to.proposal(provider=provider, clause=clause, purpose=row.purpose, until=row.until, via=row.way)
    return preview_release(row.record, proposal, at)


def steps_of(row: Approval, by: Appointment) -> dict[str, bool]:
    waiting = row.state == State.WAITING and by.may(Permission.RECORD_RELEASE)
    own = row.asked_by.officer_id == by.officer_id
    return {"decide": waiting and not own, "take_back": waiting and own}
