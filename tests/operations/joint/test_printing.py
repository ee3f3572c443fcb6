"""The signed copy on paper: in the languages and by the clocks of both sides, handling on each sheet (R10), PDF/A."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from agencies.directory.models import Agency
from agreements.sharing.actions.records import Marking
from operations.joint import printing, words
from operations.joint.actions import reports
from operations.joint.models import SealedCopy
from operations.joint.places import written
from operations.joint.reading import read
from operations.patrols.choices import ObservationType
from operations.sealing.canonical import canonical, instant, place
from portal.positions.notations import Notation
from tests.operations.joint.conftest import Table


def test_every_language_has_every_word() -> None:
    for name in ("forms", "decisions", "entries", "codes", "phrases"):
        keys = {code: set(getattr(vocabulary, name)) for code, vocabulary in words.VOCABULARIES.items()}
        assert all(found == keys["en"] for found in keys.values()), name
    assert set(ObservationType.values) <= set(words.of("en").entries)
    for vocabulary in words.VOCABULARIES.values():
        for phrase, text in vocabulary.phrases.items():
            assert [part for part in "{}" if part in text] == [
                part for part in "{}" if part in words.of("en").phrases[phrase]
            ]


@pytest.fixture
def abroad(table: Table) -> Table:
    """a1 speaks German, b French and lives by another clock."""
    Agency.objects.filter(pk=table.cast.a1.pk).update(languages=["de", "en"])
    Agency.objects.filter(pk=table.cast.b.pk).update(languages=["fr"], time_zone="Europe/Bucharest")
    return table


def test_print(abroad: Table, as_: Any) -> None:
    table = abroad
    row = table.write(
        language="de",
        text="Beide Teams gingen.",
        marking=Marking(["operational"], 1, handling_codes=["H1", "H3"], handling_note="Only for the lake"),
    )
    row = reports.put_forward(report=row, by=table.cast.lars)
    table.sign(row, table.cast.lars)
    table.sign(row, table.cast.yann, decision="disagrees", statement="It rained.")
    copy = table.copy(table.cast.b)
    answer = as_(table.cast.yann).get(reverse("joint:copy-print", args=[copy.pk]))
    assert answer["Content-Disposition"].endswith('.pdf"')
    document = PdfReader(io.BytesIO(answer.content))
    pages = [page.extract_text() for page in document.pages]
    whole = "\n".join(pages)
    for told in (
        "Gemeinsamer Bericht",
        "Rapport commun",
        "Beide Teams gingen.",
        "It rained.",
        "Boat of theirs.",
        "Europe/Zurich",
        "Europe/Bucharest",
        "47.66000, 9.17000",
        copy.record.reference,
        "Only for the lake",
    ):
        assert told in whole, told
    assert "n'ont pas rédigé" in whole
    assert len(pages) >= 2
    assert all("RESTRICTED · H1, H3" in page and "TLP:AMBER" in page for page in pages)
    assert b"pdfaid" in answer.content
    # Who may not keep it is not given it.
    SealedCopy.objects.get(pk=copy.pk).record.releases.update(revoked_at=timezone.now())
    assert as_(table.cast.yann).get(reverse("joint:copy-print", args=[copy.pk])).status_code == 404


def test_without_languages_it_is_in_those_of_the_text(table: Table) -> None:
    ours, _ = table.sealed()
    assert printing.languages_of(read(ours)) == ["en"]


def test_one_way_to_write_it() -> None:
    at = datetime(2026, 3, 2, 20, 40, tzinfo=UTC)
    assert instant(at) == "2026-03-02T20:40:00.000000Z"
    assert place(47.66, -9.1) == "47.660000,-9.100000"
    assert place(None, None) is None
    assert canonical({"b": [1, None, True], "a": "ü"}) == '{"a":"ü","b":[1,null,true]}'
    with pytest.raises(TypeError):
        canonical({"a": 1.5})
    with pytest.raises(TypeError):
        canonical({1: "a"})
    assert written("47.660000,-9.100000", [Notation.DECIMAL, Notation.DMS, Notation.DECIMAL]) == [
        "47.66000, -9.10000",
        "47°39'36.0\"N 9°06'00.0\"W",
    ]
    assert written(None, ["decimal"]) == []
