"""Drafts by who may know of them, and what waits for whom."""

from typing import Any

from django.db.models import Q

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.drafting.choices import State
from agreements.drafting.models import Submission
from agreements.register.models import Agreement


def drafts_for(by: Appointment) -> Any:
    """Drafts of the own agency, and those to which it is invited (R23); for treaty admins."""
    rows = Agreement.objects.visible_to(by).filter(registered_at=None)
    return rows if by.may(Permission.AGREEMENT_DRAFT) else rows.none()


def mine(by: Appointment) -> Q:
    """Begun by the officer, shared with this appointment or with the agency."""
    return Q(draft__started_by__officer=by.officer_id) | Q(
        pk__in=Agreement.objects.filter(
            Q(draft_shares__appointment__in=by.chain) | Q(draft_shares__agency__in=by.agencies)
        ).values("pk")
    )


def to_approve(by: Appointment) -> Any:
    """Requests that this officer may decide: of the own state, of drafts that the officer may read, by others."""
    return (
        Submission.objects.filter(
            state=State.WAITING, agreement__in=drafts_for(by), asked_by__agency__country=by.agency.country_id
        )
        .exclude(asked_by__officer=by.officer_id)
        .select_related("agreement")
    )


def narrowed(rows: Any, by: Appointment, show: str, words: str = "") -> Any:
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(short_name__icontains=words))
    if show == "mine":
        return rows.filter(mine(by))
    if show == "approve":
        return rows.filter(pk__in=to_approve(by).values("agreement"))
    if show == "scheduled":
        return rows.filter(submissions__state=State.APPROVED)
    return rows
