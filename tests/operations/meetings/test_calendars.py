"""What leaves the portal as iCalendar, read by a parser that is not the one that wrote it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.core import mail
from django.utils import timezone

from agreements.sharing.policy import access
from operations.meetings import actions, calendars, invitations
from operations.meetings.models import Invitation, Meeting, MeetingTime
from portal.audit.models import Entry
from portal.outbox.models import Message
from tests.operations.meetings.conftest import Hall, work
from tests.operations.planning.conftest import suspend

WARSAW, SANTIAGO = "Europe/Warsaw", "America/Santiago"
SECRETS = ("Weekly coordination", "Bridge", "Boats", "Xenia", "Yann", "Guard")


def local(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type]


def weekly(hall: Hall, zone: str, first: datetime, *, rule: str = "FREQ=WEEKLY;COUNT=4", **values: Any) -> Meeting:
    return hall.joint(starts_at=first, ends_at=first + timedelta(hours=1), zone=zone, rule=rule, **values)


def parsed(part: str) -> Any:
    return vobject.readOne(part)


def sent_to(address: str) -> list[Any]:
    """The calendars that were mailed to an address, in their order."""
    found = [message for message in mail.outbox if message.to == [address]]
    return [parsed(content) for message in found for content, kind in getattr(message, "alternatives", [])]


@pytest.fixture
def addressed(hall: Hall) -> Hall:
    for who in (hall.cast.xenia, hall.cast.yann, hall.cast.lars):
        who.officer.email = f"{who.officer.username}@agency.invalid"
        who.officer.save(update_fields=["email"])
    return hall


@pytest.mark.parametrize(
    ("zone", "first", "utc_hours"),
    [
        # Summer time begins in Warsaw on 28 March 2027, and ends in Santiago on 4 April 2027.
        (WARSAW, (2027, 3, 15, 9, 0), [8, 8, 7, 7]),
        (SANTIAGO, (2027, 3, 22, 9, 0), [12, 12, 13, 13]),
        # And the other way round, in autumn of the north and spring of the south.
        (WARSAW, (2027, 10, 18, 9, 0), [7, 7, 8, 8]),
        (SANTIAGO, (2027, 8, 23, 9, 0), [13, 13, 12, 12]),
    ],
)
def test_a_row_of_meetings_keeps_its_hour_where_the_clocks_change(
    hall: Hall, zone: str, first: tuple[int, ...], utc_hours: list[int]
) -> None:
    row = weekly(hall, zone, local(zone, *first))
    times = list(row.times.all())
    assert [time.starts_at.astimezone(UTC).hour for time in times] == utc_hours
    assert {time.starts_at.astimezone(ZoneInfo(zone)).hour for time in times} == {9}
    assert {time.ends_at - time.starts_at for time in times} == {timedelta(hours=1)}
    assert row.over_at == times[-1].ends_at
    event = parsed(_file(row, hall)).vevent
    # An independent reader, by the rule and the zone in the file alone, comes to the same instants.
    assert [found.astimezone(UTC) for found in event.getrruleset(addRDate=True)] == [
        time.starts_at.astimezone(UTC) for time in times
    ]
    assert event.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == [zone]


def _naive(event: Any) -> list[datetime]:
    return [found.replace(tzinfo=None) for found in event.getrruleset(addRDate=True)]


def _file(row: Meeting, hall: Hall) -> str:
    return calendars.invitation(row, calendars.guest(row, hall.cast.yann)).decode()


def test_a_time_in_the_missing_hour_is_not_left_out_and_one_in_the_repeated_hour_comes_once(hall: Hall) -> None:
    spring = weekly(hall, WARSAW, local(WARSAW, 2027, 3, 27, 2, 30), rule="FREQ=DAILY;COUNT=3")
    assert [time.starts_at.astimezone(UTC).isoformat() for time in spring.times.all()] == [
        "2027-03-27T01:30:00+00:00",
        "2027-03-28T01:30:00+00:00",  # 02:30 is skipped: read with the offset before the gap
        "2027-03-29T00:30:00+00:00",
    ]
    autumn = weekly(hall, WARSAW, local(WARSAW, 2027, 10, 30, 2, 30), rule="FREQ=DAILY;COUNT=3")
    assert [time.starts_at.astimezone(UTC).isoformat() for time in autumn.times.all()] == [
        "2027-10-30T00:30:00+00:00",
        "2027-10-31T00:30:00+00:00",  # 02:30 comes twice: the first
        "2027-11-01T01:30:00+00:00",
    ]


def test_a_meeting_moved_twice_across_the_change_of_the_clocks(addressed: Hall) -> None:
    hall = addressed
    first = local(WARSAW, 2027, 3, 26, 9, 0)
    row = hall.joint(starts_at=first, ends_at=first + timedelta(hours=1), zone=WARSAW)
    work()
    for day in (29, 27):
        starts = local(WARSAW, 2027, 3, day, 9, 0)
        row = actions.change(meeting=row, by=hall.cast.xenia, starts_at=starts, ends_at=starts + timedelta(hours=1))
        work()
    row = actions.cancel(meeting=row, by=hall.cast.xenia, reason="Fog")
    work()
    sent = sent_to("yann@agency.invalid")
    events = [calendar.vevent for calendar in sent]
    assert [calendar.method.value for calendar in sent] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert [event.sequence.value for event in events] == ["0", "1", "2", "3"]
    assert {event.uid.value for event in events} == {f"{row.pk}@entente"}
    assert [event.dtstart.value.astimezone(UTC) for event in events] == [
        datetime(2027, 3, 26, 8, tzinfo=UTC),
        datetime(2027, 3, 29, 7, tzinfo=UTC),
        datetime(2027, 3, 27, 8, tzinfo=UTC),
        datetime(2027, 3, 27, 8, tzinfo=UTC),
    ]
    assert [event.status.value for event in events] == ["CONFIRMED"] * 3 + ["CANCELLED"]


def test_a_change_is_one_mail_to_whom_the_calendar_follows_and_an_alert_to_whom_it_does_not(addressed: Hall) -> None:
    hall, later = addressed, timedelta(days=1)
    row = hall.joint()
    work()
    Invitation.objects.filter(appointment=hall.cast.xenia).update(failed_at=timezone.now())
    mail.outbox.clear()
    actions.change(meeting=row, by=hall.cast.xenia, starts_at=row.starts_at + later, ends_at=row.ends_at + later)
    work()
    subjects = [(message.to[0].partition("@")[0], message.subject.split(" (")[0]) for message in mail.outbox]
    assert sorted(who for who, words in subjects if words == "Entente: Meeting") == ["xenia", "yann"]
    assert [who for who, words in subjects if words != "Entente: Meeting"] == ["xenia"], "whose calendar mail failed"


def test_one_time_is_moved_and_another_cancelled_alone(addressed: Hall) -> None:
    hall = addressed
    row = weekly(hall, WARSAW, local(WARSAW, 2027, 3, 15, 9, 0), rule="FREQ=WEEKLY;COUNT=3")
    second, third = row.times.all()[1:]
    later = local(WARSAW, 2027, 3, 29, 14, 0)
    actions.move_time(time=second, by=hall.cast.xenia, starts_at=later, ends_at=later + timedelta(hours=2))
    actions.cancel_time(time=third, by=hall.cast.xenia, reason="Easter")
    row.refresh_from_db()
    assert (row.sequence, row.over_at) == (2, later + timedelta(hours=2))
    assert [time.state for time in row.times.order_by("planned_day")] == ["called", "called", "cancelled"]
    calendar = parsed(_file(row, hall))
    main, moved = calendar.vevent_list
    assert moved.recurrence_id.value == local(WARSAW, 2027, 3, 22, 9, 0)
    assert (moved.dtstart.value, moved.dtend.value) == (later, later + timedelta(hours=2))
    assert moved.uid.value == main.uid.value
    assert [found.date() for found in _naive(main)] == [date(2027, 3, 15), date(2027, 3, 22)]


def test_a_rule_changed_later_leaves_what_is_over(hall: Hall) -> None:
    now = timezone.now().replace(second=0, microsecond=0)
    row = weekly(hall, "UTC", now - timedelta(days=14), rule="FREQ=WEEKLY;COUNT=6")
    over = set(row.times.filter(ends_at__lt=now).values_list("pk", flat=True))
    starts = now + timedelta(days=1)
    row = actions.change(
        meeting=row,
        by=hall.cast.xenia,
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        rule="FREQ=DAILY;COUNT=2",
    )
    times = list(row.times.all())
    assert over
    assert over <= {time.pk for time in times}
    assert [time.starts_at for time in times if time.pk not in over] == [starts, starts + timedelta(days=1)]


def test_a_mail_tells_when_and_nothing_else(addressed: Hall) -> None:
    hall = addressed
    row = weekly(hall, WARSAW, local(WARSAW, 2027, 3, 15, 9, 0), agenda="Boats")
    work()
    found = [message for message in mail.outbox if message.to == ["yann@agency.invalid"]]
    invited = next(message for message in found if getattr(message, "alternatives", None))
    text = invited.subject + str(invited.body) + str(invited.message())
    for secret in SECRETS:
        assert secret not in text, secret
    assert row.record.reference in invited.subject
    assert "15 Mar 2027, 09:00 (Europe/Warsaw), 15 Mar 2027, 08:00 UTC" in invited.body
    assert Entry.objects.filter(verb="record.disclose", door="mail").exists()


def test_who_may_not_have_it_any_more_hears_of_no_change(addressed: Hall) -> None:
    hall, cast = addressed, addressed.cast
    row = hall.joint()
    work()
    suspend(cast)
    later = row.starts_at + timedelta(days=1)
    actions.change(meeting=row, by=cast.xenia, starts_at=later, ends_at=later + timedelta(hours=1))
    work()
    assert [calendar.method.value for calendar in sent_to("yann@agency.invalid")] == ["REQUEST"]
    assert [calendar.method.value for calendar in sent_to("xenia@agency.invalid")] == ["REQUEST", "REQUEST"]


def test_who_is_taken_off_gets_the_last_known_state_back(addressed: Hall) -> None:
    hall, cast = addressed, addressed.cast
    row = hall.joint(officers=[cast.lars])
    work()
    sent = next(
        item
        for item in row.circle.participations.get(agency=cast.a1).assignments.all()
        if item.appointment == cast.lars
    )
    actions.unassign(assignment=sent, by=cast.xenia)
    later = row.starts_at + timedelta(days=1)
    actions.change(meeting=row, by=cast.xenia, starts_at=later, ends_at=later + timedelta(hours=1))
    work()
    first, last = sent_to("lars@agency.invalid")
    assert (first.method.value, last.method.value) == ("REQUEST", "CANCEL")
    assert last.vevent.sequence.value == "0"
    # That it was moved since is not told.
    assert not hasattr(last.vevent, "dtstart")


def test_a_mail_goes_out_once_however_often_it_is_handled(addressed: Hall) -> None:
    addressed.joint()
    work()
    before = len(mail.outbox)
    Message.objects.filter(kind__in=[invitations.FOLLOW, invitations.SEND]).update(done_at=None)
    work()
    assert len(mail.outbox) == before


def test_what_is_display_only_is_mailed_to_no_receiver(addressed: Hall) -> None:
    row = addressed.call(invitees=[addressed.b])
    row.record.display_only = True
    row.record.save()
    actions.accept_invitation(meeting=row, by=addressed.cast.yann)
    work()
    assert sent_to("yann@agency.invalid") == []
    assert len(sent_to("xenia@agency.invalid")) == 1


def test_times_hang_on_the_door(hall: Hall) -> None:
    row = weekly(hall, WARSAW, local(WARSAW, 2027, 3, 15, 9, 0))
    now = timezone.now()
    for who, count in ((hall.cast.yara, 4), (hall.cast.zoe, 0), (hall.cast.aldo, 0)):
        assert MeetingTime.objects.visible_to(access(who, now)).filter(meeting=row).count() == count
