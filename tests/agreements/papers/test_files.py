"""Files that no document has are forgotten; the demonstration's texts are there once."""

import os
import time
from datetime import timedelta
from typing import Any

from agreements.deadlines import demo as reviews
from agreements.deadlines.models import Review
from agreements.papers import demo, schedule
from agreements.papers.models import Document
from agreements.register import actions as register
from agreements.register.models import Agreement, Party
from tests.agreements.papers.conftest import Shelf
from tests.agreements.papers.files import pdf


def test_files_without_a_document_are_forgotten_after_a_day(shelf: Shelf) -> None:
    draft = shelf.draft(actions=[])
    gone, kept, young = shelf.add(pdf("a"), agreement=draft), shelf.add(pdf("b")), shelf.add(pdf("c"), agreement=draft)
    for row in (gone, kept):
        old = time.time() - timedelta(days=2).total_seconds()
        os.utime(row.file.path, (old, old))
    register.delete_draft(agreement=draft, by=shelf.cast.tara)
    assert list(Document.objects.all()) == [kept]
    assert schedule.forget_files() == 1
    exists = [row.file.storage.exists(row.file.name) for row in (gone, kept, young)]
    assert exists == [False, True, True]
    assert schedule.forget_files() == 0


def test_a_draft_with_a_document_of_an_action_can_be_thrown_away(shelf: Shelf) -> None:
    draft = shelf.draft()
    act = register.record_action(
        agreement=draft, kind="signature", done_on=draft.created_at.date() - timedelta(days=1),
        country=shelf.cast.a1.country, by=shelf.cast.tara,
    )  # fmt: skip
    shelf.add(pdf("a"), agreement=draft, action=act)
    register.delete_draft(agreement=draft, by=shelf.cast.tara)
    assert not Document.objects.exists()


def test_nothing_was_ever_uploaded(shelf: Shelf) -> None:
    assert schedule.forget_files() == 0


def test_texts_of_the_demonstration_are_ours_and_loaded_once(shelf: Shelf, monkeypatch: Any) -> None:
    cast = shelf.cast
    for name in {paper.agreement for paper in demo.PAPERS}:
        row = Agreement.objects.create(title=name, short_name=name, kind="agreement", drafted_by=cast.a1)
        Party.objects.create(agreement=row, country_id="XX")
    for module in (demo, reviews):
        monkeypatch.setattr(module, "admin", lambda country: cast.tara)
    assert demo.load() == len(demo.PAPERS)
    assert demo.load() == 0
    assert reviews.load() == Review.objects.count() == 2
    assert reviews.load() == 0
    assert Document.objects.filter(superseded_at__isnull=False).count() == 1
    for path in demo.DATA.iterdir():
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith(("INVENTED FOR THE DEMONSTRATION", "ERFUNDEN FÜR DIE VORFÜHRUNG")), path
    assert {path.name for path in demo.DATA.iterdir()} == {paper.file for paper in demo.PAPERS}
