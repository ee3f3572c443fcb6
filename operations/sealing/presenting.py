"""How the sides of a text stand, for pages."""

import uuid
from collections.abc import Sequence
from typing import Any

from agencies.directory.models import Agency
from operations.sealing.models import SharedText


def sides_asked(row: SharedText) -> list[tuple[Agency, bool]]:
    """Each side, and whether its word stands."""
    given = {item.agency_id for item in row.said if item.lapsed_at is None}
    return [(side.agency, side.agency_id in given) for side in row.sides.all()]


def standing_of(agency: uuid.UUID, said: Sequence[Any]) -> tuple[str, Any]:
    """What one side decided, and its word that stands; else whether one lapsed or none came yet."""
    mine = [item for item in said if item.agency_id == agency]
    standing = next((item for item in mine if item.lapsed_at is None), None)
    return (standing.decision if standing else "reopened" if mine else "awaited"), standing
