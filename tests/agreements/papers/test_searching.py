"""Full-text search: by the grammar of each document's language, in what the reader may open, and in nothing else."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.directory.models import Appointment
from agreements.papers import actions, searching
from agreements.papers.choices import config_of
from agreements.papers.models import Document
from tests.agreements.papers.conftest import Shelf
from tests.agreements.papers.files import pdf, upload
from tests.conftest import make_treaty


def found(by: Appointment, text: str, **filters: Any) -> list[str]:
    result = searching.search(searching.narrowed(by, **filters), text)
    assert result.count == len(result.rows)
    return sorted(row.document.title for row in result.rows)


def marked(by: Appointment, text: str) -> set[str]:
    rows = searching.search(searching.narrowed(by), text).rows
    return {part.text for row in rows for snippet in row.snippets for part in snippet.parts if part.marked}


@pytest.fixture
def texts(shelf: Shelf) -> Shelf:
    shelf.text("The officers may pursue a suspect across the border.", title="English")
    shelf.text("Die Beamten verfolgen einen Verdächtigen. Die Kontrollen enden an der Grenze.", title="Deutsch", language="de",
               kind="translation")  # fmt: skip
    shelf.text("Les agents poursuivent le suspect; contrôles à la frontière.", title="Français", language="fr")
    return shelf


def test_words_are_found_in_the_forms_of_their_language_and_marked(texts: Shelf) -> None:
    by = texts.cast.yann
    assert found(by, "pursuing borders") == ["English"]
    assert marked(by, "pursuing borders") == {"pursue", "border"}
    assert found(by, "Kontrolle") == ["Deutsch"]
    assert marked(by, "Kontrolle") == {"Kontrollen"}
    assert found(by, "contrôle") == ["Français"]
    assert found(by, "suspect") == ["English", "Français"]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ('"across the border"', ["English"]),
        ('"border the across"', []),
        ("suspect -frontière", ["English"]),
        ("Kontrolle or pursue", ["Deutsch", "English"]),
        ("nowhere", []),
        ("the", []),
        ("   ", []),
        ("' & | ! ( <-> :* \\", []),
        ("English", ["English"]),
    ],
)
def test_how_one_may_ask(texts: Shelf, text: str, titles: list[str]) -> None:
    assert found(texts.cast.yann, text) == titles


def test_it_is_narrowed_by_agreement_language_kind_and_age(texts: Shelf) -> None:
    by = texts.cast.yann
    assert found(by, "suspect", language="fr") == ["Français"]
    assert found(by, "Grenze", kind="authentic_text") == []
    assert found(by, "Grenze", kind="translation", agreement=texts.treaty) == ["Deutsch"]
    old = Document.objects.get(title="English")
    texts.read(actions.add_version(document=old, file=upload(b"Nothing of that any more."), by=texts.cast.tara))
    assert found(by, "pursue") == []
    assert found(by, "pursue", old=True) == ["English"]


def test_words_of_one_document_may_stand_on_different_pages_and_the_page_is_told(shelf: Shelf) -> None:
    shelf.read(shelf.add(pdf("Hot pursuit of a vehicle", "Nothing", "Surveillance of a person")))
    rows = searching.search(searching.narrowed(shelf.cast.yann), "pursuit surveillance").rows
    assert [snippet.page for snippet in rows[0].snippets] == [1, 3]


def test_a_text_is_shown_as_text(shelf: Shelf, as_: Any) -> None:
    shelf.text("<script>alert(1)</script> patrols \ue000<b>bold</b>\ue001 & more")
    body = as_(shelf.cast.yann).get("/papers/", {"q": "patrols"}).content.decode()
    assert "<script>alert(1)" not in body
    assert "<mark>patrols</mark>" in body
    assert "<mark>&lt;b" not in body


def test_nothing_is_found_in_what_is_hidden_withdrawn_or_a_draft(texts: Shelf) -> None:
    cast = texts.cast
    other = make_treaty(short_name="X–Z", countries=["XX", "ZZ"], designated=[], recorded_by=cast.tara).agreement
    texts.text("Suspects with Z", title="Hidden", agreement=other)
    texts.text("Suspects in a draft", title="Draft", agreement=texts.draft())
    assert found(cast.yann, "suspect") == ["English", "Français"]
    assert found(cast.zoe, "suspect") == ["Hidden"]
    assert found(cast.tara, "suspect") == ["Draft", "English", "Français", "Hidden"]
    assert found(cast.aldo, "suspect") == ["English", "Français", "Hidden"], (
        "another agency of the party, not of the draft"
    )
    actions.withdraw(document=Document.objects.get(title="English"), reason="Wrong", by=cast.tara)
    assert found(cast.yann, "suspect") == ["Français"]
    assert found(cast.tara, "suspect") == ["Draft", "Français", "Hidden"]


def work(by: Appointment, text: str) -> list[tuple[str, int]]:
    """What the database did to answer: each step, and how many rows went through it."""
    rows = searching.narrowed(by)
    configs = {key: config_of(language) for key, language in rows.order_by("pk").values_list("pk", "language")}
    values = {"keys": list(configs), "configs": list(configs.values()), "text": text, "limit": 20, "offset": 0}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) {searching.MATCHES}", values)
        plan = json.loads(json.dumps(cursor.fetchone()[0]))
    steps: list[tuple[str, int]] = []

    def walk(node: dict[str, Any]) -> None:
        steps.append((node["Node Type"], node["Actual Rows"] * node["Actual Loops"]))
        for below in node.get("Plans", []):
            walk(below)

    walk(plan[0]["Plan"])
    return steps


def test_a_search_is_the_same_work_whether_or_not_what_is_hidden_matches(texts: Shelf) -> None:
    """R17: the database does not even look at the words of what the reader may not open."""
    cast = texts.cast
    other = make_treaty(short_name="X–Z", countries=["XX", "ZZ"], designated=[], recorded_by=cast.tara).agreement
    for number in range(12):
        texts.add(f"{number}".encode(), title=f"Zebra {number}", agreement=other)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE papers_document")
    assert searching.search(searching.narrowed(cast.zoe), "zebra").count == 12
    assert work(cast.yann, "zebra") == work(cast.yann, "giraffe")
    assert work(cast.zoe, "zebra") != work(cast.zoe, "giraffe"), "the comparison sees a difference where there is one"


def test_a_page_of_many_costs_what_a_page_of_one_does(shelf: Shelf, as_: Any) -> None:
    client = as_(shelf.cast.yann)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/papers/", {"q": "border"}).status_code == 200
        return len(asked)

    shelf.text("The border", title="0")
    client.get("/papers/")
    one = queries()
    for number in range(1, 26):
        shelf.add(f"{number}".encode(), title=f"The border {number}")
    assert queries() == one
    body = client.get("/papers/", {"q": "border", "page": 2}).content.decode()
    assert "26 documents" in body
    assert "page 2 of 2" in body
