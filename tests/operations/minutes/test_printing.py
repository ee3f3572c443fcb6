"""Minutes on paper: in the languages of the agencies, marked, dated, and who printed on each sheet. PDF/A."""

import io
from typing import Any

from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from operations.minutes import printing, words
from operations.minutes.actions import keeping
from operations.minutes.choices import Decision
from tests.operations.minutes.conftest import Secretary


def text_of(content: bytes) -> tuple[PdfReader, list[str]]:
    reader = PdfReader(io.BytesIO(content))
    return reader, [page.extract_text() for page in reader.pages]


def test_every_language_has_every_word() -> None:
    names = {code: set(vocabulary.phrases) for code, vocabulary in words.VOCABULARIES.items()}
    assert all(found == names["en"] for found in names.values())
    for vocabulary in words.VOCABULARIES.values():
        for name, text in vocabulary.phrases.items():
            assert text.count("{") == words.of("en").phrases[name].count("{"), name


def test_in_the_languages_of_the_agencies(secretary: Secretary) -> None:
    cast = secretary.cast
    for agency, language in ((cast.a1, "de"), (cast.b, "fr")):
        agency.languages = [language]
        agency.save()
    row = secretary.begin()
    item = secretary.item(row)
    decision = secretary.decision(row)
    secretary.action(row, decision=decision)
    texts = {"title": "Protokoll der Kommission", f"{item.pk}.title": "Boote ohne Licht"}
    keeping.put_into_words(minutes=secretary.again(row), by=cast.lars, language="de", texts=texts)
    row = keeping.put_forward(minutes=secretary.again(row), by=cast.lars)
    secretary.agree(row, cast.yann, decision=Decision.ANNOTATES.value, annotation="Une fois seulement.")
    secretary.agree(row, cast.lars)
    copy = secretary.copy(cast.a1)
    reader, sheets = text_of(printing.document(printing.paper_of_copy(copy), cast.lars, timezone.now()))
    whole = "\n".join(sheets)
    for said in (
        "Protokoll der Kommission", "Boote ohne Licht", "Beschluss", "Procès-verbal", "Décision", "List the boats",
        "Une fois seulement.", copy.content_digest, "Quiet nights",
    ):  # fmt: skip
        assert said in whole, said
    for sheet in sheets:
        assert "RESTRICTED" in sheet
        assert "TLP:AMBER" in sheet
        assert cast.lars.function in sheet
    assert b"pdfaid" in reader.xmp_metadata.stream.get_data()  # type: ignore[union-attr]
    assert "Yann" not in whole


def test_a_draft_says_so(secretary: Secretary, as_: Any) -> None:
    row = secretary.begin()
    secretary.item(row)
    answer = as_(secretary.cast.lars).get(reverse("minutes:minutes-print", args=[row.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert "Draft: not agreed yet" in "\n".join(text_of(answer.content)[1])


def test_of_a_copy_that_is_none_nothing_is_printed(secretary: Secretary, as_: Any) -> None:
    mine, _ = secretary.agreed()
    type(mine).objects.filter(pk=mine.pk).update(text="{}")
    answer = as_(secretary.cast.lars).get(reverse("minutes:copy-print", args=[mine.pk]))
    assert answer.status_code == 302
    page = as_(secretary.cast.lars).get(reverse("minutes:copy-detail", args=[mine.pk])).content.decode()
    assert "no sealed copy any more" in page


def test_the_download_is_what_was_sealed(secretary: Secretary, as_: Any) -> None:
    mine, _ = secretary.agreed()
    answer = as_(secretary.cast.lars).get(reverse("minutes:copy-download", args=[mine.pk]))
    assert answer.content.decode() == mine.text
    assert as_(secretary.cast.yann).get(reverse("minutes:copy-download", args=[mine.pk])).status_code == 404
