"""Whether an uploaded file may be kept: its size, its type by content, and that nothing in it runs or explodes."""

import hashlib
import zipfile
from dataclasses import dataclass
from typing import Any

import puremagic
from django.conf import settings
from PIL import Image

from agreements.papers.choices import IMAGES, MediaType
from portal.ui.errors import Refused

FIELD = "file"
TAKEN = "PDF, DOCX, ODT, plain text (UTF-8), JPEG, PNG, TIFF or WebP"
MB = 1024 * 1024
HEAD = 4096
MAX_PIXELS = 200_000_000
# Of what is packed in a DOCX or ODT.
MAX_MEMBERS, MAX_UNPACKED, MAX_RATIO = 1000, 200 * MB, 100
# Below this nobody minds how well something is packed: an empty page is packed a hundredfold.
SMALL = 1 * MB
CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}


@dataclass(frozen=True)
class Checked:
    """What is known of a file that may be kept."""

    media_type: MediaType
    size: int
    sha256: str


def _refused(message: str) -> Refused:
    return Refused(message, field=FIELD, code="bad_file")


def megabytes(size: int) -> str:
    return f"{size / MB:.0f} MB" if size >= MB else f"{max(size // 1024, 1)} kB"


def check(file: Any) -> Checked:
    """Raises Refused, with a sentence at the field, for a file that is not kept. Leaves it at its start."""
    if not file.size:
        raise _refused("This file is empty.")
    if file.size > settings.UPLOAD_LIMIT_DOCUMENT:
        most = megabytes(settings.UPLOAD_LIMIT_DOCUMENT)
        raise _refused(f"This file has {megabytes(file.size)}. A document may have {most} at most.")
    found = _type(file)
    _CHECKS[found](file)
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in iter(lambda: file.read(MB), b""):
        digest.update(chunk)
    file.seek(0)
    return Checked(found, file.size, digest.hexdigest())


def _type(file: Any) -> MediaType:
    """By content, whatever the file's name says."""
    file.seek(0)
    head = file.read(HEAD)
    try:
        mimes = {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        mimes = set()
    if head.startswith(b"PK\x03\x04"):
        return _packed_type(file)
    if b"%PDF-" in head[:1024] and (MediaType.PDF in mimes or head.startswith(b"%PDF-")):
        return MediaType.PDF
    for media_type in IMAGES:
        if media_type in mimes:
            return media_type
    if not _is_binary(head):
        return MediaType.TXT
    raise _refused(f"This is none of the files that are taken: {TAKEN}.")


def _is_binary(head: bytes) -> bool:
    return bool(CONTROLS.intersection(head))


def _packed_type(file: Any) -> MediaType:
    """DOCX or ODT by what is packed in it."""
    with _opened(file) as packed:
        names = set(packed.namelist())
        if {"[Content_Types].xml", "word/document.xml"} <= names:
            return MediaType.DOCX
        named = "mimetype" in names and packed.getinfo("mimetype").file_size < 100 and packed.read("mimetype").strip()
        if named == MediaType.ODT.encode() and "content.xml" in names:
            return MediaType.ODT
    raise _refused(f"This is a packed file, but neither DOCX nor ODT. Taken are {TAKEN}.")


def _opened(file: Any) -> zipfile.ZipFile:
    file.seek(0)
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError):
        raise _refused("This file is damaged or incomplete: save it again.") from None


def _check_packed(file: Any) -> None:
    """No bomb, no way out of its folder, no macro, no password."""
    with _opened(file) as packed:
        members = packed.infolist()
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise _refused("What is packed in this file is too much to be a document.")
    for member in members:
        if member.file_size > SMALL and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise _refused("What is packed in this file is too much to be a document.")
        parts = member.filename.replace("\\", "/").split("/")
        if member.filename.startswith("/") or ".." in parts:
            raise _refused("This file is damaged or incomplete: save it again.")
        if member.flag_bits & 1:
            raise _refused("This file has a password. Save it without one.")
        if parts[-1].lower() == "vbaproject.bin" or parts[0].lower() in ("basic", "scripts"):
            raise _refused("This file holds macros. Save it without them, or as PDF.")


def _check_image(file: Any) -> None:
    """That it is one, and not so large that nobody could open it. Its pixels are not touched: it is kept as given."""
    file.seek(0)
    try:
        with Image.open(file, formats=list(IMAGES.values())) as opened:
            pixels = opened.width * opened.height
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        raise _refused("This picture is damaged, or too large.") from None
    if pixels > MAX_PIXELS:
        raise _refused(f"A picture may have {MAX_PIXELS // 1_000_000} million pixels at most.")


def _check_text(file: Any) -> None:
    file.seek(0)
    content = file.read()
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("This text is not UTF-8. Save it as UTF-8.") from None
    if _is_binary(content):
        raise _refused(f"This is none of the files that are taken: {TAKEN}.")


def _check_pdf(file: Any) -> None:
    """That it has an end; whether its text can be read, the worker finds out."""
    file.seek(max(0, file.size - HEAD))
    if b"%%EOF" not in file.read():
        raise _refused("This PDF is damaged or incomplete: save it again.")


_CHECKS = {
    MediaType.PDF: _check_pdf,
    MediaType.DOCX: _check_packed,
    MediaType.ODT: _check_packed,
    MediaType.TXT: _check_text,
    **dict.fromkeys(IMAGES, _check_image),
}
