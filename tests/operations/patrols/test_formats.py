"""GPX and GeoJSON, in and out: what another hand wrote is read, what we write another hand reads, hostile files are
refused with a reason, in bounded memory."""

import base64
import json
import math
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import gpxpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.patrols import exports, geojson, geometry, gpx, tracks
from operations.patrols.recordings import Fixes, pack, unpack
from portal.embedded import places
from portal.ui.errors import Refused
from tests.operations.patrols.conftest import GPX
from tests.operations.patrols.conftest import gpx as recorded

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LINE = '{"type":"LineString","coordinates":%s}'
MARKING = {"reference": "LEG-1", "handling_codes": ["NOFORN<&>"]}


def fixes_of(data: bytes) -> Fixes:
    return unpack(base64.b64decode(tracks.read(data).packed))


def as_gpx(fixes: Fixes) -> bytes:
    return "".join(gpx.written(fixes, name="A & B", marking="RESTRICTED <code>", keywords="k")).encode()


def as_geojson(fixes: Fixes) -> bytes:
    return "".join(geojson.written(fixes, name="A & B", marking=MARKING)).encode()


def walk(count: int, seed: int = 1) -> Fixes:
    """A patrol on foot and by car, a fix each second."""
    chance, fixes = random.Random(seed), Fixes()
    latitude, longitude, heading = 47.6, 9.1, 0.0
    fixes.cut()
    for number in range(count):
        heading += chance.gauss(0, 0.15)
        pace = chance.random() * 3e-5
        latitude, longitude = latitude + math.cos(heading) * pace, longitude + 1.5 * math.sin(heading) * pace
        fixes.add(latitude, longitude, 1_795_000_000_000 + 1000 * number)
    return fixes


def test_what_we_write_another_hand_reads() -> None:
    fixes = fixes_of(recorded(NOON, count=50))
    read = gpxpy.parse(as_gpx(fixes).decode())
    points = [point for track in read.tracks for segment in track.segments for point in segment.points]
    assert len(points) == 50
    assert (points[0].latitude, points[0].longitude, points[0].time) == (47.66, 9.17, NOON)
    assert points[-1].time == NOON + timedelta(seconds=30 * 49)
    assert "RESTRICTED <code>" in read.description
    value = json.loads(as_geojson(fixes))
    assert value["marking"] == MARKING == value["features"][0]["properties"]["marking"]
    assert value["features"][0]["geometry"]["coordinates"][0] == [9.17, 47.66]
    assert value["features"][0]["properties"]["coordinateProperties"]["times"][0] == "2026-11-20T12:00:00Z"


def test_what_another_hand_wrote_we_read() -> None:
    book = gpxpy.gpx.GPX()
    book.tracks.append(gpxpy.gpx.GPXTrack())
    for start in (0, 30):
        piece = gpxpy.gpx.GPXTrackSegment()
        for number in range(start, start + 20):
            at = NOON + timedelta(seconds=number, milliseconds=250)
            piece.points.append(gpxpy.gpx.GPXTrackPoint(47 + number / 1e4, 9, elevation=400, time=at))
        book.tracks[0].segments.append(piece)
    reading = tracks.read(book.to_xml().encode())
    assert (reading.point_count, len(reading.lines)) == (40, 2)
    assert reading.started_at == NOON + timedelta(milliseconds=250)


