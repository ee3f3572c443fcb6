"""Rules that an officer could try to get round, one by one."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agencies.directory.models import Appointment, Classification
from agencies.directory.roles import Role
from agreements.register.choices import Category, Purpose
from agreements.register.models import Confirmation, Designation
from agreements.sharing.actions import circles, naming, orders, records, releases
from agreements.sharing.actions.orders import order_for
from agreements.sharing.actions.records import Marking, marking_of
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, CircleKind, Tlp
from agreements.sharing.foresight import foresee_marking
from agreements.sharing.holding import held_of
from agreements.sharing.models import Participation, Record, Release
from agreements.sharing.policy import access, agencies_that_see
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.agreements.sharing.conftest import Desk, sees
from tests.conftest import LONG_AGO, Cast, make_appointment

NOW = timezone.now
TODAY = timezone.localdate()


def designate(cast: Cast, country: str, starts_on: date, ends_on: date | None = None) -> Designation:
    """A further designation of b, which X and the designating party stand behind since long ago."""
    row = Designation.objects.create(
        agreement=cast.art7.agreement, country_id=country, agency=cast.b, starts_on=starts_on, ends_on=ends_on,
        recorded_at=LONG_AGO, recorded_by=cast.tara, recorded_for_id="XX",
    )  # fmt: skip
    stamp = {"confirmed_by": cast.yusuf, "confirmed_at": LONG_AGO}
    Confirmation.objects.create(designation=row, country_id=country, **stamp)
    return row


def released_ago(desk: Desk, days: int, to: To | None = None) -> Record:
    record = desk.note()
    Release.objects.filter(pk=desk.release(record, to).pk).update(released_at=NOW() - timedelta(days=days))
    return record


# R15: a designation that is renewed without a break does not open or close the past.


@pytest.mark.parametrize(("gap", "seen"), [(0, True), (1, False)])
def test_a_renewed_designation_runs_on(desk: Desk, gap: int, seen: bool) -> None:
    last = TODAY - timedelta(days=5)
    Designation.objects.filter(agency=desk.cast.b).update(ends_on=last)
    designate(desk.cast, "YY", last + timedelta(days=1 + gap))
    assert sees(desk.cast.yann, released_ago(desk, 10)) is seen
    assert sees(desk.cast.yann, released_ago(desk, 2))


def test_a_renewal_that_was_confirmed_late_is_a_break(desk: Desk) -> None:
    last = TODAY - timedelta(days=5)
    Designation.objects.filter(agency=desk.cast.b).update(ends_on=last)
    late = designate(desk.cast, "YY", last + timedelta(days=1))
    late.confirmations.update(confirmed_at=NOW() - timedelta(days=3))
    assert not sees(desk.cast.yann, released_ago(desk, 10))
    assert sees(desk.cast.yann, released_ago(desk, 2))


# R4: an agency that acts for two parties is reached as either.


def test_an_agency_that_acts_for_two_parties_is_reached_through_both(desk: Desk) -> None:
    cast = desk.cast
    agreement = cast.art7.agreement
    agreement.parties.create(country_id="ZZ")
    stamp = {"recorded_at": LONG_AGO, "recorded_by": cast.tara, "recorded_for_id": "XX"}
    agreement.actions.create(kind="ratification", country_id="ZZ", done_on=date(2024, 3, 1), **stamp)
    designate(cast, "ZZ", date(2024, 5, 1))
    for fact in (cast.art7, *agreement.actions.exclude(country="YY")):
        name = "clause" if fact == cast.art7 else "action"
        Confirmation.objects.create(**{name: fact}, country_id="ZZ", confirmed_by=cast.zeno, confirmed_at=LONG_AGO)
    for row in agreement.designations.filter(agency=cast.a1):
        Confirmation.objects.create(designation=row, country_id="ZZ", confirmed_by=cast.zeno, confirmed_at=LONG_AGO)
    for code in ("YY", "ZZ"):
        record = desk.note()
        country = agreement.parties.get(country=code).country
        desk.release(record, To(AudienceKind.PARTY, country=country))
        assert sees(cast.yann, record), code
        assert cast.b in agencies_that_see(record, record.releases.standing().with_audience(), NOW())


# R6: held, standing orders.


def test_an_entry_taken_back_is_held_again(desk: Desk) -> None:
    operation = desk.operation()
    record = desk.note(operation=operation)
    row = desk.release(record)
    assert record not in [item.record for item in held_of(access(desk.cast.xenia, NOW()), None, NOW()).rows]
    releases.revoke(release=row, by=desk.cast.xenia)
    assert record in [item.record for item in held_of(access(desk.cast.xenia, NOW()), None, NOW()).rows]


def test_a_standing_order_ends_with_the_agencys_part(desk: Desk) -> None:
    operation, cast = desk.operation(), desk.cast
    terms = {
        "clause": cast.art7, "purpose": Purpose.BORDER_OPERATION, "kinds": ["note"], "ceiling": 1, "tlp": 2,
        "categories": [Category.OPERATIONAL],
    }  # fmt: skip
    orders.issue(circle=operation.circle, by=cast.yara, **terms)
    marking = Marking([Category.OPERATIONAL], 1, Tlp.AMBER.value)
    asked = {"by": cast.yann, "operation": operation, "kind": "note", "marking": marking, "photographs": False}
    assert order_for(**asked, at=NOW()) is not None
    circles.end(participation=operation.circle.participations.get(agency=cast.b), by=cast.yara)
    assert order_for(**asked, at=NOW()) is None
    with pytest.raises(Refused, match="does not take part"):
        orders.issue(circle=operation.circle, by=cast.yara, **terms)


@pytest.mark.parametrize("change", [{"closed_at": NOW()}])
def test_no_order_is_issued_for_what_is_closed(desk: Desk, change: dict[str, Any]) -> None:
    operation = desk.operation()
    type(operation.circle).objects.filter(record=operation).update(**change)
    with pytest.raises(Refused, match="closed"):
        desk.order(operation)


def test_no_order_ends_before_it_begins(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        desk.order(desk.operation(), ends_on=TODAY - timedelta(days=2))
    assert refused.value.field == "ends_on"


def test_a_release_that_has_run_out_is_refused_at_its_field(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        desk.release(desk.note(), until=NOW() - timedelta(seconds=1))
    assert refused.value.field == "until"


# R7: circles.


@pytest.mark.parametrize(
    ("kind", "tlp", "live"),
    [
        (CircleKind.OPERATION, Tlp.AMBER, True),
        (CircleKind.OPERATION, Tlp.AMBER_STRICT, False),
        (CircleKind.MEETING, Tlp.AMBER, False),
        (CircleKind.MEETING, Tlp.GREEN, True),
    ],
)
def test_amber_reaches_an_operations_circle_and_no_other(desk: Desk, kind: CircleKind, tlp: Tlp, live: bool) -> None:
    operation = desk.operation()
    record = desk.note(tlp=Tlp.GREEN.value)
    desk.release(record, To(AudienceKind.CIRCLE, circle=operation.circle))
    type(operation.circle).objects.filter(record=operation).update(kind=kind)
    Record.objects.filter(pk=record.pk).update(tlp=tlp)
    record.refresh_from_db()
    assert sees(desk.cast.yann, record) is live
    assert (desk.cast.b in agencies_that_see(record, record.releases.standing().with_audience(), NOW())) is live


# R8: naming own officers.


def test_a_red_record_opens_to_an_own_officer_named_for_it(desk: Desk) -> None:
    cast, record = desk.cast, desk.note(by=desk.cast.ada, tlp=Tlp.RED.value)
    assert not sees(cast.xenia, record)
    naming.name_officer(record=record, appointment=cast.xenia, by=cast.ada)
    assert sees(cast.xenia, record)
    assert not sees(cast.lars, record)
    assert set(naming.named_for(record)) == {cast.ada, cast.xenia}
    naming.unname_officer(record=record, appointment=cast.xenia, by=cast.ada)
    assert not sees(cast.xenia, record)
    with pytest.raises(Refused, match="author"):
        naming.unname_officer(record=record, appointment=cast.ada, by=cast.ada)


@pytest.mark.parametrize("who", ["yann", "aldo"])
def test_officers_of_others_are_not_named(desk: Desk, who: str) -> None:
    record = desk.note(by=desk.cast.ada, tlp=Tlp.RED.value)
    with pytest.raises(Refused, match="own agency"):
        naming.name_officer(record=record, appointment=getattr(desk.cast, who), by=desk.cast.ada)


def test_naming_does_not_lift_clearance(desk: Desk) -> None:
    record = desk.note(by=desk.cast.ada, tlp=Tlp.RED.value, classification=Classification.SECRET)
    with pytest.raises(Refused, match="clearance"):
        naming.name_officer(record=record, appointment=desk.cast.xenia, by=desk.cast.ada)


@pytest.mark.parametrize("who", ["xenia", "anton", "yann", "zoe"])
def test_who_does_not_see_it_names_nobody(desk: Desk, who: str, as_: Any, api_as: Any) -> None:
    record, by = desk.note(by=desk.cast.ada, tlp=Tlp.RED.value), getattr(desk.cast, who)
    with pytest.raises(Refused):
        naming.name_officer(record=record, appointment=desk.cast.lars, by=by)
    assert as_(by).post(f"/records/{record.pk}/name/", {"appointment": desk.cast.lars.pk}).status_code == 404
    answer = api_as(by).send("POST", f"/records/{record.pk}/named/", {"appointment": str(desk.cast.lars.pk)})
    assert answer.status_code == 404
    assert not sees(desk.cast.lars, record)


def test_naming_by_page_and_api(desk: Desk, as_: Any, api_as: Any) -> None:
    cast, record = desk.cast, desk.note(by=desk.cast.ada, tlp=Tlp.RED.value)
    page = as_(cast.ada).post(f"/records/{record.pk}/name/", {"appointment": cast.xenia.pk}, follow=True)
    assert "Xenia" in page.content.decode()
    assert sees(cast.xenia, record)
    as_(cast.ada).post(f"/records/{record.pk}/name/", {"unname": cast.xenia.pk})
    assert not sees(cast.xenia, record)
    path = f"/records/{record.pk}/named/"
    assert api_as(cast.ada).send("POST", path, {"appointment": str(cast.yara.pk)}).status_code == 400
    answer = api_as(cast.ada).send("POST", path, {"appointment": str(cast.xenia.pk)})
    assert (answer.status_code, {row["name"] for row in answer.json()}) == (201, {"Ada", "Xenia"})
    assert api_as(cast.ada).send("DELETE", f"{path}{cast.xenia.pk}/").status_code == 204
    assert not sees(cast.xenia, record)
    assert Entry.objects.filter(verb__in=["record.name", "record.unname"]).count() == 4


# R9, R26: a named grant belongs to an appointment.


def test_a_named_grant_ends_with_the_appointment_also_in_the_panel(desk: Desk) -> None:
    cast, record = desk.cast, desk.note(tlp=Tlp.RED.value)
    desk.release(record, To(AudienceKind.OFFICER, appointment=cast.yann))
    second = Appointment.objects.create(
        officer=cast.yann.officer, agency=cast.c, role=Role.COMMANDER, clearance=4, starts_on=date(2024, 1, 1),
        recorded_at=LONG_AGO,
    )  # fmt: skip
    assert sees(cast.yann, record)
    assert not sees(second, record)
    rows = record.releases.standing()
    assert cast.b in agencies_that_see(record, rows.with_audience(), NOW())
    Appointment.objects.filter(pk=cast.yann.pk).update(ended_at=NOW())
    cast.yann.refresh_from_db()
    assert not sees(cast.yann, record)
    assert cast.b not in agencies_that_see(record, rows.with_audience(), NOW())


# R17: filters and serial numbers.


def test_a_filter_by_a_hidden_operation_is_one_by_an_unknown(desk: Desk, api_as: Any) -> None:
    cast, operation = desk.cast, desk.operation()
    record = desk.note(operation=operation)
    desk.release(record)
    client, path = api_as(cast.yann), "/records/?operation="
    assert len(client.send("GET", f"{path}{operation.pk}").json()["results"]) == 1
    circles.end(participation=operation.circle.participations.get(agency=cast.b), by=cast.xenia)
    assert sees(cast.yann, record)
    assert not sees(cast.yann, operation)
    for key in (operation.pk, uuid.uuid4()):
        assert client.send("GET", f"{path}{key}").json()["results"] == []


def test_releases_are_not_numbered(desk: Desk, api_as: Any) -> None:
    record = desk.note()
    row = desk.release(record)
    shown = api_as(desk.cast.xenia).send("GET", f"/records/{record.pk}/releases/").json()
    assert [item["id"] for item in shown] == [str(row.pk)]
    assert isinstance(row.pk, uuid.UUID)


def test_an_own_release_does_not_name_the_circle_of_a_hidden_operation(desk: Desk, api_as: Any) -> None:
    cast, operation = desk.cast, desk.operation()
    record = desk.note(by=cast.yann, operation=operation)
    desk.release(record, To(AudienceKind.CIRCLE, circle=operation.circle), by=cast.yann)
    client, circle = api_as(cast.yann), str(operation.circle.pk)
    paths = [f"/records/{record.pk}/releases/", f"/records/{record.pk}/audience/"]
    assert all(circle in client.send("GET", path).content.decode() for path in paths)
    circles.end(participation=operation.circle.participations.get(agency=cast.b), by=cast.xenia)
    for path in paths:
        text = client.send("GET", path).content.decode()
        assert circle not in text
        assert operation.title not in text


# R13: an answer sent again.


def acting_as(client: Client, appointment: Appointment) -> None:
    session = client.session
    session["acting_appointment"] = str(appointment.pk)
    session.save()


def test_an_idempotency_key_belongs_to_one_appointment(desk: Desk, api_as: Any) -> None:
    """An officer of two agencies does not read under one what the other was answered."""
    cast, record = desk.cast, desk.note()
    body = {"audience": "agency", "agency": str(cast.b.pk), "clause": str(cast.art7.pk), "purpose": "coordination"}
    client, path = api_as(cast.xenia), f"/records/{record.pk}/releases/"
    first = client.send("POST", path, body, idempotency_key="k1")
    again = client.send("POST", path, body, idempotency_key="k1")
    assert (first.status_code, again["Idempotent-Replayed"], again.content) == (201, "true", first.content)
    other = Appointment.objects.create(
        officer=cast.xenia.officer, agency=cast.b, role=Role.COMMANDER, clearance=4, starts_on=date(2024, 1, 1),
        recorded_at=LONG_AGO,
    )  # fmt: skip
    acting_as(client, other)
    assert client.send("POST", path, body, idempotency_key="k1").status_code == 403


# R21: upgrades.


def test_an_upgrade_beyond_the_writer_is_saved_while_somebody_is_left(desk: Desk) -> None:
    cast, record = desk.cast, desk.note()
    marking = marking_of(record)
    marking.classification = Classification.SECRET
    records.mark(record=record, marking=marking, by=cast.xenia)
    assert not sees(cast.xenia, record)
    assert sees(cast.ada, record)


def test_an_upgrade_beyond_everybody_is_rolled_back(desk: Desk) -> None:
    cast, record = desk.cast, desk.note()
    Appointment.objects.filter(pk=cast.ada.pk).update(ended_at=NOW())
    Appointment.objects.filter(pk=cast.arno.pk).update(clearance=1)
    marking = marking_of(record)
    marking.classification = Classification.SECRET
    with pytest.raises(Refused) as refused:
        records.mark(record=record, marking=marking, by=cast.xenia)
    assert refused.value.field == "classification"
    assert sees(cast.xenia, record)


def test_somebody_cleared_without_the_kinds_permission_is_nobody(desk: Desk) -> None:
    """Tara may be cleared, and sees no notes: R1 holds for R21 too."""
    cast, record = desk.cast, desk.note()
    Appointment.objects.filter(pk__in=[cast.ada.pk, cast.arno.pk]).update(ended_at=NOW())
    Appointment.objects.filter(pk=cast.tara.pk).update(clearance=4)
    marking = marking_of(record)
    marking.classification = Classification.SECRET
    with pytest.raises(Refused):
        records.mark(record=record, marking=marking, by=cast.xenia)


def test_nobody_creates_beyond_the_own_clearance(desk: Desk) -> None:
    with pytest.raises(Refused):
        desk.note(classification=Classification.SECRET)


def test_an_upgrade_beyond_the_writer_by_page_and_api(desk: Desk, as_: Any, api_as: Any) -> None:
    cast = desk.cast
    first, second = desk.note(), desk.note()
    form = {
        "categories": ["operational"], "classification": 3, "tlp": 2, "version": 1, "reason": "Source", "previewed": "",
    }  # fmt: skip
    client, path = as_(cast.xenia), f"/records/{first.pk}/mark/"
    page = client.post(path, form)
    assert "beyond your clearance" in page.content.decode()
    answer = client.post(path, {**form, "previewed": page.context["previewed"]})
    assert (answer.status_code, answer["Location"]) == (302, "/records/")
    assert not sees(cast.xenia, first)
    answer = api_as(cast.xenia).send("POST", f"/records/{second.pk}/marking/", {"classification": 3}, if_match='"1"')
    assert answer.status_code == 204
    assert not sees(cast.xenia, second)
    assert sees(cast.ada, second)


@pytest.mark.parametrize("change", [{"tlp": 4}, {"classification": 2}, {"categories": ["customs"]}, {"rel_to": []}])
def test_what_marking_foretells_is_what_it_does(desk: Desk, change: dict[str, Any]) -> None:
    record = desk.note()
    desk.release(record)
    marking = Marking(**{**marking_of(record).values(), **change})
    foretold = foresee_marking(record=record, marking=marking, at=NOW())
    before = set(agencies_that_see(record, record.releases.standing().with_audience(), NOW()))
    records.mark(record=record, marking=marking, by=desk.cast.xenia)
    record.refresh_from_db()
    after = set(agencies_that_see(record, record.releases.standing().with_audience(), NOW()))
    assert {agency for agency, _ in foretold.lost} == before - after == {desk.cast.b}
    assert set(foretold.kept) == after & before


# R23: ending.


def test_the_lead_takes_its_invitation_back_with_the_part(desk: Desk) -> None:
    operation = desk.operation()
    circles.end(participation=operation.circle.participations.get(agency=desk.cast.b), by=desk.cast.xenia)
    assert not sees(desk.cast.yann, operation)
    assert not sees(desk.cast.yara, operation)


def test_rejoining_does_not_open_what_came_between(desk: Desk) -> None:
    """R15: a circle covers a receiver from its present participation on."""
    cast, operation = desk.cast, desk.operation()
    early = desk.note(operation=operation)
    desk.release(early, To(AudienceKind.CIRCLE, circle=operation.circle))
    circles.end(participation=operation.circle.participations.get(agency=cast.b), by=cast.yara)
    assert not sees(cast.yann, early)
    part = circles.invite(
        circle=operation.circle, agency=cast.b, clause=cast.art7, purpose=Purpose.COORDINATION, by=cast.xenia
    )
    circles.accept(participation=part, by=cast.yara)
    part = Participation.objects.get(pk=part.pk)
    circles.assign(participation=part, appointment=cast.yann, by=cast.yara)
    late = desk.note(operation=operation)
    desk.release(late, To(AudienceKind.CIRCLE, circle=operation.circle))
    assert not sees(cast.yann, early)
    assert sees(cast.yann, late)
    newcomer = make_appointment("yves", cast.b, Role.PATROL_LEADER)
    circles.assign(participation=part, appointment=newcomer, by=cast.yara)
    assert sees(newcomer, late)
    assert not sees(newcomer, early)


def test_a_closed_circle_stays_readable_and_takes_nothing_new(desk: Desk) -> None:
    cast, operation = desk.cast, desk.operation()
    record, fresh = desk.note(operation=operation), desk.note(operation=operation)
    desk.release(record, To(AudienceKind.CIRCLE, circle=operation.circle))
    circles.close(circle=operation.circle, by=cast.xenia)
    operation.circle.refresh_from_db()
    assert sees(cast.yann, record)
    with pytest.raises(Refused, match="closed"):
        desk.release(fresh, To(AudienceKind.CIRCLE, circle=operation.circle))


# R4: boundaries.


def test_until_is_excluded_to_the_instant(desk: Desk) -> None:
    record = desk.note()
    row = desk.release(record, until=NOW() + timedelta(hours=1))
    for offset, seen in ((-1, True), (0, False), (1, False)):
        at = row.until + timedelta(microseconds=offset)
        assert Record.objects.visible_to(access(desk.cast.yann, at)).filter(pk=record.pk).exists() is seen
        rows = record.releases.standing().with_audience()
        assert (desk.cast.b in agencies_that_see(record, rows, at)) is seen


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 1)])
def test_an_end_day_is_the_last_day_of_effect_in_the_agreements_zone(desk: Desk, day: date) -> None:
    """Also on the days on which the clocks change."""
    agreement = desk.cast.art7.agreement
    zone = agreement.zone
    record = desk.note()
    Release.objects.filter(pk=desk.release(record).pk).update(released_at=datetime(2026, 1, 5, tzinfo=zone))
    agreement.expires_on = day
    agreement.save(update_fields=["expires_on"])
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=zone)
    for at, seen in ((midnight - timedelta(microseconds=1), True), (midnight, False)):
        assert Record.objects.visible_to(access(desk.cast.yann, at)).filter(pk=record.pk).exists() is seen


# R22, words "Bound": acts that end or extend an agreement as a whole count between all, whoever is named in them.


def third_party(cast: Cast) -> None:
    cast.art7.agreement.parties.create(country_id="ZZ")


def by_third(cast: Cast, kind: str, **values: Any) -> Any:
    stamp = {"recorded_at": LONG_AGO, "recorded_by": cast.zeno, "recorded_for_id": "ZZ"}
    return cast.art7.agreement.actions.create(kind=kind, country_id="ZZ", **stamp, **values)


def test_a_termination_counts_between_all_whoever_is_named_in_it(desk: Desk) -> None:
    cast, record = desk.cast, desk.note()
    third_party(cast)
    desk.release(record)
    assert sees(cast.yann, record)
    by_third(cast, "termination", done_on=TODAY - timedelta(days=1))
    assert not sees(cast.yann, record)
    assert cast.b not in agencies_that_see(record, record.releases.standing().with_audience(), NOW())


def test_an_extension_counts_between_two_who_stand_behind_it_whoever_is_named_in_it(desk: Desk) -> None:
    cast, record = desk.cast, desk.note()
    third_party(cast)
    desk.release(record)
    cast.art7.agreement.expires_on = TODAY - timedelta(days=1)
    cast.art7.agreement.save(update_fields=["expires_on"])
    act = by_third(cast, "extension", done_on=TODAY - timedelta(days=9), until=TODAY + timedelta(days=9))
    for country, who in (("XX", cast.tara), ("YY", cast.yusuf)):
        assert not sees(cast.yann, record)
        Confirmation.objects.create(action=act, country_id=country, confirmed_by=who, confirmed_at=LONG_AGO)
    assert sees(cast.yann, record)
    assert cast.b in agencies_that_see(record, record.releases.standing().with_audience(), NOW())
