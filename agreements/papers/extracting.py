"""Reads the text of a document, in a process of its own: bytes in, passages out as JSON.

Run as `python -m agreements.papers.extracting MEDIA_TYPE`. What it reads may be hostile, so memory, time and output are
limited, and it knows neither settings nor database. It says nothing but what it found: 2 is damaged, 3 has a password.
"""

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator

from defusedxml.ElementTree import iterparse
from pypdf import PdfReader

MB = 1024 * 1024
MEMORY, CPU_SECONDS = 1024 * MB, 60
# Characters kept of one document, and bytes unpacked of one part of it.
MOST_TEXT, MOST_UNPACKED, MOST_PAGES = 2_000_000, 64 * MB, 3000
PASSAGE, LONGEST_PASSAGE = 3000, 20_000
DAMAGED, LOCKED = 2, 3
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ODF = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
# Nothing that PostgreSQL cannot keep, and not the signs that mark found words.
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ue000\ue001\ud800-\udfff]")


class Locked(Exception):
    """It has a password."""


def of_pdf(data: bytes) -> Iterator[str]:
    """One passage a page. A page that cannot be read is empty; the others are read."""
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Locked
    for number in range(min(len(reader.pages), MOST_PAGES)):
        try:
            yield reader.pages[number].extract_text() or ""
        except MemoryError:
            raise
        except Exception:
            yield ""


def of_docx(data: bytes) -> Iterator[str]:
    parts = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
    return gathered(text for part in parts for text in paragraphs(data, part, (f"{WORD}p",)))


def of_odt(data: bytes) -> Iterator[str]:
    return gathered(paragraphs(data, "content.xml", (f"{ODF}p", f"{ODF}h")))


def of_text(data: bytes) -> Iterator[str]:
    return gathered(data.decode("utf-8-sig").splitlines())


def paragraphs(data: bytes, part: str, ends: tuple[str, ...]) -> Iterator[str]:
    """The text between the ends of paragraphs of one part, unpacked no further than the limit."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if part not in packed.namelist():
            return
        with packed.open(part) as file:
            content = file.read(MOST_UNPACKED + 1)
    if len(content) > MOST_UNPACKED:
        raise ValueError("too large")
    for _, element in iterparse(io.BytesIO(content), forbid_dtd=True):
        if element.tag in ends:
            yield "".join(pieces(element))
            element.clear()


def pieces(element: "object") -> Iterator[str]:
    for part in element.iter():  # type: ignore[attr-defined]
        if part.tag in (f"{WORD}tab", f"{WORD}br", f"{ODF}tab", f"{ODF}line-break", f"{ODF}s"):
            yield " "
        yield part.text or ""
        if not part.tag.startswith(WORD):
            yield part.tail or ""


def gathered(texts: Iterable[str]) -> Iterator[str]:
    """Paragraphs put together to passages of a length that is good to read."""
    kept: list[str] = []
    size = 0
    for text in texts:
        for start in range(0, max(len(text), 1), LONGEST_PASSAGE):
            kept.append(text[start : start + LONGEST_PASSAGE])
            size += len(kept[-1])
            if size >= PASSAGE:
                yield "\n".join(kept)
                kept, size = [], 0
    if kept:
        yield "\n".join(kept)


READERS: dict[str, Callable[[bytes], Iterator[str]]] = {
    "application/pdf": of_pdf,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": of_docx,
    "application/vnd.oasis.opendocument.text": of_odt,
    "text/plain": of_text,
}


def passages(media_type: str, data: bytes) -> list[tuple[int, str]]:
    """(number, text) of what holds any, up to the limit."""
    found, left = [], MOST_TEXT
    for number, text in enumerate(READERS[media_type](data), start=1):
        clean = UNWANTED.sub(" ", text)[: min(left, LONGEST_PASSAGE * 5)].strip()
        left -= len(clean)
        if clean:
            found.append((number, clean))
        if left <= 0:
            break
    return found


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(media_type: str) -> int:
    limit()
    try:
        found = passages(media_type, sys.stdin.buffer.read())
    except Locked:
        return LOCKED
    except Exception:
        return DAMAGED
    json.dump(found, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