@pytest.mark.parametrize("path", ["coordinateProperties", "coordTimes", "times"])
def test_times_in_geojson_as_programs_keep_them(path: str) -> None:
    times = [(NOON + timedelta(seconds=n)).isoformat() for n in range(3)]
    words = {"coordinateProperties": {"times": times}} if path == "coordinateProperties" else {path: times}
    feature = {
        "type": "Feature",
        "properties": words,
        "geometry": json.loads(LINE % "[[9,47],[9.001,47],[9.002,47.001,410.5]]"),
    }
    reading = tracks.read(json.dumps({"type": "FeatureCollection", "features": [feature]}).encode())
    assert (reading.started_at, reading.ended_at) == (NOON, NOON + timedelta(seconds=2))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.floats(-90, 90), st.floats(-180, 180), st.one_of(st.none(), st.integers(0, 10**6))),
            min_size=1,
            max_size=30,
        ),
        min_size=1,
        max_size=5,
    ).filter(lambda pieces: sum(map(len, pieces)) > 1)
)
def test_out_and_in_again_is_the_same(pieces: list[list[tuple[float, float, int | None]]]) -> None:
    fixes, clock = Fixes(), 0
    for piece in pieces:
        fixes.cut()
        for latitude, longitude, pause in piece:
            clock += pause or 0
            fixes.add(latitude, longitude, *([] if pause is None else [clock]))
    fixes.levels = bytes(len(fixes))
    assert unpack(pack(fixes)) == fixes
    again = fixes_of(as_gpx(fixes))
    assert (again.latitudes, again.longitudes, again.instants) == (fixes.latitudes, fixes.longitudes, fixes.instants)
    assert again.starts == fixes.starts
    if all(len(piece) > 1 for piece in pieces):
        other = fixes_of(as_geojson(fixes))
        assert (other.latitudes, other.instants, other.starts) == (fixes.latitudes, fixes.instants, fixes.starts)


POINT = '<trkpt lat="47.66" lon="9.17"><time>%s</time></trkpt>'
HOSTILE = {
    "a tag of 1 MB": (b'<gpx a="' + b"x" * 2**20 + b'">', "larger than 256 KB"),
    "100,000 attributes": (b"<gpx><trkpt " + b" ".join(b'a%d=""' % n for n in range(100_000)) + b"/>", "256 KB"),
    "a comment of 1 MB": (b"<gpx><!--" + b"x" * 2**20, "256 KB"),
    "a long time": (GPX.format(points=POINT % ("2" * 10**6)).encode(), "not a time"),
    "a swapped grid": (GPX.format(points='<trkpt lat="5278560" lon="513200"/>').encode(), "metres of some grid"),
    "minus infinity": (GPX.format(points='<trkpt lat="-inf" lon="9"/>').encode(), "not on Earth"),
    "a number with signs": (GPX.format(points='<trkpt lat="4_7" lon="9"/>').encode(), "not two numbers"),
    "a zone 20 h off": (GPX.format(points=POINT % "2026-11-20T12:00:00+20:00").encode(), "no such time zone"),
    "a zone that is none": (GPX.format(points=POINT % "2026-11-20T12:00:00+99:00").encode(), "not a time"),
    "the year 2500": (GPX.format(points=POINT % "2500-11-20T12:00:00Z").encode(), "set the device's clock"),
    "a parameter entity": (b'<!DOCTYPE gpx [<!ENTITY % x "y">%x;]><gpx/>', "document type or entities"),
    "UTF-7": (b'<?xml version="1.0" encoding="utf-7"?><gpx/>', "not readable as XML"),
    "UTF-16 cut": ("<gpx>".encode("utf-16")[:-1], "not readable as XML"),
    "a surrogate": ("<gpx>".encode("utf-16-le") + b"\x00\xd8", "not readable as XML|GPX"),
    "json: NaN": ((LINE % "[[9,47],[NaN,47]]").encode(), "no number of degrees"),
    "json: Infinity": ((LINE % "[[9,47],[9,-Infinity]]").encode(), "no number of degrees"),
    "json: 1e999": ((LINE % "[[9,47],[1e999,47]]").encode(), "not on Earth"),
    "json: 5,000 figures": ((LINE % f"[[9,47],[{'9' * 5000},47]]").encode(), "not on Earth"),
    "json: nested": (b'{"type":' + b"[" * 50_000, "nested too deep"),
    "json: nested objects": (b'{"a":' * 9_000, "nested too deep"),
    "json: many lists": (b'{"type":"LineString","coordinates":[' + b"[]," * 10**6, "more than a track"),
    "json: many objects": (b'{"type":"x","y":[' + b"{}," * 10**6, "more than a track"),
    "json: many numbers": (b'{"type":"LineString","coordinates":[' + b"1," * 10**6, "more than a track"),
    "json: other grid": (
        b'{"type":"LineString","crs":{"type":"name","properties":{"name":"EPSG:2056"}},"coordinates":[[1,2],[3,4]]}',
        "another reference system",
    ),
    "json: metres": ((LINE % "[[2600000,1200000],[2600001,1200000]]").encode(), "metres of some grid"),
    "json: latitude first": ((LINE % "[[47,109],[47,109.1]]").encode(), "longitude is first"),
    "json: words": ((LINE % '[["9","47"],["9","47"]]').encode(), "not \\[longitude"),
    "json: true": ((LINE % "[[true,false],[9,47]]").encode(), "not \\[longitude"),
    "json: one number": ((LINE % "[9,47]").encode(), "not \\[longitude"),
    "json: no line": (b'{"type":"Point","coordinates":[9,47]}', "no track"),
    "json: a list": (b"[1,2]", "not GeoJSON"),
    "json: cut": (b'{"type":"LineString"', "not readable as JSON"),
    "json: features": (b'{"type":"FeatureCollection","features":[7]}', "no object"),
    "json: fewer times": (
        b'{"type":"Feature","properties":{"times":["2026-11-20T12:00:00Z"]},"geometry":'
        + (LINE % "[[9,47],[9,48]]").encode()
        + b"}",
        "one for each",
    ),
    "json: latin": (b'{"type":"LineString","n":"\xe9\xff"}', "not readable as text"),
    "json: times back": (
        b'{"type":"Feature","properties":{"times":["2026-11-20T12:00:01Z","2026-11-20T12:00:00Z"]},"geometry":'
        + (LINE % "[[9,47],[9,48]]").encode()
        + b"}",
        "times of the track go back",
    ),
}


