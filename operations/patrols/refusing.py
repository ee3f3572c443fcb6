"""What the readers of tracks refuse alike."""

from portal.ui.errors import Refused

MAX_POINTS = 100_000  # a point each second for 27 hours
FIELD = "track"


def refused(message: str) -> Refused:
    return Refused(message, field=FIELD, code="bad_track")


def check_point(latitude: float, longitude: float) -> None:
    """Raises Refused for what is not on Earth, NaN too."""
    if -90 <= latitude <= 90 and -180 <= longitude <= 180:
        return
    if abs(latitude) > 1000 and abs(longitude) > 1000:
        raise refused(
            f"A point lies at {latitude:g}, {longitude:g}: that is metres of some grid. Export the track in WGS 84, "
            "latitude and longitude in degrees."
        )
    raise refused(
        f"A point lies at latitude {latitude}, longitude {longitude}: that is not on Earth. Latitude goes from -90 to "
        "90, longitude from -180 to 180; in GeoJSON longitude is first."
    )
