"""A position of a sealed copy in the notation of each side."""

from collections.abc import Iterable

from agencies.directory.models import Officer
from portal.positions import writing


def notation_of(officer: Officer) -> str:
    """How the officer has positions shown."""
    return officer.notation


def written(position: str | None, notations: Iterable[str]) -> list[str]:
    """The position, as the copy holds it ("47.660300,9.175800"), in each of these notations, each once."""
    if not position:
        return []
    latitude, longitude = (float(part) for part in position.split(","))
    return [writing.written(latitude, longitude, notation) for notation in dict.fromkeys(notations)]
