import json
from typing import Any

import pytest

from portal.positions import areas
from portal.ui.errors import Refused
from tests.operations.planning.conftest import SQUARE

RING = SQUARE["coordinates"][0]


def test_reads_geojson_and_lines() -> None:
    assert areas.parse(json.dumps(SQUARE)) == SQUARE
    assert areas.parse(json.dumps({"type": "Feature", "properties": {}, "geometry": SQUARE})) == SQUARE
    assert areas.parse("47.6, 9.0\n47.6 9.2\n47.7; 9.2\n\n47.7, 9.0") == SQUARE
    assert areas.parse("  ") is None
    assert areas.parse(areas.written(SQUARE)) == SQUARE
    assert areas.written(None) == ""


def test_outer_ring_runs_counter_clockwise_and_holes_the_other_way() -> None:
    hole = [[9.05, 47.62], [9.1, 47.62], [9.1, 47.65], [9.05, 47.62]]
    found = areas.polygon({"type": "Polygon", "coordinates": [RING[::-1], hole]})
    assert found == {"type": "Polygon", "coordinates": [RING, hole[::-1]]}


@pytest.mark.parametrize(
    "value",
    [
        [],
        "x",
        {"type": "Point", "coordinates": [9, 47]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [RING[:-1]]},
        {"type": "Polygon", "coordinates": [RING[:2]]},
        {"type": "Polygon", "coordinates": [[[1, 2], [1, 2], [1, 2], [1, 2]]]},
        {"type": "Polygon", "coordinates": [[[9, 47], [9.1, 47], [9.2, True], [9, 47]]]},
        {"type": "Polygon", "coordinates": [[[9, 47], [9.1, float("nan")], [9.2, 48], [9, 47]]]},
        {"type": "Polygon", "coordinates": [[[9, 47], [9.1, 147], [9.2, 48], [9, 47]]]},
        {"type": "Polygon", "coordinates": [[[9, 47], [990, 47], [9.2, 48], [9, 47]]]},
        {"type": "Polygon", "coordinates": [[[9, 47], {"a": 1}, [9.2, 48], [9, 47]]]},
        {"type": "Polygon", "coordinates": [[[i / 100, 47 + i % 2] for i in range(1001)]]},
        {"type": "Polygon", "coordinates": 7},
    ],
)
def test_refuses(value: Any) -> None:
    with pytest.raises(Refused) as refused:
        areas.polygon(value)
    assert refused.value.field == "area"


@pytest.mark.parametrize(
    "text", ["{", "[" * 50_000, '{"a":' * 20_000, "here", "47.6", "91, 200\n1,1\n2,2", "x" * 200_000]
)
def test_refuses_texts(text: str) -> None:
    with pytest.raises(Refused):
        areas.parse(text)
