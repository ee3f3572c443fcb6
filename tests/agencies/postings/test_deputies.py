"""Acting for a colleague: who names whom, what goes along, what does not, and whose name the ledger bears (R1–R3, R8, R9)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory import actions
from agencies.directory.acting import acting, appointments_in_effect
from agencies.directory.models import Appointment, Classification, Unit
from agencies.directory.roles import Role
from agencies.postings import deputies
from agreements.approvals import actions as approvals
from agreements.oversight.presenting import Reader
from agreements.register.choices import Purpose
from agreements.sharing.actions import circles, compartments, naming
from agreements.sharing.actions.records import Marking, create
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AssignmentRole, AudienceKind, CircleKind, Tlp
from agreements.sharing.models import Assignment, Record
from agreements.sharing.offers import offers_for
from agreements.sharing.policy import access
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.agencies.postings.conftest import today
from tests.conftest import Cast, make_appointment


def named(
    represented: Appointment, deputy: Appointment, by: Appointment, days: tuple[int, int] = (0, 5)
) -> Appointment:
    day = today(represented.agency)
    first, last = (day + timedelta(days=number) for number in days)
    return deputies.name(represented=represented, deputy=deputy, starts_on=first, ends_on=last, by=by)


def sees(who: Appointment, record: Record) -> bool:
    fresh = Appointment.objects.get(pk=who.pk)
    return Record.objects.visible_to(access(fresh, timezone.now())).filter(pk=record.pk).exists()


def test_the_officer_names_and_the_deputy_chooses(cast: Cast, as_: Any) -> None:
    row = named(cast.xenia, cast.lars, cast.xenia)
    assert (row.role, row.function, row.clearance) == (Role.COMMANDER, cast.xenia.function, Classification.CONFIDENTIAL)
    now, officer = timezone.now(), cast.lars.officer
    assert {item.pk for item in appointments_in_effect(officer, now)} == {cast.lars.pk, row.pk}
    # For another only by choice.
    found = acting(officer, now)
    assert found is not None
    assert found.pk == cast.lars.pk
    client = as_(cast.lars)
    assert b"Acting for Xenia" in client.get("/directory/me/").content
    client.post("/directory/me/acting/", {"appointment": str(row.pk)})
    page = client.get("/directory/me/")
    assert page.context["appointment"] == row
    assert b"acting for Xenia" in page.content


@pytest.mark.parametrize(("own", "others"), [(Classification.RESTRICTED, "anton"), (Classification.SECRET, "ada")])
def test_cleared_for_the_lower_of_the_two(cast: Cast, own: int, others: str) -> None:
    """Anton is cleared for less than Xenia, Ada for more."""
    deputy = cast.people[others]
    assert deputy.clearance == own
    assert named(cast.xenia, deputy, cast.xenia).clearance == min(own, cast.xenia.clearance)


def test_who_may_not_name(cast: Cast, gerd: Appointment, sysop: Appointment) -> None:
    yael = make_appointment("yael", cast.b, Role.AGENCY_ADMIN)
    chief = make_appointment("silvia", cast.a1, Role.SYSTEM_ADMIN)
    for represented, deputy, by in (
        (cast.xenia, cast.lars, cast.lars),
        (cast.xenia, cast.anton, cast.lars),
        (cast.xenia, cast.lars, yael),
        # A system admin gives no role that reads content, an agency admin makes no system admin.
        (cast.xenia, cast.lars, sysop),
        (chief, cast.lars, gerd),
    ):
        with pytest.raises(Refused) as refused:
            named(represented, deputy, by)
        assert refused.value.code == "forbidden"
    with pytest.raises(Refused, match="oneself"):
        named(cast.xenia, gerd, gerd)
    with pytest.raises(Refused, match="same agency"):
        named(cast.xenia, cast.aldo, cast.xenia)
    assert not Appointment.objects.filter(acts_for__isnull=False).exists()


def test_nobody_passes_it_on(cast: Cast, gerd: Appointment) -> None:
    row = named(cast.xenia, cast.lars, gerd)
    for represented, deputy, by in ((row, cast.anton, row), (row, cast.anton, gerd), (cast.ada, row, gerd)):
        with pytest.raises(Refused):
            named(represented, deputy, by, (6, 7))


def test_one_deputy_at_a_time(cast: Cast, gerd: Appointment) -> None:
    named(cast.xenia, cast.lars, gerd, (0, 5))
    with pytest.raises(Refused, match="some of these days"):
        named(cast.xenia, cast.anton, gerd, (5, 9))
    named(cast.xenia, cast.anton, gerd, (6, 9))


@pytest.mark.parametrize("days", [(-1, 3), (3, 2)])
def test_days_are_checked(cast: Cast, gerd: Appointment, days: tuple[int, int]) -> None:
    with pytest.raises(Refused):
        named(cast.xenia, cast.lars, gerd, days)


def test_it_comes_and_goes_with_the_days_of_the_agency(cast: Cast, gerd: Appointment) -> None:
    cast.a1.time_zone = "America/Adak"
    cast.a1.save()
    represented, deputy = Appointment.objects.get(pk=cast.xenia.pk), Appointment.objects.get(pk=cast.lars.pk)
    row = Appointment.objects.get(pk=named(represented, deputy, gerd, (1, 2)).pk)
    begins = datetime.combine(row.starts_on, datetime.min.time(), tzinfo=row.agency.zone)
    assert row.ends_on is not None
    ends = datetime.combine(row.ends_on + timedelta(days=1), datetime.min.time(), tzinfo=row.agency.zone)
    tick = timedelta(seconds=1)
    assert [row.is_in_effect(at) for at in (begins - tick, begins, ends - tick, ends)] == [False, True, True, False]


@pytest.mark.parametrize("who", ["xenia", "lars", "gerd"])
def test_withdrawn_at_once(cast: Cast, gerd: Appointment, who: str, as_: Any) -> None:
    row = named(cast.xenia, cast.lars, cast.xenia)
    with pytest.raises(Refused):
        deputies.withdraw(deputy=row, by=cast.anton)
    client = as_(cast.lars)
    client.post("/directory/me/acting/", {"appointment": str(row.pk)})
    deputies.withdraw(deputy=row, by=gerd if who == "gerd" else cast.people[who])
    assert client.get("/directory/me/").context["appointment"] == cast.lars


@pytest.mark.parametrize("who", ["xenia", "lars"])
def test_it_ends_with_either_appointment(cast: Cast, gerd: Appointment, who: str) -> None:
    row = named(cast.xenia, cast.lars, cast.xenia)
    actions.end_appointment(appointment=cast.people[who], by=gerd)
    assert not Appointment.objects.get(pk=row.pk).is_in_effect(timezone.now())


def test_what_is_personal_does_not_go_along(cast: Cast) -> None:
    """RED, named grants and case teams stay with Xenia (R3, R8, R9)."""
    marking = {"categories": ["operational"], "classification": 1}
    red = create(kind="operation", title="Red", marking=Marking(tlp=Tlp.RED, **marking), by=cast.xenia)
    confined = create(kind="operation", title="Confined", marking=Marking(tlp=Tlp.AMBER, **marking), by=cast.xenia)
    plain = create(kind="operation", title="Plain", marking=Marking(tlp=Tlp.AMBER, **marking), by=cast.xenia)
    team = compartments.open_compartment(name="Case", by=cast.xenia)
    compartments.confine(record=confined, compartment=team, by=cast.xenia)
    row = named(cast.xenia, cast.lars, cast.xenia)
    assert [sees(cast.xenia, record) for record in (red, confined, plain)] == [True, True, True]
    assert [sees(row, record) for record in (red, confined, plain)] == [False, False, True]
    naming.name_officer(record=red, appointment=row, by=cast.xenia)
    assert sees(row, red)


def test_circles_go_along_dated_and_end_with_the_represented(cast: Cast) -> None:
    marking = Marking(categories=["operational"], classification=1, tlp=Tlp.AMBER)
    record = create(kind="operation", title="Joint", marking=marking, by=cast.xenia)
    circle = circles.open_circle(record=record, kind=CircleKind.OPERATION, by=cast.xenia)
    row = named(cast.xenia, cast.lars, cast.xenia)
    made = Assignment.objects.get(appointment=row)
    assert (made.participation.circle, made.role, made.ends_on) == (circle, AssignmentRole.COMMANDER, row.ends_on)
    # Under the own appointment Lars is in no circle by it.
    assert not Assignment.objects.filter(appointment=cast.lars).exists()
    own = Assignment.objects.get(appointment=cast.xenia, participation__circle=circle)
    circles.unassign(assignment=own, by=cast.xenia)
    made.refresh_from_db()
    assert made.ended_at is not None


def test_a_unit_goes_along_only_where_the_deputy_is_posted_anyway(cast: Cast) -> None:
    unit = Unit.objects.create(agency=cast.a1, name="Post 1")
    Appointment.objects.filter(pk__in=[cast.xenia.pk, cast.lars.pk]).update(unit=unit)
    cast.xenia.refresh_from_db(), cast.lars.refresh_from_db()
    assert named(cast.xenia, cast.lars, cast.xenia).unit == unit
    assert named(cast.xenia, cast.anton, cast.xenia, (6, 7)).unit is None


def test_two_hats_are_one_officer(cast: Cast) -> None:
    """Who asked for a release does not approve it as somebody else's deputy: both are one person (R20)."""
    cast.a1.second_officer_above = 0
    cast.a1.save()
    marking = Marking(categories=["operational"], classification=1, tlp=Tlp.GREEN)
    record = create(kind="operation", title="Joint", marking=marking, by=cast.lars)
    lars = Appointment.objects.get(pk=cast.lars.pk)
    asked = approvals.ask(
        record=record, to=To(AudienceKind.ALL_PARTIES), clause=cast.art7, purpose=Purpose.COORDINATION, by=lars
    )
    row = named(cast.xenia, cast.lars, cast.xenia)
    with pytest.raises(Refused, match="yourself"):
        approvals.approve(approval=asked, by=row)
    assert approvals.approve(approval=asked, by=cast.xenia).release


