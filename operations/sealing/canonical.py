"""One way to write content, so that the same content has the same digest, wherever and whenever it is worked out.

JSON in UTF-8 with sorted names, no white space and no numbers but whole ones (as RFC 8785 writes such content):
instants are UTC with microseconds, places six decimals, both as text.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from portal.audit import recording


def canonical(content: Any) -> str:
    """The text of plain content. Raises TypeError for what has more than one way to be written."""
    _check(content)
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _check(value: Any) -> None:
    if isinstance(value, dict):
        if not all(isinstance(name, str) for name in value):
            raise TypeError("Names are text.")
        for item in value.values():
            _check(item)
    elif isinstance(value, list):
        for item in value:
            _check(item)
    elif not (value is None or isinstance(value, bool | int | str)):
        raise TypeError(f"{type(value).__name__} has no canonical form.")


def digest_of(content: Any) -> str:
    return digest_of_text(canonical(content))


def digest_of_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None


def place(latitude: float | None, longitude: float | None) -> str | None:
    """Latitude and longitude in degrees, WGS 84."""
    return None if latitude is None or longitude is None else f"{latitude:.6f},{longitude:.6f}"


def words(text: str) -> str:
    """Text as the database keeps it."""
    return str(recording.plain(text))
