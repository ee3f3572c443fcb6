"""Reads a position as officers type it: decimal degrees, or degrees, minutes and seconds."""

import re

from portal.ui.errors import Refused

HELP = "As 47.6603, 9.1758 or 47°39'37\"N 9°10'33\"E."
_NUMBER = r"(\d{1,3}(?:[.,]\d+)?)"
_PART = re.compile(
    rf"^\s*(?P<before>[NSEWO])?\s*(?P<sign>[-+])?\s*{_NUMBER}\s*°?"
    rf"(?:\s*{_NUMBER}\s*['’′m]?)?(?:\s*{_NUMBER}\s*(?:\"|”|″|''|s)?)?\s*(?P<after>[NSEWO])?\s*$",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"^\s*([-+]?\d{1,3}(?:\.\d+)?)\s*[,;\s]\s*([-+]?\d{1,3}(?:\.\d+)?)\s*$")
_HALVES = (
    re.compile(r"^(.*[NS])[\s,;]*(.*[EWO])$", re.IGNORECASE),
    re.compile(r"^([NS].*?)[\s,;]+([EWO].*)$", re.IGNORECASE),
)
LONGEST = 80


def parse(text: str, field: str = "position") -> tuple[float, float] | None:
    """(latitude, longitude) in degrees, WGS 84; None for an empty text. Raises Refused when unreadable.

    German "O" (Ost) is read as east.
    """
    text = text.strip()
    if not text:
        return None
    pair = _read(text) if len(text) <= LONGEST else None
    if pair is None:
        raise Refused(f"This is not a position. Write it {HELP[0].lower()}{HELP[1:]}", field=field)
    latitude, longitude = pair
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Refused("Latitude goes from -90 to 90, longitude from -180 to 180: check the order.", field=field)
    return round(latitude, 6), round(longitude, 6)


def _read(text: str) -> tuple[float, float] | None:
    found = _DECIMAL.match(text)
    if found:
        return float(found[1]), float(found[2])
    for halves in _HALVES:
        found = halves.match(text)
        if found:
            latitude, longitude = _angle(found[1], "NS"), _angle(found[2], "EWO")
            if latitude is not None and longitude is not None:
                return latitude, longitude
    return None


def _angle(text: str, letters: str) -> float | None:
    """Degrees of one half; south and west are negative."""
    found = _PART.match(text)
    if found is None:
        return None
    letter = (found["before"] or found["after"] or "").upper()
    numbers = [float(part.replace(",", ".")) for part in found.group(3, 4, 5) if part]
    if letter not in letters or not letter or any(part >= 60 for part in numbers[1:]):
        return None
    value = sum(part / 60**power for power, part in enumerate(numbers))
    return -value if letter in "SW" or found["sign"] == "-" else value


def written(latitude: float | None, longitude: float | None) -> str:
    """A position as `parse` reads it; empty for none."""
    return "" if latitude is None or longitude is None else f"{latitude:.5f}, {longitude:.5f}"
