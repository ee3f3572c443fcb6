"""Writes a position so that `reading` reads it again."""

from portal.positions import grid
from portal.positions.notations import Notation, active


def written(latitude: float | None, longitude: float | None, notation: Notation | str | None = None) -> str:
    """The position in a notation, else in the reader's; empty for none. Where UTM ends, in decimal degrees."""
    if latitude is None or longitude is None:
        return ""
    match Notation(notation) if notation else active():
        case Notation.DMS:
            return f"{_angle(latitude, 'NS')} {_angle(longitude, 'EW')}"
        case Notation.UTM if grid.is_covered(latitude):
            zone, band, easting, northing = grid.to_utm(latitude, longitude)
            return f"{zone}{band} {round(easting)} {round(northing)}"
        case Notation.MGRS:
            return grid.to_mgrs(latitude, longitude)
    # Adding nothing turns -0.0 into 0.0.
    return f"{round(latitude, 5) + 0.0:.5f}, {round(longitude, 5) + 0.0:.5f}"


def _angle(value: float, letters: str) -> str:
    """Degrees, minutes and tenths of a second (3 m): counted in tenths, so that no 60 is ever written."""
    tenths = round(abs(value) * 36_000)
    degrees, minutes, seconds = tenths // 36_000, tenths // 600 % 60, tenths % 600
    return f"{degrees}°{minutes:02d}'{seconds // 10:02d}.{seconds % 10}\"{letters[value < 0]}"
