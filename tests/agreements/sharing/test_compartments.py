"""Compartments: an agency's own records, seen by a case team or a unit alone (R3)."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment, Unit, new_key
from agreements.sharing.actions import compartments, naming, records
from agreements.sharing.actions.records import Marking, marking_of
from agreements.sharing.choices import Tlp
from agreements.sharing.compartments import compartments_of, inside
from agreements.sharing.models import Circle, MarkingChange
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.agreements.sharing.conftest import Desk, sees
from tests.conftest import Cast

NOW = timezone.now


@pytest.fixture
def case(cast: Cast) -> Circle:
    """Ada's case team, with Xenia inside."""
    row = compartments.open_compartment(name="Case Heron", by=cast.ada)
    compartments.let_in(compartment=row, appointment=cast.xenia, by=cast.ada)
    return row


def names(found: Any) -> set[str]:
    return {row.officer.username for row in found}


def test_confined_is_seen_inside_alone(desk: Desk, case: Circle) -> None:
    cast, record = desk.cast, desk.note(by=desk.cast.lars)
    desk.release(record)
    compartments.confine(record=record, compartment=case, by=cast.xenia)
    for who in (cast.ada, cast.xenia, cast.lars):
        assert sees(who, record), who
    for who in (cast.anton, cast.arno, cast.aldo, cast.zoe):
        assert not sees(who, record), who
    # What was released abroad stays released.
    assert sees(cast.yann, record)
    compartments.put_out(compartment=case, appointment=cast.xenia, by=cast.ada)
    assert not sees(cast.xenia, record)
    change = MarkingChange.objects.get(record=record)
    assert change.after == {"compartment": str(case.pk)}
    assert Entry.objects.filter(verb="record.confine", subject_id=str(record.pk)).count() == 1


def test_opened_to_the_agency_again(desk: Desk, case: Circle) -> None:
    record = desk.note()
    compartments.confine(record=record, compartment=case, by=desk.cast.xenia)
    assert not sees(desk.cast.anton, record)
    compartments.confine(record=record, compartment=None, by=desk.cast.xenia)
    assert sees(desk.cast.anton, record)
    other = compartments.open_compartment(name="Other", by=desk.cast.xenia)
    compartments.confine(record=record, compartment=other, by=desk.cast.xenia)
    assert not sees(desk.cast.ada, record)


def test_a_unit_is_inside_while_it_is_posted(desk: Desk) -> None:
    cast = desk.cast
    harbour = Unit.objects.create(agency=cast.a1, name="Harbour")
    room = compartments.open_compartment(name="Harbour", unit=harbour, by=cast.xenia)
    record = desk.note()
    compartments.confine(record=record, compartment=room, by=cast.xenia)
    assert not sees(cast.anton, record)
    for unit, seen in ((harbour, True), (None, False)):
        Appointment.objects.filter(pk=cast.anton.pk).update(unit=unit)
        cast.anton.unit = unit
        assert sees(cast.anton, record) is seen
        assert ("anton" in names(inside(room, NOW()))) is seen


def test_clearance_and_red_hold_inside_too(desk: Desk, case: Circle) -> None:
    cast = desk.cast
    compartments.let_in(compartment=case, appointment=cast.anton, by=cast.ada)
    secret = records.create(by=cast.ada, kind="note", title="S", marking=Marking(["operational"], 3), compartment=case)
    assert sees(cast.ada, secret)
    assert not sees(cast.xenia, secret)
    red = desk.note(by=cast.ada)
    compartments.confine(record=red, compartment=case, by=cast.ada)
    assert sees(cast.xenia, red)
    marking = marking_of(red)
    marking.tlp = Tlp.RED.value
    records.mark(record=red, marking=marking, by=cast.ada)
    assert sees(cast.ada, red)
    assert not sees(cast.xenia, red)
    naming.name_officer(record=red, appointment=cast.lars, by=cast.ada)
    assert sees(cast.lars, red)


@pytest.mark.parametrize("who", ["lars", "anton", "arno", "tara", "yara"])
def test_who_may_not_keep_one(desk: Desk, case: Circle, who: str) -> None:
    by = getattr(desk.cast, who)
    with pytest.raises(Refused):
        compartments.let_in(compartment=case, appointment=desk.cast.lars, by=by)
    with pytest.raises(Refused):
        compartments.put_out(compartment=case, appointment=desk.cast.xenia, by=by)
    if who != "yara":
        with pytest.raises(Refused, match="commanders and analysts"):
            compartments.open_compartment(name="x", by=by)


def test_nobody_confines_to_what_one_is_outside_of(desk: Desk, case: Circle) -> None:
    cast = desk.cast
    compartments.put_out(compartment=case, appointment=cast.xenia, by=cast.ada)
    record = desk.note()
    for what in (case, compartments.open_compartment(name="Theirs", by=cast.yara)):
        with pytest.raises(Refused, match="no such compartment"):
            compartments.confine(record=record, compartment=what, by=cast.xenia)
    theirs = desk.note(by=cast.yann)
    with pytest.raises(Refused):
        compartments.confine(record=theirs, compartment=None, by=cast.xenia)
    assert compartments_of(cast.xenia, NOW()).count() == 0


