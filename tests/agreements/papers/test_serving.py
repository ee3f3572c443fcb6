"""A document's file goes to who may read it, is what was given, and breaks off when the right ends (R13)."""

import base64
import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.papers import actions
from agreements.papers.models import Document
from agreements.register.models import Party
from portal import sending
from portal.audit.models import Entry
from tests.agreements.papers.conftest import Ends, Shelf
from tests.agreements.papers.files import pdf

ADDRESSES: dict[str, Callable[[Document], str]] = {
    "page": lambda row: reverse("papers:document-file", args=[row.pk]),
    "API": lambda row: reverse("documents-file", args=[row.pk]),
}


@pytest.fixture
def row(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Document:
    """In pieces so small that there are many, and the policy asked before each."""
    monkeypatch.setattr(sending, "PIECE", 64)
    monkeypatch.setattr(sending, "ASK_AFTER", 0)
    return shelf.add(pdf("Article 1 " * 100))


@pytest.mark.parametrize("door", ADDRESSES)
def test_who_may_read_it_gets_all_of_it_as_a_file(shelf: Shelf, row: Document, as_: Any, door: str) -> None:
    for who in (shelf.cast.yann, shelf.cast.aldo):
        answer = as_(who).get(ADDRESSES[door](row))
        body = b"".join(answer.streaming_content)
        assert hashlib.sha256(body).hexdigest() == row.sha256
        assert answer["Content-Length"] == str(len(body))
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == f'attachment; filename="{row.file_name}"'
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
        digest = base64.b64encode(bytes.fromhex(row.sha256)).decode()
        assert answer["Repr-Digest"] == f"sha-256=:{digest}:"
        entry = Entry.objects.get(request_id=answer["X-Request-ID"], verb="document.open")
        assert (entry.subject_id, entry.appointment_id) == (str(row.pk), who.pk)


@pytest.mark.parametrize("door", ADDRESSES)
def test_hidden_and_unknown_are_the_same(shelf: Shelf, row: Document, as_: Any, door: str) -> None:
    hidden = as_(shelf.cast.zoe).get(ADDRESSES[door](row))
    Document.objects.all().delete()
    unknown = as_(shelf.cast.zoe).get(ADDRESSES[door](row))
    assert hidden.status_code == unknown.status_code == 404
    assert not Entry.objects.filter(verb="document.open").exists()


def no_party(shelf: Shelf, row: Document) -> None:
    Party.objects.filter(agreement=row.agreement, country="YY").delete()
    row.agreement.designations.filter(country="YY").delete()


def over(shelf: Shelf, row: Document) -> None:
    Appointment.objects.filter(pk=shelf.cast.yann.pk).update(ended_at=timezone.now())


def off(shelf: Shelf, row: Document) -> None:
    shelf.cast.yann.officer.is_active = False
    shelf.cast.yann.officer.save()


def withdrawn(shelf: Shelf, row: Document) -> None:
    actions.withdraw(document=row, reason="Wrong", by=shelf.cast.tara)


@pytest.mark.parametrize("ends", [no_party, over, off, withdrawn])
@pytest.mark.parametrize("door", ADDRESSES)
def test_it_breaks_off_in_the_middle(shelf: Shelf, row: Document, as_: Any, door: str, ends: Ends) -> None:
    answer = as_(shelf.cast.yann).get(ADDRESSES[door](row))
    under_way = iter(answer.streaming_content)
    got = next(under_way) + next(under_way)
    ends(shelf, row)
    with pytest.raises(sending.Closed):
        next(under_way)
    assert len(got) < int(answer["Content-Length"])


def test_a_withdrawn_one_is_refused_with_the_reason_to_who_may_know_of_it(
    shelf: Shelf, row: Document, as_: Any
) -> None:
    withdrawn(shelf, row)
    for door, status in (("page", 403), ("API", 403)):
        answer = as_(shelf.cast.yann).get(ADDRESSES[door](row))
        assert answer.status_code == status
        assert b"only the agency that withdrew it" in answer.content
    assert as_(shelf.cast.xenia).get(ADDRESSES["page"](row)).status_code == 200


@pytest.mark.parametrize("harm", [lambda path: path.write_bytes(pdf("Forged")), lambda path: path.unlink()])
def test_a_file_that_is_not_the_one_that_was_given_is_not_given_out(
    shelf: Shelf, row: Document, as_: Any, caplog: Any, harm: Callable[[Path], None]
) -> None:
    harm(Path(row.file.path))
    client = as_(shelf.cast.yann)
    with caplog.at_level(logging.ERROR):
        page, api = client.get(ADDRESSES["page"](row), follow=True), client.get(ADDRESSES["API"](row))
    assert b"no longer matches its checksum" in page.content
    assert (api.status_code, api["Content-Type"]) == (409, "application/problem+json")
    assert str(row.pk) in caplog.text
    assert row.title not in caplog.text
