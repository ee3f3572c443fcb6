"""Postings: two agencies and two admins, rights that come and go with the days, and what partners are told (R1, R18)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.directory import actions
from agencies.directory.acting import appointments_in_effect
from agencies.directory.models import Appointment, Classification
from agencies.directory.roles import Role
from agencies.postings import posting
from agencies.postings.choices import PostingKind, PostingState
from agencies.postings.models import Posting
from agencies.postings.showing import shown_to_partners
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.agencies.postings.conftest import proposed, today
from tests.conftest import Cast, make_agency, make_appointment
from tests.doors.clock import clock


def held(cast: Cast, at: datetime) -> set[tuple[str, str]]:
    """What Lars may act under: agency and role."""
    return {(row.agency.acronym, row.role) for row in appointments_in_effect(cast.lars.officer, at)}


def test_it_takes_two_admins_of_two_agencies(cast: Cast, gerd: Appointment, yael: Appointment) -> None:
    row = proposed(cast, gerd)
    assert held(cast, timezone.now()) == {("X1", "liaison_officer")}
    colleague = make_appointment("gitta", cast.a1, Role.AGENCY_ADMIN)
    for who in (gerd, colleague, cast.yara):
        with pytest.raises(Refused) as refused:
            posting.accept(posting=row, by=who)
        assert refused.value.code == "forbidden"
    posting.accept(posting=row, by=yael)
    assert held(cast, timezone.now()) == {("X1", "liaison_officer"), ("Y1", "liaison_officer")}
    verbs = Entry.objects.filter(subject_kind="posting", subject_id=str(row.pk)).values_list("verb", flat=True)
    assert sorted(verbs) == ["posting.accept", "posting.propose"]
    post = Posting.objects.get(pk=row.pk).appointment
    assert post is not None
    assert (post.function, post.clearance, post.rests_on) == (row.function, Classification.RESTRICTED, cast.lars)


def test_the_same_person_answers_for_one_side_only(cast: Cast, gerd: Appointment) -> None:
    """An admin of both agencies by two appointments is one person still."""
    both = Appointment.objects.create(
        officer=gerd.officer, agency=cast.b, role=Role.AGENCY_ADMIN, starts_on=date(2024, 1, 1)
    )
    with pytest.raises(Refused, match="another person"):
        posting.accept(posting=proposed(cast, gerd), by=both)


def test_the_host_asks_and_the_sender_names(cast: Cast, gerd: Appointment, yael: Appointment) -> None:
    with pytest.raises(Refused) as refused:
        proposed(cast, yael, home=cast.lars)
    assert refused.value.field == "home"
    row = proposed(cast, yael)
    with pytest.raises(Refused) as refused:
        posting.accept(posting=row, by=gerd)
    assert refused.value.field == "home"
    with pytest.raises(Refused, match="no such officer"):
        posting.accept(posting=row, by=gerd, home=cast.aldo)
    posting.accept(posting=row, by=gerd, home=cast.lars)
    assert ("Y1", "liaison_officer") in held(cast, timezone.now())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"home": None}, "home"),
        ({"role": ""}, "role"),
        ({"role": Role.SYSTEM_ADMIN}, "role"),
        ({"clearance": None}, "clearance"),
        ({"clearance": Classification.SECRET.value}, "clearance"),
        ({"function": "  "}, "function"),
        ({"days": (-1, 5)}, "starts_on"),
        ({"days": (5, 4)}, "ends_on"),
        ({"kind": PostingKind.LIAISON, "contact": ""}, "contact"),
    ],
)
def test_refused_at_the_field(cast: Cast, gerd: Appointment, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        proposed(cast, gerd, **changes)
    assert refused.value.field == field
    assert not Posting.objects.exists()


def test_who_may_not(cast: Cast, gerd: Appointment, yael: Appointment, sysop: Appointment) -> None:
    """Officers without the admin's role, third agencies, and system admins, who are of no side (R5)."""
    third = make_appointment("zita", cast.c, Role.AGENCY_ADMIN)
    own = Appointment.objects.create(
        officer=gerd.officer, agency=cast.a1, role=Role.ANALYST, starts_on=date(2024, 1, 1)
    )
    for who in (cast.xenia, third, sysop):
        with pytest.raises(Refused) as refused:
            proposed(cast, who, home=cast.lars)
        assert refused.value.code == "forbidden"
        assert not Posting.objects.kept_by(who).exists()
    with pytest.raises(Refused, match="oneself"):
        proposed(cast, gerd, home=own)
    row = proposed(cast, gerd)
    for who in (third, sysop, cast.yara):
        for step in (posting.drop, posting.recall):
            with pytest.raises(Refused) as refused:
                step(posting=row, by=who)
            assert refused.value.code == "forbidden"