@pytest.mark.parametrize(("data", "words"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_refused_with_a_reason(data: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        tracks.read(data)
    assert refused.value.field == "track"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_marks_of_order_and_wide_letters_in_geojson(encoding: str) -> None:
    assert tracks.read((LINE % "[[9,47],[9.1,47]]").encode(encoding)).point_count == 2


def test_a_bom_in_gpx() -> None:
    assert tracks.read(b"\xef\xbb\xbf" + recorded(NOON)).point_count == 20


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 900), st.booleans(), st.integers(1, 40))
def test_any_bytes_are_read_or_refused(noise: bytes, at: int, as_json: bool, size: int) -> None:
    data = as_geojson(fixes_of(recorded(NOON))) if as_json else recorded(NOON)
    hostile = data[:at] + noise + data[at + len(noise) :]
    try:
        reading = tracks.read_stream(hostile[place : place + size] for place in range(0, len(hostile), size))
    except Refused:
        return
    assert reading.point_count >= 2


HEAVY = """
import resource, sys
import django
django.setup()
from operations.patrols import tracks
from portal.ui.errors import Refused
def stream(head, part, size):
    yield head
    for _ in range(size // len(part)):
        yield part
MB = 2**20
heads = {
    "2 GB of spaces": (b"<gpx>", b" " * MB), "a tag": (b"<gpx a='", b"x" * MB), "attributes": (b"<gpx ", b'a%d="" ' % 1 * 9000),
    "elements": (b"<gpx>", b"<a/>" * 250000), "deep": (b"<gpx>", b"<a>" * 250000), "points": (b"<gpx>", b'<trkpt lat="1" lon="2"/>' * 40000),
    "text": (b"<gpx><trkpt lat='1' lon='2'><time>", b"2" * MB), "json spaces": (b'{"type":', b" " * MB), "json lists": (b'{"a":[', b"[]," * 300000),
    "json objects": (b'{"a":[', b"{}," * 300000), "json text": (b'{"a":"', b"x" * MB), "json deep": (b'{"a":', b"[" * MB),
    "json points": (b'{"type":"LineString","coordinates":[', b"[9,47]," * 150000), "escapes": (b'{"a":"', b"\\\\u00e9" * 170000),
}
tracks.read(b'<gpx><trk><trkseg><trkpt lat="1" lon="2"/><trkpt lat="1" lon="2"/></trkseg></trk></gpx>')
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name, (head, part) in heads.items():
    try:
        tracks.read_stream(stream(head, part, 2 * 2**30))
        sys.exit(name)
    except Refused as refused:
        now = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{name}: +{(now - before) // 1024} MB: {refused.message}")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_two_gigabytes_take_little_memory() -> None:
    """Each file would be 2 GB: it is refused on the way, and the process never grows by more than 200 MB."""
    outcome = subprocess.run(
        [sys.executable, "-c", HEAVY], cwd=places.ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert int(outcome.stdout.split()[-1]) < 200, outcome.stdout


def test_levels_keep_the_shape() -> None:
    fixes = walk(3000)
    line = [fixes.point(index) for index in range(len(fixes))]
    levels = geometry.levels(line)
    for level in range(1, geometry.LEVELS + 1):
        kept = [index for index, own in enumerate(levels) if own >= level]
        assert (kept[0], kept[-1]) == (0, len(line) - 1)
        furthest = max(
            _off(line[index], line[first], line[last])
            for first, last in zip(kept, kept[1:], strict=False)
            for index in range(first, last + 1)
        )
        assert furthest <= geometry.FINEST * 2**level
    assert sum(own >= 5 for own in levels) < len(line) / 20


def _off(p: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    scale = geometry.cosine(47.6)
    z, u, v = (complex(q[1] * scale, q[0]) * geometry.METRES_PER_DEGREE for q in (p, a, b))
    share = min(1.0, max(0.0, ((z - u) / (v - u)).real)) if u != v else 0.0
    return abs(z - u - share * (v - u))


def test_lines_for_a_scale_are_few_and_near() -> None:
    fixes = fixes_of(as_gpx(walk(20_000)))
    counts = [sum(map(len, exports.lines(fixes, zoom, None))) for zoom in (6, 10, 14, 18)]
    assert counts == sorted(counts)
    assert counts[0] < 50
    assert counts[-1] == exports.MOST_DRAWN == len(fixes)
    latitude, longitude = fixes.point(10_000)
    box = (longitude - 0.001, latitude - 0.001, longitude + 0.001, latitude + 0.001)
    near = exports.lines(fixes, 18, box)
    assert 2 < sum(map(len, near)) < 5_000
    assert any([round(longitude, 6), round(latitude, 6)] in line for line in near)


def test_the_antimeridian_is_cut() -> None:
    assert geometry.uncrossed([[[179.0, 10.0], [-179.0, 12.0], [-178.0, 12.0]]]) == [
        [[179.0, 10.0], [180.0, 11.0]],
        [[-180.0, 11.0], [-179.0, 12.0], [-178.0, 12.0]],
    ]
    reading = tracks.read((LINE % "[[179.9,10],[-179.9,10]]").encode())
    assert reading.length_m == pytest.approx(0.2 * 111_195 * geometry.cosine(10), rel=0.01)


def test_a_jump_of_the_receiver_is_kept_but_not_measured() -> None:
    def point(number: int, latitude: float) -> str:
        at = (NOON + timedelta(seconds=10 * number)).isoformat()
        return f'<trkpt lat="{latitude:.6f}" lon="9.17"><time>{at}</time></trkpt>'

    straight = [47.6 + number * 1e-3 for number in range(40)]
    jumped = [48.9 if number in (7, 8, 20) else latitude for number, latitude in enumerate(straight)]
    plain, odd = (
        tracks.read(GPX.format(points="".join(map(point, range(40), line))).encode()) for line in (straight, jumped)
    )
    assert (plain.outliers, odd.outliers, odd.point_count) == (0, 3, 40)
    assert odd.length_m == pytest.approx(plain.length_m, rel=1e-3)
    assert (odd.north, odd.lines) == (plain.north, plain.lines)
    # Who stays there has really gone there: by helicopter, or the recorder was off.
    gone = [*straight[:20], *(latitude + 1.3 for latitude in straight[20:])]
    assert tracks.read(GPX.format(points="".join(map(point, range(40), gone))).encode()).outliers == 0
