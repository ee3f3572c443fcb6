"""Compelled disclosure (R25): recorded as such, and the originator told first unless the order forbids."""

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment, new_key
from agencies.directory.roles import Role
from agreements.alerts.models import Alert
from agreements.compelled import actions
from agreements.compelled.models import CompelledDisclosure
from agreements.register.choices import ActionKind
from agreements.register.models import TreatyAction
from agreements.sharing.models import Record
from agreements.sharing.policy import access
from portal.audit.models import Entry
from portal.outbox.sweeping import sweep
from portal.ui.errors import Refused
from tests.agreements.sharing.conftest import Desk, api_as, desk, note_kind
from tests.conftest import make_appointment

__all__ = ["api_as", "desk", "note_kind"]
COURT = "District Court of Y-town"


@pytest.fixture
def received(desk: Desk) -> Record:
    """A note of a1, written by Lars, released to b."""
    record = desk.note(by=desk.cast.lars)
    desk.release(record, by=desk.cast.lars)
    return record


def compel(record: Record, by: Appointment, **values: Any) -> CompelledDisclosure:
    terms = {
        "authority": COURT, "legal_basis": "Order 12/2026", "what": "The whole record.",
        "due_on": date(2026, 12, 24), "telling_forbidden": False,
    }  # fmt: skip
    return actions.record_compelled(record=record, by=by, **{**terms, **values})


def knows(who: Appointment, row: CompelledDisclosure) -> bool:
    return CompelledDisclosure.objects.visible_to(access(who, timezone.now())).filter(pk=row.pk).exists()


def alerted() -> set[str]:
    while sweep():
        pass
    rows = Alert.objects.filter(kind=actions.RECORDED)
    return set(rows.values_list("appointment__officer__username", flat=True))


def text_of(answer: Any) -> str:
    """The page without its form token and the minute of the clock, which are others each time."""
    text = re.sub(r'(csrf\w*"? (?:value|content)=|X-CSRFToken[^:]*: ?)"[^"]*"', "", answer.content.decode())
    return re.sub(r"\d\d:\d\dZ?", "", text)


def panel(record: Record) -> str:
    return reverse("compelled:record-compelled", args=[record.pk])


def test_the_originator_is_told(desk: Desk, received: Record, as_: Any) -> None:
    cast = desk.cast
    ylva = make_appointment("ylva", cast.b, Role.AUDITOR)
    row = compel(received, cast.yann)
    assert alerted() == {"lars"}
    knowing = {who for who in (*cast.everybody, ylva) if knows(who, row)}
    assert knowing == {cast.xenia, cast.lars, cast.anton, cast.ada, cast.arno, cast.yann, cast.yara, ylva}
    shown = as_(cast.lars).get(panel(received)).content.decode()
    assert COURT in shown
    assert "Yann" not in shown
    inbox = as_(cast.lars).get(reverse("alerts:alert-list")).content.decode()
    assert "compelled to disclose" in inbox
    assert COURT not in inbox


def test_without_its_author_those_are_told_who_may_release_and_see_it(desk: Desk, received: Record) -> None:
    Appointment.objects.filter(pk=desk.cast.lars.pk).update(ended_at=timezone.now())
    compel(received, desk.cast.yann)
    assert alerted() == {"xenia", "anton", "ada"}


def test_forbidden_the_writer_and_the_own_auditors_alone_know(
    desk: Desk, received: Record, as_: Any, api_as: Any
) -> None:
    cast = desk.cast
    ylva = make_appointment("ylva", cast.b, Role.AUDITOR)
    alerted()  # What waits in the outbox shows on every page.
    before = {who: text_of(as_(who).get(panel(received))) for who in (cast.lars, cast.arno, cast.yara)}
    row = compel(received, cast.yann, telling_forbidden=True)
    assert alerted() == set()
    assert {who for who in (*cast.everybody, ylva) if knows(who, row)} == {cast.yann, ylva}
    for who, content in before.items():
        assert text_of(as_(who).get(panel(received))) == content
        assert api_as(who).get("/api/v1/compelled-disclosures/").json()["results"] == []
        assert api_as(who).get(f"/api/v1/compelled-disclosures/{row.pk}/").status_code == 404
    assert COURT in as_(ylva).get(panel(received)).content.decode()
    # The originator's auditor reads who saw the record, and nothing of the order: not by the door either.
    assert as_(cast.yann).get(reverse("compelled:compelled-create", args=[received.pk])).status_code == 200
    body = {
        "record": str(received.pk), "authority": COURT, "legal_basis": "Order 13/2026", "what": "All.",
        "due_on": "2026-12-24", "telling_forbidden": True,
    }  # fmt: skip
    assert api_as(cast.yann).send("POST", "/compelled-disclosures/", body).status_code == 201
    assert len(api_as(cast.yann).get("/api/v1/compelled-disclosures/").json()["results"]) == 2
    assert api_as(cast.yann).get(f"/api/v1/compelled-disclosures/{row.pk}/").status_code == 200
    shown_to = Entry.objects.filter(verb="record.disclose", agency_id=cast.b.pk)
    assert {entry.door for entry in shown_to} == {"page compelled:record-compelled"}
    assert shown_to.count() > 4
    ledger = as_(cast.arno).get(reverse("oversight:record-ledger", args=[received.pk])).content.decode()
    assert COURT not in ledger
    for word in ("new compelled", "API: compelled", "compelled.recorded", "record compel"):
        assert word not in ledger, "by its code or in words"


