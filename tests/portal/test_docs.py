"""The documentation stays true: logins, links, commands, words and files that it names are there."""

import re
from pathlib import Path

import pytest

from agencies.directory.roles import Role
from agreements.register.demo.arrangements import ARRANGEMENTS
from operations.patrols import tracks
from portal.embedded import places, steps
from portal.ui import demo

ROOT = places.ROOT
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
LOGIN = re.compile(r"`((?:[a-z]{2}|sys)\.[a-z]+[0-9]?)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
# A command stands in code: within backticks, or on an indented or fenced line of its own.
TARGET = re.compile(r"(?:`|^ *)make ([a-z]+)", re.MULTILINE)
WORDS = re.compile(r"\*([A-Z][^*]+?)\*(?!\*)")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    for link in LINK.findall(text(name)):
        if not link.startswith(("http://", "https://", "mailto:", "#")):
            assert ((ROOT / name).parent / link.partition("#")[0]).exists(), link


@pytest.mark.parametrize("name", NAMES)
def test_commands_exist(name: str) -> None:
    assert set(TARGET.findall(text(name))) <= {"help", "clean", *steps.TOTALS}


@pytest.mark.parametrize("name", NAMES)
def test_logins_exist_and_the_password_stands_elsewhere(name: str) -> None:
    written = text(name)
    assert set(LOGIN.findall(written)) <= {login.username for login in demo.logins()}
    assert demo.DEMO_PASSWORD not in written


def test_the_demo_page_tells_every_login_with_its_role() -> None:
    rows = re.findall(r"^\| `([a-z.0-9]+)`( \(tour\))? \| ([^,|]+),", text("docs/demo.md"), re.MULTILINE)
    told = {(name, role, bool(tour)) for name, tour, role in rows}
    assert told == {(login.username, login.role, login.note == "tour") for login in demo.logins()}


def test_the_tour_needs_five_logins_of_three_countries() -> None:
    cast = set(re.findall(r"^\| `([a-z.0-9]+)`", text("docs/tour.md"), re.MULTILINE))
    assert cast == {login.username for login in demo.logins() if login.note == "tour"}
    assert len(cast) == 5
    assert len({name[:2] for name in cast}) == 3


def test_the_track_of_the_tour_is_one() -> None:
    reading = tracks.read((ROOT / "docs" / "gailingen-buesingen.gpx").read_bytes())
    # It tells no times, so that it fits the leg of whoever takes the tour, on any day.
    assert reading.started_at is None
    assert 4_000 < reading.length_m < 6_000


def test_the_demo_page_names_real_arrangements() -> None:
    named = set(
        re.findall(r"^\| ((?:Technical Arrangement|Protocol) [A-Z][A-Za-z ]+) \|", text("docs/demo.md"), re.MULTILINE)
    )
    assert named == {row.short_name for row in ARRANGEMENTS}


@pytest.mark.parametrize("role", Role)
def test_there_is_a_page_for_each_role(role: Role) -> None:
    assert (ROOT / "docs" / "users" / f"{role.value.replace('_', '-')}.md").exists()


@pytest.mark.parametrize("name", ["docs/tour.md", *(name for name in NAMES if name.startswith("docs/users/"))])
def test_words_on_the_screen_are_in_the_code(name: str) -> None:
    """What a page says in italics that a reader will find on the screen is somewhere in templates or code."""
    screen = _screen()
    for words in WORDS.findall(text(name)):
        plain = " ".join(words.split()).rstrip(".,:")
        assert plain in ILLUSTRATED or plain.lower() in screen, plain


# Names that the demonstration's data or the reader's own typing bring, and sentences put together when they are shown.
ILLUSTRATED = {
    "Record the suspension",
    "Alpine Rhine Watch",
    "High Rhine Bridges",
    "Lake Constance Autumn",
    "Technical Arrangement High Rhine",
    "After the first night",
    "BPOL shared a record with you",
    "New entries in “Night at the bridge”",
    "Held: only BPOL … until released",
    "Received 14:32Z (OBS-…)",
}


def _screen() -> str:
    """All that templates, code and demo data can put on a screen, in one line."""
    parts: list[str] = []
    for wing in ("templates", "portal", "agencies", "agreements", "operations", "intel"):
        for suffix in ("*.html", "*.py", "*.json"):
            parts += [path.read_text(encoding="utf-8") for path in _files(ROOT / wing, suffix)]
    # The app on the device draws itself.
    parts += [path.read_text(encoding="utf-8") for path in _files(ROOT / "static" / "field", "*.js")]
    return " ".join(re.sub(r"<[^>]*>", " ", " ".join(parts)).split()).lower()


def _files(folder: Path, suffix: str) -> list[Path]:
    return [path for path in folder.rglob(suffix) if "migrations" not in path.parts]
