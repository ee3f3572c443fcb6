"""Accounts that nobody used for 35 days sleep: no sign-in until an admin wakes them (NIST SP 800-53 AC-2(3)).

Worked out from the last sign-in, the making and the last waking, whenever it is asked; nothing is stored and no job
runs. Getting a token is a sign-in. An admin sleeps only as long as somebody awake could wake that account, so that
neither an agency nor the portal locks itself out.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from agencies.directory.models import Appointment, Officer
from agencies.directory.querysets import AppointmentQuerySet
from agencies.directory.roles import ROLES, Permission

SOON = timedelta(days=28)
ASLEEP = timedelta(days=35)
ADMINS = [role.value for role, sheet in ROLES.items() if Permission.AGENCY_MANAGE in sheet.permissions]


def last_used(officer: Officer) -> datetime:
    """The last sign-in; before the first one, and after a waking, that."""
    return max(at for at in (officer.date_joined, officer.last_login, officer.woken_at) if at is not None)


def is_idle(officer: Officer, at: datetime) -> bool:
    return at - last_used(officer) >= ASLEEP


def is_dormant(officer: Officer, at: datetime) -> bool:
    """Whether the officer may not sign in at `at`. Asks the database only for an account that is idle."""
    if not is_idle(officer, at):
        return False
    own = _admin_posts(at).filter(officer=officer)
    kept = [post for post in own if post.is_in_effect(at)]
    return not kept or _has_waker(officer, kept, at)


def dormant_among(officers: Iterable[Officer], at: datetime) -> set[Officer]:
    """Those of them who may not sign in. Two queries, however many they are, and one for each admin among them."""
    idle = [officer for officer in officers if is_idle(officer, at)]
    keeping = set(_admin_posts(at).filter(officer__in=idle).values_list("officer", flat=True)) if idle else set()
    return {officer for officer in idle if officer.pk not in keeping or is_dormant(officer, at)}


def _admin_posts(at: datetime) -> AppointmentQuerySet:
    return Appointment.objects.in_effect(at).filter(role__in=ADMINS).select_related("officer", "agency")


def _has_waker(officer: Officer, kept: list[Appointment], at: datetime) -> bool:
    """Whether another admin, who is awake, keeps one of the agencies at which the officer holds these posts."""
    agencies = {post.agency_id for post in kept}
    others = _admin_posts(at).exclude(officer=officer)
    return any(
        not is_idle(post.officer, at)
        and post.is_in_effect(at)
        and (post.may(Permission.AGENCY_MANAGE_ANY) or agencies & post.stands_for(at))
        for post in others
    )
