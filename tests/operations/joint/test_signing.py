"""Put to its sides, signed, reopened, sealed: who may, and what each side's copy holds (R3, R6, R17, R21)."""

import json
from typing import Any

import pytest
from django.utils import timezone

from agreements.alerts.models import Alert
from agreements.register.choices import Purpose
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record
from operations.joint import verifying
from operations.joint.actions import reports, signing
from operations.joint.actions.sealing import release_gap
from operations.joint.actions.signing import Device
from operations.joint.content import content_digest
from operations.joint.models import SealedCopy, Signature, Statement
from operations.patrols.actions import observations
from operations.patrols.models import Observation
from operations.sealing.canonical import canonical, digest_of, digest_of_text
from operations.sealing.verifying import is_whole
from portal.audit.models import Entry
from portal.keys import new_key
from portal.ui.errors import Refused
from tests.operations.joint.conftest import Table
from tests.operations.patrols.conftest import sees


def test_all_sign_and_each_owns_a_copy_that_no_suspension_takes(table: Table) -> None:
    cast, row = table.cast, table.write()
    assert not sees(cast.yann, row)
    reports.put_forward(report=row, by=cast.lars)
    assert sees(cast.yann, row)
    at = timezone.now()
    device = Device(new_key(), at, "Tablet 9")
    first = table.sign(row, cast.lars, device=device)
    assert (first.agency, first.function, first.device_at, first.user_agent) == (
        cast.a1,
        "Liaison officer",
        at,
        "Tablet 9",
    )
    assert table.again(row).state == "open_to_sign"
    assert not SealedCopy.objects.exists()
    table.sign(row, cast.yann)
    row = table.again(row)
    assert row.state == "sealed"
    ours, theirs = table.copy(cast.a1), table.copy(cast.b)
    assert (ours.record.author, theirs.record.author) == (cast.lars, cast.yann)
    assert ours.content_digest == theirs.content_digest == digest_of(ours.content["content"]) == first.content_digest
    assert ours.content["signatures"] == theirs.content["signatures"]
    texts = [item["text"] for item in theirs.content["entries"]]
    assert texts == ["", "Boat of ours.", "Boat of theirs."]
    assert not sees(cast.yann, ours)
    assert not sees(cast.lars, theirs)
    assert not sees(cast.zoe, theirs)
    table.joint.suspend()
    assert not sees(cast.yann, row)
    assert sees(cast.yann, theirs)
    assert all(is_whole(verifying.checks_of(copy)) for copy in (ours, theirs))


def test_only_sides_that_are_assigned_sign_what_they_read(table: Table) -> None:
    cast, row = table.cast, table.put()
    for who, code in (
        (cast.zoe, "forbidden"),
        (cast.ada, "forbidden"),
        (cast.arno, "forbidden"),
        (cast.aldo, "not_found"),
    ):
        with pytest.raises(Refused) as refused:
            table.sign(row, who)
        assert refused.value.code in (code, "not_found")
    with pytest.raises(Refused, match="changed since"):
        table.sign(row, cast.yann, seen="0" * 64)
    table.sign(row, cast.yann)
    with pytest.raises(Refused, match="has signed already"):
        table.sign(row, cast.yara)
    assert Signature.objects.count() == 1
    for step in (
        lambda: reports.change(report=table.again(row), by=cast.yann, text="Ours."),
        lambda: reports.put_into_words(report=table.again(row), by=cast.yann, language="de", text="Unser."),
        lambda: reports.withdraw(report=table.again(row), by=cast.yann, reason="No."),
    ):
        with pytest.raises(Refused, match="Only X1"):
            step()


def test_a_side_that_disagrees_states_its_own(table: Table, carried: Any) -> None:
    cast, row = table.cast, table.put()
    with pytest.raises(Refused) as refused:
        table.sign(row, cast.yann, decision="disagrees")
    assert refused.value.field == "statement"
    with pytest.raises(Refused, match="wrote a statement") as refused:
        table.sign(row, cast.yann, statement="It rained.")
    assert refused.value.field == "decision"
    assert not Signature.objects.exists()
    table.sign(row, cast.yann, decision="disagrees", statement="It rained.")
    statement = Statement.objects.get()
    assert (statement.record.owner, statement.record.host_id) == (cast.b, row.pk)
    assert sees(cast.lars, statement)
    assert not sees(cast.zoe, statement)
    carried()
    told = set(Alert.objects.filter(kind="joint.disagreed").values_list("appointment", flat=True))
    assert cast.lars.pk in told
    assert cast.yann.pk not in told
    table.sign(row, cast.lars)
    ours = table.copy(cast.a1)
    assert [item["text"] for item in ours.content["statements"]] == ["It rained."]
    assert is_whole(verifying.checks_of(ours))


