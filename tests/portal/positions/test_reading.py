import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.positions import reading
from portal.positions.notations import Notation
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
        "9°10'30\"E 47°39'36\"N",
        "E 9.175, N 47.66",
        "47,66 9,175",
        "47,66; 9,175",
        "47,66, 9,175",
        "47.66°, 9.175°",
    ],
)
def test_as_officers_write_it(text: str) -> None:
    assert reading.parse(text) == pytest.approx((47.66, 9.175), abs=1e-5)


def test_south_and_west() -> None:
    assert reading.parse("33°52'S 151°12'W") == pytest.approx((-33.866667, -151.2))
    assert reading.parse("-33.5, -70.6") == (-33.5, -70.6)


@pytest.mark.parametrize("text", ["", "   "])
def test_none(text: str) -> None:
    assert reading.parse(text) is None


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
        "9°E 47°E",
        "47,66,9,175",
        "32T",
        "32TNT 127 78461",
        "32TNT 123",
        "32TNT 123456 123456",
        "32TN",
        "ZA",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        reading.parse(text)
    assert refused.value.field == "position"


@given(st.text(max_size=90))
def test_any_text_is_a_position_or_refused(text: str) -> None:
    try:
        pair = reading.parse(text)
    except Refused:
        return
    assert pair is None or (-90 <= pair[0] <= 90 and -180 <= pair[1] <= 180)


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        ("32T 513200 5278560", Notation.UTM),
        ("32t 513200 5278560", Notation.UTM),
        ("32 T 513200mE 5278560mN", Notation.UTM),
        ("32T 513200.4, 5278560.1", Notation.UTM),
        ("32N 513200 5278560", Notation.UTM),
        ("32TNT 13199 78560", Notation.MGRS),
        ("32TNT1319978560", Notation.MGRS),
        ("32tnt 13199 78560", Notation.MGRS),
        ("32T NT 13199 78560", Notation.MGRS),
        ("32TNT 1319 7856", Notation.MGRS),
    ],
)
def test_grids_as_officers_write_them(text: str, notation: Notation) -> None:
    found = reading.read(text)
    assert found is not None
    assert found.notation == notation
    assert found.pair == pytest.approx((47.6603, 9.1758), abs=1e-4)


def test_a_square_is_its_middle_and_says_how_wide_it_is() -> None:
    found = reading.read("32TNT 1 7")
    assert found is not None
    assert found.within_m == 5000
    kilometre = reading.read("32TNT 13 78")
    assert kilometre is not None
    assert kilometre.within_m == 500
    assert kilometre.pair == pytest.approx((47.6597, 9.1798), abs=1e-3)


# What is wrong with it stands in the answer: nothing is moved to where it might have been meant.
WRONG = {
    "61T 513200 5278560": "no zone 61T",
    "0T 513200 5278560": "no zone 0T",
    "32I 513200 5278560": "no zone 32I",
    "32O 513200 5278560": "no zone 32O",
    "32A 513200 5278560": "no zone 32A",
    "32X 500000 8500000": "around Svalbard",
    "32S 513200 5278560": "do not lie in 32S.*southern half",
    "32C 513200 5278560": "do not lie in 32C",
    "32U 513200 5278560": "do not lie in 32U",
    "32T 999999 5278560": "do not lie in zone 32",
    "32T 99999 5278560": "six figures",
    "32T 513200 10000001": "six figures",
    "61TNT 13199 78560": "no zone 61T",
    "32TZZ 13199 78560": "no square ZZ in 32T",
    "32TAA 13199 78560": "no square AA in 32T",
    "32TIO 13199 78560": "no square IO in 32T",
    "32X NT 13199 78560": "around Svalbard",
    "ZZZ 00000 00000": "no square ZZ",
}


@pytest.mark.parametrize(("text", "words"), WRONG.items(), ids=WRONG.keys())
def test_a_wrong_zone_is_told(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        reading.parse(text)
    assert refused.value.field == "position"


@given(st.from_regex(r"[0-9]{1,2}[A-Z]{3} ?[0-9]{0,5} ?[0-9]{0,5}|[0-9]{1,2}[A-Z] [0-9]{6} [0-9]{1,8}", fullmatch=True))
def test_whatever_looks_like_a_grid_is_where_it_says_or_refused(text: str) -> None:
    try:
        found = reading.read(text)
    except Refused:
        return
    assert found is not None
    zone = int(text[: 2 if text[1].isdigit() else 1])
    off = (found.longitude - (zone * 6 - 183) + 180) % 360 - 180
    assert abs(off) <= 9.6
    letter = text.lstrip("0123456789")[0]
    south = "CDEFGHJKLMNPQRSTUVWX".index(letter) * 8 - 80
    slack = (found.within_m or 0) / 111_000 + 0.03
    assert letter == "N" or south - slack <= found.latitude <= south + (12 if letter == "X" else 8) + slack
