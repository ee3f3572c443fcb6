"""A position of a sealed copy in the notation of each side."""

from collections.abc import Iterable

from agencies.directory.models import Officer

DECIMAL, DMS = "decimal", "dms"


def notation_of(officer: Officer) -> str:
    """How the officer has positions shown; decimal degrees where officers do not choose."""
    return str(getattr(officer, "notation", DECIMAL))


def written(position: str | None, notations: Iterable[str]) -> list[str]:
    """The position, as the copy holds it ("47.660300,9.175800"), in each of these notations, each once."""
    if not position:
        return []
    latitude, longitude = (float(part) for part in position.split(","))
    return [_in(latitude, longitude, notation) for notation in dict.fromkeys(notations)]


def _in(latitude: float, longitude: float, notation: str) -> str:
    if notation == DMS:
        return f"{_angle(latitude, 'NS')} {_angle(longitude, 'EW')}"
    return f"{latitude:.5f}, {longitude:.5f}"


def _angle(value: float, letters: str) -> str:
    """Degrees, minutes and tenths of a second: counted in tenths, so that no 60 is ever written."""
    tenths = round(abs(value) * 36_000)
    degrees, minutes, seconds = tenths // 36_000, tenths // 600 % 60, tenths % 600
    return f"{degrees}°{minutes:02d}'{seconds // 10:02d}.{seconds % 10}\"{letters[value < 0]}"