def test_a_later_edit_reopens_every_signature(table: Table, carried: Any) -> None:
    cast, row = table.cast, table.put()
    table.sign(row, cast.yann)
    carried()
    waits = Alert.objects.filter(kind="joint.awaited", done_at=None)
    assert set(waits.values_list("appointment__agency", flat=True)) == {cast.a1.pk}
    row = reports.change(report=table.again(row), by=cast.lars, text="Both teams walked the shore twice.")
    assert (row.revision, Signature.objects.get().lapsed_why) == (2, "text")
    carried()
    assert Alert.objects.filter(kind="joint.reopened", appointment=cast.yann, done_at=None).exists()
    table.sign(row, cast.lars)
    assert not SealedCopy.objects.exists()
    reports.put_into_words(report=table.again(row), by=cast.lars, language="fr", text="Deux fois.")
    assert not Signature.objects.standing().exists()
    table.sign(row, cast.yann)
    assert not Alert.objects.filter(kind="joint.reopened", appointment=cast.yann, done_at=None).exists()
    table.sign(row, cast.lars)
    assert table.again(row).state == "sealed"
    assert set(table.copy(cast.b).content["content"]["texts"]) == {"en", "fr"}
    with pytest.raises(Refused, match="signed by all"):
        reports.change(report=table.again(row), by=cast.lars, text="Later.")


def test_a_changed_entry_reopens_those_who_signed_with_it(table: Table) -> None:
    cast, row = table.cast, table.put()
    table.sign(row, cast.yann)
    entry = Observation.objects.select_related("record").get(text="Boat of ours.")
    observations.change(observation=entry, version=entry.record.version, by=cast.lars, text="Two boats of ours.")
    assert Signature.objects.get().lapsed_why == "entries"
    table.sign(row, cast.yann)
    # One that arrives late is noticed when all would have signed.
    table.joint.log(table.patrol, cast.lars, text="Late.")
    table.sign(row, cast.lars)
    assert not SealedCopy.objects.exists()
    assert set(Signature.objects.filter(lapsed_at=None).values_list("agency", flat=True)) == {cast.a1.pk}
    table.sign(row, cast.yann)
    assert "Late." in [item["text"] for item in table.copy(cast.b).content["entries"]]


def test_what_a_side_may_not_keep_is_not_in_its_copy(table: Table) -> None:
    cast, log = table.cast, table.joint.log
    held = Marking(["operational", "personal_data"], 1, Tlp.AMBER)
    log(table.patrol, cast.lars, text="Held by us.", marking=held)
    log(table.patrol, cast.yann, text="Held by them.", marking=held)
    log(table.patrol, cast.lars, text="Red of ours.", marking=Marking(["operational"], 1, Tlp.RED))
    log(table.patrol, cast.lars, text="Only on screen.", marking=Marking(["operational"], 1, display_only=True))
    taken = log(table.patrol, cast.lars, text="Taken back.")
    releases.revoke(release=taken.record.releases.get(clause__isnull=False), by=cast.lars)
    strict = Marking(["operational"], 1, Tlp.AMBER_STRICT)
    named = log(table.patrol, cast.lars, text="For Yann alone.", marking=strict)
    releases.release(
        record=named.record, to=To(AudienceKind.OFFICER, appointment=cast.yann), clause=cast.art7,
        purpose=Purpose.COORDINATION, by=cast.lars,
    )  # fmt: skip
    assert sees(cast.yann, named)
    ours, theirs = table.sealed()
    in_ours = {item["text"] for item in ours.content["entries"]}
    in_theirs = {item["text"] for item in theirs.content["entries"]}
    both = {"", "Boat of ours.", "Boat of theirs."}
    assert in_ours == both | {"Held by us.", "Taken back.", "Only on screen.", "For Yann alone."}
    assert in_theirs == both | {"Held by them."}
    assert "personal_data" in ours.record.categories
    # Nothing in a copy tells how many entries the other side's has (R17).
    mine = Signature.objects.get(agency=cast.a1)
    assert mine.entries_digest in ours.text
    assert mine.entries_digest not in theirs.text


def test_it_goes_to_no_side_without_an_article(table: Table) -> None:
    cast = table.cast
    row = table.write(marking=Marking(["operational", "personal_data"], 1))
    with pytest.raises(Refused) as refused:
        reports.put_forward(report=row, by=cast.lars)
    assert (refused.value.field, refused.value.code) == ("sides", "no_basis")
    assert table.again(row).state == "draft"
    for marking, field in (
        (Marking(["operational"], 1, Tlp.RED), "tlp"),
        (Marking(["operational"], 1, display_only=True), "display_only"),
    ):
        with pytest.raises(Refused) as refused:
            table.write(marking=marking)
        assert refused.value.field == field
    with pytest.raises(Refused) as refused:
        table.write(sides=[cast.c])
    assert refused.value.field == "sides"
    with pytest.raises(Refused) as refused:
        table.write(sides=[cast.a1])
    assert refused.value.field == "sides"


