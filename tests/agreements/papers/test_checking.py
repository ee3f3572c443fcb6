"""Which files are taken: by content and size, and with a sentence for those that are not."""

import hashlib
import zipfile
from typing import Any

import pytest

from agreements.papers import checking
from agreements.papers.choices import MediaType
from portal.ui.errors import Refused
from tests.agreements.papers.files import docx, odt, packed, pdf, picture, upload

TAKEN = {
    MediaType.PDF: pdf("Article 1"),
    MediaType.DOCX: docx("Article 1"),
    MediaType.ODT: odt("Article 1"),
    MediaType.TXT: "Artikel 1: Zusammenarbeit über die Grenze\r\n".encode(),
    MediaType.JPEG: picture("JPEG"),
    MediaType.PNG: picture("PNG"),
    MediaType.TIFF: picture("TIFF"),
    MediaType.WEBP: picture("WEBP"),
}


@pytest.mark.parametrize("media_type", MediaType)
def test_what_is_taken_is_known_by_its_content_and_kept_by_its_digest(media_type: MediaType) -> None:
    file = upload(TAKEN[media_type], "harmless.exe")
    found = checking.check(file)
    assert found == checking.Checked(media_type, file.size, hashlib.sha256(TAKEN[media_type]).hexdigest())
    assert file.tell() == 0


REFUSED = {
    "empty": (b"", "empty"),
    "program": (b"MZ\x90\x00" + b"\x00" * 200, "none of the files"),
    "elf": (b"\x7fELF\x02\x01\x01\x00" + b"\x00" * 200, "none of the files"),
    "another text": ("Zusammenarbeit über".encode("utf-16"), "UTF-8"),
    "latin-1": ("Zusammenarbeit über die Grenze".encode("latin-1"), "UTF-8"),
    "pdf cut off": (pdf("Article 1")[:-40], "damaged"),
    "zip": (packed({"a.txt": "a"}), "neither DOCX nor ODT"),
    "jar": (packed({"META-INF/MANIFEST.MF": "a", "A.class": "b"}), "neither DOCX nor ODT"),
    "spreadsheet": (packed({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "neither DOCX nor ODT"),
    "zip cut off": (docx("Article 1")[:-30], "damaged"),
    "bomb": (docx("Article 1", **{"word/media/a.xml": b"\x00" * 40_000_000}), "too much"),
    "many": (docx("Article 1", **{f"word/media/{n}": b"a" for n in range(1001)}), "too much"),
    "macros": (docx("Article 1", **{"word/vbaProject.bin": b"a"}), "macros"),
    "way out": (docx("Article 1", **{"../../etc/passwd": b"a"}), "damaged"),
    "picture cut off": (picture("PNG")[:20], "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_taken_is_refused_at_the_field_with_the_reason(name: str) -> None:
    content, words = REFUSED[name]
    with pytest.raises(Refused, match=words) as refused:
        checking.check(upload(content))
    assert refused.value.field == "file"


def test_a_page_that_calls_itself_a_text_is_one(settings: Any) -> None:
    """HTML is text; it is given out as that, as a file, and runs nowhere."""
    assert checking.check(upload(b"<html><script>alert(1)</script>", "a.html")).media_type == MediaType.TXT


def test_a_password_is_named() -> None:
    content = bytearray(docx("Article 1"))
    for place in range(len(content) - 4):
        if content[place : place + 4] == b"PK\x01\x02":
            content[place + 8] |= 1
    with pytest.raises(Refused, match="password"):
        checking.check(upload(bytes(content)))


def test_what_is_too_large_is_refused_before_it_is_looked_at(settings: Any) -> None:
    settings.UPLOAD_LIMIT_DOCUMENT = 1000
    with pytest.raises(Refused, match="at most"):
        checking.check(upload(b"a" * 1001))


def test_sizes_that_a_packed_file_claims_are_not_believed(settings: Any) -> None:
    """A member that says it is small is unpacked no further than the limit, by the reader."""
    with zipfile.ZipFile(upload(docx("a"))) as file:
        assert file.getinfo("word/document.xml").file_size < 1000
