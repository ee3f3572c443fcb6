"""Second an officer to another agency: proposed by an admin of the one, accepted by an admin of the other.

The role at the host is a dated appointment there: its rights come with the first day and go after the last by
themselves, where the host is. Nobody acts under two appointments at once (R1).
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from agencies.directory import actions as directory
from agencies.directory.models import Agency, Appointment, Classification, Officer
from agencies.directory.roles import Permission, Role
from agencies.postings.choices import PostingKind, PostingState
from agencies.postings.models import Posting
from portal.audit import recording
from portal.ui.errors import Refused


@transaction.atomic
def propose(
    *,
    sender: Agency,
    host: Agency,
    kind: str,
    function: str,
    starts_on: date,
    ends_on: date,
    by: Appointment,
    home: Appointment | None = None,
    role: str = "",
    clearance: int | None = None,
    pauses_home: bool = False,
    contact: str = "",
    accreditation: str = "",
) -> Posting:
    """An admin of either agency proposes it. Opens nothing before the other side accepts.

    The sender names the officer by an own appointment; the host asks for somebody and names nobody (R18). Raises
    Refused at the field.
    """
    _check_side(sender, host, by)
    by_host = sender.pk not in by.agencies
    if by_host and home is not None:
        raise Refused("The sending agency names the officer, when it accepts.", field="home")
    if not by_host and home is None:
        raise Refused("Choose the officer whom you send.", field="home")
    if not host.is_active or not sender.is_active:
        raise Refused("This agency is no longer active.", field="sender" if by_host else "host")
    role, clearance = _terms(kind, role, clearance)
    row = Posting(
        kind=PostingKind(kind),
        sender=sender,
        host=host,
        function=_words(function, "function", "Say what the function is: partners are shown it, never the name."),
        role=role,
        clearance=clearance,
        starts_on=starts_on,
        ends_on=ends_on,
        pauses_home=pauses_home,
        contact=contact.strip(),
        accreditation=accreditation.strip(),
        proposed_by=by,
        by_host=by_host,
    )
    if kind == PostingKind.LIAISON and not row.contact:
        raise Refused(
            "Give a contact: a liaison officer without a right there is reached by it alone.", field="contact"
        )
    _check_days(row)
    if home is not None:
        _name(row, home, by)
    row.save()
    _note("posting.propose", row, by)
    return row


@transaction.atomic
def accept(*, posting: Posting, by: Appointment, home: Appointment | None = None) -> Posting:
    """An admin of the other agency agrees, another person; the sender names the officer now if the host asked.

    Makes the appointment at the host, and lets the rights at the sender rest if the posting says so.
    """
    row = _open(posting)
    _check_side(row.sender, row.host, by)
    if not may_answer(row, by):
        raise Refused("An admin of the other agency accepts it, and another person.", code="forbidden")
    if row.by_host:
        if home is None:
            raise Refused("Choose the officer whom you send.", field="home")
        _name(row, home, by)
    _check_days(row)
    assert row.home is not None
    if row.home.officer_id == by.officer_id:
        raise Refused("Nobody posts oneself. Another admin does.", code="forbidden")
    _check_home(row, row.home)
    now = timezone.now()
    row.accepted_at, row.accepted_by = now, by
    if row.kind == PostingKind.SECONDMENT:
        row.appointment = _appoint(row, by if not row.by_host else row.proposed_by)
    row.save()
    _pause(row)
    _note("posting.accept", row, by, officer=row.home.officer_id, appointment=row.appointment_id)
    return row


@transaction.atomic
def drop(*, posting: Posting, by: Appointment, reason: str = "") -> Posting:
    """The other side declines a proposal, or its own takes it back."""
    row = _open(posting)
    _check_side(row.sender, row.host, by)
    row.dropped_at, row.dropped_by, row.reason = timezone.now(), by, reason.strip()
    row.save()
    _note("posting.drop", row, by)
    return row


@transaction.atomic
def recall(*, posting: Posting, by: Appointment, reason: str = "") -> Posting:
    """Either side ends it at once: the rights at the host on the next request (R13); those at home work again."""
    row = _locked(posting)
    _check_side(row.sender, row.host, by)
    now = timezone.now()
    if row.state_at(now) not in (PostingState.PLANNED, PostingState.ACTIVE):
        raise Refused(f"It is not running: {row.state_at(now).label.lower()}.", code="conflict")
    _close(row, now, by, reason)
    if row.appointment is not None and row.appointment.ended_at is None:
        directory.end_with_all(row.appointment, now, by)
    _note("posting.recall", row, by)
    return row


def ended(post: Appointment, now: datetime, by: Appointment) -> None:
    """Told of every appointment that ends at once: a posting does not outlive either of its two."""
    rows = Posting.objects.standing().filter(accepted_at__isnull=False)
    for row in rows.filter(appointment__in=post.chain) | rows.filter(home__in=post.chain):
        row = _locked(row)
        if row.recalled_at is None and row.state_at(now) in (PostingState.PLANNED, PostingState.ACTIVE):
            _close(row, now, by, "An appointment ended on which it stands.")
            if row.appointment is not None and row.appointment.ended_at is None:
                directory.end_with_all(row.appointment, now, by)
            _note("posting.recall", row, by)


def may_answer(row: Posting, by: Appointment) -> bool:
    """Whether the officer may accept: an admin of the side that did not propose it, and another person."""
    other = row.sender_id if row.by_host else row.host_id
    return is_admin(by) and other in by.agencies and by.officer_id != row.proposed_by.officer_id


def is_admin(by: Appointment) -> bool:
    """System admins are of no side: no road leads from keeping the portal to a role that reads content (R5)."""
    return by.may(Permission.AGENCY_MANAGE) and not by.may(Permission.AGENCY_MANAGE_ANY)


def _check_side(sender: Agency, host: Agency, by: Appointment) -> None:
    if not is_admin(by) or not by.agencies & {sender.pk, host.pk}:
        raise Refused("Only an admin of one of the two agencies does this.", code="forbidden")
    if by.agencies >= {sender.pk, host.pk}:
        raise Refused("Both are your own agency: give an appointment instead.", field="host")


def _terms(kind: str, role: str, clearance: int | None) -> tuple[str, int | None]:
    if kind == PostingKind.LIAISON:
        return "", None
    if role not in set(Role) or role == Role.SYSTEM_ADMIN:
        raise Refused("Choose the role that the officer has at the host.", field="role")
    if clearance is None:
        raise Refused("Say up to which classification the officer is cleared there.", field="clearance")
    return role, Classification(clearance).value


def _words(text: str, field: str, sentence: str) -> str:
    found = " ".join(text.split())
    if not found:
        raise Refused(sentence, field=field)
    return found


def _check_days(row: Posting) -> None:
    if row.ends_on < row.starts_on:
        raise Refused("The last day is before the first.", field="ends_on")
    if row.starts_on < timezone.now().astimezone(row.host.zone).date():
        raise Refused("It begins today or later, where the host is: the past stays as it was.", field="starts_on")


def _name(row: Posting, home: Appointment, by: Appointment) -> None:
    """The officer, by an own appointment at the sender which lasts as long."""
    if home.agency_id not in by.agencies or row.sender_id not in by.agencies:
        raise Refused("There is no such officer at your agency.", field="home")
    if home.officer_id == by.officer_id:
        raise Refused("Nobody posts oneself. Another admin does.", field="home", code="forbidden")
    row.home = home
    _check_home(row, home)


def _check_home(row: Posting, home: Appointment) -> None:
    Officer.objects.select_for_update().get(pk=home.officer_id)
    if home.acts_for_id or home.rests_on_id:
        raise Refused(
            "Choose the officer's own post, not one that acts for another or is itself a posting.", field="home"
        )
    if home.ended_at is not None or not home.officer.is_active:
        raise Refused("This appointment has ended.", field="home")
    if home.starts_on > row.starts_on or (home.ends_on is not None and home.ends_on < row.ends_on):
        raise Refused("The officer's own appointment does not cover these days.", field="home")
    if row.clearance is not None and row.clearance > home.clearance:
        level = Classification(home.clearance).label
        raise Refused(f"The sending agency clears the officer for {level}, and not above.", field="clearance")
    others = Posting.objects.standing().filter(accepted_at__isnull=False, home__officer=home.officer_id)
    if others.filter(starts_on__lte=row.ends_on, ends_on__gte=row.starts_on).exclude(pk=row.pk).exists():
        raise Refused("The officer is posted elsewhere on some of these days.", field="home")


def _appoint(row: Posting, giver: Appointment) -> Appointment:
    """By the host's admin, under the rules of every appointment there; it rests on the officer's own post."""
    assert row.home is not None
    assert row.clearance is not None
    if not giver.is_in_effect(timezone.now()):
        raise Refused("Whoever asked for it is no admin there any more. Let the host propose it anew.", code="conflict")
    post = directory.give_appointment(
        officer=row.home.officer,
        agency=row.host,
        role=row.role,
        clearance=row.clearance,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        title=row.function,
        by=giver,
    )
    post.rests_on = row.home
    post.save(update_fields=["rests_on"])
    return post


def _own_posts(row: Posting) -> list[Appointment]:
    """The officer's appointments at the sender, which rest together."""
    assert row.home is not None
    agencies = row.sender.stands_for(timezone.now())
    rows = Appointment.objects.select_for_update().filter(officer=row.home.officer_id, ended_at=None)
    return list(rows.filter(agency__in=agencies).order_by("pk"))


