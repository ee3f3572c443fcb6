"""Accounts of an agency by how long ago they were used; an admin wakes those that fell dormant."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from agencies.directory import actions as directory
from agencies.directory.dormancy import ASLEEP, SOON, dormant_among, is_dormant, last_used
from agencies.directory.models import Agency, Appointment, Officer
from agencies.postings.choices import AccountState
from portal.audit import recording
from portal.ui.errors import Refused


@dataclass(frozen=True)
class Account:
    """One officer of the agency: when the account was last used, and how it stands."""

    officer: Officer
    posts: list[Appointment]
    state: AccountState
    last_used: datetime

    @property
    def sleeps_on(self) -> datetime:
        return self.last_used + ASLEEP

    @property
    def functions(self) -> str:
        return ", ".join(sorted({post.function for post in self.posts if post.acts_for_id is None}))


def agency_of(by: Appointment, key: str | None) -> Agency | None:
    """The agency whose accounts are asked for, without a key the own one; None when the admin does not keep it."""
    if not key:
        return by.agency
    try:
        row = Agency.objects.known().select_related("country").filter(pk=uuid.UUID(key)).first()
    except ValueError:
        return None
    return row if row is not None and directory.may_manage(row, by) else None


def accounts_of(agency: Agency, at: datetime) -> list[Account]:
    """Every officer who holds or held an appointment there, by name. Four queries at most beside one for each idle
    admin."""
    held = Appointment.objects.filter(agency__in=agency.stands_for(at)).select_related("agency", "officer")
    officers = (
        Officer.objects.filter(appointments__agency__in=agency.stands_for(at)).distinct().order_by("full_name", "pk")
    )
    rows = list(officers.prefetch_related(Prefetch("appointments", held, to_attr="held_here")))
    dormant = dormant_among(rows, at)
    return [_account(officer, officer in dormant, at) for officer in rows]


def _account(officer: Officer, dormant: bool, at: datetime) -> Account:
    held: list[Appointment] = officer.held_here  # type: ignore[attr-defined]
    today = {post.agency_id: at.astimezone(post.agency.zone).date() for post in held}
    standing = [
        post
        for post in held
        if (post.ended_at is None or post.ended_at > at)
        and (post.ends_on is None or post.ends_on >= today[post.agency_id])
    ]
    if not standing or not officer.is_active:
        state = AccountState.ENDED
    elif dormant:
        state = AccountState.DORMANT
    else:
        state = AccountState.SOON if at - last_used(officer) >= SOON else AccountState.ACTIVE
    return Account(officer, standing, state, last_used(officer))


@transaction.atomic
def wake(*, officer: Officer, agency: Agency, by: Appointment, new_password: bool = False) -> Officer:
    """Let a dormant account sign in again. With `new_password` the old one is void: the officer sets another by the
    mail for a forgotten one. The admin is shown no link, so that nobody wakes an account to use it.
    """
    if not directory.may_manage(agency, by):
        raise Refused("Only an admin of the agency wakes its accounts.", code="forbidden")
    now = timezone.now()
    row = Officer.objects.select_for_update().get(pk=officer.pk)
    held = row.appointments.filter(agency__in=agency.stands_for(now)).select_related("agency")
    if not any(_stands(post, now) for post in held):
        raise Refused("The officer holds no appointment at this agency any more.", code="conflict")
    if not row.is_active:
        raise Refused("This account is closed.", code="conflict")
    if not is_dormant(row, now):
        raise Refused("The account is not dormant.", code="conflict")
    if new_password and not row.email:
        raise Refused("The account has no mail by which a password could be set.", field="new_password")
    row.woken_at = now
    if new_password:
        row.set_unusable_password()
    row.save(update_fields=["woken_at", "password"])
    data = {"agency": agency.pk, "new_password": new_password}
    recording.record(verb="officer.wake", by=by, subject_kind="officer", subject_id=str(row.pk), data=data)
    return row


def _stands(post: Appointment, at: datetime) -> bool:
    over = post.ends_on is not None and post.ends_on < at.astimezone(post.agency.zone).date()
    return not over and (post.ended_at is None or post.ended_at > at)


def to_warn(at: datetime) -> Iterable[Officer]:
    """Officers whose account sleeps within a week, who can be told by mail."""
    early, late = at - ASLEEP, at - SOON
    rows = Officer.objects.filter(is_active=True, date_joined__lte=late).exclude(email="")
    rows = rows.exclude(last_login__gt=late).exclude(woken_at__gt=late)
    posts = Appointment.objects.in_effect(at).select_related("agency", "officer")
    for officer in rows.prefetch_related(Prefetch("appointments", posts, to_attr="posts")):
        if last_used(officer) > early and any(post.is_in_effect(at) for post in officer.posts):  # type: ignore[attr-defined]
            yield officer


def days_left(officer: Officer, at: datetime) -> int:
    """Whole days until the account sleeps, never less than one."""
    return max(1, -((at - last_used(officer) - ASLEEP) // timedelta(days=1)))