def test_the_ledger_says_both(cast: Cast, as_: Any) -> None:
    row = named(cast.xenia, cast.lars, cast.xenia)
    client = as_(cast.lars)
    client.post("/directory/me/acting/", {"appointment": str(row.pk)})
    client.post("/directory/me/", {"time_zone": "Europe/Zurich"})
    entry = Entry.objects.get(verb="officer.settings")
    assert (entry.appointment_id, entry.officer_id) == (row.pk, cast.lars.officer_id)
    assert entry.data["acting_for"] == str(cast.xenia.pk)
    [line] = Reader(access(cast.arno, timezone.now())).lines([entry])
    assert line.officer == "Lars acting for Xenia (Commander)"
    [theirs] = Reader(access(cast.yara, timezone.now())).lines([entry])
    assert (theirs.officer, theirs.data) == ("", {})


def test_partners_are_not_told(cast: Cast, as_: Any) -> None:
    """A partner sees one commander, before and after (R18)."""
    record = create(
        kind="operation",
        title="Told",
        marking=Marking(categories=["operational"], classification=1, tlp=Tlp.AMBER),
        by=cast.yara,
    )
    before = [offer.words for offer in offers_for(cast.yara, record, timezone.now(), kind="operation").fits]
    page = as_(cast.yara).get(f"/directory/agencies/{cast.a1.pk}/").content
    row = named(cast.xenia, cast.lars, cast.xenia)
    assert row.is_in_effect(timezone.now())
    assert [offer.words for offer in offers_for(cast.yara, record, timezone.now(), kind="operation").fits] == before
    later = as_(cast.yara).get(f"/directory/agencies/{cast.a1.pk}/").content
    assert (b"acting for" in page, b"acting for" in later) == (False, False)
    assert b"acting for Xenia" in as_(cast.arno).get(f"/directory/agencies/{cast.a1.pk}/").content