def test_days_are_the_hosts(cast: Cast, gerd: Appointment, yael: Appointment) -> None:
    """From 00:00 of the first day until the end of the last, where the host is; the home's zone plays no part."""
    cast.b.time_zone = "Pacific/Auckland"
    cast.b.save()
    row = proposed(cast, gerd, days=(2, 3), pauses_home=True)
    posting.accept(posting=row, by=yael)
    zone, tick = cast.b.zone, timedelta(seconds=1)
    begins = datetime.combine(row.starts_on, datetime.min.time(), tzinfo=zone)
    ends = datetime.combine(row.ends_on + timedelta(days=1), datetime.min.time(), tzinfo=zone)
    home, away = {("X1", "liaison_officer")}, {("Y1", "liaison_officer")}
    assert held(cast, begins - tick) == home
    assert held(cast, begins) == away
    assert held(cast, ends - tick) == away
    assert held(cast, ends) == home
    states = [Posting.objects.get(pk=row.pk).state_at(at) for at in (begins - tick, begins, ends - tick, ends)]
    assert states == [PostingState.PLANNED, PostingState.ACTIVE, PostingState.ACTIVE, PostingState.ENDED]


@pytest.mark.parametrize("side", ["gerd", "yael"])
def test_either_side_recalls_at_once(cast: Cast, gerd: Appointment, yael: Appointment, side: str, as_: Any) -> None:
    row = posting.accept(posting=proposed(cast, gerd, pauses_home=True), by=yael)
    assert held(cast, timezone.now()) == {("Y1", "liaison_officer")}
    assert as_(cast.lars).get("/directory/me/").context["appointment"].agency == cast.b
    before = timezone.now()
    posting.recall(posting=row, by=gerd if side == "gerd" else yael, reason="Needed at home")
    assert held(cast, timezone.now()) == {("X1", "liaison_officer")}
    assert as_(cast.lars).get("/directory/me/").context["appointment"].agency == cast.a1
    # What was then stays: at that instant the rights at home rested (R14).
    assert not Appointment.objects.get(pk=cast.lars.pk).is_in_effect(before)
    with pytest.raises(Refused, match="not running"):
        posting.recall(posting=row, by=gerd)


def test_recalled_before_it_began(cast: Cast, gerd: Appointment, yael: Appointment) -> None:
    row = posting.accept(posting=proposed(cast, gerd, days=(5, 9), pauses_home=True), by=yael)
    posting.recall(posting=row, by=gerd)
    assert Appointment.objects.get(pk=cast.lars.pk).paused == []
    assert held(cast, timezone.now() + timedelta(days=6)) == {("X1", "liaison_officer")}


@pytest.mark.parametrize("which", ["home", "host"])
def test_it_does_not_outlive_either_appointment(cast: Cast, gerd: Appointment, yael: Appointment, which: str) -> None:
    row = posting.accept(posting=proposed(cast, gerd, pauses_home=True), by=yael)
    assert row.appointment is not None
    if which == "home":
        actions.end_appointment(appointment=cast.lars, by=gerd)
    else:
        actions.end_appointment(appointment=row.appointment, by=yael)
    row = Posting.objects.get(pk=row.pk)
    assert row.now == PostingState.RECALLED
    assert held(cast, timezone.now()) == (set() if which == "home" else {("X1", "liaison_officer")})


def test_posted_once_at_a_time(cast: Cast, gerd: Appointment, yael: Appointment) -> None:
    first = proposed(cast, gerd, days=(0, 10))
    second = proposed(cast, gerd, days=(10, 20), role=Role.PATROL_LEADER)
    third = proposed(cast, gerd, days=(11, 20), role=Role.PATROL_LEADER)
    posting.accept(posting=first, by=yael)
    with pytest.raises(Refused, match="posted elsewhere"):
        posting.accept(posting=second, by=yael)
    posting.accept(posting=third, by=yael)


