import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.patrols import positions
from portal.ui.errors import Refused


@pytest.mark.parametrize(
    "text",
    [
        "47.66, 9.175",
        "47.66 9.175",
        "47.66;9.175",
        " 47.66 , 9.175 ",
        "47.66N 9.175E",
        "N47.66 E9.175",
        "47°39'36\"N 9°10'30\"E",
        "47° 39' 36\" N, 9° 10' 30\" E",
        "47°39.6'N 9°10.5'E",
        "47 39 36 N 9 10 30 E",
        "47°39′36″N 9°10′30″O",
        "N 47° 39' 36\", E 9° 10' 30\"",
    ],
)
def test_as_officers_write_it(text: str) -> None:
    assert positions.parse(text) == pytest.approx((47.66, 9.175), abs=1e-5)


def test_south_and_west() -> None:
    assert positions.parse("33°52'S 151°12'W") == pytest.approx((-33.866667, -151.2))
    assert positions.parse("-33.5, -70.6") == (-33.5, -70.6)


@pytest.mark.parametrize("text", ["", "   "])
def test_none(text: str) -> None:
    assert positions.parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "here",
        "47.66",
        "91, 9",
        "47, 181",
        "nan, nan",
        "inf, 1",
        "47°61'N 9°10'E",
        "9E 47N 3",
        "1e5, 2",
        "4" * 200,
        "9°E 47°N",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        positions.parse(text)
    assert refused.value.field == "position"


@given(st.text(max_size=90))
def test_any_text_is_a_position_or_refused(text: str) -> None:
    try:
        pair = positions.parse(text)
    except Refused:
        return
    assert pair is None or (-90 <= pair[0] <= 90 and -180 <= pair[1] <= 180)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_written_is_read_again(latitude: float, longitude: float) -> None:
    assert positions.parse(positions.written(latitude, longitude)) == pytest.approx((latitude, longitude), abs=1e-5)