def test_marking_anew_reopens_and_cannot_make_it_red(table: Table) -> None:
    cast, row = table.cast, table.put()
    table.sign(row, cast.yann)
    records.mark(record=row.record, marking=Marking(["operational"], 1, handling_codes=["H1"]), by=cast.xenia)
    assert Signature.objects.get().lapsed_why == "marking"
    with pytest.raises(Refused) as refused:
        records.mark(record=table.again(row).record, marking=Marking(["operational"], 1, Tlp.RED), by=cast.xenia)
    assert refused.value.field == "tlp"
    table.sign(row, cast.lars)
    table.sign(row, cast.yann)
    assert table.copy(cast.b).record.handling_codes == ["H1"]


def test_a_copy_goes_on_only_by_the_rules_of_what_it_quotes(table: Table) -> None:
    _, theirs = table.sealed()
    assert {row.source_id for row in theirs.record.citations.all()} >= {theirs.report}
    assert theirs.record.onward in ("consent", "never")
    theirs.record.citations.all().delete()
    assert "does not cite" in release_gap(theirs.record)


def test_take_back_and_withdraw(table: Table) -> None:
    cast, row = table.cast, table.put()
    table.sign(row, cast.yann)
    signing.take_back(report=table.again(row), by=cast.yara)
    assert Signature.objects.get().lapsed_why == "taken_back"
    with pytest.raises(Refused, match="has not signed"):
        signing.take_back(report=table.again(row), by=cast.yann)
    table.sign(row, cast.yann)
    reports.withdraw(report=table.again(row), by=cast.lars, reason="Wrong patrol.")
    assert not sees(cast.yann, row)
    assert not Signature.objects.standing().exists()
    with pytest.raises(Refused, match="withdrawn"):
        table.sign(row, cast.lars)


def test_a_signature_whose_officer_has_lost_sight_does_not_seal(table: Table) -> None:
    cast, row = table.cast, table.put()
    table.sign(row, cast.yann)
    table.joint.suspend()
    table.sign(row, cast.lars)
    assert table.again(row).state == "open_to_sign"
    assert not SealedCopy.objects.exists()


def test_what_was_tampered_with_is_told(table: Table) -> None:
    ours, _ = table.sealed()
    content = json.loads(ours.text)

    def faults(text: str, **values: Any) -> list[str]:
        copy = SealedCopy(record=ours.record, report=ours.report, text=text, digest=ours.digest, **values)
        return [check.what for check in verifying.checks_of(copy) if not check.ok]

    assert faults(ours.text) == []
    changed = json.loads(ours.text)
    changed["content"]["texts"]["en"]["text"] = "Something else."
    assert {"All signed this text", "The copy is letter for letter what was sealed"} <= set(faults(canonical(changed)))
    changed = json.loads(ours.text)
    changed["signatures"][0]["decision"] = "disagrees"
    assert any(name.startswith("The signature of") for name in faults(canonical(changed)))
    changed = json.loads(ours.text)
    changed["entries"][1]["text"] = "No boat."
    assert "The entries are those that were sealed" in faults(canonical(changed))
    changed = json.loads(ours.text)
    del changed["signatures"][0]
    assert "Every side signed" in faults(canonical(changed))
    assert "It can be read" in faults("zq")
    assert "It can be read" in faults(canonical({"format": content["format"]}))
    # Sealed anew by a hand that changes the digest too: the ledger has the first.
    fresh = canonical(changed)
    copy = SealedCopy(record=ours.record, report=ours.report, text=fresh, digest=digest_of_text(fresh))
    assert "The ledger holds its digest" in [check.what for check in verifying.checks_of(copy) if not check.ok]


def test_sending_twice_makes_one_and_every_step_is_in_the_ledger(table: Table) -> None:
    key = new_key()
    row = table.write(key=key)
    assert table.write(key=key).pk == row.pk
    assert Record.objects.filter(kind="joint").count() == 1
    reports.put_forward(report=row, by=table.cast.lars)
    table.sign(row, table.cast.lars)
    table.sign(row, table.cast.yann)
    verbs = set(Entry.objects.filter(subject_id=str(row.pk)).values_list("verb", flat=True))
    assert {"joint.create", "joint.put", "joint.sign", "joint.complete"} <= verbs
    signed = Entry.objects.filter(verb="joint.sign", agency_id=table.cast.b.pk).get()
    assert signed.data["content"] == content_digest(table.again(row))


def test_of_a_shift(table: Table) -> None:
    """Of an operation: entries of all its patrols in that time."""
    cast = table.cast
    row = table.put(host=table.joint.record, title="Shift", ends_at=timezone.now())
    table.sign(row, cast.lars)
    table.sign(row, cast.yann)
    assert {"Boat of ours.", "Boat of theirs."} <= {item["text"] for item in table.copy(cast.b).content["entries"]}
    with pytest.raises(Refused):
        table.write(by=cast.ada, host=table.joint.record)
