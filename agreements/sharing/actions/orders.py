"""Standing orders: what an agency's log in an operation releases by itself (R6)."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.register.choices import Category
from agreements.register.models import Clause
from agreements.sharing.actions import releases
from agreements.sharing.choices import AudienceKind
from agreements.sharing.kinds import is_logged
from agreements.sharing.models import Circle, Record, Release, StandingOrder
from agreements.sharing.policy import access, agencies_that_see, decide
from portal.audit import recording
from portal.ui.errors import Refused


@transaction.atomic
def issue(
    *,
    circle: Circle,
    clause: Clause,
    purpose: str,
    kinds: list[str],
    categories: list[str],
    ceiling: int,
    tlp: int,
    by: Appointment,
    photographs: bool = False,
    ends_on: date | None = None,
) -> StandingOrder:
    """Issue the agency's standing order for an operation: made as any release, revocable, judged at receipt."""
    _check_place(circle, by, ends_on)
    _check_terms(clause, purpose, categories, ceiling)
    StandingOrder.objects.filter(circle=circle, agency__in=by.agencies, revoked_at=None, clause=clause).update(
        revoked_at=timezone.now(), revoked_by=by
    )
    order = StandingOrder.objects.create(
        circle=circle,
        agency=by.agency,
        clause=clause,
        purpose=purpose,
        kinds=kinds,
        categories=categories,
        ceiling=ceiling,
        tlp=tlp,
        photographs=photographs,
        ends_on=ends_on,
        issued_by=by,
    )
    recording.record(verb="standing_order.issue", by=by, subject_kind="standing_order", subject_id=str(order.pk))
    return order


def _check_place(circle: Circle, by: Appointment, ends_on: date | None) -> None:
    now = timezone.now()
    if not by.may(Permission.STANDING_ORDER_ISSUE) or not by.may(Permission.RECORD_RELEASE):
        raise Refused("Standing orders are issued by a commander.", code="forbidden")
    if not circle.participations.filter(agency__in=by.agencies, accepted_at__isnull=False, ended_at=None).exists():
        raise Refused("Your agency does not take part: accept the invitation first.", field="circle")
    if circle.record is None or not decide(access(by, now), circle.record):
        raise Refused("There is no such operation.", field="circle", code="not_found")
    if circle.closed_at is not None:
        raise Refused("It is closed: nothing new goes out in it (R4).", field="circle")
    if ends_on is not None and ends_on < now.astimezone(by.agency.zone).date():
        raise Refused("This last day is over.", field="ends_on")


def _check_terms(clause: Clause, purpose: str, categories: list[str], ceiling: int) -> None:
    if ceiling > clause.ceiling:
        raise Refused("The order's ceiling is above the clause's.", field="ceiling")
    outside = set(categories) - set(clause.categories)
    if outside:
        words = ", ".join(sorted(Category(c).label.lower() for c in outside))
        raise Refused(f"{clause.article} does not cover {words}.", field="categories")
    if purpose not in clause.purposes:
        raise Refused(f"{clause.article} does not name this purpose.", field="purpose")


@transaction.atomic
def revoke(*, order: StandingOrder, by: Appointment) -> StandingOrder:
    if order.agency_id not in by.agencies or not by.may(Permission.STANDING_ORDER_ISSUE):
        raise Refused("Only a commander of the agency that issued the order revokes it.", code="forbidden")
    if order.revoked_at is None:
        order.revoked_at, order.revoked_by = timezone.now(), by
        order.save(update_fields=["revoked_at", "revoked_by"])
        recording.record(verb="standing_order.revoke", by=by, subject_kind="standing_order", subject_id=str(order.pk))
    return order


def order_for(
    *, by: Appointment, operation: Record | None, kind: str, marking: object, photographs: bool, at: datetime
) -> StandingOrder | None:
    """The order that would release such an entry, or None: then it is held for a tap (R6).

    `marking` tells categories, classification and tlp. Personal data passes only when the order names it.
    """
    if releases.needs_second(marking, by):  # type: ignore[arg-type]
        return None
    circle = getattr(operation, "circle", None) if operation is not None else None
    if circle is None or circle.closed_at is not None or not is_logged(kind):
        return None
    if not circle.participations.filter(agency__in=by.agencies, accepted_at__lte=at, ended_at=None).exists():
        return None
    day = at.astimezone(by.agency.zone).date()
    for order in circle.standing_orders.filter(agency__in=by.agencies, revoked_at=None).select_related(
        "clause__agreement", "circle"
    ):
        if (order.ends_on is None or order.ends_on >= day) and _covers(order, kind, marking, photographs):
            return order
    return None


def _covers(order: StandingOrder, kind: str, marking: object, photographs: bool) -> bool:
    present = set(marking.categories)  # type: ignore[attr-defined]
    return (
        kind in order.kinds
        and bool(present)
        and present <= set(order.categories)
        and marking.classification <= order.ceiling  # type: ignore[attr-defined]
        and marking.tlp <= order.tlp  # type: ignore[attr-defined]
        and (order.photographs or not photographs)
    )


def release_by_standing_order(
    *, record: Record, by: Appointment, photographs: bool = False, shown: frozenset[uuid.UUID] | None = None
) -> Release | None:
    """Release an entry under the order in effect at receipt; None when there is none or its basis is gone, or when
    it reaches more agencies than were `shown` before saving (R6)."""
    order = order_for(
        by=by,
        operation=record.operation,
        kind=record.kind,
        marking=record,
        photographs=photographs,
        at=timezone.now(),
    )
    if order is None:
        return None
    to = releases.To(AudienceKind.CIRCLE, circle=order.circle)
    if shown is not None and _reached(record, order, to) - shown:
        return None
    try:
        with transaction.atomic():
            return releases.release(
                record=record,
                to=to,
                clause=order.clause,
                purpose=order.purpose,
                by=by,
                standing_order=order,
            )
    except Refused:
        # The channel is closed today: the entry is held, as without an order.
        return None


def _reached(record: Record, order: StandingOrder, to: releases.To) -> set[uuid.UUID]:
    proposal = to.proposal(provider=order.agency, clause=order.clause, purpose=order.purpose)
    return {agency.pk for agency in agencies_that_see(record, [proposal], timezone.now())}
