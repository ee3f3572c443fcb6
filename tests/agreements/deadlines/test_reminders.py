"""Reminders: armed when facts change, moved and dropped with them, sent once to whoever may know and wants them then."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from agencies.directory.models import Appointment
from agreements.alerts.models import Alert
from agreements.deadlines import actions, reminders
from agreements.deadlines.models import LeadTimes
from agreements.register import actions as register
from agreements.register.choices import ActionKind
from agreements.register.models import Party
from portal.outbox.models import Due, Message
from portal.ui.errors import Refused
from tests.agreements.deadlines.conftest import Desk
from tests.doors.clock import DAY_0, instant

ZURICH = ZoneInfo("Europe/Zurich")


def midnight(desk: Desk, number: int, zone: ZoneInfo = ZURICH) -> datetime:
    day = desk.day(number)
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def arm(desk: Desk) -> int:
    return reminders.arm([desk.treaty.pk], instant(desk.moved.days))


def test_they_are_armed_at_the_start_of_the_day_in_the_agreements_zone_over_a_change_of_the_clocks(desk: Desk) -> None:
    """30 days before 10 April lies in winter time, 7 days before in summer time; each begins at 00:00 in Zurich."""
    desk.term(39)
    assert arm(desk) == 3
    rows = {row.payload["lead"]: row for row in Due.objects.filter(key__startswith="deadline:")}
    assert {lead: row.fire_at for lead, row in rows.items()} == {
        30: datetime(2026, 3, 10, 23, tzinfo=UTC),
        7: datetime(2026, 4, 2, 22, tzinfo=UTC),
        0: datetime(2026, 4, 9, 22, tzinfo=UTC),
    }
    assert {(row.zone, row.kind) for row in rows.values()} == {("Europe/Zurich", "deadlines.remind")}
    assert rows[7].local_rule == "2026-04-03T00:00"
    assert arm(desk) == 0, "a second time there is nothing to do"


def test_only_what_is_near_lies_in_the_table(desk: Desk) -> None:
    desk.term(400)
    assert arm(desk) == 0
    assert reminders.arm_all(instant(400 - 180 - 20)) == 1


def test_each_treaty_admin_is_told_once_and_the_mail_names_nothing(desk: Desk) -> None:
    desk.term(39)
    arm(desk)
    desk.go_to(midnight(desk, 9) + timedelta(minutes=5))
    subject = f"expiry:{desk.day(39)}:30"
    assert desk.told() == [("tara", subject), ("yusuf", subject)]
    assert {message.to[0] for message in mail.outbox} == {"tara@x1.invalid", "yusuf@y1.invalid"}
    for message in mail.outbox:
        text = str(message.message())
        assert "X–Y" not in text
        assert "Treaty" not in text
        assert "10 April" not in text
    alert = Alert.objects.get(appointment=desk.cast.tara)
    assert reminders.line(alert) == "X–Y Treaty: last day of effect on 10 April 2026"
    reminders.remind({"agreement": str(desk.treaty.pk), "kind": "expiry", "day": str(desk.day(39)), "lead": 30})
    assert len(desk.told()) == 2
    desk.go_to(midnight(desk, 39))
    assert [subject.rpartition(":")[2] for _, subject in desk.told()] == ["0", "30", "7", "0", "30", "7"]


def test_facts_that_change_move_and_drop_them(desk: Desk) -> None:
    desk.term(39)
    arm(desk)
    assert {day for day, _ in desk.armed()} == {str(desk.day(39))}
    register.record_action(
        agreement=desk.treaty, kind=ActionKind.EXTENSION, done_on=desk.day(0), until=desk.day(45), country=None,
        by=desk.cast.tara,
    )  # fmt: skip
    desk.work()
    assert {day for day, _ in desk.armed()} == {str(desk.day(45))}
    register.record_action(
        agreement=desk.treaty, kind=ActionKind.DENUNCIATION, done_on=desk.day(0), effective_on=desk.day(20),
        country=desk.cast.b.country, by=desk.cast.yusuf,
    )  # fmt: skip
    desk.work()
    assert {(row.payload["kind"], row.payload["day"]) for row in Due.objects.filter(cancelled_at=None)} == {
        ("expiry", str(desk.day(45))),
        ("notice_ends", str(desk.day(19))),
    }


def test_what_was_told_of_a_day_that_does_not_come_is_settled(desk: Desk) -> None:
    desk.term(39)
    arm(desk)
    desk.go_to(midnight(desk, 9))
    assert Alert.objects.filter(done_at=None, kind=reminders.DUE).count() == 2
    desk.term(300)
    arm(desk)
    assert not Alert.objects.filter(done_at=None, kind=reminders.DUE).exists()


def test_a_row_that_nobody_dropped_says_nothing_any_more(desk: Desk) -> None:
    """Facts that reached the table by another way are asked again at sending."""
    desk.term(39)
    arm(desk)
    desk.term(None)
    desk.go_to(midnight(desk, 9))
    assert desk.told() == []


@pytest.mark.parametrize("what", ["left", "role", "off", "party", "lead"])
def test_rights_are_asked_again_at_sending(desk: Desk, what: str) -> None:
    desk.term(39)
    arm(desk)
    yusuf = Appointment.objects.filter(pk=desk.cast.yusuf.pk)
    if what == "left":
        yusuf.update(ended_at=instant(1))
    elif what == "role":
        yusuf.update(role="analyst")
    elif what == "off":
        type(desk.cast.yusuf.officer).objects.filter(pk=desk.cast.yusuf.officer_id).update(is_active=False)
    elif what == "party":
        Party.objects.filter(agreement=desk.treaty, country="YY").delete()
    else:
        LeadTimes.objects.create(country_id="YY", days=[7], changed_by=desk.cast.yusuf)
    desk.go_to(midnight(desk, 9))
    assert [name for name, _ in desk.told()] == ["tara"]


def test_the_mail_is_withheld_when_the_right_ends_between_alert_and_mail(desk: Desk) -> None:
    desk.term(39)
    arm(desk)
    desk.moved.days = (midnight(desk, 9) - DAY_0) / timedelta(days=1)
    reminders.remind({"agreement": str(desk.treaty.pk), "kind": "expiry", "day": str(desk.day(39)), "lead": 30})
    Party.objects.filter(agreement=desk.treaty, country="YY").delete()
    desk.treaty.designations.filter(country="YY").delete()
    desk.work()
    assert {message.to[0] for message in mail.outbox} == {"tara@x1.invalid"}


def test_a_state_sets_its_own_lead_times(desk: Desk) -> None:
    desk.term(39)
    actions.set_lead_times(days=[21, 3, 21], by=desk.cast.yusuf)
    desk.work()
    assert {lead for _, lead in desk.armed()} == {30, 21, 7, 3, 0}, "those of one state and of the other"
    assert LeadTimes.objects.get().days == [21, 3]
    desk.go_to(midnight(desk, 9))
    desk.go_to(midnight(desk, 18))
    assert [(name, subject.rpartition(":")[2]) for name, subject in desk.told()] == [("tara", "30"), ("yusuf", "21")]


@pytest.mark.parametrize("days", [[], [-1], [5000], list(range(13))])
def test_lead_times_that_make_no_sense_are_refused(desk: Desk, days: list[int]) -> None:
    with pytest.raises(Refused) as refused:
        actions.set_lead_times(days=days, by=desk.cast.tara)
    assert refused.value.field == "days"


@pytest.mark.parametrize("name", ["xenia", "ada", "arno"])
def test_who_is_no_treaty_admin_sets_none(desk: Desk, name: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.set_lead_times(days=[1], by=getattr(desk.cast, name))
    assert refused.value.code == "forbidden"


def test_of_a_draft_its_own_agency_alone_is_reminded(desk: Desk) -> None:
    desk.draft(expires_on=desk.day(30))
    desk.work()
    desk.go_to(midnight(desk, 1, ZoneInfo("UTC")))
    assert [name for name, _ in desk.told()] == ["tara"]


def test_a_fact_of_the_very_day_is_told_at_once_and_one_of_a_day_that_is_over_never(desk: Desk) -> None:
    desk.term(7)
    arm(desk)
    desk.work()
    assert {subject.rpartition(":")[2] for _, subject in desk.told()} == {"7"}
    before = len(desk.told())
    desk.go_to(midnight(desk, 8))
    assert len(desk.told()) == before, "on the ninth day nobody is told that it ends on the eighth"


def test_messages_hold_keys_and_days_alone(desk: Desk) -> None:
    actions.plan_review(agreement=desk.treaty, what="Zebra crossing", first_on=desk.day(7), by=desk.cast.tara)
    desk.work()
    held = str(
        [*Due.objects.values_list("key", "payload", "local_rule"), *Message.objects.values_list("key", "payload")]
    )
    assert "Zebra" not in held
    assert "X–Y" not in held


def test_a_draft_that_is_thrown_away_leaves_nothing_armed(desk: Desk) -> None:
    draft = desk.draft(expires_on=desk.day(20))
    desk.work()
    assert desk.armed()
    register.delete_draft(agreement=draft, by=desk.cast.tara)
    desk.work()
    assert desk.armed() == []


def test_all_of_many_agreements_are_armed_in_few_statements(desk: Desk, django_assert_max_num_queries: object) -> None:
    desk.term(39)
    assert reminders.arm_all(instant(0.4)) == 3
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        assert reminders.arm_all(instant(0.4)) == 0