def test_pages(cast: Cast, gerd: Appointment, as_: Any) -> None:
    day = today(cast.a1)
    values = {
        "represented": cast.xenia.pk,
        "deputy": cast.lars.pk,
        "starts_on": day,
        "ends_on": day - timedelta(days=1),
    }
    client = as_(cast.xenia)
    assert client.post("/postings/acting/new/", values).context["form"].errors["ends_on"]
    assert client.post("/postings/acting/new/", {**values, "represented": cast.ada.pk}).context["form"].errors
    assert b"may act for Xenia" in client.post("/postings/acting/new/", {**values, "ends_on": day}, follow=True).content
    row = Appointment.objects.get(acts_for=cast.xenia)
    # Internal: one of the two, or an admin of the agency.
    assert [len(as_(who).get("/postings/acting/").context["rows"]) for who in (cast.lars, gerd, cast.anton)] == [
        1,
        1,
        0,
    ]
    assert as_(cast.anton).post(f"/postings/acting/{row.pk}/withdraw/").status_code == 404
    assert as_(cast.yara).post(f"/postings/acting/{row.pk}/withdraw/").status_code == 404
    assert len(client.get("/postings/acting/?state=planned").context["rows"]) == 0
    client.post(f"/postings/acting/{row.pk}/withdraw/")
    assert len(client.get("/postings/acting/?state=ended").context["rows"]) == 1


def test_api(cast: Cast, api_as: Any) -> None:
    day = date.fromisoformat(today(cast.a1).isoformat()).isoformat()
    body = {"represented": str(cast.xenia.pk), "deputy": str(cast.lars.pk), "starts_on": day, "ends_on": day}
    assert api_as(cast.anton).send("POST", "deputies/", body).status_code == 403
    assert api_as(cast.yara).send("POST", "deputies/", body).status_code == 400
    made = api_as(cast.xenia).send("POST", "deputies/", body)
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    assert api_as(cast.lars).send("GET", f"deputies/{key}/").json()["acts_for_name"] == "Xenia"
    assert api_as(cast.anton).send("GET", f"deputies/{key}/").status_code == 404
    assert api_as(cast.lars).send("POST", f"deputies/{key}/withdraw/").json()["ended_at"]
