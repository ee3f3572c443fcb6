"""The text of a document is read by a job, in a process of its own, within limits, and said to be read or not."""

import json
import logging
import subprocess
import sys
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from pypdf import PdfReader, PdfWriter

from agreements.papers import extracting, reading
from agreements.papers.choices import MediaType, configs
from agreements.papers.models import Document, Passage
from portal.keys import new_key
from portal.outbox.models import Due, Message
from portal.ui.errors import Refused
from tests.agreements.papers.conftest import Shelf
from tests.agreements.papers.files import docx, odt, packed, pdf, picture

SECRET = "zqsecretxq"


def texts(document: Document) -> list[tuple[int, str]]:
    return list(document.passages.values_list("number", "text"))


def test_a_pdf_is_read_page_by_page(shelf: Shelf) -> None:
    row = shelf.add(pdf("Article 1 Patrols", "", "Article 2 Pursuit"))
    assert row.reading == "waiting"
    shelf.read(row)
    assert row.reading == "read"
    assert texts(row) == [(1, "Article 1 Patrols"), (3, "Article 2 Pursuit")]


@pytest.mark.parametrize("content", [docx("Article 1", "Umlauts: über"), odt("Article 1", "Umlauts: über")])
def test_others_are_read_as_paragraphs(shelf: Shelf, content: bytes) -> None:
    row = shelf.add(content)
    shelf.read(row)
    assert texts(row) == [(1, "Article 1\nUmlauts: über")]


def test_a_scan_and_a_picture_hold_no_text_and_say_so(shelf: Shelf) -> None:
    scan, map_ = shelf.add(pdf("", "")), shelf.add(picture(), kind="map", language="und")
    assert map_.reading == "empty", "a picture waits for nobody"
    shelf.read(scan)
    assert scan.reading == "empty"
    assert not Passage.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\nnothing of a PDF\n%%EOF",
        docx("a", head='<!DOCTYPE a [<!ENTITY e "aaaa">]>'),
        packed({"[Content_Types].xml": "", "word/document.xml": "<not closed"}),
    ],
)
def test_what_is_damaged_or_hostile_inside_says_so(shelf: Shelf, content: bytes) -> None:
    row = shelf.add(content)
    shelf.read(row)
    assert row.reading == "failed"
    assert Message.objects.get(kind=reading.READ).done_at, "not tried again and again"


def test_one_whose_file_is_lost_says_so(shelf: Shelf) -> None:
    row = shelf.add(pdf("Article 1"))
    row.file.storage.delete(row.file.name)
    shelf.read(row)
    assert row.reading == "failed"


def test_a_pdf_with_a_password_says_so(shelf: Shelf) -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf("Article 1"))))
    writer.encrypt("a password", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    row = shelf.add(out.getvalue())
    shelf.read(row)
    assert row.reading == "failed"


def test_reading_twice_reads_once(shelf: Shelf) -> None:
    row = shelf.text("Article 1")
    reading.read({"document": str(row.pk)})
    assert row.passages.count() == 1


def test_a_bomb_in_a_part_is_not_unpacked_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracting, "MOST_UNPACKED", 1000)
    with pytest.raises(ValueError, match="too large"):
        list(extracting.of_docx(docx("a" * 2000)))


def test_no_more_text_is_kept_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracting, "MOST_TEXT", 5000)
    found = extracting.passages("text/plain", ("word " * 10_000).encode())
    assert sum(len(text) for _, text in found) <= 5000


def test_the_reader_has_little_memory_and_time() -> None:
    """A child that wants more than it may have ends, and the worker goes on."""
    script = (
        "from agreements.papers import extracting as e; e.limit(); e.passages = lambda *a: bytearray(2 * e.MEMORY); "
        "import sys; sys.exit(e.main('text/plain'))"
    )
    done = subprocess.run([sys.executable, "-c", script], input=b"", capture_output=True, check=False, timeout=60)
    assert done.returncode != 0
    assert not done.stdout


def test_a_text_that_takes_too_long_is_given_up(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PATIENCE", 0.001)
    assert reading.extracted(pdf("Article 1"), MediaType.PDF) is None


def test_more_words_than_a_row_can_hold_are_kept_as_far_as_they_fit(shelf: Shelf) -> None:
    text = "\n".join(f"{number:x}word{number * 7919 % 1_000_003:x}" for number in range(100_000))
    row = shelf.text(text, language="und")
    assert row.reading == "read"
    assert sum(len(text) for _, text in texts(row)) > 1_000_000


def test_postgresql_has_every_configuration(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cfgname FROM pg_ts_config")
        assert configs() <= {name for (name,) in cursor.fetchall()}


def test_no_word_of_a_text_is_in_a_message_a_log_or_a_mail(shelf: Shelf, caplog: Any, as_: Any) -> None:
    with caplog.at_level(logging.DEBUG):
        for content in (pdf(f"Article {SECRET}"), f"Art. {SECRET}".encode(), docx(SECRET), docx(SECRET)[:-1] + b"\x00"):
            with suppress(Refused):
                shelf.add(content, title="A text")
        shelf.read()
    assert Passage.objects.filter(text__contains=SECRET).count() == 3
    held = [*Message.objects.values_list("kind", "key", "payload", "last_error"), *Due.objects.values_list("payload")]
    told = json.dumps(held, default=str) + "\n".join(r.getMessage() for r in caplog.records)
    assert SECRET not in told + "".join(str(m.message()) for m in mail.outbox)


def test_what_the_database_refuses_is_not_quoted(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    row = shelf.add(b"Article 1")
    monkeypatch.setattr(reading, "extracted", lambda *a: [(1, f"{SECRET}\x00"), (1, SECRET)])
    shelf.read()
    message = Message.objects.get(kind=reading.READ)
    assert message.attempts == 1
    assert SECRET not in message.last_error
    assert not row.passages.exists()


def test_the_same_upload_again_is_one(shelf: Shelf) -> None:
    key = new_key()
    one, two = (shelf.add(pdf("Article 1"), key=key) for _ in range(2))
    assert one == two