def test_somebody_stays_inside(desk: Desk, case: Circle) -> None:
    cast = desk.cast
    compartments.put_out(compartment=case, appointment=cast.xenia, by=cast.ada)
    with pytest.raises(Refused, match="Nobody would be left"):
        compartments.put_out(compartment=case, appointment=cast.ada, by=cast.ada)
    assert names(inside(case, NOW())) == {"ada"}


def test_only_own_officers_and_own_units(desk: Desk, case: Circle) -> None:
    cast = desk.cast
    with pytest.raises(Refused, match="own agency"):
        compartments.let_in(compartment=case, appointment=cast.yann, by=cast.ada)
    with pytest.raises(Refused, match="inside already"):
        compartments.let_in(compartment=case, appointment=cast.xenia, by=cast.ada)
    foreign = Unit.objects.create(agency=cast.b, name="Lake")
    with pytest.raises(Refused, match="no such unit"):
        compartments.open_compartment(name="x", unit=foreign, by=cast.ada)


def test_the_pages(desk: Desk, case: Circle, as_: Any) -> None:
    cast, record = desk.cast, desk.note()
    client, url = as_(cast.xenia), reverse("sharing:record-confine", args=[record.pk])
    previewed = client.post(url, {"compartment": case.pk})
    assert previewed.status_code == 200
    assert names(previewed.context["seeing"]) == {"ada", "xenia"}
    assert sees(cast.lars, record)
    assert client.post(url, {"compartment": case.pk, "previewed": str(case.pk)}).status_code == 302
    assert not sees(cast.lars, record)
    listed = client.get(reverse("sharing:compartment-list")).content.decode()
    assert "Case Heron" in listed
    only = client.get(reverse("sharing:record-list"), {"compartment": str(case.pk)}).context["rows"]
    assert [row.pk for row, _ in only] == [record.pk]
    detail = reverse("sharing:compartment-detail", args=[case.pk])
    assert client.post(detail, {"appointment": cast.lars.pk}).status_code == 302
    assert sees(cast.lars, record)
    assert client.post(detail, {"out": cast.lars.pk}).status_code == 302
    refused = client.post(detail, {"appointment": ""}).content.decode()
    assert "Choose an officer" in refused
    answer = client.post(reverse("sharing:compartment-open"), {"name": " "})
    assert answer.status_code == 200


def test_to_those_outside_it_does_not_exist(desk: Desk, case: Circle, as_: Any) -> None:
    cast = desk.cast
    unknown = reverse("sharing:compartment-detail", args=[new_key()])
    for who in (cast.lars, cast.arno, cast.yara, cast.zoe):
        client = as_(who)
        assert "Case Heron" not in client.get(reverse("sharing:compartment-list")).content.decode()
        assert "Case Heron" not in client.get(reverse("sharing:record-list")).content.decode()
        there = client.get(reverse("sharing:compartment-detail", args=[case.pk]))
        assert there.status_code == client.get(unknown).status_code == 404
    answer = as_(cast.lars).get(reverse("sharing:record-list"), {"compartment": str(case.pk)})
    assert "Case Heron" not in answer.content.decode()


def test_the_api(desk: Desk, case: Circle, api_as: Any) -> None:
    cast, record = desk.cast, desk.note()
    client = api_as(cast.xenia)
    assert [row["id"] for row in client.get("/api/v1/compartments/").json()["results"]] == [str(case.pk)]
    body = {"compartment": str(case.pk)}
    preview = client.send("POST", f"/records/{record.pk}/confine-preview/", body).json()
    assert {row["name"] for row in preview} == {"Ada", "Xenia"}
    assert client.send("POST", f"/records/{record.pk}/confine/", body).status_code == 428
    etag = client.get(f"/api/v1/records/{record.pk}/")["ETag"]
    assert client.send("POST", f"/records/{record.pk}/confine/", body, if_match=etag).status_code == 200
    assert not sees(cast.lars, record)
    assert client.send("POST", f"/records/{record.pk}/confine/", body, if_match=etag).status_code == 412
    made = client.send("POST", "/compartments/", {"name": "Second"})
    assert made.status_code == 201
    url = f"/compartments/{made.json()['id']}/officers/"
    assert client.send("POST", url, {"appointment": str(cast.lars.pk)}).status_code == 201
    assert client.send("POST", url, {"appointment": str(cast.yann.pk)}).status_code == 400
    assert client.send("DELETE", f"{url}{cast.lars.pk}/").status_code == 204
    assert api_as(cast.lars).get(f"/api/v1/compartments/{case.pk}/").status_code == 404
    assert api_as(cast.lars).send("POST", "/compartments/", {"name": "x"}).status_code == 403