def _pause(row: Posting) -> None:
    pause = row.home_pause
    if pause is not None:
        for post in _own_posts(row):
            post.paused = [*post.paused, pause]
            post.save(update_fields=["paused"])


def _close(row: Posting, now: datetime, by: Appointment, reason: str) -> None:
    pause = row.home_pause
    row.recalled_at, row.recalled_by, row.reason = now, by, reason.strip()
    row.save()
    if pause is None:
        return
    for post in _own_posts(row):
        # What has passed of it stays: then they rested.
        post.paused = [
            item
            for item in ([a, min(b, now)] if [a, b] == pause else [a, b] for a, b in post.paused)
            if item[0] < item[1]
        ]
        post.save(update_fields=["paused"])


def _locked(posting: Posting) -> Posting:
    rows = Posting.objects.select_for_update(of=("self",)).select_related(
        "sender__country",
        "host__country",
        "home__officer",
        "home__agency",
        "appointment__agency",
        "proposed_by__agency",
    )
    return rows.get(pk=posting.pk)


def _open(posting: Posting) -> Posting:
    row = _locked(posting)
    if row.dropped_at is not None:
        raise Refused("The proposal was declined or taken back.", code="conflict")
    if row.accepted_at is not None:
        raise Refused("It is accepted already.", code="conflict")
    return row


def _note(verb: str, row: Posting, by: Appointment, **data: object) -> None:
    told = {"sender": row.sender_id, "host": row.host_id, "from": row.starts_on, "to": row.ends_on, "role": row.role}
    recording.record(verb=verb, by=by, subject_kind="posting", subject_id=str(row.pk), data={**told, **data})
