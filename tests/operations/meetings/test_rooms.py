"""Agenda, papers, quorum, boards, rows of meetings and own reminders: who may, who may not, and what each is shown."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agreements.sharing.choices import CircleKind
from operations.meetings import actions, agenda, papers, seats
from operations.meetings.models import AgendaItem, Meeting, MeetingTime, Presence
from portal.outbox.models import Due
from portal.ui.errors import Refused
from tests.operations.meetings.conftest import Hall, pass_time
from tests.operations.meetings.test_actions import alerted
from tests.operations.planning.conftest import Desk, suspend


def page(as_: Any, who: Any, name: str, *args: Any) -> Any:
    return as_(who).get(reverse(f"meetings:{name}", args=args))


def daily(hall: Hall, days: int = 1, **values: Any) -> Meeting:
    starts = timezone.now().replace(microsecond=0, second=0) + timedelta(days=days)
    return hall.joint(starts_at=starts, ends_at=starts + timedelta(hours=1), rule="FREQ=DAILY;COUNT=4", **values)


def test_the_agenda_is_its_callers(hall: Hall) -> None:
    cast, row = hall.cast, hall.joint()
    first = agenda.add(row, by=cast.xenia, text="Boats", minutes=10, presenter=cast.b)
    second = agenda.add(row, by=cast.xenia, text="Cars")
    agenda.move(second, by=cast.xenia, earlier=True)
    assert [item.text for item in row.items.all()] == ["Cars", "Boats"]
    agenda.change(first, by=cast.lars, text="Boats without lights", minutes=5)
    for who, code in ((cast.yann, "forbidden"), (cast.anton, "forbidden"), (cast.zoe, "not_found")):
        for step in (
            lambda who=who: agenda.add(row, by=who, text="x"),
            lambda who=who: agenda.change(first, by=who, text="x"),
            lambda who=who: agenda.move(first, by=who, earlier=True),
            lambda who=who: agenda.take_off(first, by=who),
        ):
            with pytest.raises(Refused) as refused:
                step()
            assert refused.value.code == code
    agenda.take_off(second, by=cast.xenia)
    assert [item.text for item in row.items.all()] == ["Boats without lights"]


@pytest.mark.parametrize(
    ("values", "field"),
    [({"text": " "}, "text"), ({"text": "x" * 501}, "text"), ({"text": "x", "minutes": -1}, "minutes")],
)
def test_what_is_no_item(hall: Hall, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        agenda.add(hall.call(), by=hall.cast.xenia, **values)
    assert refused.value.field == field
    with pytest.raises(Refused, match="not invited"):
        agenda.add(Meeting.objects.get(), by=hall.cast.xenia, text="x", presenter=hall.cast.c)


def test_what_opens_by_itself_opens_once(hall: Hall) -> None:
    row = hall.call()
    assert agenda.add(row, by=None, text="Overdue", source="task:1") == agenda.add(
        row, by=None, text="Again", source="task:1"
    )
    assert AgendaItem.objects.get().text == "Overdue"


def test_a_paper_is_listed_for_who_sees_it_anyhow(hall: Hall, desk: Desk, as_: Any) -> None:
    cast, row = hall.cast, hall.joint()
    kept = desk.plan(name="Kept to ourselves")
    papers.lay(meeting=row, record=kept.record, by=cast.xenia)
    assert b"Kept to ourselves" in page(as_, cast.xenia, "meeting-detail", row.pk).content
    theirs = page(as_, cast.yann, "meeting-detail", row.pk).content
    assert b"Kept to ourselves" not in theirs
    assert b"No paper that you may see" in theirs
    # One that is not seen cannot be laid, nor taken back.
    other = hall.joint(title="Other")
    with pytest.raises(Refused) as refused:
        papers.lay(meeting=other, record=kept.record, by=cast.yann)
    assert refused.value.code == "not_found"
    url = reverse("meetings:paper-end", args=[row.pk, row.papers.get().pk])
    assert as_(cast.yann).post(url).status_code == 404
    for who in (cast.zoe, cast.aldo):
        with pytest.raises(Refused):
            papers.lay(meeting=row, record=row.record, by=who)
    assert as_(cast.xenia).post(url).status_code == 302
    assert not row.papers.exists()


def test_laying_by_the_page_finds_what_the_officer_sees(hall: Hall, desk: Desk, as_: Any) -> None:
    cast, row = hall.cast, hall.joint()
    plan = desk.plan(name="Lake watch")
    url = reverse("meetings:paper-create", args=[row.pk])
    assert b"Lake watch" in as_(cast.xenia).get(url, {"q": "Lake"}).content
    assert b"Lake watch" not in as_(cast.yann).get(url, {"q": "Lake"}).content
    assert as_(cast.yann).post(url, {"record": str(plan.pk)}).status_code == 404
    assert as_(cast.xenia).post(url, {"record": "no key"}).status_code == 404
    assert as_(cast.xenia).post(url, {"record": str(plan.pk)}).status_code == 302


def test_the_quorum_by_answers_and_by_who_was_there(hall: Hall, as_: Any) -> None:
    cast = hall.cast
    row = hall.joint(quorum=2)
    actions.seat(meeting=row, agency=cast.b, role="required", by=cast.xenia)
    time, now = row.times.get(), timezone.now()

    def found() -> tuple[int, list[str], bool]:
        state = seats.quorum(row, time, now)
        return state.coming, [agency.pk for agency in state.missing], state.reached  # type: ignore[return-value]

    assert found() == (
        0,
        sorted([cast.a1.pk, cast.b.pk], key=lambda key: {cast.a1.pk: cast.a1, cast.b.pk: cast.b}[key].short),
        False,
    )
    actions.rsvp(meeting=row, by=cast.xenia, answer="accepted")
    assert found() == (1, [cast.b.pk], False)
    actions.rsvp(meeting=row, by=cast.yann, answer="tentative")
    assert found() == (1, [cast.b.pk], False)
    actions.rsvp(meeting=row, by=cast.yann, answer="accepted")
    assert found() == (2, [], True)
    # It follows from answers, which reach the caller alone (R5).
    assert b"Quorum reached" in page(as_, cast.xenia, "meeting-detail", row.pk).content
    assert b"Quorum" not in page(as_, cast.yann, "meeting-detail", row.pk).content
    with pytest.raises(Refused, match="not begun"):
        actions.note_attendance(time=time, agencies=[cast.a1], by=cast.xenia)
    MeetingTime.objects.update(starts_at=now - timedelta(minutes=5))
    time.refresh_from_db()
    actions.note_attendance(time=time, agencies=[cast.a1], by=cast.xenia)
    assert found() == (1, [cast.b.pk], False)
    for who in (cast.yann, cast.zoe):
        with pytest.raises(Refused):
            actions.note_attendance(time=time, agencies=[cast.b], by=who)
    with pytest.raises(Refused, match="take part"):
        actions.note_attendance(time=time, agencies=[cast.c], by=cast.xenia)
    assert Presence.objects.count() == 1


def test_only_the_caller_says_who_must_be_there(hall: Hall, as_: Any) -> None:
    cast, row = hall.cast, hall.joint()
    for who in (cast.yann, cast.zoe):
        with pytest.raises(Refused):
            actions.seat(meeting=row, agency=cast.b, role="chair", by=who)
    with pytest.raises(Refused, match="not invited"):
        actions.seat(meeting=row, agency=cast.c, role="chair", by=cast.xenia)
    url = reverse("meetings:seat-set", args=[row.pk, cast.b.pk])
    assert as_(cast.xenia).post(url, {"role": "observer"}).status_code == 302
    assert row.seats.get(agency=cast.b).role == "observer"
    assert as_(cast.yann).post(url, {"role": "chair"}).status_code == 403
    assert (
        as_(cast.xenia).post(reverse("meetings:seat-set", args=[row.pk, cast.c.pk]), {"role": "chair"}).status_code
        == 404
    )


def test_a_board_is_that_of_an_operation_or_agreement(hall: Hall, desk: Desk, as_: Any) -> None:
    cast = hall.cast
    with pytest.raises(Refused) as refused:
        hall.call(kind="board")
    assert refused.value.field == "operation"
    operation = desk.plan()
    row = hall.joint(kind="board", operation=operation.record)
    assert row.circle.kind == CircleKind.BOARD
    actions.end_participation(meeting=row, agency=cast.b, by=cast.yann)
    of_treaty = hall.joint(kind="board", title="Treaty board", agreement=cast.art7.agreement)
    url = [cast.art7.agreement_id]
    assert b"Treaty board" in page(as_, cast.xenia, "agreement-meetings", *url).content
    assert b"Treaty board" in page(as_, cast.yann, "agreement-meetings", *url).content
    assert page(as_, cast.zoe, "agreement-meetings", *url).status_code == 404
    suspend(cast)
    assert b"Treaty board" not in page(as_, cast.yann, "agreement-meetings", *url).content
    assert of_treaty.kind == "board"


def test_one_time_is_its_callers_to_move_and_cancel(hall: Hall) -> None:
    cast, row = hall.cast, daily(hall)
    time = row.times.all()[1]
    later = time.starts_at + timedelta(hours=3)
    for who in (cast.yann, cast.anton, cast.zoe):
        with pytest.raises(Refused):
            actions.move_time(time=time, by=who, starts_at=later, ends_at=later + timedelta(hours=1))
        with pytest.raises(Refused):
            actions.cancel_time(time=time, by=who, reason="Fog")
    for values, field in (
        ({"starts_at": later, "ends_at": later}, "ends_at"),
        ({"starts_at": later, "ends_at": later + timedelta(days=30)}, "ends_at"),
        ({"starts_at": timezone.now() - timedelta(days=1), "ends_at": later}, "starts_at"),
    ):
        with pytest.raises(Refused) as refused:
            actions.move_time(time=time, by=cast.xenia, **values)
        assert refused.value.field == field
    with pytest.raises(Refused):
        actions.cancel_time(time=time, by=cast.xenia, reason=" ")
    actions.cancel_time(time=time, by=cast.xenia, reason="Fog")
    with pytest.raises(Refused, match="over or cancelled"):
        actions.move_time(time=time, by=cast.xenia, starts_at=later, ends_at=later + timedelta(hours=1))
    alone = hall.joint().times.get()
    with pytest.raises(Refused, match="takes place once"):
        actions.cancel_time(time=alone, by=cast.xenia, reason="Fog")
    pass_time(timezone.now())
    assert alerted("meetings.cancelled") == ["xenia", "yann"]


def test_reminders_move_with_the_time_and_leave_a_cancelled_one_alone(hall: Hall) -> None:
    cast, row = hall.cast, daily(hall, days=3, remind_before=[60])
    times = list(row.times.all())
    later = times[0].starts_at + timedelta(hours=3)
    actions.move_time(time=times[0], by=cast.xenia, starts_at=later, ends_at=later + timedelta(hours=1))
    actions.cancel_time(time=times[1], by=cast.xenia, reason="Fog")
    armed = Due.objects.filter(fired_at=None, cancelled_at=None).values_list("fire_at", flat=True)
    hour = timedelta(hours=1)
    assert sorted(armed) == [later - hour, times[2].starts_at - hour, times[3].starts_at - hour]
    actions.rsvp(meeting=row, by=cast.yann, answer="declined", time=times[2])
    pass_time(times[2].starts_at - hour)
    # Of the moved time both, of the one that Yann declined alone only Xenia.
    assert alerted("meetings.reminder") == ["xenia", "xenia", "yann"]


def test_each_is_reminded_when_each_wants(hall: Hall, as_: Any) -> None:
    cast, row = hall.cast, hall.joint(remind_before=[60])
    actions.remind_me(meeting=row, by=cast.yann, minutes=[120])
    for who in (cast.yara, cast.zoe):
        with pytest.raises(Refused):
            actions.remind_me(meeting=row, by=who, minutes=[5])
    with pytest.raises(Refused) as refused:
        actions.remind_me(meeting=row, by=cast.yann, minutes=[0])
    assert refused.value.field == "minutes"
    pass_time(row.starts_at - timedelta(minutes=120))
    assert alerted("meetings.reminder") == ["yann"]
    pass_time(row.starts_at - timedelta(minutes=60))
    assert alerted("meetings.reminder") == ["xenia", "yann"]
    url = reverse("meetings:meeting-reminders", args=[row.pk])
    assert b"checked" in as_(cast.yann).get(url).content
    assert as_(cast.yann).post(url, {"own": "meeting"}).status_code == 302
    assert not row.personal_leads.exists()
    assert as_(cast.zoe).get(url).status_code == 404


def test_month_filters_and_both_clocks(hall: Hall, desk: Desk, as_: Any) -> None:
    cast = hall.cast
    operation = desk.plan(name="Lake watch")
    row = daily(hall, zone="America/Santiago", operation=operation.record)
    hall.call(title="Briefing", kind="briefing")
    month = f"{row.starts_at:%Y-%m}"
    client, url = as_(cast.xenia), reverse("meetings:meeting-list")
    shown = client.get(url, {"view": "month", "month": month}).content.decode()
    assert "Weekly coordination" in shown
    assert "America/Santiago" in shown
    assert "Briefing" not in client.get(url, {"operation": str(operation.pk)}).content.decode().split("</form>")[-1]
    assert "Weekly coordination" not in client.get(url, {"kind": "briefing"}).content.decode()
    assert client.get(url, {"kind": "nonsense"}).status_code == 200
    assert client.get(url, {"view": "month", "month": "nonsense"}).status_code == 200
    hidden = as_(cast.yann).get(url, {"operation": str(operation.pk)}).content.decode()
    assert "Lake watch" not in hidden
    assert "Weekly coordination" not in as_(cast.zoe).get(url, {"view": "month", "month": month}).content.decode()


def test_called_by_the_small_form(hall: Hall, as_: Any) -> None:
    data = {
        "title": "Weekly", "starts_at": "2027-03-15T09:00", "ends_at": "2027-03-15T10:00", "zone": "Europe/Warsaw",
        "place": "Bridge", "repeats": "WEEKLY", "days": ["MO", "TH"], "until": "2027-03-31", "classification": "1",
        "tlp": "2", "kind": "briefing",
    }  # fmt: skip
    client, url = as_(hall.cast.xenia), reverse("meetings:meeting-create")
    assert b"Say until when" in client.post(url, {**data, "until": ""}).content
    assert b"not both" in client.post(url, {**data, "count": "3"}).content
    assert b"first time is none" in client.post(url, {**data, "days": ["TU"]}).content
    assert client.post(url, data).status_code == 302
    row = Meeting.objects.get()
    assert row.rule == "FREQ=WEEKLY;UNTIL=20270331T215959Z;BYDAY=MO,TH"
    assert [time.day.day for time in row.times.all()] == [15, 18, 22, 25, 29]
    change = reverse("meetings:meeting-change", args=[row.pk])
    assert "As now: Every week on Monday and Thursday, until 31 March 2027" in client.get(change).content.decode()
    kept = {**data, "repeats": "keep", "until": "", "title": "Twice a week", "version": str(row.version)}
    assert client.post(change, kept).status_code == 302
    row.refresh_from_db()
    assert (row.rule, row.sequence) == ("FREQ=WEEKLY;UNTIL=20270331T215959Z;BYDAY=MO,TH", 0)


def test_the_same_number_of_queries_for_one_time_and_four(hall: Hall, as_: Any) -> None:
    client, counts = as_(hall.cast.yann), []
    row = hall.joint()
    for _ in range(2):
        month = {"view": "month", "month": f"{row.starts_at:%Y-%m}"}
        for name, args, query in (
            ("meeting-list", [], month),
            ("meeting-list", [], {}),
            ("meeting-detail", [row.pk], {}),
        ):
            with CaptureQueriesContext(connection) as found:
                assert client.get(reverse(f"meetings:{name}", args=args), query).status_code == 200
            counts.append(len(found))
        row = daily(hall)
        for number in range(3):
            agenda.add(row, by=hall.cast.xenia, text=str(number), presenter=hall.cast.b)
    assert counts[:3] == counts[3:]
