"""The portal's typeface for print. The npm package brings it compressed for browsers (WOFF 1.0); typst reads sfnt."""

import os
import struct
import tempfile
import zlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings

WOFF = settings.BASE_DIR / "node_modules" / "@ibm" / "plex-sans" / "fonts" / "complete" / "woff"
FACES = ("Regular", "Italic", "SemiBold", "Bold")


def unpacked(woff: bytes) -> bytes:
    """The sfnt font inside a WOFF 1.0 file (W3C Recommendation of 2012, sections 3 to 5)."""
    signature, flavor, _, count = struct.unpack(">4sIIH", woff[:14])
    if signature != b"wOFF":
        raise ValueError("This is no WOFF file.")
    power = count.bit_length() - 1
    head = struct.pack(">IHHHH", flavor, count, 16 << power, power, 16 * count - (16 << power))
    place, records, tables = 12 + 16 * count, [], []
    for number in range(count):
        tag, offset, packed, length, checksum = struct.unpack(">4sIIII", woff[44 + 20 * number : 64 + 20 * number])
        raw = woff[offset : offset + packed]
        table = zlib.decompress(raw) if packed < length else raw
        records.append(struct.pack(">4sIII", tag, checksum, place, length))
        tables.append(table + bytes(-length % 4))
        place += len(tables[-1])
    return head + b"".join(records) + b"".join(tables)


@lru_cache(maxsize=1)
def folder() -> Path:
    """Where the faces lie unpacked; made once for each installation, whoever comes first."""
    place = settings.DATA_DIR / "fonts"
    place.mkdir(parents=True, exist_ok=True)
    for face in FACES:
        source, target = WOFF / f"IBMPlexSans-{face}.woff", place / f"IBMPlexSans-{face}.ttf"
        if source.exists() and not target.exists():
            handle, name = tempfile.mkstemp(dir=place, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                file.write(unpacked(source.read_bytes()))
            Path(name).replace(target)
    return Path(place)
