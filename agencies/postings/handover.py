"""Pass on what an officer leaves open: in one action, each item moved, ended, or left with a reason.

Nothing moves that the successor may not see (R1, R2): each room asks the policy for its own. What is personal ends
with the appointment. What stays is a gap, which the agency's admins see as a number until somebody closes it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from agencies.directory import actions as directory
from agencies.directory.models import Agency, Appointment
from agencies.postings import duties
from agencies.postings.choices import Outcome
from agencies.postings.duties import Duty, Words
from agencies.postings.models import Handover, HandoverItem
from portal.audit import recording
from portal.ui.errors import Refused

# For so long after its end an appointment's open items stand on the admin's list.
REMEMBERED = timedelta(days=365)
MOVE, END, LEAVE = "move", "end", "leave"


@dataclass(frozen=True)
class Wish:
    """What shall become of an item; not named: it is moved if it can be."""

    way: str = MOVE
    reason: str = ""


Wishes = Mapping[tuple[str, str], Wish]


@dataclass(frozen=True)
class Line:
    """One open item on the checklist. `words` is None for a reader who may not see it: then it is only counted."""

    duty: Duty
    key: str
    words: Words | None
    may_move: bool
    may_end: bool

    @property
    def name(self) -> str:
        """Of its fields in a form."""
        return f"{self.duty.name}.{self.key}"


def may_hand_over(appointment: Appointment, by: Appointment) -> bool:
    """The officer, acting under that very appointment, or an admin of the agency; a system admin opens no records (R5)."""
    if appointment.pk in by.chain:
        return True
    return directory.may_manage(appointment.agency, by) and appointment.agency_id in by.agencies


def checklist(appointment: Appointment, by: Appointment, at: datetime) -> list[Line]:
    """All that is open, as `by` may read it: an admin who sees no records is told kinds and numbers."""
    lines = []
    for duty in duties.all_duties():
        items = list(duty.find([appointment], at))
        words = duty.read([item.key for item in items], by, at) if items else {}
        own = appointment.pk in by.chain
        for item in items:
            movable = duty.move is not None and (own or not duty.reserved)
            lines.append(Line(duty, item.key, words.get(item.key), movable, movable and duty.end is not None))
    return lines


def successors(appointment: Appointment, at: datetime) -> list[Appointment]:
    """Colleagues of the agency under own appointments in effect: none that acts for somebody."""
    rows = Appointment.objects.in_effect(at).standing_for([appointment.agency_id], at).filter(acts_for=None)
    rows = rows.exclude(officer=appointment.officer_id).select_related("officer", "agency__country")
    return [row for row in rows.order_by("officer__full_name", "pk") if row.is_in_effect(at)]


def disclose(by: Appointment, shown: Iterable[Words | None]) -> None:
    """The one entry of a response that shows these: each record among them once (R29)."""
    told = {str(words.told["record"]): words.told for words in shown if words is not None and words.told}
    recording.disclose(by=by, items=told.values())


@transaction.atomic
def hand_over(
    *, appointment: Appointment, successor: Appointment | None, by: Appointment, wishes: Wishes | None = None
) -> Handover:
    """Do with every open item as wished: one handover, one row of the ledger for each item.

    Without a successor nothing moves. What the successor may not see, and what only the officer could pass on, is kept
    as needing another person. Raises Refused when an item is left without a reason, or when nothing is open.
    """
    if not may_hand_over(appointment, by):
        raise Refused("Only the officer and an admin of the agency hand over.", code="forbidden")
    # One handover of an appointment at a time.
    giver = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("officer", "agency__country")
        .get(pk=appointment.pk)
    )
    now = timezone.now()
    if successor is not None and successor.pk not in {row.pk for row in successors(giver, now)}:
        raise Refused("Choose a colleague with an appointment in effect.", field="successor")
    lines = checklist(giver, by, now)
    if not lines:
        raise Refused("Nothing is open.", code="conflict")
    row = Handover.objects.create(appointment=giver, successor=successor, made_at=now, made_by=by)
    for line in lines:
        wish = (wishes or {}).get((line.duty.name, line.key), Wish())
        outcome, reason = _settle(line, wish, giver, successor, by)
        HandoverItem.objects.create(handover=row, duty=line.duty.name, key=line.key, outcome=outcome, reason=reason)
        data = {"from": giver.pk, "to": successor and successor.pk, "duty": line.duty.name, "key": line.key}
        data |= {"outcome": outcome.value}
        recording.record(verb="handover.item", by=by, subject_kind="handover", subject_id=str(row.pk), data=data)
    return row


def _settle(
    line: Line, wish: Wish, giver: Appointment, taker: Appointment | None, by: Appointment
) -> tuple[Outcome, str]:
    if line.duty.move is None:
        return Outcome.PERSONAL, ""
    if wish.way == LEAVE or (taker is None and wish.way == MOVE):
        if not wish.reason.strip():
            raise Refused("Say why it is left.", field=line.name)
        return Outcome.LEFT, wish.reason.strip()[:300]
    if not line.may_move:
        return Outcome.ANOTHER, "Only the officer, or whoever keeps it, passes it on."
    try:
        with transaction.atomic():
            if wish.way == END and line.duty.end is not None:
                line.duty.end(line.key, giver, by)
                return Outcome.ENDED, wish.reason.strip()[:300]
            assert taker is not None
            line.duty.move(line.key, giver, taker, by)
    except Refused as refused:
        return Outcome.ANOTHER, refused.message[:300]
    return Outcome.MOVED, ""


@dataclass(frozen=True)
class Told:
    """One item of a handover, as the reader may see it now."""

    row: HandoverItem
    duty: Duty | None
    words: Words | None


def items_of(row: Handover, by: Appointment, at: datetime) -> list[Told]:
    """The items with their words, where the reader may see them now: one question for each kind."""
    keys = defaultdict(list)
    rows = list(row.items.all())
    for item in rows:
        keys[item.duty].append(item.key)
    words: dict[tuple[str, str], Words] = {}
    for name, found in keys.items():
        if duty := duties.get(name):
            words |= {(name, key): value for key, value in duty.read(found, by, at).items()}
    return [Told(item, duties.get(item.duty), words.get((item.duty, item.key))) for item in rows]


@dataclass
class Gap:
    """An appointment that ended, or works no more, with items nobody took over: counted by kind, never named (R5)."""

    appointment: Appointment
    numbers: list[tuple[Duty, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(number for _, number in self.numbers)


def gaps_of(agency: Agency, at: datetime) -> list[Gap]:
    """Of the agency's appointments that ended within a year: those with something open still. One query for each kind
    of duty, however many they are."""
    posts = [post for post in _ended(agency, at) if not _goes_on(post)]
    found = {post.pk: Gap(post) for post in posts}
    for duty in duties.all_duties():
        if duty.move is None or not posts:
            continue
        numbers = Counter(item.holder for item in duty.find(posts, at))
        for key, number in numbers.items():
            found[key].numbers.append((duty, number))
    return [gap for gap in found.values() if gap.numbers]


def _goes_on(post: Appointment) -> bool:
    """At a successor of the agency it goes on by itself (R30)."""
    return bool(post.goes_on)  # type: ignore[attr-defined]


def _ended(agency: Agency, at: datetime) -> list[Appointment]:
    day, since = at.astimezone(agency.zone).date(), at - REMEMBERED
    rows = Appointment.objects.filter(agency__in=agency.stands_for(at)).select_related("officer", "agency__country")
    rows = rows.filter(Q(ended_at__lte=at, ended_at__gte=since) | Q(ends_on__lt=day, ends_on__gte=since.date()))
    later = Appointment.objects.filter(continues=OuterRef("pk"))
    return list(rows.annotate(goes_on=Exists(later)).order_by("-ended_at", "-ends_on", "pk"))
