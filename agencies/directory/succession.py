"""One agency follows another (R30): proposed by an admin of the one, accepted by an admin of the other.

Nothing is rewritten. From the first day on whoever acts for the successor acts for the predecessor too, whose officers
go along: their posts end, and each goes on in one at the successor. Ending it again is another succession.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies.directory.actions import may_manage
from agencies.directory.models import Agency, Appointment, Succession
from portal.audit import recording
from portal.ui.errors import Refused


@dataclass(frozen=True)
class Share:
    """How much of something passes over: counted, never named (R5)."""

    words: str
    number: int


Counter = Callable[[Agency], Iterable[Share]]
_COUNTERS: list[Counter] = []


def register(counter: Counter) -> None:
    """For rooms above: what an agency hands over, in numbers."""
    if counter not in _COUNTERS:
        _COUNTERS.append(counter)


Answered = Callable[[Succession, Appointment], None]
_ANSWERED: list[Answered] = []


def on_answer(hook: Answered) -> None:
    """For rooms above: called in the transaction in which a succession is accepted or dropped."""
    if hook not in _ANSWERED:
        _ANSWERED.append(hook)


def handed_over(agency: Agency) -> list[Share]:
    """What a successor takes over of the agency today, for the admins of the two to read before they agree."""
    officers = len(_posts(agency, timezone.now().astimezone(agency.zone).date()))
    return [Share("officers", officers), *(share for counter in _COUNTERS for share in counter(agency))]


@transaction.atomic
def propose(*, predecessor: Agency, successor: Agency, starts_on: date, basis: str, by: Appointment) -> Succession:
    """An admin of either agency proposes that the one stands for the other from a day on. Opens nothing yet.

    Raises Refused at the field: for a day that is past, for one that was succeeded or is about to be, for no basis.
    """
    if not (may_manage(predecessor, by) or may_manage(successor, by)):
        raise Refused("Only an admin of one of the two agencies proposes it.", code="forbidden")
    if predecessor.pk == successor.pk:
        raise Refused("Name another agency.", field="successor")
    predecessor, successor = _locked(predecessor, successor)
    if starts_on < timezone.now().astimezone(predecessor.zone).date():
        raise Refused("It begins today or later: the past stays as it was.", field="starts_on")
    if not basis.strip():
        raise Refused("Name the act that orders it.", field="basis")
    _check_free(predecessor, successor)
    row = Succession.objects.create(
        predecessor=predecessor, successor=successor, starts_on=starts_on, basis=basis.strip(), proposed_by=by
    )
    _note("succession.propose", row, by)
    return row


@transaction.atomic
def accept(*, succession: Succession, by: Appointment) -> Succession:
    """An admin of the other agency agrees, another person than who proposed it: it is a fact from then on.

    Works from 00:00 of its first day where the predecessor is, or at once when that has begun.
    """
    row = _open(succession)
    if not may_answer(row, by):
        raise Refused("An admin of the other agency accepts it, and another person.", code="forbidden")
    predecessor, successor = _locked(row.predecessor, row.successor)
    _check_free(predecessor, successor, but=row)
    moved = put_in_effect(row, by, timezone.now())
    _note("succession.accept", row, by, officers=moved)
    for hook in _ANSWERED:
        hook(row, by)
    return row


def put_in_effect(row: Succession, by: Appointment, now: datetime) -> int:
    """Write what acceptance brings, and how many officers go along. By itself only inside what is taken back (R28)."""
    predecessor, successor = row.predecessor, row.successor
    begins = datetime.combine(row.starts_on, time.min, tzinfo=predecessor.zone)
    row.starts_at, row.accepted_at, row.accepted_by = max(begins, now), now, by
    row.save(update_fields=["starts_at", "accepted_at", "accepted_by"])
    for earlier in Succession.objects.accepted().filter(successor=predecessor):
        Succession.objects.create(
            predecessor=earlier.predecessor,
            successor=successor,
            starts_on=row.starts_on,
            starts_at=row.starts_at,
            direct=False,
            basis=row.basis,
            proposed_by=row.proposed_by,
            accepted_at=now,
            accepted_by=by,
        )
    Agency.objects.filter(pk=successor.pk).update(succeeds_others=True)
    return len([_go_on(post, row) for post in _posts(predecessor, row.starts_on)])


@transaction.atomic
def drop(*, succession: Succession, by: Appointment) -> Succession:
    """Either side lets a proposal fall. One that was accepted stays a fact."""
    row = _open(succession)
    if not (may_manage(row.predecessor, by) or may_manage(row.successor, by)):
        raise Refused("Only an admin of one of the two agencies does this.", code="forbidden")
    row.dropped_at = timezone.now()
    row.save(update_fields=["dropped_at"])
    _note("succession.drop", row, by)
    for hook in _ANSWERED:
        hook(row, by)
    return row


def may_answer(row: Succession, by: Appointment) -> bool:
    """Whether the officer may accept: of the side that did not propose it, or a system admin; never who proposed it."""
    if row.proposed_by is None or by.officer_id == row.proposed_by.officer_id:
        return False
    sides = [agency for agency in (row.predecessor, row.successor) if may_manage(agency, by)]
    return any(not may_manage(agency, row.proposed_by) for agency in sides) or (
        bool(sides) and may_manage(row.predecessor, row.proposed_by) and may_manage(row.successor, row.proposed_by)
    )


def _open(succession: Succession) -> Succession:
    rows = Succession.objects.select_for_update(of=("self",)).select_related(
        "predecessor__country", "successor__country", "proposed_by__agency"
    )
    row = rows.get(pk=succession.pk)
    if row.dropped_at is not None:
        raise Refused("The proposal was dropped.", code="conflict")
    if row.accepted_at is not None:
        raise Refused("It is accepted already.", code="conflict")
    return row


def _locked(*agencies: Agency) -> list[Agency]:
    """The agencies, one succession of them at a time, in the order in which they were named."""
    keys = sorted(agency.pk for agency in agencies)
    rows = Agency.objects.select_for_update(of=("self",)).select_related("country").filter(pk__in=keys).order_by("pk")
    found = {row.pk: row for row in rows}
    return [found[agency.pk] for agency in agencies]


def _check_free(predecessor: Agency, successor: Agency, but: Succession | None = None) -> None:
    """Neither has a successor, accepted or proposed; nor do they follow each other."""
    rows = Succession.objects.filter(dropped_at=None, direct=True)
    rows = rows.exclude(pk=but.pk) if but else rows
    if rows.filter(predecessor=predecessor).exists():
        raise Refused(f"{predecessor.short} has a successor already, or one is proposed.", field="predecessor")
    if rows.filter(predecessor=successor).exists():
        raise Refused(f"{successor.short} is itself about to be succeeded.", field="successor")
    if not predecessor.is_active:
        raise Refused(f"{predecessor.short} is no longer active.", field="predecessor")
    if predecessor.is_suspended:
        raise Refused(f"{predecessor.short} is suspended: its officers would act again by it.", field="predecessor")
    # One that is closed may still be followed: what it left without an owner who acts finds one so.
    if not successor.acts_now:
        raise Refused(f"{successor.short} does not act at the moment.", field="successor")


def _posts(agency: Agency, day: date) -> list[Appointment]:
    """The agency's appointments that have not ended by that day."""
    rows = Appointment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), agency=agency, ended_at=None)
    return list(rows.select_related("officer").order_by("pk"))


def _go_on(post: Appointment, row: Succession) -> Appointment:
    """The same post at the successor, from the first day on: unit, role, function and clearance as they were."""
    assert row.starts_at is not None
    on = Appointment.objects.create(
        officer=post.officer,
        agency=row.successor,
        unit=post.unit,
        role=post.role,
        title=post.title,
        clearance=post.clearance,
        starts_on=max(post.starts_on, row.starts_at.astimezone(row.successor.zone).date()),
        ends_on=post.ends_on,
        continues=post,
        acts_for=post.acts_for,
        rests_on=post.rests_on,
        paused=post.paused,
    )
    post.ended_at = row.starts_at
    post.save(update_fields=["ended_at"])
    return on


def _note(verb: str, row: Succession, by: Appointment, **data: object) -> None:
    told = {"predecessor": row.predecessor_id, "successor": row.successor_id, "starts_on": row.starts_on.isoformat()}
    recording.record(verb=verb, by=by, subject_kind="succession", subject_id=str(row.pk), data={**told, **data})