def test_a_liaison_officer_has_no_right_there(cast: Cast, gerd: Appointment, yael: Appointment) -> None:
    row = proposed(cast, gerd, kind=PostingKind.LIAISON, contact="+00 1 23", accreditation="Note 7/26")
    posting.accept(posting=row, by=yael)
    assert held(cast, timezone.now()) == {("X1", "liaison_officer")}
    told = shown_to_partners(cast.b, cast.xenia, timezone.now())
    assert [(item.function, item.contact, item.accreditation) for item in told] == [
        ("Liaison at the border of Y", "+00 1 23", "Note 7/26")
    ]


def test_partners_are_told_functions_of_agencies_they_know(
    cast: Cast, gerd: Appointment, yael: Appointment, as_: Any
) -> None:
    """Xenia's and Yann's agencies share a treaty. Zoe's shares nothing with either: she is told nothing at all."""
    posting.accept(posting=proposed(cast, gerd), by=yael)
    now = timezone.now()
    [told] = shown_to_partners(cast.b, cast.xenia, now)
    assert (told.function, told.other, told.here) == ("Liaison at the border of Y", cast.a1, True)
    assert shown_to_partners(cast.b, cast.zoe, now) == []
    assert shown_to_partners(cast.a1, cast.zoe, now) == []
    for who in (cast.zoe, cast.aldo):
        assert b"Liaison at the border" not in as_(who).get(f"/postings/agencies/{cast.b.pk}/").content
        assert b"Lars" not in as_(who).get(f"/postings/agencies/{cast.b.pk}/").content
    assert b"Lars" in as_(cast.yann).get(f"/postings/agencies/{cast.b.pk}/").content
    # To the sender's own officers it is no partner's matter.
    assert b"Lars" in as_(cast.xenia).get(f"/postings/agencies/{cast.b.pk}/").content


def test_of_an_unknown_sender_only_the_function(cast: Cast, gerd: Appointment, yael: Appointment) -> None:
    """Who knows the host and not the sender is told the function, and not from where it comes (R18)."""
    d = make_agency("ZZ", "Police of Z", "Z2")
    admin = make_appointment("dora", d, Role.AGENCY_ADMIN)
    sent = make_appointment("dirk", d, Role.LIAISON_OFFICER)
    row = proposed(cast, admin, sender=d, home=sent)
    posting.accept(posting=row, by=yael)
    [told] = shown_to_partners(cast.b, cast.xenia, timezone.now())
    assert told.other is None
    assert shown_to_partners(d, cast.xenia, timezone.now()) == []


def test_pages_are_for_the_two_sides(cast: Cast, gerd: Appointment, yael: Appointment, as_: Any) -> None:
    row = proposed(cast, gerd)
    third = make_appointment("zita", cast.c, Role.AGENCY_ADMIN)
    page = f"/postings/{row.pk}/"
    assert as_(third).get(page).status_code == 404
    assert as_(cast.xenia).get(page).status_code == 403
    # The name is read by the host once it has accepted.
    assert b"Lars" in as_(gerd).get(page).content
    assert b"Lars" not in as_(yael).get(page).content
    answer = as_(yael).post(f"{page}accept/", follow=True)
    assert answer.status_code == 200
    assert b"Lars" in as_(yael).get(page).content
    as_(yael).post(f"{page}recall/", {"reason": "Over"})
    assert Posting.objects.get(pk=row.pk).reason == "Over"


def test_form_keeps_what_was_entered(cast: Cast, gerd: Appointment, as_: Any) -> None:
    values = {
        "partner": cast.b.pk,
        "home": cast.lars.pk,
        "kind": "secondment",
        "function": "Liaison in Y",
        "role": "liaison_officer",
        "clearance": Classification.SECRET.value,
        "starts_on": today(cast.b),
        "ends_on": today(cast.b) + timedelta(days=3),
    }
    page = as_(gerd).post("/postings/new/", values)
    assert page.status_code == 200
    assert "clearance" in page.context["form"].errors
    assert b"Liaison in Y" in page.content
    page = as_(gerd).post("/postings/new/", {**values, "clearance": 1}, follow=True)
    assert b"Proposed." in page.content


def test_the_list_filters_in_the_address(
    cast: Cast, gerd: Appointment, yael: Appointment, as_: Any, django_assert_num_queries: Any
) -> None:
    first = posting.accept(posting=proposed(cast, gerd, days=(0, 3)), by=yael)
    assert first.now == PostingState.ACTIVE
    client = as_(gerd)
    with django_assert_num_queries(NUMBER):
        page = client.get("/postings/?state=active")
    assert [item[0] for item in page.context["rows"]] == [first]
    for start in range(4, 24, 4):
        proposed(cast, gerd, days=(start, start + 3))
    with django_assert_num_queries(NUMBER):
        page = client.get("/postings/")
    assert len(page.context["rows"]) == 6
    assert len(client.get("/postings/?state=proposed&side=out").context["rows"]) == 5
    assert client.get("/postings/?side=in").context["rows"] == []


