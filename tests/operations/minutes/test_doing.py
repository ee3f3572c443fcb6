"""Action items: their agency names and reports, the chair closes; reminders come at the right local hour, to the right
officers, and overdue ones open the agenda of the next meeting."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.postings import duties
from agreements.alerts.models import Alert
from agreements.sharing.policy import access
from operations.meetings import agenda
from operations.meetings.models import MeetingTime, Presence
from operations.minutes import alerting, carrying, days, reminders, sittings
from operations.minutes.actions import doing, keeping, points
from operations.minutes.choices import ActionState
from operations.minutes.models import ActionItem, Side
from operations.minutes.presenting import reports_of
from portal.outbox.models import Due
from portal.ui.errors import Refused
from tests.operations.minutes.conftest import Secretary, pass_time, work


def told(kind: str) -> set[str]:
    rows = Alert.objects.filter(kind=kind, done_at=None)
    return {row.appointment.officer.username for row in rows.select_related("appointment__officer")}


def test_the_last_day_ends_by_the_clock_of_its_zone() -> None:
    assert days.end_of(date(2027, 3, 28), "Europe/Warsaw").isoformat() == "2027-03-28T22:00:00+00:00"
    assert days.end_of(date(2027, 3, 27), "Europe/Warsaw").isoformat() == "2027-03-27T23:00:00+00:00"
    # Midnight does not exist on that day in Beirut: the offset before the gap is meant.
    assert days.start_of(date(2027, 3, 28), "Asia/Beirut").isoformat() == "2027-03-27T22:00:00+00:00"
    assert days.end_of(date(2026, 12, 31), "Pacific/Apia").isoformat() == "2026-12-31T11:00:00+00:00"


def test_only_its_agency_names_and_reports(secretary: Secretary) -> None:
    row = secretary.put()
    item, cast = secretary.only(row), secretary.cast
    for by, code in ((cast.lars, "forbidden"), (cast.zoe, "not_found"), (cast.aldo, "not_found")):
        with pytest.raises(Refused) as refused:
            doing.report(action=item, by=by, note="Done", done=True)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        doing.name_officer(action=item, by=cast.yann, officer=cast.lars)
    assert refused.value.field == "officer"
    doing.name_officer(action=item, by=cast.yann, officer=cast.yara)
    doing.report(action=item, by=cast.yara, note="Done", done=True)
    assert secretary.only(row).state == ActionState.DONE


def test_an_officer_who_was_named_reports_without_calling_meetings(secretary: Secretary) -> None:
    row = secretary.put(agency=secretary.cast.a1)
    item, cast = secretary.only(row), secretary.cast
    with pytest.raises(Refused) as refused:
        doing.report(action=item, by=cast.anton, note="Done", done=True)
    assert refused.value.code == "forbidden"
    doing.name_officer(action=item, by=cast.lars, officer=cast.anton)
    doing.report(action=secretary.only(row), by=cast.anton, note="Done", done=True)


def test_nobody_acts_on_a_draft_nor_on_what_is_withdrawn(secretary: Secretary) -> None:
    row = secretary.begin()
    item = secretary.action(row, agency=secretary.cast.a1)
    with pytest.raises(Refused) as refused:
        doing.report(action=item, by=secretary.cast.lars, note="Done", done=True)
    assert refused.value.code == "state"
    row = keeping.put_forward(minutes=secretary.again(row), by=secretary.cast.lars)
    assert Due.objects.filter(key__startswith=f"{reminders.REMIND}:{item.pk}", cancelled_at=None).exists()
    keeping.withdraw(minutes=row, by=secretary.cast.lars, reason="Wrong")
    assert not Due.objects.filter(key__startswith=f"{reminders.REMIND}:{item.pk}", cancelled_at=None).exists()
    assert not ActionItem.objects.binding().exists()


def test_a_report_reaches_the_keeper_of_the_minutes_alone(secretary: Secretary) -> None:
    """R5: a third agency that attended reads the state, and not the note."""
    row, cast = secretary.put(), secretary.cast
    item = secretary.only(row)
    doing.report(action=item, by=cast.yann, note="Half of them")
    doing.close(action=secretary.only(row), by=cast.lars, note="Enough", state="done")

    def notes(who: Any) -> list[str]:
        return [report.note for report in reports_of(item, access(who, timezone.now()))]

    assert notes(cast.lars) == notes(cast.yann) == ["Half of them", "Enough"]
    assert notes(cast.aldo) == ["Enough"]


def test_who_undertook_it_is_told_and_settled(secretary: Secretary) -> None:
    row, cast = secretary.put(), secretary.cast
    item = secretary.only(row)
    work()
    assert told(alerting.GIVEN) == {"yann", "yara", "yusuf"}
    assert told(alerting.AWAITED) == {"xenia", "lars", "tara", "yann", "yara", "yusuf"}
    doing.name_officer(action=item, by=cast.yann, officer=cast.yara)
    work()
    doing.report(action=secretary.only(row), by=cast.yara, note="Done", done=True)
    work()
    assert told(alerting.GIVEN) == set()
    assert told(alerting.REPORTED) == {"lars"}


def test_it_reminds_before_and_after_its_last_day(secretary: Secretary) -> None:
    row, cast = secretary.put(), secretary.cast
    item = secretary.only(row)
    doing.name_officer(action=item, by=cast.yann, officer=cast.yara)
    work()
    zone = ZoneInfo(item.zone)
    armed = list(Due.objects.filter(kind=reminders.REMIND, cancelled_at=None).order_by("fire_at"))
    assert [row.fire_at.astimezone(zone).hour for row in armed] == [8, 8, 8, 8]
    assert [(row.fire_at.astimezone(zone).date() - item.due_on).days for row in armed] == [-3, 1, 8, 15]
    pass_time(armed[0].fire_at)
    assert told(alerting.DUE_SOON) == {"yara"}
    pass_time(armed[1].fire_at)
    assert told(alerting.LATE) == {"yara", "lars"}
    # However often it is handled, nobody is told twice.
    alerting.remind(armed[1].payload)
    assert Alert.objects.filter(kind=alerting.LATE).count() == 2


def test_another_day_moves_the_reminders(secretary: Secretary) -> None:
    row = secretary.put()
    item = secretary.only(row)
    old = list(Due.objects.filter(kind=reminders.REMIND, cancelled_at=None))
    points.change_action(action=item, by=secretary.cast.lars, due_on=secretary.day(30))
    alerting.remind(old[0].payload)
    assert not Alert.objects.filter(kind__in=(alerting.DUE_SOON, alerting.LATE)).exists()
    armed = Due.objects.filter(kind=reminders.REMIND, cancelled_at=None, fired_at=None)
    assert min(row.fire_at for row in armed) > timezone.now() + timedelta(days=20)


def test_done_nobody_is_reminded(secretary: Secretary) -> None:
    row = secretary.put()
    item = secretary.only(row)
    armed = Due.objects.filter(kind=reminders.REMIND, cancelled_at=None).order_by("fire_at")[1]
    doing.close(action=item, by=secretary.cast.lars, note="Done", state="done")
    alerting.remind(armed.payload)
    assert not Alert.objects.filter(kind=alerting.LATE).exists()
    doing.reopen(action=secretary.only(row), by=secretary.cast.lars, note="Not yet")
    assert Due.objects.filter(kind=reminders.REMIND, cancelled_at=None).exists()


def test_overdue_it_opens_the_next_agenda_of_its_board(secretary: Secretary, as_: Any) -> None:
    """Of the same agreement's board; to nobody who does not see the minutes, and on no other board's page."""
    cast, hall = secretary.cast, secretary.hall
    secretary.meeting.agreement = cast.art7.agreement
    secretary.meeting.save()
    row = secretary.put(due_on=secretary.day(1))
    following = hall.joint(agreement=cast.art7.agreement)
    other = hall.joint()
    for who in (cast.lars, cast.yann):
        page = as_(who).get(reverse("minutes:meeting-minutes", args=[following.pk])).content.decode()
        assert "First on the agenda" in page
        assert "List the boats" in page
        page = as_(who).get(reverse("minutes:meeting-minutes", args=[other.pk])).content.decode()
        assert "List the boats" not in page
    doing.close(action=secretary.only(row), by=cast.lars, note="Done", state="done")
    page = as_(cast.yann).get(reverse("minutes:meeting-minutes", args=[following.pk])).content.decode()
    assert "List the boats" not in page


def test_a_line_without_content_opens_the_agenda_where_all_know_of_it(secretary: Secretary) -> None:
    cast, hall = secretary.cast, secretary.hall
    secretary.meeting.agreement = cast.art7.agreement
    secretary.meeting.save()
    row = secretary.put(due_on=secretary.day(1))
    following = hall.joint(agreement=cast.art7.agreement)
    agenda.add(following, by=cast.xenia, text="Boats")
    assert carrying.carry_over(timezone.now()) == 0
    late = secretary.only(row).due_at
    assert carrying.carry_over(late) == 1
    assert carrying.carry_over(late) == 0
    assert [item.text for item in following.items.all()] == [carrying.TEXT, "Boats"]
    # The next minutes do not take the line for an item.
    assert sittings.agenda_of(sittings.of(following.times.get())) == ["Boats"]


def test_not_where_somebody_is_invited_who_did_not_attend(secretary: Secretary) -> None:
    cast, hall = secretary.cast, secretary.hall
    secretary.meeting.agreement = cast.art7.agreement
    secretary.meeting.save()
    row = secretary.put(due_on=secretary.day(1))
    Side.objects.filter(minutes=row, agency=cast.b).delete()
    following = hall.joint(agreement=cast.art7.agreement)
    assert carrying.carry_over(secretary.only(row).due_at) == 0
    assert not following.items.exists()


def test_one_of_each_time_begun_with_its_agenda_and_who_was_there(secretary: Secretary) -> None:
    cast, hall = secretary.cast, secretary.hall
    now = timezone.now()
    meeting = hall.joint(starts_at=now - timedelta(days=8), ends_at=now - timedelta(days=8, hours=-1))
    agenda.add(meeting, by=cast.xenia, text="Boats")
    first = meeting.times.get()
    Presence.objects.create(meeting=meeting, time=first, agency=cast.a1, noted_by=cast.xenia)
    row = keeping.begin(meeting=meeting.record, by=cast.lars)
    assert [side.agency for side in row.sides.all()] == [cast.a1]
    assert [point.title for point in row.points.all()] == ["Boats"]
    with pytest.raises(Refused):
        keeping.begin(meeting=meeting.record, by=cast.lars, time=first.pk)
    second = MeetingTime.objects.create(
        meeting=meeting, planned_day=now.date(), planned_clock=now.time(), day=now.date(), clock=now.time(),
        starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1),
    )  # fmt: skip
    assert keeping.begin(meeting=meeting.record, by=cast.lars).time == second.pk


def test_it_serves_something_is_undertaken_by_who_attended_and_not_before(secretary: Secretary) -> None:
    row = secretary.begin()
    decision = secretary.decision(row)
    for values, field in (
        ({"objective": ""}, "objective"),
        ({"agency": secretary.cast.c}, "agency"),
        ({"due_on": secretary.day(-30)}, "due_on"),
        ({"clause": secretary.cast.art7}, "clause"),
        ({"text": " "}, "text"),
    ):
        with pytest.raises(Refused) as refused:
            secretary.action(row, decision=decision, **values)
        assert refused.value.field == field


def test_a_decision_taken_out_takes_its_actions(secretary: Secretary) -> None:
    row = secretary.put()
    points.remove_point(point=row.points.get(level="item"), by=secretary.cast.lars)
    assert not ActionItem.objects.exists()
    assert not Due.objects.filter(kind=reminders.REMIND, cancelled_at=None).exists()


def test_overdue_is_derived(secretary: Secretary) -> None:
    item = secretary.only(secretary.put())
    assert not item.is_overdue(item.due_at - timedelta(seconds=1))
    assert item.is_overdue(item.due_at)
    assert isinstance(item.due_at, datetime)
    item.state = ActionState.DONE
    assert not item.is_overdue(item.due_at + timedelta(days=1))


def test_a_successor_takes_over_what_was_named(secretary: Secretary) -> None:
    row, cast = secretary.put(), secretary.cast
    item = secretary.only(row)
    doing.name_officer(action=item, by=cast.yann, officer=cast.yara)
    duty = duties.get("action_items")
    assert duty is not None
    assert duty.move is not None
    [found] = duty.find([cast.yara], timezone.now())
    duty.move(found.key, cast.yara, cast.yann, cast.yara)
    assert secretary.only(row).officer == cast.yann
    with pytest.raises(Refused):
        duty.move(found.key, cast.yann, cast.zoe, cast.yann)
