"""The register leaves as files and comes back: what is in them, who may see it, and what cannot come back."""

import csv
import io
import json
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone
from openpyxl import load_workbook

from agencies.directory.models import Appointment
from agreements.importing import actions
from agreements.importing.exporting import document
from agreements.importing.exporting.fields import ELSEWHERE, HEAD, PARTS, columns_of
from agreements.importing.exporting.leaving import register_file
from agreements.importing.files import RISKY
from agreements.register import actions as register
from agreements.register.models import (
    Agreement,
    Clause,
    Confirmation,
    Designation,
    ForceCondition,
    Party,
    Relation,
    TreatyAction,
)
from portal.audit.models import Entry
from portal.sending import Closed
from portal.ui.errors import Refused
from tests.agreements.importing.conftest import Desk
from tests.conftest import Cast, make_treaty


def test_every_field_of_the_register_is_exported_or_left_out_with_a_reason() -> None:
    """A field or table that the register gets leaves with an export from then on, or says here why not."""
    exported = {part.model._meta.label: part for part in (HEAD, *PARTS)}
    models = {model._meta.label: model for model in apps.get_app_config("register").get_models()}
    assert set(models) == exported.keys() | ELSEWHERE.keys()
    for label, part in exported.items():
        assert set(part.fields) | set(part.left_out) == columns_of(models[label]), label
        assert not set(part.fields) & set(part.left_out), label
        assert all(part.left_out.values()), label


def rich(cast: Cast) -> None:
    """A register with every kind of reference between its facts."""
    parent = make_treaty(
        short_name="Frame", countries=["XX", "YY", "ZZ"], designated=[cast.a1, cast.b], recorded_by=cast.tara
    )
    below = make_treaty(
        short_name="Below", countries=["XX", "YY"], designated=[cast.a1], recorded_by=cast.tara, confirmed_by=[cast.yusuf],
        article="Art. 2", retention_days=30, survives=True, direction="one_way",
    )  # fmt: skip
    Agreement.objects.filter(pk=below.agreement_id).update(
        made_under=parent, notice_months=6, reference="=SR 5", source="- note"
    )
    below.senders.set(["XX"])
    below.receivers.set(["YY"])
    Clause.objects.filter(pk=below.pk).update(continues=cast.art7)
    cast.art7.displaced_by.add(below.agreement)
    one = below.agreement
    act = TreatyAction.objects.create(
        agreement=one,
        kind="suspension",
        country_id="XX",
        counterpart_id="YY",
        done_on="2025-01-01",
        note="why",
        recorded_by=cast.tara,
    )
    act.clauses.set([below])
    TreatyAction.objects.create(
        agreement=one, kind="lifting", country_id="XX", done_on="2025-02-01", lifts=act, recorded_by=cast.tara
    )
    TreatyAction.objects.create(
        agreement=one,
        kind="reservation",
        country_id="YY",
        done_on="2024-03-01",
        excludes=["dna"],
        lowers_ceiling_to=0,
        way="giving",
    )
    row = Designation.objects.get(agreement=one)
    row.clauses.set([below])
    condition = ForceCondition.objects.create(
        agreement=one, consents=2, delay=30, article="Art. 38", recorded_by=cast.tara
    )
    condition.required.set(["XX"])
    ForceCondition.objects.create(agreement=one, consents=1, rectifies=condition, recorded_by=cast.tara)
    Relation.objects.create(
        agreement=one, kind="amends", other=cast.art7.agreement, note="as of then", recorded_by=cast.tara
    )
    register.register(
        by=cast.tara,
        title="A draft",
        short_name="Draft",
        kind="protocol",
        parties=[cast.a1.country, cast.b.country],
        draft=True,
    )


def whole(desk: Desk) -> list[dict[str, Any]]:
    keys = document.in_order(Agreement.objects.visible_to(desk.by))
    return json.loads("".join(document.written(keys, desk.by)))["agreements"]


def emptied() -> None:
    Confirmation.objects.all().delete()
    Relation.objects.all().delete()
    ForceCondition.objects.update(rectifies=None)
    ForceCondition.objects.all().delete()
    Designation.objects.all().delete()
    TreatyAction.objects.update(lifts=None)
    TreatyAction.objects.all().delete()
    Agreement.objects.update(made_under=None)
    Clause.objects.update(continues=None)
    Clause.objects.all().delete()
    Agreement.objects.all().delete()


def test_out_and_back_in_without_loss(desk: Desk) -> None:
    rich(desk.cast)
    before = whole(desk)
    assert len(before) == 4
    content = b"".join(register_file(kind="json", by=desk.by))  # type: ignore[arg-type]
    emptied()
    job = actions.upload(file=io.BytesIO(content), name="register.json", by=desk.by)
    assert job.rows.counts()["will_be_made"] == 4, list(job.rows.values_list("findings", flat=True))
    desk.run(job)
    assert job.rows.counts()["made"] == 4
    after = whole(desk)
    by_key = {item["key"]: document.without_notes(item) for item in after}
    assert by_key == {item["key"]: document.without_notes(item) for item in before}
    # What does not come back: confirmations, who stands behind a fact, and the instants of recording.
    assert not Confirmation.objects.exists()
    assert {fact["recorded"]["for"] for item in after for part in PARTS for fact in item[part.name]} == {None}
    assert Agreement.objects.get(short_name="Draft").is_draft
    desk.undo(job)
    assert not Agreement.objects.exists()
    assert not Party.objects.exists()


