"""Texts of the invented arrangements, in two languages, written for the demonstration. No text of a real treaty."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.core.files.base import ContentFile

from agreements.papers import actions
from agreements.papers.models import Document
from agreements.register.demo.people import admin
from agreements.register.models import Agreement

DATA = Path(__file__).parent / "demo_data"


@dataclass(frozen=True)
class Paper:
    """A file of `demo_data`, what it is, and the country whose treaty admin adds it."""

    file: str
    agreement: str
    title: str
    kind: str
    language: str
    country: str
    official: bool = False
    replaces: str = ""


PAPERS = (
    Paper("upper-rhine.de.txt", "Technical Arrangement Upper Rhine", "Technische Vereinbarung Oberrhein", "authentic_text", "de", "CH"),
    Paper("upper-rhine.en.txt", "Technical Arrangement Upper Rhine", "Technical Arrangement Upper Rhine", "translation", "en", "CH"),
    Paper("upper-rhine-annex-1.de.txt", "Technical Arrangement Upper Rhine", "Anhang A: Funk", "annex", "de", "DE"),
    Paper("upper-rhine-annex-2.de.txt", "Technical Arrangement Upper Rhine", "Anhang A: Funk", "annex", "de", "DE",
          replaces="upper-rhine-annex-1.de.txt"),
    Paper("alpine-rhine.de.txt", "Technical Arrangement Alpine Rhine", "Technische Vereinbarung Alpenrhein", "authentic_text", "de", "AT"),
    Paper("alpine-rhine.en.txt", "Technical Arrangement Alpine Rhine", "Technical Arrangement Alpine Rhine", "translation", "en", "AT"),
    Paper("lake-week.de.txt", "Technical Arrangement Lake Week", "Technische Vereinbarung Seewoche", "authentic_text", "de", "DE"),
)  # fmt: skip


def load() -> int:
    """Add what is not there yet; how many are new."""
    made = 0
    kept: dict[str, Document] = {}
    for paper in PAPERS:
        content = (DATA / paper.file).read_bytes()
        agreement = Agreement.objects.get(short_name=paper.agreement)
        row = _found(agreement, content)
        if row is None:
            row, made = _add(paper, agreement, content, kept), made + 1
        kept[paper.file] = row
    return made


def _found(agreement: Agreement, content: bytes) -> Document | None:
    return Document.objects.filter(agreement=agreement, sha256=sha256(content).hexdigest()).first()


def _add(paper: Paper, agreement: Agreement, content: bytes, kept: dict[str, Document]) -> Document:
    file, by = ContentFile(content, name="text.txt"), admin(paper.country)
    if paper.replaces:
        return actions.add_version(document=kept[paper.replaces], file=file, by=by)
    return actions.add(
        agreement=agreement, file=file, kind=paper.kind, title=paper.title, language=paper.language,
        is_official=paper.official, by=by,
    )  # fmt: skip
