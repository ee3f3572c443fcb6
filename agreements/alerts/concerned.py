"""Who is concerned now: sets of appointments, asked at the moment of raising."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from agencies.directory.models import Appointment
from agencies.directory.querysets import AppointmentQuerySet
from agencies.directory.roles import ROLES, Permission, Role
from agreements.alerts.alike import alike
from agreements.register.models import Agreement, Designation
from agreements.sharing import kinds
from agreements.sharing.models import Record
from agreements.sharing.policy import access
from agreements.sharing.policy.access import treaties_of
from portal import second_lock

# Whom a change of what agreements permit concerns in the field.
FIELD_ROLES = (Role.COMMANDER, Role.LIAISON_OFFICER)


def roles_with(permission: Permission) -> list[str]:
    return [role.value for role, sheet in ROLES.items() if permission in sheet.permissions]


def in_effect(at: datetime, among: AppointmentQuerySet | None = None, **conditions: object) -> list[Appointment]:
    """Appointments, `among` these, that meet the conditions and work at `at`."""
    rows = (
        (Appointment.objects.all() if among is None else among)
        .in_effect(at)
        .filter(**conditions)
        .select_related("officer", "agency__country")
    )
    return [row for row in rows.order_by("id") if row.is_in_effect(at)]


def holders(posts: Iterable[uuid.UUID | str | None] | QuerySet[Any, Any], at: datetime) -> list[Appointment]:
    """Who works under these posts at `at`: keys of appointments, each held itself or as the one that goes on from it
    since an agency's succession (R30)."""
    keys = posts if isinstance(posts, QuerySet) else [key for key in posts if key]
    named = Appointment.objects.filter(pk__in=keys).select_related("officer", "agency__country")
    return in_effect(at, pk__in={row.pk for post in named if (row := post.held_on(at)) is not None})


def who_may(permission: Permission, agencies: Iterable[uuid.UUID], at: datetime) -> list[Appointment]:
    """Officers who act for these agencies and whose role has the permission (R30)."""
    rows = Appointment.objects.standing_for(list(agencies), at).filter(role__in=roles_with(permission))
    return in_effect(at, rows)


@second_lock.opened("asking the policy for each officer")
def who_see(record: Record, appointments: Iterable[Appointment], at: datetime) -> list[Appointment]:
    """Those among the appointments that may see the record now: the same door that they would read it through.

    The policy is asked once for all whom it cannot tell apart (`alike`): thousands of officers cost what their agencies,
    roles and clearances do.
    """
    people = [row for row in appointments if row.clearance >= record.classification]
    by_agency: dict[uuid.UUID, list[list[Appointment]]] = defaultdict(list)
    for group in alike(record, people, at):
        by_agency[group[0].agency_id].append(group)
    rows = Record.objects.filter(pk=record.pk)
    seeing = {
        row.pk
        for groups in by_agency.values()
        for treaties in [treaties_of(groups[0][0].stands_for(at))]
        for group in groups
        if rows.visible_to(access(group[0], at, treaties)).exists()
        for row in group
    }
    return [row for row in people if row.pk in seeing]


def viewers(record: Record, agencies: Iterable[uuid.UUID], at: datetime) -> list[Appointment]:
    """Officers of these agencies that may see the record now."""
    return who_see(record, who_may(kinds.get(record.kind).view_permission, agencies, at), at)


def for_owner(record: Record, permission: Permission, at: datetime) -> list[Appointment]:
    """Whom of a record's owner a partner's act concerns: its author, if that officer has the permission and sees it
    now; otherwise all of the owner's who do."""
    seeing = who_see(record, who_may(permission, [record.owner_id], at), at)
    return [person for person in seeing if person.pk == record.author_id] or seeing


def treaty_admins(agreement: Agreement, at: datetime) -> list[Appointment]:
    """Treaty admins of the parties; of a draft, those of the drafting agency and the invited ones (R23)."""
    admins = roles_with(Permission.AGREEMENT_CONFIRM)
    if agreement.is_draft:
        agencies = [agreement.drafted_by_id, *agreement.invited.values_list("pk", flat=True)]
        return in_effect(at, role__in=admins, agency__in=agencies)
    countries = agreement.parties.values_list("country", flat=True)
    return in_effect(at, role__in=admins, agency__country__in=list(countries))


def those_who_work_under(agreement: Agreement, at: datetime) -> list[Appointment]:
    """Commanders and liaison officers of the agencies designated for the agreement or what is made under it."""
    if agreement.is_draft:
        return []
    designated = Designation.objects.filter(agreement=agreement, withdrawn_at=None).values_list("agency", flat=True)
    return in_effect(at, role__in=FIELD_ROLES, agency__in=list(designated))
