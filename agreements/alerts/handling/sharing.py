"""Causes of sharing: something released, an invitation, its answer, an assignment."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.alerts import concerned, raising
from agreements.alerts.choices import Family, Urgency
from agreements.alerts.kinds import AlertKind
from agreements.alerts.kinds import register as register_kind
from agreements.alerts.models import Alert
from agreements.sharing import causes, kinds
from agreements.sharing.choices import AudienceKind, CircleKind
from agreements.sharing.models import Assignment, Participation, Record, Release
from agreements.sharing.policy import agencies_that_see
from portal import second_lock
from portal.outbox import handlers

# Who is concerned is asked of the policy, officer by officer.
FAN_OUT = "finding those concerned"
SHARED = "sharing.shared"
ENTRIES = "sharing.entries"
INVITATION = "sharing.invitation"
JOINED = "sharing.joined"
LEFT = "sharing.left"
ASSIGNMENT = "sharing.assignment"


def _what(alert: Alert) -> str:
    return kinds.get(alert.record.kind).label.lower() if alert.record else ""


def _shared(alert: Alert) -> str:
    return f"{alert.record.owner.short} shared a record with you: {_what(alert)} “{alert.record.title}”"  # type: ignore[union-attr]


def _titled(before: str, after: str = "") -> Any:
    def line(alert: Alert) -> str:
        return f"{before} “{alert.record.title}”{after}"  # type: ignore[union-attr]

    return line


def _invited(alert: Alert) -> str:
    return f"{alert.record.owner.short} invites your agency to the {_what(alert)} “{alert.record.title}”"  # type: ignore[union-attr]


KINDS = (
    AlertKind(SHARED, "Shared with you", "box-arrow-in-down", Urgency.EXPECTED, False, _shared, family=Family.SHARED),
    AlertKind(
        ENTRIES,
        "New entries",
        "list-check",
        Urgency.UNKNOWN,
        False,
        _titled("New entries in"),
        mail=False,
        family=Family.SHARED,
    ),
    AlertKind(INVITATION, "Invitation", "envelope", Urgency.EXPECTED, False, _invited, family=Family.ANSWER_DUE),
    AlertKind(
        JOINED, "Invitation accepted", "people", Urgency.PAST, False, _titled("A partner joined"), family=Family.SHARED
    ),
    AlertKind(
        LEFT,
        "Participation ended",
        "person-dash",
        Urgency.EXPECTED,
        True,
        _titled("A partner left"),
        family=Family.SHARED,
    ),
    AlertKind(
        ASSIGNMENT,
        "Assignment",
        "person-plus",
        Urgency.EXPECTED,
        False,
        _titled("You are assigned to"),
        family=Family.TASK,
    ),
)


def register() -> None:
    """Tell the kinds, and the outbox who handles these causes."""
    for kind in KINDS:
        register_kind(kind)
    handlers.register(causes.RELEASED, released)
    handlers.register(causes.INVITED, invited)
    handlers.register(causes.ANSWERED, answered)
    handlers.register(causes.ASSIGNED, assigned)


@second_lock.opened(FAN_OUT)
def released(payload: dict[str, Any]) -> None:
    """A record was released: alert those of the receiving agencies who can see it now, once for each record.

    Entries of a log come by the dozen: of those the reader is told once a day for the patrol that hosts them.
    """
    rows = Release.objects.with_audience().select_related("content_object__owner", "content_object__host")
    release = rows.filter(pk=payload["release"], revoked_at=None, clause__isnull=False).first()
    if release is None:
        return
    at, record = timezone.now(), release.content_object
    tells = kinds.get(record.kind).tells
    besides = tells(record) if tells else ()
    readers = [row for row in concerned.who_see(record, _meant(release, at), at) if row.agency_id not in besides]
    if record.host is not None:
        hosted = concerned.who_see(record.host, readers, at)
        key = f"{record.host_id}:{release.released_at:%Y-%m-%d}"
        raising.raise_alert(kind=ENTRIES, key=key, recipients=hosted, record=record.host)
        readers = [row for row in readers if row not in hosted]
    raising.raise_alert(kind=SHARED, key=str(record.pk), recipients=readers, record=record)


def _meant(release: Release, at: datetime) -> list[Appointment]:
    """Officers whom the release is meant for, before asking what each may see: not the giver's, not the owner's."""
    record, audience = release.content_object, release.audience
    seeing = agencies_that_see(record, [release], at)
    agencies = {agency.pk for agency in seeing} - {release.provider_id, record.owner_id}
    found = concerned.who_may(kinds.get(record.kind).view_permission, agencies, at)
    if audience.kind == AudienceKind.OFFICER:
        return [row for row in found if audience.appointment_id in row.chain]
    if audience.kind == AudienceKind.UNIT:
        return [row for row in found if row.unit_id == audience.unit_id]
    if audience.kind == AudienceKind.FUNCTION:
        return [row for row in found if row.function == audience.function]
    if audience.kind == AudienceKind.CIRCLE:
        assigned = Assignment.objects.filter(participation__circle=audience.circle, ended_at=None)
        members = set(assigned.values_list("appointment", flat=True))
        return [row for row in found if members.intersection(row.chain)]
    return _without_invited(record, found)


def _without_invited(record: Record, found: Iterable[Appointment]) -> list[Appointment]:
    """Leave out those who are told of the same record by its invitation."""
    rows = Participation.objects.filter(circle__record=record, ended_at=None, accepted_at=None)
    invited = {row.agency_id: _joining(row) for row in rows.select_related("circle")}
    return [row for row in found if row.agency_id not in invited or not row.may(invited[row.agency_id])]


def _joining(participation: Participation) -> Permission:
    """Who answers for the invited agency, as the circle's actions have it."""
    meeting = participation.circle.kind in {CircleKind.MEETING, CircleKind.BOARD}
    return Permission.MEETING_CALL if meeting else Permission.OPERATION_JOIN


