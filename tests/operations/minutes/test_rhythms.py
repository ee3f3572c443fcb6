"""How often boards meet: who states it, when it is broken and for whom, and dates that suit everybody."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.alerts.models import Alert
from agreements.sharing.policy import access
from operations.minutes import rhythms, slots
from operations.minutes.actions import rhythms as actions
from operations.minutes.models import Rhythm
from operations.minutes.slots import Place
from portal.ui.errors import Refused
from tests.conftest import Cast
from tests.operations.meetings.conftest import Hall
from tests.operations.planning.conftest import Desk

BERN = Place("A", "Europe/Zurich", "CH")
STUTTGART = Place("B", "Europe/Berlin", "DE", "BW")
BERLIN = Place("B", "Europe/Berlin", "DE")
APIA = Place("C", "Pacific/Apia", "WS")


def state(cast: Cast, **values: Any) -> Rhythm:
    defaults: dict[str, Any] = {
        "by": cast.tara, "agreement": cast.art7.agreement, "subject": "meeting", "every": 3, "unit": "months",
        "since": timezone.localdate() - timedelta(days=30),
    }  # fmt: skip
    return actions.state(**{**defaults, **values})


def stands(row: Rhythm, who: Any) -> rhythms.Standing:
    now = timezone.now()
    [found] = rhythms.standings(Rhythm.objects.with_words().filter(pk=row.pk), access(who, now), now)
    return found


def test_a_treaty_admin_of_a_party_states_it(cast: Cast) -> None:
    for by in (cast.lars, cast.zeno):
        with pytest.raises(Refused) as refused:
            state(cast, by=by)
        assert refused.value.code == "forbidden"
    first = state(cast)
    second = state(cast, by=cast.yusuf, every=2)
    first.refresh_from_db()
    assert first.ended_by == cast.yusuf
    assert list(Rhythm.objects.standing()) == [second]


def test_of_an_operation_its_lead(cast: Cast, desk: Desk) -> None:
    operation = desk.joined().record
    for by, code in ((cast.yara, "forbidden"), (cast.lars, "forbidden"), (cast.zoe, "not_found")):
        with pytest.raises(Refused) as refused:
            state(cast, by=by, agreement=None, operation=operation)
        assert refused.value.code == code
    row = state(cast, by=cast.xenia, agreement=None, operation=operation)
    now = timezone.now()
    assert list(Rhythm.objects.visible_to(access(cast.yara, now))) == [row]
    assert not Rhythm.objects.visible_to(access(cast.zoe, now)).exists()
    assert not Rhythm.objects.visible_to(access(cast.aldo, now)).exists()


def test_one_of_the_two_and_an_article_of_it(cast: Cast, desk: Desk) -> None:
    with pytest.raises(Refused):
        state(cast, operation=desk.joined().record)
    with pytest.raises(Refused) as refused:
        state(cast, every=0)
    assert refused.value.field == "every"
    assert state(cast, clause=cast.art7).clause == cast.art7


def test_a_meeting_that_was_held_keeps_it_for_who_sees_it(cast: Cast, hall: Hall) -> None:
    """Nobody learns of a hidden meeting by a rhythm that is kept (R17)."""
    row = state(cast, since=timezone.localdate() - timedelta(days=200))
    now = timezone.now()
    assert stands(row, cast.yusuf).is_broken
    hall.call(
        agreement=cast.art7.agreement,
        starts_at=now - timedelta(days=5),
        ends_at=now - timedelta(days=5) + timedelta(hours=1),
    )
    assert not stands(row, cast.tara).is_broken
    assert stands(row, cast.yusuf).is_broken
    coming = hall.joint(agreement=cast.art7.agreement)
    assert stands(row, cast.yusuf).next.meeting == coming.pk  # type: ignore[union-attr]


def test_a_called_off_meeting_keeps_nothing(cast: Cast, hall: Hall) -> None:
    row = state(cast, since=timezone.localdate() - timedelta(days=200))
    now = timezone.now()
    meeting = hall.call(
        agreement=cast.art7.agreement, starts_at=now - timedelta(days=5), ends_at=now - timedelta(days=5, hours=-1)
    )
    meeting.state = "cancelled"
    meeting.save()
    meeting.times.update(state="cancelled")
    assert stands(row, cast.tara).is_broken


def test_a_review_is_noted(cast: Cast) -> None:
    row = state(cast, subject="review", since=timezone.localdate() - timedelta(days=200))
    assert stands(row, cast.tara).is_broken
    with pytest.raises(Refused):
        actions.note_review(rhythm=row, by=cast.lars, on=timezone.localdate())
    with pytest.raises(Refused) as refused:
        actions.note_review(rhythm=row, by=cast.tara, on=timezone.localdate() + timedelta(days=2))
    assert refused.value.field == "on"
    actions.note_review(rhythm=row, by=cast.tara, on=timezone.localdate())
    actions.note_review(rhythm=row, by=cast.yusuf, on=timezone.localdate())
    assert row.kept.count() == 1
    assert not stands(row, cast.tara).is_broken
    with pytest.raises(Refused):
        actions.note_review(rhythm=state(cast), by=cast.tara, on=timezone.localdate())


def test_months_are_counted_as_calendars_do(cast: Cast) -> None:
    row = Rhythm(agreement=cast.art7.agreement, subject="meeting", every=1, unit="months", since=date(2027, 1, 31))
    assert row.since + rhythms.period(row) == date(2027, 2, 28)
    row.every, row.unit = 2, "weeks"
    assert (row.since + rhythms.period(row), row.words) == (date(2027, 2, 14), "every 2 weeks")


def test_when_it_is_broken_treaty_admins_are_told_once(cast: Cast) -> None:
    state(cast, since=timezone.localdate() - timedelta(days=200))
    assert rhythms.tell_broken(timezone.now()) == 2
    assert rhythms.tell_broken(timezone.now()) == 0
    assert {row.appointment for row in Alert.objects.all()} == {cast.tara, cast.yusuf}
    assert "the board was to meet by" in Alert.objects.first().line  # type: ignore[union-attr]


def test_commanders_are_told_of_an_operations_board(cast: Cast, desk: Desk) -> None:
    operation = desk.joined().record
    state(cast, by=cast.xenia, agreement=None, operation=operation, since=timezone.localdate() - timedelta(days=200))
    rhythms.tell_broken(timezone.now())
    found = {row.appointment for row in Alert.objects.filter(kind=rhythms.BROKEN)}
    assert found == {cast.xenia, cast.yara}


def test_pages(cast: Cast, as_: Any) -> None:
    agreement = cast.art7.agreement
    panel = reverse("minutes:agreement-rhythm", args=[agreement.pk])
    create = f"{reverse('minutes:rhythm-create')}?agreement={agreement.pk}"
    tara = as_(cast.tara)
    assert "State a rhythm" in tara.get(panel).content.decode()
    assert "State a rhythm" not in as_(cast.lars).get(panel).content.decode()
    assert as_(cast.zoe).get(panel).status_code == 404
    assert as_(cast.zeno).get(create).status_code == 404
    assert as_(cast.lars).get(create).status_code == 404
    since = (timezone.localdate() - timedelta(days=200)).isoformat()
    data = {"subject": "meeting", "every": 3, "unit": "months", "since": since}
    assert tara.post(create, data).status_code == 302
    row = Rhythm.objects.get()
    assert "Late" in as_(cast.lars).get(panel).content.decode()
    home = as_(cast.yusuf).get("/").content.decode()
    assert f"{reverse('minutes:rhythm-list')}?show=broken" in home
    listed = as_(cast.yusuf).get(reverse("minutes:rhythm-list") + "?show=broken").content.decode()
    assert "X–Y Treaty" in listed
    assert "X–Y Treaty" not in as_(cast.zoe).get(reverse("minutes:rhythm-list")).content.decode()
    dates = as_(cast.lars).get(reverse("minutes:rhythm-dates", args=[row.pk])).content.decode()
    assert "Call the meeting" in dates
    wrong = as_(cast.lars).get(reverse("minutes:rhythm-dates", args=[row.pk]) + "?regions=Bavaria").content.decode()
    assert "such as DE-BW" in wrong
    assert as_(cast.lars).post(reverse("minutes:rhythm-end", args=[row.pk])).status_code == 403
    assert tara.post(reverse("minutes:rhythm-end", args=[row.pk])).status_code == 302
    assert not Rhythm.objects.standing().exists()


def test_the_list_costs_the_same_for_many(cast: Cast, desk: Desk, as_: Any) -> None:
    state(cast)
    client, address = as_(cast.xenia), reverse("minutes:rhythm-list")

    def cost() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    one = cost()
    operation = desk.joined().record
    state(cast, by=cast.xenia, agreement=None, operation=operation)
    two = cost()
    state(cast, by=cast.xenia, agreement=None, operation=operation, subject="review")
    state(cast, subject="review")
    assert cost() == two
    assert two <= one + 2


# --- Dates: pure ---


def test_no_weekend_no_holiday_of_country_or_region() -> None:
    # 6 January 2027, a Wednesday: Epiphany in Baden-Württemberg, a working day in Berlin.
    first = last = date(2027, 1, 6)
    assert slots.propose([BERN, BERLIN], first, last)[0].warnings == ()
    assert slots.propose([BERN, STUTTGART], first, last)[0].warnings == ("B: Epiphany",)
    found = slots.propose([BERN, STUTTGART], first, first + timedelta(days=7))
    assert [slot.starts_at.astimezone(ZoneInfo("Europe/Berlin")).date().day for slot in found] == [7, 8, 11, 12, 13]


def test_weekends_are_those_of_each_country() -> None:
    dubai, israel = Place("U", "Asia/Dubai", "AE"), Place("I", "Asia/Jerusalem", "IL")
    assert slots.free_day(israel, date(2027, 6, 4)) == "Friday"
    assert slots.free_day(dubai, date(2027, 6, 4)) == ""
    assert slots.free_day(Place("?", "UTC", "XX"), date(2027, 6, 5)) == "Saturday"


def test_working_hours_of_all_or_a_warning() -> None:
    lisbon, warsaw = Place("P", "Europe/Lisbon", "PT"), Place("W", "Europe/Warsaw", "PL")
    [slot] = slots.propose([warsaw, lisbon], date(2027, 6, 8), date(2027, 6, 8))
    assert slot.starts_at == datetime(2027, 6, 8, 8, tzinfo=UTC)
    [slot] = slots.propose([BERN, APIA], date(2027, 6, 8), date(2027, 6, 8))
    assert len(slot.warnings) == 1


def test_not_while_one_is_in_another_meeting() -> None:
    day = date(2027, 6, 8)
    busy = [(datetime(2027, 6, 8, 7, tzinfo=UTC), datetime(2027, 6, 8, 9, tzinfo=UTC))]
    [slot] = slots.propose([BERN], day, day, busy=busy)
    assert slot.starts_at == datetime(2027, 6, 8, 9, tzinfo=UTC)


def test_nobody_nowhere() -> None:
    assert slots.propose([], date(2027, 6, 8), date(2027, 6, 9)) == []


@settings(max_examples=60, deadline=None)
@given(
    places=st.lists(
        st.sampled_from([BERN, BERLIN, STUTTGART, APIA, Place("S", "America/Santiago", "CL"), Place("B", "Asia/Beirut", "LB")]),
        min_size=1, max_size=4,
    ),
    first=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    minutes=st.sampled_from([30, 60, 240]),
)  # fmt: skip
def test_what_has_no_warning_is_within_everybodys_hours(places: list[Place], first: date, minutes: int) -> None:
    for slot in slots.propose(places, first, first + timedelta(days=10), minutes=minutes):
        assert slot.ends_at - slot.starts_at == timedelta(minutes=minutes)
        suits = []
        for place in places:
            zone = ZoneInfo(place.zone)
            start, end = slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)
            by_day = start.date() == end.date() and start.hour >= 9 and (end.hour, end.minute) <= (17, 0)
            suits.append(by_day and not slots.free_day(place, start.date()))
        assert len(slot.warnings) == suits.count(False)
