"""The pages: upload with its refusals at the field, the panel, one document, withdraw; and who may not."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from agreements.papers import actions
from agreements.papers.models import Document
from agreements.register import actions as register
from portal.keys import new_key
from tests.agreements.papers.conftest import Shelf
from tests.agreements.papers.files import pdf, picture, upload

VALUES = {"title": "The text", "kind": "authentic_text", "language": "de", "action": ""}


def new(shelf: Shelf) -> str:
    return reverse("papers:document-create", args=[shelf.treaty.pk])


def test_a_treaty_admin_uploads_and_the_panel_and_the_page_show_it(shelf: Shelf, as_: Any) -> None:
    client = as_(shelf.cast.tara)
    act = shelf.treaty.actions.filter(kind="ratification").first()
    assert b"Officers of the parties" in client.get(new(shelf)).content
    answer = client.post(new(shelf), {**VALUES, "file": upload(pdf("Artikel 1")), "action": act.pk}, follow=True)
    row = Document.objects.get()
    assert (row.title, row.action, row.language, row.media_type) == ("The text", act, "de", "application/pdf")
    page = answer.content.decode()
    assert row.sha256 in page
    assert "Text is being read" in page
    shelf.read(row)
    panel = as_(shelf.cast.yann).get(reverse("papers:agreement-documents", args=[shelf.treaty.pk])).content.decode()
    assert "The text" in panel
    assert "Add a document" not in panel
    assert reverse("papers:agreement-documents", args=[shelf.treaty.pk]) in as_(shelf.cast.yann).get(
        reverse("register:agreement-detail", args=[shelf.treaty.pk])
    ).content.decode()  # fmt: skip


def test_by_script_the_form_alone_comes_back_or_where_to_go_on(shelf: Shelf, as_: Any) -> None:
    client, by_script = as_(shelf.cast.tara), {"HTTP_HX_REQUEST": "true"}
    answer = client.post(new(shelf), {**VALUES, "file": upload(b"MZ\x00\x01")}, **by_script)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in body
    assert "none of the files that are taken" in body
    assert 'value="The text"' in body, "what was typed is kept"
    answer = client.post(new(shelf), {**VALUES, "file": upload(picture())}, **by_script)
    assert answer["HX-Redirect"] == reverse("papers:document-detail", args=[Document.objects.get().pk])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"file": upload(b"")}, "This file is empty"),
        ({}, "This field is required"),
        ({"file": upload(pdf("a")), "language": "tlh"}, "Select a valid choice"),
        ({"file": upload(pdf("a")), "title": ""}, "This field is required"),
        ({"file": upload(pdf("a")), "action": str(new_key())}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    shelf: Shelf, as_: Any, values: dict[str, Any], words: str
) -> None:
    answer = as_(shelf.cast.tara).post(new(shelf), {**VALUES, **values})
    assert words in answer.content.decode()
    assert not Document.objects.exists()


def test_an_action_of_another_agreement_is_unknown_here(shelf: Shelf, as_: Any) -> None:
    other = shelf.draft(actions=[{"kind": "signature", "done_on": date(2026, 1, 1), "country": shelf.cast.a1.country}])
    act = other.actions.get()
    answer = as_(shelf.cast.tara).post(new(shelf), {**VALUES, "file": upload(pdf("a")), "action": str(act.pk)})
    assert "Select a valid choice" in answer.content.decode()


def test_a_new_version_and_a_withdrawal(shelf: Shelf, as_: Any) -> None:
    row, client = shelf.add(pdf("Article 1")), as_(shelf.cast.tara)
    answer = client.post(
        reverse("papers:version-create", args=[row.pk]), {"file": upload(pdf("Corrected"))}, follow=True
    )
    page = answer.content.decode()
    assert "Version 2" in page
    assert "Superseded" in page
    old = as_(shelf.cast.yann).get(reverse("papers:document-detail", args=[row.pk])).content.decode()
    assert "Newest version" in old
    newest = Document.objects.get(version=2)
    answer = client.post(reverse("papers:document-withdraw", args=[newest.pk]), {"reason": ""})
    assert "This field is required" in answer.content.decode()
    client.post(reverse("papers:document-withdraw", args=[newest.pk]), {"reason": "It was the wrong one."})
    theirs = as_(shelf.cast.yann).get(reverse("papers:document-detail", args=[newest.pk])).content.decode()
    assert "It was the wrong one." in theirs
    assert reverse("papers:document-file", args=[newest.pk]) not in theirs
    ours = as_(shelf.cast.xenia).get(reverse("papers:document-detail", args=[newest.pk])).content.decode()
    assert reverse("papers:document-file", args=[newest.pk]) in ours


DOORS = ("papers:document-detail", "papers:document-file", "papers:version-create", "papers:document-withdraw")


@pytest.mark.parametrize("name", ["zoe", "zeno"])
@pytest.mark.parametrize("door", [*DOORS, "papers:agreement-documents", "papers:document-create"])
def test_hidden_and_unknown_are_the_same(shelf: Shelf, as_: Any, door: str, name: str) -> None:
    row, client = shelf.text("Article 1"), as_(getattr(shelf.cast, name))
    key = row.pk if door in DOORS else shelf.treaty.pk
    for method in (client.get, client.post):
        hidden, unknown = (method(reverse(door, args=[k])) for k in (key, new_key()))
        assert hidden.status_code == unknown.status_code
        assert hidden.status_code in (403, 404, 405)
        assert b"Text of the treaty" not in hidden.content
    if name == "zeno":
        assert client.get(reverse(door, args=[key])).status_code == 404


def test_what_is_visible_and_not_ones_own_is_403_with_the_reason(shelf: Shelf, as_: Any) -> None:
    row = shelf.add(pdf("Article 1"))
    for door in ("papers:version-create", "papers:document-withdraw"):
        answer = as_(shelf.cast.xenia).get(reverse(door, args=[row.pk]))
        assert (answer.status_code, b"Treaty admin" in answer.content) == (403, True)
    answer = as_(shelf.cast.yusuf).post(reverse("papers:document-withdraw", args=[row.pk]), {"reason": "x"})
    assert (answer.status_code, b"Only X-land" in answer.content) == (403, True)


def test_a_draft_and_its_documents_are_unknown_until_it_is_put(shelf: Shelf, as_: Any) -> None:
    draft = shelf.draft()
    row = shelf.text("Zebra", agreement=draft)
    addresses = [
        reverse("papers:document-detail", args=[row.pk]),
        reverse("papers:document-file", args=[row.pk]),
        reverse("papers:agreement-documents", args=[draft.pk]),
    ]
    theirs = as_(shelf.cast.yusuf)
    assert {theirs.get(address).status_code for address in addresses} == {404}
    assert "<mark>" not in theirs.get("/papers/", {"q": "Zebra"}).content.decode()
    assert "<mark>Zebra" in as_(shelf.cast.tara).get("/papers/", {"q": "Zebra"}).content.decode()
    narrowed = theirs.get("/papers/", {"q": "Zebra", "agreement": draft.pk}).content.decode()
    unknown = theirs.get("/papers/", {"q": "Zebra", "agreement": new_key()}).content.decode()
    assert ("A draft" in narrowed, "not valid" in narrowed, "not valid" in unknown) == (False, True, True)
    register.put_to_parties(agreement=draft, by=shelf.cast.tara)
    assert {theirs.get(address).status_code for address in addresses} == {200}


def test_the_panel_asks_as_much_for_many_as_for_one(
    shelf: Shelf, as_: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client, address = as_(shelf.cast.tara), reverse("papers:agreement-documents", args=[shelf.treaty.pk])
    shelf.add(picture(), title="0")
    client.get(address)
    with django_assert_max_num_queries(40) as one:
        client.get(address)
    for number in range(1, 15):
        shelf.add(f"Text {number}".encode(), title=str(number))
    with django_assert_num_queries(len(one)):
        body = client.get(address).content.decode()
    assert "All 15, search in them" in body


def test_versions_are_listed_in_a_fixed_number_of_queries(
    shelf: Shelf, as_: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    row, client = shelf.add(b"0"), as_(shelf.cast.yann)
    address = reverse("papers:document-detail", args=[row.pk])
    client.get(address)
    with django_assert_max_num_queries(40) as one:
        client.get(address)
    for number in range(1, 6):
        row = actions.add_version(document=row, file=upload(f"{number}".encode()), by=shelf.cast.tara)
    with django_assert_num_queries(len(one)):
        client.get(address)