def test_beside_the_original_the_copy_gets_keys_of_its_own(desk: Desk) -> None:
    rich(desk.cast)
    content = b"".join(register_file(kind="json", by=desk.by))  # type: ignore[arg-type]
    job = actions.upload(file=io.BytesIO(content), name="register.json", by=desk.by)
    assert job.rows.counts()["asking"] == 4
    for row in job.rows.all():
        actions.decide_row(row=row, decision="new", by=desk.by)
    desk.run(job)
    assert job.rows.counts()["made"] == 4
    assert Agreement.objects.count() == 8
    copy = Agreement.objects.filter(short_name="Below").order_by("created_at").last()
    assert copy is not None
    assert copy.made_under is not None
    assert copy.made_under.agreement.imported_rows.exists()
    assert copy.clauses.get().continues.agreement.imported_rows.exists()
    desk.undo(job)
    assert Agreement.objects.count() == 4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "poem"}, "kind"),
        ({"parties": ["XX", "QQ"]}, "no country QQ"),
        ({"parties": ["YY", "ZZ"]}, "you register for X-land"),
        ({"secret": 1}, "no such field"),
        ({"concluded_on": "05.04.2022"}, "concluded_on"),
        ({"title": ""}, "title"),
        ({"key": "1"}, "key"),
    ],
)
def test_a_fault_in_an_export_is_told_at_its_place(desk: Desk, change: dict[str, Any], said: str) -> None:
    content = json.loads(b"".join(register_file(kind="json", by=desk.by)))  # type: ignore[arg-type]
    content["agreements"][0] |= change
    job = actions.upload(file=io.BytesIO(json.dumps(content).encode()), name="x.json", by=desk.by)
    row = job.rows.get()
    assert row.state == "error"
    assert any(said in finding["text"] for finding in row.findings), row.findings


def test_nobody_exports_what_they_may_not_see(desk: Desk) -> None:
    rich(desk.cast)
    cast = desk.cast
    seen = {
        who: {item["short_name"] for item in json.loads(b"".join(register_file(kind="json", by=who)))["agreements"]}
        for who in (cast.tara, cast.zoe, cast.aldo)
    }  # type: ignore[arg-type]
    assert seen[cast.tara] == {"X–Y Treaty", "Frame", "Below", "Draft"}
    assert seen[cast.zoe] == {"Frame"}
    assert seen[cast.aldo] == {"X–Y Treaty", "Frame", "Below"}
    assert Entry.objects.filter(verb="register.export").count() == 3
    sam = type("Sam", (), {"may": lambda self, permission: False})()
    with pytest.raises(Refused):
        register_file(kind="json", by=sam)


def test_references_to_hidden_agreements_are_left_out(desk: Desk) -> None:
    """Z is party of neither: from its export nobody learns that what Y and Z agreed displaces, or stands above."""
    cast = desk.cast
    hidden = make_treaty(short_name="Hidden", countries=["XX", "YY"], designated=[], recorded_by=cast.tara)
    seen = make_treaty(
        short_name="Seen", countries=["XX", "ZZ"], designated=[cast.c], recorded_by=cast.zeno, continues=hidden
    )
    seen.displaced_by.add(hidden.agreement)
    Agreement.objects.filter(pk=seen.agreement_id).update(made_under=hidden)
    found = b"".join(register_file(kind="json", by=cast.zoe)).decode()  # type: ignore[arg-type]
    assert str(hidden.pk) not in found
    assert str(hidden.agreement_id) not in found
    assert "Seen" in found


def test_tables_are_guarded_against_formulas_and_known_to_an_import(desk: Desk) -> None:
    rich(desk.cast)
    content = b"".join(register_file(kind="csv", by=desk.by))  # type: ignore[arg-type]
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert not [cell for row in rows for cell in row if cell.startswith(RISKY)]
    assert any(cell == "'=SR 5" for row in rows for cell in row)
    emptied()
    job = actions.upload(file=io.BytesIO(content), name="register.csv", by=desk.by)
    mapping, options, _ = actions.proposed(job, desk.by)
    assert options["shape"] == "party"
    job = desk.name(job, mapping)
    assert job.rows.counts()["kept"] == 0, [row.findings for row in job.rows.all()]
    desk.run(job)
    made = Agreement.objects.get(short_name="Below")
    assert made.reference == "=SR 5"
    assert {party.country_id for party in made.parties.all()} == {"XX", "YY"}
    assert made.actions.filter(kind="ratification").count() == 2


def test_the_workbook_holds_a_sheet_for_each_kind_of_fact(desk: Desk) -> None:
    rich(desk.cast)
    content = b"".join(register_file(kind="xlsx", by=desk.by))  # type: ignore[arg-type]
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Agreements", "Articles", "Actions", "Designations", "Conditions", "Relations"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(cell.value == "'=SR 5" for cell in cells)


def test_an_export_under_way_ends_with_the_right_to_see(cast: Cast) -> None:
    keys = document.in_order(Agreement.objects.visible_to(cast.yara))
    assert [item["short_name"] for item in document.documents(keys, cast.yara)]
    cast.art7.agreement.parties.filter(country="YY").delete()
    cast.art7.agreement.designations.filter(country="YY").delete()
    assert cast.art7.agreement.short_name not in {item["short_name"] for item in document.documents(keys, cast.yara)}
    Appointment.objects.filter(pk=cast.yara.pk).update(ended_at=timezone.now())
    with pytest.raises(Closed):
        list(document.documents(keys, cast.yara))