@pytest.mark.parametrize("forbidden", [False, True])
def test_the_ledger_has_it_in_any_case(desk: Desk, received: Record, forbidden: bool) -> None:
    row = compel(received, desk.cast.yann, telling_forbidden=forbidden)
    entry = Entry.objects.get(verb="record.compel")
    assert (entry.agency_id, entry.subject_id) == (desk.cast.b.pk, str(received.pk))
    assert entry.data["compelled"] == str(row.pk)
    assert entry.data["telling_forbidden"] is forbidden


def test_who_may_not_record_one(desk: Desk, received: Record) -> None:
    cast = desk.cast
    for by, code in ((cast.zoe, "not_found"), (cast.aldo, "not_found"), (cast.xenia, "forbidden")):
        with pytest.raises(Refused) as refused:
            compel(received, by)
        assert refused.value.code == code
    assert compel(received, make_appointment("ylva", cast.b, Role.AUDITOR)).recorded_by.agency == cast.b
    for field in ("authority", "legal_basis", "what"):
        with pytest.raises(Refused) as refused:
            compel(received, cast.yann, **{field: "  "})
        assert refused.value.field == field
    assert CompelledDisclosure.objects.count() == 1


def test_recorded_twice_under_a_key_it_is_recorded_once(desk: Desk, received: Record) -> None:
    key = new_key()
    assert compel(received, desk.cast.yann, key=key) == compel(received, desk.cast.yann, key=key)
    assert Entry.objects.filter(verb="record.compel").count() == 1
    # That the key is somebody else's tells nothing of theirs: another row is made (R17).
    other = compel(received, desk.cast.yara, key=key)
    assert other.pk != key
    assert other.recorded_by == desk.cast.yara


def test_it_opens_nothing_and_closes_with_its_record(desk: Desk, received: Record, as_: Any) -> None:
    """After the treaty is suspended b finds neither; the originator goes on reading it."""
    cast = desk.cast
    row = compel(received, cast.yann)
    TreatyAction.objects.create(
        agreement=cast.art7.agreement, kind=ActionKind.SUSPENSION, country_id="YY", done_on=date(2024, 6, 1),
        recorded_by=cast.yusuf, recorded_for=cast.b.country,
    )  # fmt: skip
    assert not knows(cast.yann, row)
    assert knows(cast.lars, row)
    assert as_(cast.yann).get(panel(received)).status_code == 404


def test_the_page(desk: Desk, received: Record, as_: Any) -> None:
    cast = desk.cast
    url, client = reverse("compelled:compelled-create", args=[received.pk]), as_(cast.yann)
    assert url in client.get(panel(received)).content.decode()
    sent = {
        "authority": COURT, "legal_basis": "Order 12/2026", "what": "The whole record.", "due_on": "2026-12-24",
        "key": str(client.get(url).context["form"]["key"].value()),
    }  # fmt: skip
    wrong = client.post(url, {**sent, "due_on": "1026-12-24", "authority": ""})
    assert set(wrong.context["form"].errors) == {"authority", "due_on"}
    assert "The whole record." in wrong.content.decode()
    for _ in range(2):
        assert client.post(url, sent).status_code == 302
    assert CompelledDisclosure.objects.get().telling_forbidden is False
    assert as_(cast.xenia).get(url).status_code == 403
    assert url not in as_(cast.xenia).get(panel(received)).content.decode()
    for who in (cast.zoe, cast.aldo):
        assert as_(who).get(url).status_code == as_(who).post(url, sent).status_code == 404


def test_the_api(desk: Desk, received: Record, api_as: Any) -> None:
    cast = desk.cast
    body = {
        "id": str(new_key()), "record": str(received.pk), "authority": COURT, "legal_basis": "Order 12/2026",
        "what": "The whole record.", "due_on": "2026-12-24", "telling_forbidden": False,
    }  # fmt: skip
    made = api_as(cast.yann).send("POST", "/compelled-disclosures/", body)
    assert made.status_code == 201, made.content
    assert made.json()["recorded_by"]["name"] == "Yann"
    told = api_as(cast.lars).get(f"/api/v1/compelled-disclosures/?record={received.pk}").json()["results"]
    assert [(row["id"], row["recorded_by"]["name"]) for row in told] == [(body["id"], None)]
    hidden = api_as(cast.zoe).send("POST", "/compelled-disclosures/", {**body, "id": str(new_key())})
    unknown = api_as(cast.zoe).send(
        "POST", "/compelled-disclosures/", {**body, "id": str(new_key()), "record": str(new_key())}
    )
    assert hidden.status_code == unknown.status_code == 400
    assert hidden.json()["errors"] == unknown.json()["errors"]
    mine = api_as(cast.xenia).send("POST", "/compelled-disclosures/", {**body, "id": str(new_key())})
    assert mine.status_code == 403
    assert api_as(cast.tara).get("/api/v1/compelled-disclosures/").status_code == 403