NUMBER = 7


def test_api(cast: Cast, gerd: Appointment, yael: Appointment, api_as: Any) -> None:
    body = {
        "sender": str(cast.a1.pk),
        "host": str(cast.b.pk),
        "home": str(cast.lars.pk),
        "kind": "secondment",
        "function": "Liaison in Y",
        "role": "liaison_officer",
        "clearance": 1,
        "starts_on": today(cast.b).isoformat(),
        "ends_on": today(cast.b).isoformat(),
        "pauses_home": True,
    }
    made = api_as(gerd).send("POST", "postings/", body)
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    assert made.json()["officer_name"] == "Lars"
    assert api_as(yael).send("GET", f"postings/{key}/").json()["officer_name"] == ""
    assert api_as(gerd).send("POST", f"postings/{key}/accept/").status_code == 403
    assert api_as(cast.xenia).send("GET", "postings/").status_code == 403
    assert api_as(yael).send("POST", f"postings/{key}/accept/").json()["state"] == "active"
    assert api_as(cast.xenia).send("GET", f"agencies/{cast.b.pk}/posted").json()[0]["function"] == "Liaison in Y"
    assert api_as(cast.zoe).send("GET", f"agencies/{cast.b.pk}/posted").json() == []
    assert api_as(yael).send("POST", f"postings/{key}/recall/", {"reason": "x"}).json()["state"] == "revoked"
    third = make_appointment("zita", cast.c, Role.AGENCY_ADMIN)
    assert api_as(third).send("GET", f"postings/{key}/").status_code == 404
    assert api_as(third).send("POST", "postings/", body).status_code == 400


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    plan=st.lists(
        st.tuples(
            st.integers(0, 20),
            st.integers(0, 8),
            st.booleans(),
            st.sampled_from(["UTC", "Pacific/Kiritimati", "America/Adak"]),
            st.one_of(st.none(), st.integers(0, 20)),
        ),
        min_size=1,
        max_size=3,
    )
)
@pytest.mark.django_db
def test_rights_at_any_instant_are_those_of_the_dated_rows(cast: Cast, plan: list[Any]) -> None:
    """An independent computation from days and instants alone agrees with what the officer may act under."""
    with transaction.atomic():
        _compare(cast, plan)
        transaction.set_rollback(True)


def _compare(cast: Cast, plan: list[Any]) -> None:
    gerd = make_appointment("gerd", cast.a1, Role.AGENCY_ADMIN)
    rows, base = [], 300.0
    with clock(base) as now:
        for number, (start, length, pauses, zone, recalled) in enumerate(plan):
            host = make_agency("YY", f"Host {number}", f"H{number}")
            host.time_zone = zone
            host.save()
            admin = make_appointment(f"host{number}", host, Role.AGENCY_ADMIN)
            day = today(host) + timedelta(days=start)
            values = {"starts_on": day, "ends_on": day + timedelta(days=length), "pauses_home": pauses}
            try:
                row = proposed(cast, gerd, host=host, **values)
                posting.accept(posting=row, by=admin)
            except Refused:
                continue
            rows.append((row, admin, recalled))
        made = timezone.now()
        facts = []
        for row, admin, recalled in sorted(rows, key=lambda item: (item[2] is None, item[2] or 0)):
            ended = None
            if recalled is not None:
                now.days = base + recalled + 0.3
                try:
                    posting.recall(posting=row, by=admin)
                    ended = timezone.now()
                except Refused:
                    pass
            facts.append((row, ended))
        now.days = base
        for hour in range(0, 24 * 32, 11):
            at = made + timedelta(hours=hour)
            running = [
                row
                for row, ended in facts
                if row.starts_on <= at.astimezone(row.host.zone).date() <= row.ends_on and (ended is None or at < ended)
            ]
            expected = {(row.host.acronym, "liaison_officer") for row in running}
            if not any(row.pauses_home for row in running):
                expected.add(("X1", "liaison_officer"))
            assert held(cast, at) == expected, (at, plan)
