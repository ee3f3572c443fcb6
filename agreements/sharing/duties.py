"""What an officer leaves open here: assignments, case teams, held entries, standing orders, named grants (R1, R2, R23)."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agencies.postings.duties import Duty, Item, Words, register
from agreements.sharing import kinds
from agreements.sharing.choices import AudienceKind, CircleKind
from agreements.sharing.disclosure import items_of
from agreements.sharing.models import Assignment, Record, Release, StandingOrder
from agreements.sharing.policy import access
from portal import second_lock
from portal.audit import recording
from portal.ui.errors import Refused

HIDDEN = "The successor may not see what it belongs to."
Keys = Collection[str]


def seen_by(reader: Appointment, keys: Iterable[uuid.UUID], at: datetime) -> dict[uuid.UUID, Record]:
    """Those of these records that the reader may see at that instant: by the one door, asked for that officer."""
    wanted = {key for key in keys if key}
    if not wanted or not reader.is_in_effect(at):
        return {}
    sight = access(reader, at)
    with second_lock.opened("asking the policy for whoever reads a checklist or takes over"):
        return Record.objects.visible_to(sight).in_bulk(list(wanted))


def words_of(reader: Appointment, rows: Mapping[str, uuid.UUID], at: datetime) -> dict[str, Words]:
    """The titles of the records behind these keys, where the reader sees them, with what the ledger must know (R29)."""
    found = seen_by(reader, rows.values(), at)
    if not found:
        return {}
    with second_lock.opened("which release showed a line of a checklist"):
        told = {item["record"]: item for item in items_of(access(reader, at), found.values())}
    return {
        key: Words(
            record.title,
            reverse(kinds.get(record.kind).detail_url, args=[record.pk]),
            told[record.pk],
        )
        for key, row in rows.items()
        if (record := found.get(row)) is not None
    }


def need_sight(taker: Appointment, record: uuid.UUID | None) -> None:
    """Nothing moves that the successor may not see. Raises Refused."""
    if record is None or not seen_by(taker, [record], timezone.now()):
        raise Refused(HIDDEN, code="forbidden")


def of_table(
    rows: Callable[[], "QuerySet[Any]"], holder: str
) -> Callable[[Collection[Appointment], datetime], list[Item]]:
    """A `find` for a table whose column `holder` names the appointment. Counted for admins, so the lock is open."""

    def find(appointments: Collection[Appointment], at: datetime) -> list[Item]:
        with second_lock.opened("what officers leave open is counted, never named"):
            found = rows().filter(**{f"{holder}__in": [row.pk for row in appointments]})
            return [Item(owner, str(key)) for owner, key in found.order_by("pk").values_list(holder, "pk")]

    return find


def behind(rows: "QuerySet[Any]", keys: Keys, record: str) -> dict[str, uuid.UUID]:
    """The record behind each row of a table, for `words_of`."""
    with second_lock.opened("the record behind a line of a checklist"):
        return {str(key): row for key, row in rows.filter(pk__in=keys).values_list("pk", record) if row}


# --- Assignments in operations, meetings and boards, and in case teams ---


def _assigned(*, teams: bool) -> "QuerySet[Assignment]":
    day = timezone.now().date()
    rows = Assignment.objects.filter(ended_at=None, participation__ended_at=None).exclude(ends_on__lt=day)
    kind = {"participation__circle__kind": CircleKind.COMPARTMENT}
    return rows.filter(**kind) if teams else rows.exclude(**kind).filter(participation__circle__closed_at=None)


def _read_assignments(keys: Keys, reader: Appointment, at: datetime) -> dict[str, Words]:
    rows = Assignment.objects.all()
    return words_of(reader, behind(rows, keys, "participation__circle__record"), at)


def _move_assignment(key: str, giver: Appointment, taker: Appointment, by: Appointment) -> None:
    row = Assignment.objects.select_related("participation__circle").get(pk=key)
    need_sight(taker, row.participation.circle.record_id)
    _instead(row, taker, by)


def _instead(row: Assignment, taker: Appointment, by: Appointment) -> None:
    """The same place in the circle, for the successor: nobody has two."""
    now = timezone.now()
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    held = row.participation.assignments.filter(appointment=taker, ended_at=None)
    if not held.exists():
        made = Assignment.objects.create(
            participation=row.participation, appointment=taker, role=row.role, assigned_by=by, ends_on=row.ends_on
        )
        made.directs.set(row.directs.all())
    data = {"appointment": str(taker.pk), "instead_of": str(row.appointment_id)}
    circle = row.participation.circle_id
    recording.record(verb="circle.assign", by=by, subject_kind="circle", subject_id=str(circle), data=data)


def _end_assignment(key: str, giver: Appointment, by: Appointment) -> None:
    row = Assignment.objects.select_related("participation").get(pk=key)
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    data = {"appointment": str(giver.pk)}
    circle = row.participation.circle_id
    recording.record(verb="circle.unassign", by=by, subject_kind="circle", subject_id=str(circle), data=data)


def _read_teams(keys: Keys, reader: Appointment, at: datetime) -> dict[str, Words]:
    """A case team by its name, for those inside."""
    mine = Assignment.objects.filter(appointment__in=reader.chain, ended_at=None).values("participation__circle")
    rows = Assignment.objects.filter(pk__in=keys, participation__circle__in=mine).select_related(
        "participation__circle"
    )
    return {
        str(row.pk): Words(
            row.participation.circle.name, reverse("sharing:compartment-detail", args=[row.participation.circle_id])
        )
        for row in rows
    }


def _move_team(key: str, giver: Appointment, taker: Appointment, by: Appointment) -> None:
    """Who is inside is chosen by one who is inside and keeps compartments (R3)."""
    if giver.pk not in by.chain or not by.may(Permission.COMPARTMENT_KEEP):
        raise Refused("Whoever keeps the case team lets the successor in.", code="forbidden")
    _instead(Assignment.objects.select_related("participation").get(pk=key), taker, by)


# --- Held entries and standing orders: the agency's, looked after by whoever has them in hand ---


def _held() -> "QuerySet[Record]":
    given = Release.objects.standing().filter(clause__isnull=False).values("content_object")
    return Record.objects.filter(kind__in=kinds.logged_kinds(), operation__isnull=False).exclude(pk__in=given)


def _read_records(keys: Keys, reader: Appointment, at: datetime) -> dict[str, Words]:
    return words_of(reader, {key: uuid.UUID(key) for key in keys}, at)


def _look_after(key: str, giver: Appointment, taker: Appointment, by: Appointment) -> None:
    need_sight(taker, uuid.UUID(key))
    if not taker.may(Permission.RECORD_RELEASE):
        raise Refused("The successor's role releases nothing.", code="forbidden")


def _orders() -> "QuerySet[StandingOrder]":
    return StandingOrder.objects.filter(revoked_at=None, circle__closed_at=None).exclude(
        ends_on__lt=timezone.now().date()
    )


def _read_orders(keys: Keys, reader: Appointment, at: datetime) -> dict[str, Words]:
    return words_of(reader, behind(StandingOrder.objects.all(), keys, "circle__record"), at)


def _keep_order(key: str, giver: Appointment, taker: Appointment, by: Appointment) -> None:
    need_sight(taker, StandingOrder.objects.select_related("circle").get(pk=key).circle.record_id)
    if not taker.may(Permission.STANDING_ORDER_ISSUE):
        raise Refused("The successor's role issues no standing orders.", code="forbidden")


# --- Named grants: personal ---


def _named() -> "QuerySet[Release]":
    kinds_of = (AudienceKind.OFFICER, AudienceKind.OWN_OFFICER)
    return Release.objects.standing().filter(audience__kind__in=kinds_of)


def _read_named(keys: Keys, reader: Appointment, at: datetime) -> dict[str, Words]:
    return words_of(reader, behind(Release.objects.all(), keys, "content_object"), at)


def register_all() -> None:
    register(
        Duty(
            "assignments",
            "assignments in operations and meetings",
            "assignment in an operation or meeting",
            of_table(lambda: _assigned(teams=False), "appointment"),
            _read_assignments,
            _move_assignment,
            _end_assignment,
            order=20,
        )
    )
    register(
        Duty(
            "case_teams",
            "places in case teams",
            "place in a case team",
            of_table(lambda: _assigned(teams=True), "appointment"),
            _read_teams,
            _move_team,
            _end_assignment,
            order=50,
            reserved=True,
        )
    )
    register(
        Duty(
            "held",
            "held entries to release",
            "held entry to release",
            of_table(_held, "author"),
            _read_records,
            _look_after,
            order=30,
        )
    )
    register(
        Duty(
            "standing_orders",
            "standing orders to look after",
            "standing order to look after",
            of_table(_orders, "issued_by"),
            _read_orders,
            _keep_order,
            order=40,
        )
    )
    register(
        Duty(
            "named_grants",
            "records named to the officer",
            "record named to the officer",
            of_table(_named, "audience__appointment"),
            _read_named,
            order=90,
        )
    )
