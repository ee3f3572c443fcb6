"""The calendar as pages, file and API: of the agreements that the reader may know of, and of nothing else."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from agreements.deadlines import actions
from agreements.deadlines.asking import may_fall_due, rows_for, rows_of
from agreements.deadlines.models import Review
from agreements.deadlines.months import laid_out, month_of
from agreements.register.models import Agreement, Designation, TreatyAction
from portal.audit.models import Entry
from portal.keys import new_key
from portal.ui.errors import Refused
from tests.agreements.deadlines.conftest import Desk
from tests.api import fault
from tests.conftest import make_treaty

LIST, FILE = ("/deadlines/", "/deadlines/calendar.ics")


@pytest.fixture
def due(desk: Desk) -> Desk:
    """The treaty ends in 25 days; a draft of a1 and an agreement of X and Z end in 26 and 27."""
    desk.term(25)
    desk.draft(expires_on=desk.day(26))
    other = make_treaty(short_name="X–Z Treaty", countries=["XX", "ZZ"], designated=[], recorded_by=desk.cast.tara)
    Agreement.objects.filter(pk=other.agreement_id).update(expires_on=desk.day(27))
    return desk


NAMES = {"X–Y Treaty", "Zebra draft", "X–Z Treaty"}
SEEN = {
    "tara": NAMES, "xenia": NAMES, "aldo": {"X–Y Treaty", "X–Z Treaty"}, "yann": {"X–Y Treaty"}, "zeno": {"X–Z Treaty"},
}  # fmt: skip


@pytest.mark.parametrize("name", SEEN)
def test_everybody_sees_what_falls_due_of_their_own_agreements(due: Desk, as_: Any, name: str) -> None:
    who = getattr(due.cast, name)
    client = as_(who)
    assert {row.agreement.short_name for row in rows_for(who, timezone.now())} == SEEN[name]
    for address in (LIST, f"{LIST}?view=month&month=2026-03", "/api/v1/deadlines/"):
        text = client.get(address).content.decode()
        assert {known for known in NAMES if known in text} == SEEN[name], address
    text = client.get(FILE).content.decode()
    assert {known for known in NAMES if known in text} == SEEN[name] - {"Zebra draft"}, (
        "of a draft the file has no name"
    )
    assert ("a draft agreement" in text) is ("Zebra draft" in SEEN[name])
    home = client.get("/").content.decode()
    assert ("fall due within 30 days" in home) is (name == "tara")


def test_hidden_and_unknown_agreements_are_the_same(due: Desk, as_: Any) -> None:
    draft, client = Agreement.objects.get(short_name="Zebra draft"), as_(due.cast.yusuf)
    for name in ("deadlines:agreement-deadlines", "deadlines:review-create"):
        for method in (client.get, client.post):
            hidden, unknown = (method(reverse(name, args=[key])) for key in (draft.pk, new_key()))
            assert hidden.status_code == unknown.status_code
            assert hidden.status_code in (404, 405)
    for path in ("", "calendar/"):
        hidden, unknown = (
            client.get(f"/api/v1/deadlines/{path}", {"agreement": str(key)}) for key in (draft.pk, new_key())
        )
        assert fault(hidden) == fault(unknown) == {"agreement": "There is no such agreement."}
    for address in (LIST, FILE):
        hidden, unknown = (client.get(address, {"agreement": str(key)}) for key in (draft.pk, new_key()))
        assert hidden.status_code == unknown.status_code
        assert b"Zebra" not in hidden.content
    review = actions.plan_review(agreement=draft, what="Ours", first_on=due.day(30), by=due.cast.tara)
    for key in (review.pk, new_key()):
        assert client.post(reverse("deadlines:review-end", args=[key])).status_code == 404
        assert client.get(f"/api/v1/reviews/{key}/").status_code == 404
        assert client.post(f"/api/v1/reviews/{key}/end/").status_code == 404
    assert client.get("/api/v1/reviews/").json()["results"] == []


def test_filters_stand_in_the_address(due: Desk, as_: Any) -> None:
    client, treaty = as_(due.cast.tara), due.treaty

    def kinds(**query: str) -> list[tuple[str, str]]:
        found = client.get("/api/v1/deadlines/", query).json()
        page = client.get(LIST, query).content.decode()
        assert page.count("<td><time") == len(found)
        return [(row["agreement_name"], row["kind"]) for row in found]

    everything = [("X–Y Treaty", "expiry"), ("Zebra draft", "expiry"), ("X–Z Treaty", "expiry")]
    assert kinds() == everything
    assert kinds(agreement=str(treaty.pk)) == everything[:1]
    assert kinds(party="zz") == everything[2:]
    assert kinds(until=str(due.day(26))) == everything[:2]
    assert kinds(kind="review") == []
    assert set(fault(client.get("/api/v1/deadlines/", {"kind": "x", "until": "y"}))) == {"kind", "until"}
    assert client.get("/api/v1/deadlines/", {"kid": "expiry"}).status_code == 400
    wrong = client.get(LIST, {"until": "never"}).content.decode()
    assert "A filter is not valid" in wrong
    assert client.get(FILE, {"until": "never"}).status_code == 302


def test_the_calendar_file_has_days_without_a_time(due: Desk, as_: Any) -> None:
    answer = as_(due.cast.yann).get(FILE)
    assert answer["Content-Disposition"] == 'attachment; filename="entente-deadlines.ics"'
    event = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert (event["dtstart"].dt, event["dtend"].dt) == (due.day(25), due.day(26))
    assert event["summary"] == "X–Y Treaty: Last day of effect"
    assert "Europe/Zurich" in event["description"]
    again = Calendar.from_ical(as_(due.cast.tara).get("/api/v1/deadlines/calendar/").content).walk("VEVENT")[0]
    assert again["uid"] == event["uid"], "downloaded again it is the same event"
    assert Entry.objects.filter(verb="deadline.export").count() == 2


def test_numbers_on_home_lead_to_the_lists_that_they_count(due: Desk, as_: Any) -> None:
    client = as_(due.cast.tara)
    home = client.get("/").content.decode()
    today = timezone.now().date()
    for days, count in ((30, 3), (90, 3)):
        address = f"{LIST}?until={today + timedelta(days=days)}"
        assert address in home
        assert client.get(address).content.decode().count("<td><time") == count


def test_reviews_are_planned_seen_by_all_parties_and_ended(desk: Desk, as_: Any) -> None:
    client, theirs = as_(desk.cast.tara), as_(desk.cast.yusuf)
    new = reverse("deadlines:review-create", args=[desk.treaty.pk])
    answer = client.post(
        new, {"what": "Annex", "first_on": str(desk.day(9)), "until": str(desk.day(3)), "every_months": 6}
    )
    assert "The last day is before the first" in answer.content.decode()
    client.post(new, {"what": "Annex", "first_on": str(desk.day(9)), "every_months": 6})
    row = Review.objects.get()
    panel = theirs.get(reverse("deadlines:agreement-deadlines", args=[desk.treaty.pk])).content.decode()
    assert "again every 6 months" in panel
    assert len(theirs.get("/api/v1/deadlines/", {"kind": "review"}).json()) == 4
    assert as_(desk.cast.xenia).post(reverse("deadlines:review-end", args=[row.pk])).status_code == 403
    theirs.post(reverse("deadlines:review-end", args=[row.pk]))
    row.refresh_from_db()
    assert row.ended_by == desk.cast.yusuf
    assert theirs.get("/api/v1/deadlines/").json() == []
    assert [row["ended_at"] is None for row in theirs.get("/api/v1/reviews/").json()["results"]] == [False]


@pytest.mark.parametrize("name", ["xenia", "yann", "zeno", "aldo"])
def test_nobody_but_a_partys_treaty_admin_plans_one(desk: Desk, as_: Any, name: str) -> None:
    by = getattr(desk.cast, name)
    with pytest.raises(Refused) as refused:
        actions.plan_review(agreement=desk.treaty, what="x", first_on=desk.day(1), by=by)
    assert refused.value.code == "forbidden"
    body = {"agreement": str(desk.treaty.pk), "what": "x", "first_on": str(desk.day(1))}
    answer = as_(by).post("/api/v1/reviews/", body, content_type="application/json")
    assert answer.status_code == (400 if name == "zeno" else 403)
    assert not Review.objects.exists()


def test_a_review_over_the_api_sent_twice_is_one(desk: Desk, as_: Any) -> None:
    body = {"id": str(new_key()), "agreement": str(desk.treaty.pk), "what": "Annex", "first_on": str(desk.day(1))}
    for _ in range(2):
        answer = as_(desk.cast.tara).post("/api/v1/reviews/", body, content_type="application/json")
        assert (answer.status_code, answer.json()["id"]) == (201, body["id"])
    assert Review.objects.count() == 1


def test_lead_times_as_a_page_and_over_the_api(desk: Desk, as_: Any) -> None:
    client = as_(desk.cast.tara)
    page = reverse("deadlines:lead-times-change")
    assert "180, 90, 30, 7, 0" in client.get(page).content.decode()
    assert "whole numbers" in client.post(page, {"days": "soon"}).content.decode()
    assert client.post(page, {"days": "60 , 5"}).status_code == 302
    assert client.get("/api/v1/deadline-lead-times/").json() == {"days": [60, 5]}
    answer = client.put("/api/v1/deadline-lead-times/", {"days": [1, 2]}, content_type="application/json")
    assert answer.json() == {"days": [2, 1]}
    assert as_(desk.cast.yusuf).get("/api/v1/deadline-lead-times/").json() == {"days": [180, 90, 30, 7, 0]}
    for name in ("xenia", "ada"):
        assert as_(getattr(desk.cast, name)).get(page).status_code == 403
        assert as_(getattr(desk.cast, name)).get("/api/v1/deadline-lead-times/").status_code == 403


def test_many_cost_what_one_does(
    desk: Desk, as_: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    desk.term(25)
    Designation.objects.filter(agreement=desk.treaty).update(ends_on=desk.day(3))
    client, counts = as_(desk.cast.tara), {}
    for address in (LIST, FILE, "/api/v1/deadlines/", f"{LIST}?view=month"):
        client.get(address)
        with django_assert_max_num_queries(40) as one:
            client.get(address)
        counts[address] = len(one)
    for number in range(8):
        clause = make_treaty(
            short_name=f"T{number}", countries=["XX", "YY"], designated=[desk.cast.b], recorded_by=desk.cast.tara
        )
        Agreement.objects.filter(pk=clause.agreement_id).update(expires_on=desk.day(5 + number))
        Designation.objects.filter(agreement=clause.agreement_id).update(ends_on=desk.day(3))
    for address, count in counts.items():
        with django_assert_num_queries(count):
            client.get(address)


def test_leaving_out_agreements_that_cannot_have_a_deadline_leaves_out_none_that_has(desk: Desk) -> None:
    for number in (-400, -2, -1, 0, 1, 400):
        row = make_treaty(short_name=f"T{number}", countries=["XX", "YY"], designated=[], recorded_by=desk.cast.tara)
        Agreement.objects.filter(pk=row.agreement_id).update(expires_on=desk.day(number), time_zone="Pacific/Pago_Pago")
    other = make_treaty(short_name="Acts", countries=["XX", "YY"], designated=[], recorded_by=desk.cast.tara).agreement
    TreatyAction.objects.create(
        agreement=other, kind="denunciation", country_id="XX", done_on=desk.day(-9), effective_on=desk.day(9)
    )
    now = timezone.now()
    found = {row.agreement.short_name for row in rows_of(Agreement.objects.all(), now)}
    assert {"T0", "T1", "T400", "Acts"} <= found
    assert "T-400" not in found
    assert not Agreement.objects.filter(may_fall_due(now), short_name="T-400").exists()


@pytest.mark.parametrize(
    ("text", "first"), [("2026-02", date(2026, 2, 1)), ("9999-99", None), ("", None), ("1400-01", None)]
)
def test_months(text: str, first: date | None) -> None:
    today = date(2026, 11, 24)
    found = month_of(text, today)
    assert found == (first or date(2026, 11, 1))
    month = laid_out(found, [])
    assert all(len(week) == 7 and week[0].day.weekday() == 0 for week in month.weeks)
    assert [cell.day for week in month.weeks for cell in week if cell.within][-1] == month.last
