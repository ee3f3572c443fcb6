from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import new_key
from agreements.alerts.models import Alert
from agreements.register.choices import Purpose
from operations.meetings import actions
from operations.meetings.actions import Invitee
from operations.meetings.choices import MeetingState
from operations.meetings.models import Meeting, Reply
from portal.audit.models import Entry
from portal.outbox.models import Due, Message
from portal.ui.errors import Refused
from tests.operations.meetings.conftest import Hall, pass_time, work
from tests.operations.planning.conftest import Desk, sees, suspend

MINUTE = timedelta(minutes=1)


def alerted(kind: str) -> list[str]:
    return sorted(Alert.objects.filter(kind=kind).values_list("appointment__officer__username", flat=True))


def test_who_may_not_call(hall: Hall) -> None:
    for who in (hall.cast.anton, hall.cast.ada, hall.cast.arno):
        with pytest.raises(Refused) as refused:
            hall.call(by=who)
        assert refused.value.code == "forbidden"
    assert hall.call(by=hall.cast.tara).record.owner == hall.cast.a1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_at": timezone.now()}, "ends_at"),
        ({"place": " "}, "place"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"remind_before": [0]}, "remind_before"),
        ({"remind_before": [10**7]}, "remind_before"),
        ({"remind_before": list(range(1, 9))}, "remind_before"),
        ({"ends_at": timezone.now() + timedelta(days=60)}, "ends_at"),
    ],
)
def test_what_cannot_be_called(hall: Hall, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        hall.call(**values)
    assert refused.value.field == field
    assert not Meeting.objects.exists()
    assert not Due.objects.exists()


def test_sent_twice_makes_one(hall: Hall) -> None:
    key = new_key()
    assert hall.call(key=key).pk == hall.call(key=key).pk == key
    assert Meeting.objects.count() == 1
    assert Due.objects.count() == 2


def test_invited_by_an_article_only(hall: Hall) -> None:
    cast = hall.cast
    row = hall.call(invitees=[hall.b])
    assert sees(cast.yara, row)
    for who in (cast.zoe, cast.aldo, cast.zeno):
        assert not sees(who, row)
    with pytest.raises(Refused) as refused:
        hall.call(invitees=[Invitee(cast.c, cast.art7, Purpose.COORDINATION)])
    assert refused.value.code == "no_basis"
    assert Meeting.objects.count() == 1
    suspend(cast)
    assert not sees(cast.yara, row)
    with pytest.raises(Refused):
        actions.rsvp(meeting=row, by=cast.yann, answer="accepted")


def test_who_declines_no_longer_sees_it(hall: Hall) -> None:
    cast = hall.cast
    row = hall.call(invitees=[hall.b])
    with pytest.raises(Refused):
        actions.end_participation(meeting=row, agency=cast.b, by=cast.zoe)
    actions.end_participation(meeting=row, agency=cast.b, by=cast.yann)
    assert not sees(cast.yara, row)
    assert not sees(cast.yann, row)
    assert sees(cast.xenia, row)


def test_of_an_operation_that_one_sees(hall: Hall, desk: Desk) -> None:
    operation = desk.plan()
    row = hall.call(operation=operation.record)
    assert row.record.operation == operation.record
    with pytest.raises(Refused) as refused:
        hall.call(by=hall.cast.zoe, operation=operation.record)
    assert refused.value.code == "not_found"
    with pytest.raises(Refused) as refused:
        hall.call(by=hall.cast.zoe, agreement=hall.cast.art7.agreement)
    assert refused.value.field == "agreement"


def test_a_meeting_called_is_alerted(hall: Hall) -> None:
    hall.call(invitees=[hall.b], officers=[hall.cast.lars])
    work()
    # Those who may answer for the invited agency, and the officer who is sent; nobody of a third state.
    assert alerted("sharing.invitation") == ["yann", "yara", "yusuf"]
    assert alerted("sharing.assignment") == ["lars"]
    assert not Alert.objects.filter(appointment__agency=hall.cast.c).exists()


def test_answers_reach_the_owner_alone(hall: Hall) -> None:
    cast, row = hall.cast, hall.joint()
    assert actions.rsvp(meeting=row, by=cast.yann, answer="tentative").answer == "tentative"
    actions.rsvp(meeting=row, by=cast.yann, answer="accepted")
    assert Reply.objects.get().answer == "accepted"
    assert Entry.objects.filter(verb="meeting.rsvp").count() == 2
    for who, code in ((cast.yara, "forbidden"), (cast.lars, "forbidden"), (cast.zoe, "not_found")):
        with pytest.raises(Refused) as refused:
            actions.rsvp(meeting=row, by=who, answer="accepted")
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        actions.rsvp(meeting=row, by=cast.yann, answer="maybe")
    assert refused.value.field == "answer"


def test_each_agency_sends_its_own(hall: Hall) -> None:
    cast, row = hall.cast, hall.joint()
    actions.assign_officer(meeting=row, appointment=cast.yara, by=cast.yann)
    actions.assign_officer(meeting=row, appointment=cast.lars, by=cast.xenia)
    for who, officer in ((cast.xenia, cast.yusuf), (cast.yann, cast.ada), (cast.zoe, cast.zoe), (cast.anton, cast.ada)):
        with pytest.raises(Refused):
            actions.assign_officer(meeting=row, appointment=officer, by=who)


def test_treaty_admins_answer_for_their_agency(hall: Hall) -> None:
    row = hall.call(invitees=[hall.b])
    assert actions.accept_invitation(meeting=row, by=hall.cast.yusuf).accepted_at


def test_reminders_come_once_to_those_who_attend(hall: Hall) -> None:
    cast = hall.cast
    starts = timezone.now() + timedelta(days=3)
    row = hall.joint(starts_at=starts, ends_at=starts + timedelta(hours=1), officers=[cast.lars])
    actions.rsvp(meeting=row, by=cast.lars, answer="declined")
    assert sorted(starts - fire for fire in Due.objects.values_list("fire_at", flat=True)) == [
        15 * MINUTE,
        1440 * MINUTE,
    ]
    pass_time(starts - 1441 * MINUTE)
    assert alerted("meetings.reminder") == []
    for _ in range(3):
        pass_time(starts - 1440 * MINUTE)
    assert alerted("meetings.reminder") == ["xenia", "yann"]
    # The message handled again has no second effect.
    Message.objects.filter(kind="meetings.reminder").update(done_at=None)
    work()
    assert alerted("meetings.reminder") == ["xenia", "yann"]
    pass_time(starts - 15 * MINUTE)
    assert alerted("meetings.reminder") == ["xenia", "xenia", "yann", "yann"]


def test_rights_are_asked_again_when_a_reminder_goes_out(hall: Hall) -> None:
    row = hall.joint()
    suspend(hall.cast)
    pass_time(row.starts_at - 15 * MINUTE)
    assert set(alerted("meetings.reminder")) == {"xenia"}


def test_moving_arms_anew_and_asks_again(hall: Hall) -> None:
    cast, row = hall.cast, hall.joint()
    actions.rsvp(meeting=row, by=cast.yann, answer="accepted")
    pass_time(row.starts_at - 1440 * MINUTE)
    old = row.starts_at
    later = old + timedelta(days=2)
    row = actions.change(meeting=row, by=cast.xenia, starts_at=later, ends_at=later + timedelta(hours=2))
    assert (row.sequence, row.replies.count()) == (1, 0)
    assert set(Due.objects.filter(fired_at=None, cancelled_at=None).values_list("fire_at", flat=True)) == {
        later - 1440 * MINUTE,
        later - 15 * MINUTE,
    }
    work()
    assert alerted("meetings.moved") == ["xenia", "yann"]
    pass_time(later - 15 * MINUTE)
    assert len(alerted("meetings.reminder")) == 6


def test_a_reminder_overtaken_by_a_move_says_nothing(hall: Hall) -> None:
    row = hall.joint()
    work()
    later = row.starts_at + timedelta(days=2)
    from_before = Due.objects.get(payload__minutes=15)
    Message.objects.create(kind="meetings.reminder", key="stale", payload=from_before.payload)
    actions.change(meeting=row, by=hall.cast.xenia, starts_at=later, ends_at=later + timedelta(hours=1))
    work()
    assert alerted("meetings.reminder") == []


def test_another_agenda_is_no_significant_change(hall: Hall) -> None:
    row = actions.change(meeting=hall.joint(), by=hall.cast.xenia, agenda="Cars.", title="Weekly")
    row.circle.refresh_from_db()
    assert (row.sequence, row.record.title, row.circle.name) == (0, "Weekly", "Weekly")
    work()
    assert alerted("meetings.moved") == []


def test_cancelling(hall: Hall) -> None:
    cast, row = hall.cast, hall.joint()
    for who in (cast.yann, cast.anton, cast.zoe):
        with pytest.raises(Refused):
            actions.cancel(meeting=row, by=who, reason="Fog")
    with pytest.raises(Refused) as refused:
        actions.cancel(meeting=row, by=cast.xenia, reason=" ")
    assert refused.value.field == "reason"
    row = actions.cancel(meeting=row, by=cast.lars, reason="Fog")
    assert (row.state, row.sequence) == (MeetingState.CANCELLED, 1)
    assert not Due.objects.filter(cancelled_at=None).exists()
    pass_time(row.starts_at)
    assert alerted("meetings.reminder") == []
    assert alerted("meetings.cancelled") == ["xenia", "yann"]
    for step in (
        lambda: actions.cancel(meeting=row, by=cast.xenia, reason="Fog"),
        lambda: actions.change(meeting=row, by=cast.xenia, title="x"),
        lambda: actions.rsvp(meeting=row, by=cast.yann, answer="accepted"),
        lambda: actions.invite_agency(meeting=row, invitee=hall.b, by=cast.xenia),
    ):
        with pytest.raises(Refused):
            step()


def test_what_is_past_reminds_nobody(hall: Hall) -> None:
    then = timezone.now() - timedelta(days=2)
    row = hall.joint(starts_at=then, ends_at=then + timedelta(hours=1))
    assert not Due.objects.exists()
    with pytest.raises(Refused, match="over"):
        actions.rsvp(meeting=row, by=hall.cast.yann, answer="accepted")
    with pytest.raises(Refused, match="over"):
        actions.cancel(meeting=row, by=hall.cast.xenia, reason="Fog")


def test_stale_version(hall: Hall) -> None:
    row = hall.call()
    actions.change(meeting=row, by=hall.cast.xenia, title="A", version=row.version)
    with pytest.raises(Refused) as refused:
        actions.change(meeting=row, by=hall.cast.xenia, title="B", version=row.version)
    assert refused.value.code == "stale"


def test_reminders_across_the_change_to_summer_time(hall: Hall) -> None:
    """Sunday 28 March 2027, 09:00 in Zurich is 07:00Z. A day before it is 09:00 there as well: 08:00Z, still winter."""
    starts = datetime(2027, 3, 28, 7, tzinfo=UTC)
    hall.call(starts_at=starts, ends_at=starts + timedelta(hours=1), zone="Europe/Zurich")
    row = Due.objects.get(payload__minutes=1440)
    assert row.fire_at == datetime(2027, 3, 27, 8, tzinfo=UTC)
    assert row.zone == "Europe/Zurich"
    assert row.local_rule == "2027-03-27T09:00"
    assert Due.objects.get(payload__minutes=15).fire_at == datetime(2027, 3, 28, 6, 45, tzinfo=UTC)
    assert date(2027, 3, 28).weekday() == 6
