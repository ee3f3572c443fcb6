"""Who adds, who adds a new version, who withdraws, and what stays."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from agencies.directory.models import Appointment
from agreements.papers import actions
from agreements.papers.models import Document
from agreements.register import actions as register
from portal.audit.models import Entry
from portal.keys import new_key
from portal.ui.errors import Refused
from tests.agreements.papers.conftest import Shelf
from tests.agreements.papers.files import pdf, picture, upload
from tests.conftest import make_treaty


def test_it_is_kept_exactly_as_it_was_under_a_name_of_nobodys_choice(shelf: Shelf) -> None:
    content = pdf("Article 1")
    row = actions.add(
        agreement=shelf.treaty, file=upload(content, "../../Secret plan.pdf"), kind="authentic_text", title="Text",
        language="en", by=shelf.cast.tara,
    )  # fmt: skip
    with row.file.open("rb") as file:
        assert file.read() == content
    assert "ecret" not in row.file.name
    assert row.file.name.startswith("documents/")
    assert row.file_name == f"DOC-{row.pk.hex[-8:].upper()}-en-v1.pdf"
    assert row.is_official, "an authentic text always is"
    entry = Entry.objects.get(verb="document.add")
    assert (entry.subject_id, entry.data["sha256"]) == (str(row.pk), row.sha256)


@pytest.mark.parametrize("name", ["xenia", "ada", "yann", "zeno", "aldo", "arno"])
def test_nobody_but_a_partys_treaty_admin_adds_one(shelf: Shelf, name: str) -> None:
    with pytest.raises(Refused) as refused:
        shelf.add(pdf("Article 1"), by=getattr(shelf.cast, name))
    assert refused.value.code == "forbidden"
    assert not Document.objects.exists()


def test_to_a_draft_its_own_agency_alone_adds(shelf: Shelf) -> None:
    draft = shelf.draft()
    assert shelf.add(pdf("Article 1"), agreement=draft)
    with pytest.raises(Refused):
        shelf.add(pdf("Article 2"), agreement=draft, by=shelf.cast.yusuf)


def test_it_belongs_to_an_action_of_its_own_agreement_or_to_none(shelf: Shelf) -> None:
    other = make_treaty(
        short_name="Other", countries=["XX", "ZZ"], designated=[], recorded_by=shelf.cast.tara
    ).agreement
    own, others = shelf.treaty.actions.filter(kind="ratification").first(), other.actions.first()
    assert shelf.add(pdf("Instrument"), kind="instrument", action=own).action == own
    with pytest.raises(Refused) as refused:
        shelf.add(pdf("Another"), action=others)
    assert refused.value.field == "action"


def test_a_new_version_replaces_nothing(shelf: Shelf) -> None:
    old = shelf.add(pdf("Article 1"))
    new = actions.add_version(document=old, file=upload(pdf("Article 1 corrected")), by=shelf.cast.tara)
    old.refresh_from_db()
    assert (old.version, new.version, old.series) == (1, 2, new.series)
    assert (old.superseded_by, new.superseded_at, old.state, new.state) == (
        shelf.cast.tara, None, "superseded", "current"
    )  # fmt: skip
    assert old.superseded_at is not None
    assert old.file.storage.exists(old.file.name)
    with pytest.raises(Refused, match="newer version"):
        actions.add_version(document=old, file=upload(pdf("Another")), by=shelf.cast.tara)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=old.pk).update(superseded_at=None, superseded_by=None)


def test_a_version_sent_again_is_one(shelf: Shelf) -> None:
    old, key = shelf.add(pdf("Article 1")), new_key()
    one, two = (
        actions.add_version(document=old, file=upload(pdf("Corrected")), by=shelf.cast.tara, key=key) for _ in range(2)
    )
    assert one == two
    assert Document.objects.count() == 2


@pytest.mark.parametrize("name", ["yusuf", "zeno", "xenia"])
def test_what_another_party_added_is_not_ones_own(shelf: Shelf, name: str) -> None:
    row, by = shelf.add(pdf("Article 1")), getattr(shelf.cast, name)
    with pytest.raises(Refused) as version:
        actions.add_version(document=row, file=upload(pdf("Mine")), by=by)
    with pytest.raises(Refused) as withdrawn:
        actions.withdraw(document=row, reason="Because", by=by)
    assert (version.value.code, withdrawn.value.code) == ("forbidden", "forbidden")
    row.refresh_from_db()
    assert row.state == "current"


def test_what_is_withdrawn_stays_with_its_reason_and_is_not_read_by_others(shelf: Shelf) -> None:
    row = shelf.text("Article 1")
    with pytest.raises(Refused, match="why"):
        actions.withdraw(document=row, reason=" ", by=shelf.cast.tara)
    actions.withdraw(document=row, reason="The wrong file.", by=shelf.cast.tara)
    row.refresh_from_db()
    assert (row.state, row.withdrawn_why, row.withdrawn_by) == ("withdrawn", "The wrong file.", shelf.cast.tara)
    assert row.file.storage.exists(row.file.name)
    for who, may in ((shelf.cast.yusuf, False), (shelf.cast.aldo, False), (shelf.cast.xenia, True)):
        assert Document.objects.visible_to(who).filter(pk=row.pk).exists()
        assert Document.objects.readable_by(who).filter(pk=row.pk).exists() is may
    with pytest.raises(Refused, match="withdrawn"):
        actions.withdraw(document=row, reason="Again", by=shelf.cast.tara)
    assert shelf.add(b"Article 1", title="Again"), "what was withdrawn by mistake is added again"


def test_what_a_draft_had_thrown_out_no_party_learns_of(shelf: Shelf) -> None:
    draft = shelf.draft()
    gone, kept = shelf.add(pdf("Our own notes"), agreement=draft, kind="note"), shelf.add(pdf("Text"), agreement=draft)
    assert not Document.objects.visible_to(shelf.cast.yusuf).exists()
    actions.withdraw(document=gone, reason="Not for the others.", by=shelf.cast.tara)
    register.put_to_parties(agreement=draft, by=shelf.cast.tara)
    assert list(Document.objects.visible_to(shelf.cast.yusuf)) == [kept]
    assert set(Document.objects.visible_to(shelf.cast.tara)) == {gone, kept}


def test_the_same_file_is_not_kept_twice_and_there_is_an_end_of_room(shelf: Shelf, settings: object) -> None:
    first = shelf.add(pdf("Article 1"))
    with pytest.raises(Refused, match="here already") as refused:
        shelf.add(pdf("Article 1"), title="Another")
    assert refused.value.field == "file"
    settings.DOCUMENTS_LIMIT_AGREEMENT = first.size + 10  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="exceed"):
        shelf.add(picture())


def test_what_a_reader_may_know_of(shelf: Shelf) -> None:
    """The parties and the designated, whatever their role; nobody else (R23)."""
    row, cast = shelf.add(pdf("Article 1")), shelf.cast

    def seen(who: Appointment | None) -> bool:
        return Document.objects.visible_to(who).filter(pk=row.pk).exists()

    assert {name for name, who in cast.people.items() if seen(who)} == set(cast.people) - {"zoe", "zeno"}
    assert not seen(None)
    register.designate(agreement=shelf.treaty, agency=cast.a2, starts_on=date(2026, 1, 1), by=cast.tara)
    assert not seen(cast.zoe)
