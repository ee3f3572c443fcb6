import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.patrols import geometry, tracks
from portal.ui.errors import Refused
from tests.operations.patrols.conftest import GPX, gpx

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
POINT = '<trkpt lat="47.66" lon="9.17"><time>2026-11-20T12:00:00Z</time></trkpt>'
NEXT = '<trkpt lat="47.67" lon="9.18"><time>2026-11-20T12:05:00Z</time></trkpt>'


def test_a_plain_track() -> None:
    reading = tracks.read(gpx(NOON, count=21))
    assert reading.point_count == 21
    assert (reading.started_at, reading.ended_at) == (NOON, NOON + timedelta(minutes=10))
    assert reading.length_m == pytest.approx(20 * 134.2, rel=0.01)
    assert (reading.south, reading.west) == (47.66, 9.17)
    # A straight line keeps its ends, and each of them its time.
    assert reading.lines == [[[9.17, 47.66], [9.19, 47.68]]]
    assert reading.times == [[int(NOON.timestamp()), int(NOON.timestamp()) + 600]]


def test_without_times_and_as_a_route() -> None:
    assert tracks.read(gpx()).started_at is None
    route = gpx().replace(b"trkseg>", b"x>").replace(b"<x>", b"").replace(b"</x>", b"")
    route = route.replace(b"trkpt", b"rtept").replace(b"<trk>", b"<rte>").replace(b"</trk>", b"</rte>")
    assert tracks.read(route).point_count == 20


def test_gaps_between_segments_are_not_walked() -> None:
    two = GPX.format(points=f"{POINT}{POINT}</trkseg><trkseg>{NEXT}{NEXT}").encode()
    assert tracks.read(two).length_m == 0
    assert len(tracks.read(two).lines) == 2


def test_utf16_is_read() -> None:
    text = gpx(NOON).decode().replace("UTF-8", "UTF-16")
    assert tracks.read(text.encode("utf-16")).point_count == 20


BOMB = """<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa">{more}]><gpx version="1.1">&j;</gpx>"""
HOSTILE = {
    "empty": b"",
    "binary": bytes(range(256)) * 20,
    "nul": b"\x00" * 1000,
    "text": b"not xml at all",
    "cut": gpx(NOON)[:300],
    "html": b"<html><body>no</body></html>",
    "kml": b'<kml xmlns="http://www.opengis.net/kml/2.2"/>',
    "laughs": BOMB.format(
        more="".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    ).encode(),
    "external": b'<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]><gpx>&x;</gpx>',
    "external dtd": b'<!DOCTYPE gpx SYSTEM "http://127.0.0.1:1/x.dtd"><gpx/>',
    "no points": GPX.format(points="").encode(),
    "one point": GPX.format(points=POINT).encode(),
    "waypoints only": b'<gpx version="1.1"><wpt lat="1" lon="2"/><wpt lat="1" lon="2"/></gpx>',
    "latitude 91": GPX.format(points=POINT + NEXT.replace("47.67", "91")).encode(),
    "longitude 181": GPX.format(points=POINT + NEXT.replace("9.18", "181")).encode(),
    "NaN": GPX.format(points=POINT + NEXT.replace("47.67", "NaN")).encode(),
    "infinite": GPX.format(points=POINT + NEXT.replace("47.67", "1e999")).encode(),
    "no latitude": GPX.format(points=POINT + '<trkpt lon="9"/>').encode(),
    "words": GPX.format(points=POINT + '<trkpt lat="here" lon="there"/>').encode(),
    "times back": GPX.format(points=NEXT + POINT).encode(),
    "no time": GPX.format(points=POINT + NEXT.replace("2026-11-20T12:05:00Z", "yesterday")).encode(),
    "year 0": GPX.format(points=POINT + NEXT.replace("2026-11-20", "0000-00-00")).encode(),
    "year 1 shifted": GPX.format(
        points=POINT.replace("2026-11-20T12:00:00Z", "0001-01-01T00:00:00+14:00") + NEXT
    ).encode(),
    "deep": b"<gpx>" + b"<a>" * 100_000,
    "many segments": GPX.format(points="</trkseg><trkseg>".join([POINT + POINT] * 600)).encode(),
    "unknown encoding": b'<?xml version="1.0" encoding="klingon"?><gpx/>',
    "json": b'{"type": "LineString", "coordinates": [[1, 2]]}',
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile(data: bytes) -> None:
    started = time.process_time()
    with pytest.raises(Refused) as refused:
        tracks.read(data)
    assert refused.value.field == "track"
    assert len(refused.value.message) > 20
    assert time.process_time() - started < 5


def test_too_large_and_too_many() -> None:
    with pytest.raises(Refused, match="40 MB"):
        tracks.read(b"<gpx>" + b" " * (40 * 1024 * 1024))
    with pytest.raises(Refused, match="100,000 points"):
        tracks.read(b"<gpx>" + b'<trkpt lat="1" lon="2"/>' * 400_000 + b"</gpx>")


def test_the_most_points_take_a_moment() -> None:
    points = "".join(f'<trkpt lat="{40 + i % 2}" lon="{i / 1000:.3f}"/>' for i in range(tracks.MAX_POINTS))
    started = time.process_time()
    reading = tracks.read(GPX.format(points=points).encode())
    assert reading.point_count == tracks.MAX_POINTS
    assert time.process_time() - started < 20


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 900))
def test_any_bytes_within_a_track_are_read_or_refused(noise: bytes, at: int) -> None:
    data = gpx(NOON)
    for hostile in (noise, data[:at] + noise + data[at + len(noise) :]):
        try:
            reading = tracks.read(hostile)
        except Refused:
            continue
        assert reading.point_count >= 2


coordinates = st.lists(st.tuples(st.floats(47, 48), st.floats(9, 10)), min_size=2, max_size=400)


@settings(max_examples=50, deadline=None)
@given(coordinates, st.floats(1, 500))
def test_thinning_keeps_the_shape(line: list[tuple[float, float]], tolerance: float) -> None:
    kept = geometry.thin(line, tolerance)
    assert kept[0] == 0
    assert kept[-1] == len(line) - 1
    assert kept == sorted(set(kept))
    for first, last in zip(kept, kept[1:], strict=False):
        for i in range(first + 1, last):
            assert _off(line[i], line[first], line[last], line[0][0]) <= tolerance * 1.001


def _off(p: tuple[float, float], a: tuple[float, float], b: tuple[float, float], lat: float) -> float:
    """Metres from p to the stretch a–b, on the same flat map."""
    scale = geometry.math.cos(geometry.math.radians(lat))

    def flat(q: tuple[float, float]) -> complex:
        return complex(q[1] * scale, q[0]) * geometry.METRES_PER_DEGREE

    z, u, v = flat(p), flat(a), flat(b)
    if u == v:
        return abs(z - u)
    t = ((z - u) / (v - u)).real
    return abs(z - (u + min(1.0, max(0.0, t)) * (v - u)))


def test_haversine_against_known_distances() -> None:
    konstanz, zurich = (47.6603, 9.1758), (47.3769, 8.5417)
    assert geometry.distance(konstanz, zurich) == pytest.approx(57_200, rel=0.01)
    assert geometry.distance((0, 0), (0, 1)) == pytest.approx(111_195, rel=1e-3)
    assert geometry.distance((0, 0), (0, 180)) == pytest.approx(geometry.math.pi * geometry.EARTH_RADIUS)
    assert geometry.distance((90, 0), (90, 120)) == pytest.approx(0, abs=1e-6)
