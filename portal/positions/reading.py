"""Reads a position as officers type it, in any of the four notations. The notation is told by the text itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from portal.positions import grid
from portal.positions.notations import Notation
from portal.ui.errors import Refused

HELP = "As 47.6603, 9.1758 or 47°39'37\"N 9°10'33\"E or 32T 513200 5278560 or 32TNT 13199 78560."
LONGEST = 80  # characters
ON_EARTH = "Latitude goes from -90 to 90, longitude from -180 to 180: check the order."

_FLAGS = re.IGNORECASE | re.ASCII
_NUMBER = r"(\d{1,3}(?:[.,]\d+)?)"
_PART = re.compile(
    rf"^\s*(?P<before>[NSEWO])?\s*(?P<sign>[-+])?\s*{_NUMBER}\s*°?"
    rf"(?:\s*{_NUMBER}\s*['’′m]?)?(?:\s*{_NUMBER}\s*(?:\"|”|″|''|s)?)?\s*(?P<after>[NSEWO])?\s*$",
    _FLAGS,
)
_DECIMAL = re.compile(r"^([-+]?\d{1,3}(?:\.\d+)?)°?\s*[,;\s]\s*([-+]?\d{1,3}(?:\.\d+)?)°?$", _FLAGS)
_COMMAS = re.compile(r"^([-+]?\d{1,3},\d+)(?:\s*;\s*|,?\s+)([-+]?\d{1,3},\d+)$", _FLAGS)
_HALVES = (
    re.compile(r"^(.*[NS])[\s,;]*(.*[EWO])$", _FLAGS),
    re.compile(r"^([NS].*?)[\s,;]+([EWO].*)$", _FLAGS),
    re.compile(r"^(.*[EWO])[\s,;]*(.*[NS])$", _FLAGS),
    re.compile(r"^([EWO].*?)[\s,;]+([NS].*)$", _FLAGS),
)
_UTM = re.compile(
    r"^(\d{1,2})\s*([A-Z])\s+(\d{1,8}(?:\.\d+)?)\s*(?:M?\s*E)?[,\s]+(\d{1,8}(?:\.\d+)?)\s*(?:M?\s*N)?$", _FLAGS
)
_MGRS = re.compile(r"^(?:(\d{1,2})\s*([A-Z])|([ABYZ]))\s*([A-Z])\s?([A-Z])\s*(\d*)\s*(\d*)$", _FLAGS)


@dataclass(frozen=True)
class Position:
    """Degrees, WGS 84, to six decimals (0.1 m); how it was written; half the side of the square that was named."""

    latitude: float
    longitude: float
    notation: Notation
    within_m: float | None = None

    @property
    def pair(self) -> tuple[float, float]:
        return self.latitude, self.longitude


def parse(text: str, field: str = "position") -> tuple[float, float] | None:
    """(latitude, longitude) in degrees, WGS 84; None for an empty text. Raises Refused when unreadable."""
    found = read(text, field)
    return found.pair if found else None


def read(text: str, field: str = "position") -> Position | None:
    """The position in a text; None for an empty one. German "O" (Ost) is read as east.

    Raises Refused, with what is wrong: nothing is guessed at, and a square that is in no such zone is not moved.
    """
    text = " ".join(text.replace("−", "-").split())
    if not text:
        return None
    try:
        found = _found(text) if len(text) <= LONGEST else None
    except grid.NotInGrid as error:
        raise Refused(str(error), field=field) from None
    if found is None:
        raise Refused(f"This is not a position. Write it {HELP[0].lower()}{HELP[1:]}", field=field)
    latitude, longitude = found.pair
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Refused(ON_EARTH, field=field)
    return Position(round(latitude, 6), round(longitude, 6), found.notation, found.within_m)


def _found(text: str) -> Position | None:
    readers: tuple[Callable[[str], Position | None], ...] = (_decimal, _mgrs, _utm, _degrees)
    return next((found for reader in readers for found in [reader(text)] if found), None)


def _decimal(text: str) -> Position | None:
    found = _DECIMAL.match(text) or _COMMAS.match(text)
    if found is None:
        return None
    return Position(_float(found[1]), _float(found[2]), Notation.DECIMAL)


def _float(text: str) -> float:
    return float(text.replace(",", "."))


def _utm(text: str) -> Position | None:
    found = _UTM.match(text)
    if found is None:
        return None
    pair = grid.from_utm(int(found[1]), found[2].upper(), float(found[3]), float(found[4]))
    return Position(*pair, Notation.UTM)


def _mgrs(text: str) -> Position | None:
    found = _MGRS.match(text)
    if found is None or (found[7] and len(found[6]) != len(found[7])):
        return None
    figures = found[6] + found[7]
    if len(figures) % 2 or len(figures) > 10:
        raise grid.NotInGrid("MGRS has as many figures east as north, up to five each.")
    letters = f"{found[2] or found[3]}{found[4]}{found[5]}".upper()
    pair, half = grid.from_mgrs(int(found[1]) if found[1] else None, letters, figures)
    return Position(*pair, Notation.MGRS, half)


def _degrees(text: str) -> Position | None:
    for number, halves in enumerate(_HALVES):
        found = halves.match(text)
        if found:
            one, other = (found[1], found[2]) if number < 2 else (found[2], found[1])
            latitude, longitude = _angle(one, "NS"), _angle(other, "EWO")
            if latitude is not None and longitude is not None:
                return Position(latitude, longitude, Notation.DMS)
    return None


def _angle(text: str, letters: str) -> float | None:
    """Degrees of one half; south and west are negative."""
    found = _PART.match(text)
    if found is None:
        return None
    letter = (found["before"] or found["after"] or "").upper()
    numbers = [_float(part) for part in found.group(3, 4, 5) if part]
    if letter not in letters or not letter or any(part >= 60 for part in numbers[1:]):
        return None
    value = sum(part / 60**power for power, part in enumerate(numbers))
    return -value if letter in "SW" or found["sign"] == "-" else value
