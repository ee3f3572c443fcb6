"""UTM and MGRS, by the libraries `utm` (Krüger's series) and `mgrs` (GEOTRANS of the NGA).

Metres of MGRS are cut off and never rounded, so that a square is the one that the position lies in.
"""

import math
import warnings
from functools import cache

import utm
from mgrs import MGRS
from mgrs.core import MGRSError

SOUTHERNMOST, NORTHERNMOST = -80.0, 84.0  # degrees: where UTM ends and MGRS goes on in polar squares
BANDS = "CDEFGHJKLMNPQRSTUVWX"
BAND_HEIGHT = 8
# A square that an edge of a zone cuts belongs to both zones; in the bands V and X zones are wider.
REACH, WIDE_REACH = 4.5, 9.5  # degrees from the zone's middle
SLACK = 0.02  # degrees of latitude: a square of 1 km may begin below its band

Pair = tuple[float, float]  # latitude, longitude
# A square outside its band is refused here with a sentence; what the library thinks of it is nobody's to read.
warnings.filterwarnings("ignore", message=".*Latitude Warning", category=RuntimeWarning)


class NotInGrid(ValueError):
    """With a sentence that says why."""


@cache
def _mgrs() -> MGRS:
    return MGRS()


def is_covered(latitude: float) -> bool:
    """Whether UTM reaches there."""
    return SOUTHERNMOST <= latitude <= NORTHERNMOST


def to_utm(latitude: float, longitude: float) -> tuple[int, str, float, float]:
    """Zone, band, easting and northing in metres. Raises NotInGrid beyond 80° south and 84° north."""
    if not is_covered(latitude):
        raise NotInGrid("UTM ends at 80° south and 84° north: write degrees or MGRS.")
    # A hair's breadth south of the equator is on it: the library and we would not agree on which side.
    latitude = 0.0 if abs(latitude) < 1e-9 else latitude
    # The library has no 180° east: that is 180° west.
    easting, northing, zone, band = utm.from_latlon(latitude, -180.0 if longitude == 180 else longitude)
    return int(zone), str(band), float(easting), float(northing)


def from_utm(zone: int, letter: str, easting: float, northing: float) -> Pair:
    """The position. `letter` is the band; N may mean the northern half, as many devices write it.

    “S” is the band from 32° to 40° north: to take it for the southern half would be a guess. Raises NotInGrid.
    """
    _check_zone(zone, letter)
    if not (100_000 <= easting < 1_000_000 and 0 <= northing <= 10_000_000):
        raise NotInGrid("UTM has six figures of metres east, and up to 10,000,000 metres north.")
    found = _located(zone, letter >= "N", easting, northing)
    if not _in_band(found[0], letter) and (letter != "N" or not is_covered(found[0])):
        south = " S is the band from 32° to 40° north: write C to M in the southern half." if letter == "S" else ""
        raise NotInGrid(f"These metres do not lie in {zone}{letter}: check the band and the metres north.{south}")
    return _checked(zone, letter, found)


def _check_zone(zone: int, letter: str) -> None:
    if not 1 <= zone <= 60 or letter not in BANDS:
        raise NotInGrid(f"There is no zone {zone}{letter}: zones go from 1 to 60, bands from C to X without I and O.")
    if letter == "X" and zone in (32, 34, 36):
        raise NotInGrid(f"There is no zone {zone}X: around Svalbard the zones are 31, 33, 35 and 37.")


def _located(zone: int, northern: bool, easting: float, northing: float) -> Pair:
    latitude, longitude = utm.to_latlon(easting, northing, zone, northern=northern, strict=False)
    return float(latitude), (float(longitude) + 180) % 360 - 180


def _in_band(latitude: float, letter: str) -> bool:
    south = BANDS.index(letter) * BAND_HEIGHT + SOUTHERNMOST
    north = NORTHERNMOST if letter == "X" else south + BAND_HEIGHT
    return south - SLACK <= latitude <= north + SLACK


def _checked(zone: int, letter: str, found: Pair) -> Pair:
    """Not further from the middle of the zone than the zone reaches."""
    off = abs((found[1] - (zone * 6 - 183) + 180) % 360 - 180)
    if not math.isfinite(off) or off > (WIDE_REACH if letter in "VX" else REACH):
        raise NotInGrid(f"These metres do not lie in zone {zone}: check the zone and the metres east.")
    return found


def to_mgrs(latitude: float, longitude: float) -> str:
    """The square metre: 32TNT 13199 78560; near the poles without a zone (ZAH 00000 00000)."""
    if is_covered(latitude):
        zone, band, easting, northing = to_utm(latitude, longitude)
        # On the equator's southern side, 10,000,000 metres is the edge itself.
        east, north = math.floor(easting), min(math.floor(northing), 9_999_999)
        half = "N" if band >= "N" else "S"
        found = _mgrs().UTMToMGRS(zone, half, east, north)
        if not found.startswith(f"{zone:02d}"):
            # Cut off, it would lie a metre beyond the western edge of the zone.
            found = _mgrs().UTMToMGRS(zone, half, east + 1, north)
    else:
        found = _mgrs().toMGRS(latitude, longitude)
    return f"{found[:-10]} {found[-10:-5]} {found[-5:]}".lstrip("0")


def from_mgrs(zone: int | None, letters: str, figures: str) -> tuple[Pair, float]:
    """The middle of the square, and half its side in metres. `zone` is None near the poles; `letters` are three.

    Raises NotInGrid for a square that is in no such zone.
    """
    name = f"{zone or ''}{letters}"
    if zone is not None:
        _check_zone(zone, letters[0])
    half = 10 ** (5 - len(figures) // 2) / 2
    square = f"{letters}{figures}" if zone is None else f"{zone:02d}{letters}{figures}"
    try:
        if zone is None:
            found = _mgrs().toLatLon(square)
        else:
            _, hemisphere, easting, northing = _mgrs().MGRSToUTM(square)
            found = _located(zone, hemisphere == "N", easting, northing)
    except (MGRSError, ValueError, OverflowError):
        raise NotInGrid(f"There is no square {letters[1:]} in {name[:-2] or 'the polar grid'}.") from None
    latitude, longitude = float(found[0]), float(found[1])
    if zone is None:
        return (latitude, longitude), half
    if not _near_band(latitude, letters[0], half):
        raise NotInGrid(f"The square {letters[1:]} does not lie in {zone}{letters[0]}.")
    return _checked(zone, letters[0], (latitude, longitude)), half


def _near_band(latitude: float, letter: str, half: float) -> bool:
    south = BANDS.index(letter) * BAND_HEIGHT + SOUTHERNMOST
    north = NORTHERNMOST if letter == "X" else south + BAND_HEIGHT
    slack = half / 111_000 + SLACK
    return south - slack <= latitude <= north + slack