@second_lock.opened(FAN_OUT)
def invited(payload: dict[str, Any]) -> None:
    """An agency was invited: alert its officers who may answer for it."""
    row = _participation(payload)
    if row is None or row.ended_at is not None or row.accepted_at is not None:
        return
    at = timezone.now()
    officers = concerned.who_see(row.circle.record, concerned.who_may(_joining(row), [row.agency_id], at), at)
    raising.raise_alert(kind=INVITATION, key=str(row.pk), recipients=officers, record=row.circle.record)


@second_lock.opened(FAN_OUT)
def answered(payload: dict[str, Any]) -> None:
    """An invitation was answered or a participation ended: alert who invited and who commands on the other side."""
    row = _participation(payload)
    if row is None:
        return
    raising.settle(kind=INVITATION, key=str(row.pk))
    if row.ended_by is not None and row.circle.owner_id in row.ended_by.agencies:
        # The leading agency ended it itself; the other agency finds nothing any more (R13).
        return
    kind = JOINED if row.ended_at is None else LEFT
    at = timezone.now()
    record = row.circle.record
    officers = [person for held in (row.invited_by, record.author) if (person := held.held_on(at))]
    raising.raise_alert(kind=kind, key=str(row.pk), recipients=concerned.who_see(record, officers, at), record=record)


def _participation(payload: dict[str, Any]) -> Any:
    """The participation in a circle that has a record; None when there is no such thing any more."""
    rows = Participation.objects.filter(pk=payload["participation"], circle__record__isnull=False)
    return rows.select_related(
        "circle__record__owner",
        "circle__record__author__officer",
        "circle__record__author__agency__country",
        "invited_by__officer",
        "invited_by__agency__country",
        "ended_by",
    ).first()


@second_lock.opened(FAN_OUT)
def assigned(payload: dict[str, Any]) -> None:
    """An officer was assigned by somebody else: alert that officer."""
    rows = Assignment.objects.filter(
        pk=payload["assignment"], ended_at=None, participation__circle__record__isnull=False
    )
    row = rows.select_related(
        "appointment__officer", "appointment__agency__country", "participation__circle__record__owner"
    ).first()
    if row is None or row.appointment_id == row.assigned_by_id:
        return
    record = row.participation.circle.record
    raising.raise_alert(kind=ASSIGNMENT, key=str(row.pk), recipients=[row.appointment], record=record)
