"""Handing over: one action, a ledger row for each item, nothing to who may not see it, and gaps that stay (R1–R3, R5)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory import actions
from agencies.directory.models import Appointment, Classification
from agencies.directory.roles import Role
from agencies.postings import duties, handover
from agencies.postings.choices import Outcome
from agencies.postings.handover import END, LEAVE, Wish
from agencies.postings.models import Handover
from agreements.alerts.handling.sharing import SHARED
from agreements.alerts.raising import raise_alert
from agreements.approvals import actions as approvals
from agreements.approvals.choices import State
from agreements.register.choices import Purpose
from agreements.requests.models import AccessRequest
from agreements.sharing.actions import circles, compartments, naming
from agreements.sharing.actions.records import Marking, create
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, CircleKind, Tlp
from agreements.sharing.models import Assignment, Circle, Record
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.conftest import Cast, make_appointment


def operation(by: Appointment, title: str = "Joint", classification: int = 1, tlp: int = Tlp.GREEN) -> Circle:
    marking = Marking(categories=["operational"], classification=classification, tlp=tlp)
    record = create(kind="operation", title=title, marking=marking, by=by)
    return circles.open_circle(record=record, kind=CircleKind.OPERATION, by=by)


def outcomes(row: Handover) -> list[tuple[str, str]]:
    return sorted(row.items.values_list("duty", "outcome"))


@pytest.fixture
def successor(cast: Cast) -> Appointment:
    return make_appointment("xaver", cast.a1, Role.COMMANDER, Classification.RESTRICTED)


def test_all_in_one_action_with_a_row_each(cast: Cast, successor: Appointment) -> None:
    circle = operation(cast.xenia)
    row = handover.hand_over(appointment=cast.xenia, successor=successor, by=cast.xenia)
    assert ("assignments", Outcome.MOVED) in outcomes(row)
    made = Assignment.objects.get(appointment=successor)
    assert (made.participation.circle, made.role) == (circle, "commander")
    assert not Assignment.objects.filter(appointment=cast.xenia, ended_at=None).exists()
    entries = Entry.objects.filter(verb="handover.item", subject_id=str(row.pk))
    assert entries.count() == row.items.count()
    assert {entry.data["to"] for entry in entries} == {str(successor.pk)}
    with pytest.raises(Refused, match="Nothing is open"):
        handover.hand_over(appointment=cast.anton, successor=successor, by=cast.anton)


def test_nothing_moves_that_the_successor_may_not_see(cast: Cast, successor: Appointment) -> None:
    """Xaver is cleared for RESTRICTED: the CONFIDENTIAL operation, and the RED one, need another person (R2, R8)."""
    operation(cast.xenia, "Open")
    secret = operation(cast.xenia, "Higher", Classification.CONFIDENTIAL)
    red = operation(cast.xenia, "Red", tlp=Tlp.RED)
    row = handover.hand_over(appointment=cast.xenia, successor=successor, by=cast.xenia)
    found = row.items.filter(duty="assignments")
    assert sorted(found.values_list("outcome", flat=True)) == [Outcome.ANOTHER, Outcome.ANOTHER, Outcome.MOVED]
    assert Assignment.objects.filter(appointment=successor).count() == 1
    kept = Assignment.objects.filter(appointment=cast.xenia, ended_at=None)
    assert set(kept.values_list("participation__circle", flat=True)) == {secret.pk, red.pk}
    # What the successor reads of it says no title of either.
    told = [item.words.title for item in handover.items_of(row, successor, timezone.now()) if item.words]
    assert "Higher" not in told
    assert "Red" not in told
    assert all("Higher" not in reason for reason in found.values_list("reason", flat=True))


def test_named_grants_are_listed_and_stay(cast: Cast, successor: Appointment) -> None:
    red = operation(cast.ada, "Ada's", tlp=Tlp.RED).record
    assert red is not None
    naming.name_officer(record=red, appointment=cast.xenia, by=cast.ada)
    row = handover.hand_over(appointment=cast.xenia, successor=successor, by=cast.xenia)
    assert ("named_grants", Outcome.PERSONAL) in outcomes(row)
    assert [item.appointment_id for item in naming_rows(red)].count(successor.pk) == 0


def naming_rows(record: Record) -> list[Any]:
    return [release.audience for release in record.releases.standing() if release.audience.appointment_id]


def test_a_case_team_is_passed_on_by_its_keeper_alone(cast: Cast, gerd: Appointment, successor: Appointment) -> None:
    team = compartments.open_compartment(name="Case", by=cast.xenia)
    row = handover.hand_over(appointment=cast.xenia, successor=successor, by=gerd)
    assert outcomes(row) == [("case_teams", Outcome.ANOTHER)]
    row = handover.hand_over(appointment=cast.xenia, successor=successor, by=cast.xenia)
    assert outcomes(row) == [("case_teams", Outcome.MOVED)]
    assert Assignment.objects.filter(appointment=successor, participation__circle=team, ended_at=None).exists()


def test_a_release_that_waits_is_asked_anew(cast: Cast, successor: Appointment) -> None:
    """Were it only renamed, who asked could approve it: one person would have released (R20)."""
    cast.a1.second_officer_above = 0
    cast.a1.save()
    record = operation(cast.lars).record
    assert record is not None
    lars = Appointment.objects.get(pk=cast.lars.pk)
    to = To(AudienceKind.ALL_PARTIES)
    asked = approvals.ask(record=record, to=to, clause=cast.art7, purpose=Purpose.COORDINATION, by=lars)
    row = handover.hand_over(appointment=cast.lars, successor=successor, by=cast.lars)
    assert ("approvals", Outcome.MOVED) in outcomes(row)
    asked.refresh_from_db()
    assert (asked.state, asked.asked_by) == (State.WITHDRAWN, cast.lars)
    told = {item.row.duty: item.words for item in handover.items_of(row, successor, timezone.now())}
    assert told["approvals"].title == "Joint"


def test_alerts_requests_and_ends(cast: Cast, successor: Appointment) -> None:
    record = operation(cast.xenia).record
    assert record is not None
    raise_alert(kind=SHARED, key="one", recipients=[cast.xenia], record=record)
    request = AccessRequest.objects.create(
        agency=cast.b, reference="REP-12345678", purpose=Purpose.COORDINATION, reason="x", asked_by=cast.xenia
    )
    lines = {line.duty.name: line for line in handover.checklist(cast.xenia, cast.xenia, timezone.now())}
    assert {"alerts", "access_requests", "assignments"} <= set(lines)
    wishes = {("assignments", lines["assignments"].key): Wish(END)}
    row = handover.hand_over(appointment=cast.xenia, successor=successor, by=cast.xenia, wishes=wishes)
    found = dict(outcomes(row))
    assert found["assignments"] == Outcome.ENDED
    assert found["alerts"] == found["access_requests"] == Outcome.MOVED
    request.refresh_from_db()
    assert request.asked_by == successor
    assert successor.alerts.get().record == record


def test_left_needs_a_reason_and_nothing_is_half_done(cast: Cast, successor: Appointment) -> None:
    operation(cast.xenia, "One")
    operation(cast.xenia, "Two")
    [first, _] = [line for line in handover.checklist(cast.xenia, cast.xenia, timezone.now())]
    with pytest.raises(Refused) as refused:
        handover.hand_over(
            appointment=cast.xenia, successor=successor, by=cast.xenia, wishes={("assignments", first.key): Wish(LEAVE)}
        )
    assert refused.value.field == first.name
    assert not Handover.objects.exists()
    assert Assignment.objects.filter(appointment=cast.xenia, ended_at=None).count() == 2
    wishes = {("assignments", first.key): Wish(LEAVE, "Ends this week")}
    row = handover.hand_over(appointment=cast.xenia, successor=successor, by=cast.xenia, wishes=wishes)
    assert outcomes(row) == [("assignments", Outcome.LEFT), ("assignments", Outcome.MOVED)]


def test_who_may_not(cast: Cast, gerd: Appointment, sysop: Appointment, successor: Appointment) -> None:
    operation(cast.xenia)
    yael = make_appointment("yael", cast.b, Role.AGENCY_ADMIN)
    for by in (cast.lars, cast.yara, yael, sysop):
        with pytest.raises(Refused) as refused:
            handover.hand_over(appointment=cast.xenia, successor=successor, by=by)
        assert refused.value.code == "forbidden"
    for taker in (cast.yara, cast.aldo, cast.xenia):
        with pytest.raises(Refused) as refused:
            handover.hand_over(appointment=cast.xenia, successor=taker, by=gerd)
        assert refused.value.field == "successor"


def test_an_admin_reads_numbers_and_the_successor_titles(
    cast: Cast, gerd: Appointment, successor: Appointment, as_: Any
) -> None:
    operation(cast.xenia, "Nordwind")
    page = f"/postings/appointments/{cast.xenia.pk}/handover/"
    assert b"Nordwind" in as_(cast.xenia).get(page).content
    admin = as_(gerd).get(page)
    assert b"Nordwind" not in admin.content
    # One choice for all of a kind that the admin may not read.
    assert "assignments" in admin.context["form"].fields
    assert as_(cast.lars).get(page).status_code == 302
    assert as_(cast.yara).get(page).status_code == 404
    answer = as_(gerd).post(page, {"successor": successor.pk}, follow=True)
    row = Handover.objects.get()
    assert b"Nordwind" not in answer.content
    shown = as_(successor).get(f"/postings/handovers/{row.pk}/")
    assert b"Handed over to you by Commander" in shown.content
    assert b"Nordwind" in shown.content
    # Showing a record is on the ledger (R29).
    disclosed = Entry.objects.filter(verb="record.disclose", appointment_id=successor.pk)
    assert disclosed.exists()
    for who in (cast.lars, cast.yara):
        assert as_(who).get(f"/postings/handovers/{row.pk}/").status_code == 404
    assert b"Handed over by" in as_(successor).get("/").content


def test_gaps_stay_until_somebody_takes_over(
    cast: Cast, gerd: Appointment, successor: Appointment, as_: Any, django_assert_max_num_queries: Any
) -> None:
    operation(cast.xenia, "Nordwind")
    client = as_(gerd)
    assert client.get("/postings/handovers/?show=gaps").context["gaps"] == []
    actions.end_appointment(appointment=cast.xenia, by=gerd)
    [gap] = client.get("/postings/handovers/?show=gaps").context["gaps"]
    assert (gap.appointment, gap.total) == (cast.xenia, 1)
    assert b"Nordwind" not in client.get("/postings/handovers/").content
    # One statement for who left, and one for each kind of duty, however many they are.
    statements = 1 + sum(duty.move is not None for duty in duties.all_duties())
    with django_assert_max_num_queries(statements):
        handover.gaps_of(cast.a1, timezone.now())
    for number in range(4):
        other = make_appointment(f"gone{number}", cast.a1, Role.COMMANDER)
        operation(other, f"More {number}")
        actions.end_appointment(appointment=other, by=gerd)
    with django_assert_max_num_queries(statements):
        assert len(handover.gaps_of(cast.a1, timezone.now())) == 5
    handover.hand_over(appointment=cast.xenia, successor=successor, by=gerd)
    assert len(handover.gaps_of(cast.a1, timezone.now())) == 4
    yael = make_appointment("yael", cast.b, Role.AGENCY_ADMIN)
    assert as_(yael).get("/postings/handovers/").context["gaps"] == []


def test_a_refusal_at_the_field_keeps_the_choice(cast: Cast, successor: Appointment, as_: Any) -> None:
    operation(cast.xenia, "Nordwind")
    [line] = handover.checklist(cast.xenia, cast.xenia, timezone.now())
    page = as_(cast.xenia).post(
        f"/postings/appointments/{cast.xenia.pk}/handover/", {"successor": successor.pk, line.name: "leave"}
    )
    assert page.status_code == 200
    assert page.context["form"].errors
    assert page.context["form"]["successor"].value() == str(successor.pk)
    assert not Handover.objects.exists()


def test_ended_ones_are_remembered_a_year(cast: Cast, gerd: Appointment) -> None:
    operation(cast.xenia)
    at = timezone.now()
    Appointment.objects.filter(pk=cast.xenia.pk).update(ends_on=(at - timedelta(days=3)).date())
    assert len(handover.gaps_of(cast.a1, at)) == 1
    Appointment.objects.filter(pk=cast.xenia.pk).update(ends_on=(at - timedelta(days=400)).date())
    assert handover.gaps_of(cast.a1, at) == []


def test_api(cast: Cast, gerd: Appointment, successor: Appointment, api_as: Any) -> None:
    operation(cast.xenia, "Nordwind")
    [duty] = api_as(cast.xenia).send("GET", f"handovers/duties/{cast.xenia.pk}/").json()
    assert duty["words"]["title"] == "Nordwind"
    [counted] = api_as(gerd).send("GET", f"handovers/duties/{cast.xenia.pk}/").json()
    assert counted["words"] is None
    assert api_as(cast.lars).send("GET", f"handovers/duties/{cast.xenia.pk}/").status_code == 404
    body = {"appointment": str(cast.xenia.pk), "successor": str(successor.pk), "wishes": []}
    assert api_as(cast.lars).send("POST", "handovers/", body).status_code == 403
    made = api_as(gerd).send("POST", "handovers/", body)
    assert made.status_code == 201, made.content
    assert made.json()["items"][0]["outcome"] == "moved"
    assert made.json()["items"][0]["words"] is None
    key = made.json()["id"]
    assert api_as(successor).send("GET", f"handovers/{key}/").json()["items"][0]["key"] == duty["key"]
    assert api_as(cast.lars).send("GET", f"handovers/{key}/").status_code == 404
    assert api_as(gerd).send("GET", "handovers/gaps/").json() == []
    assert api_as(cast.xenia).send("GET", "handovers/gaps/").status_code == 403
