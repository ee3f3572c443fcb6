"""Files as programs write them, days as people write them, names as treaties wrote them."""

import io
import json
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import MAC_EPOCH

from agencies.directory import countries
from agencies.directory.models import Country
from agreements.importing import columns, dates, files
from agreements.importing.names import load
from agreements.importing.names.history import ASKED, SURE
from agreements.importing.words import plain
from portal.ui.errors import Refused
from tests.conftest import Cast


def read(content: bytes) -> tuple[list[str], list[tuple[int, list[str]]], str]:
    table = files.read(io.BytesIO(content))
    rows = list(table.rows)
    return table.headers, rows, " ".join(table.notes)


LIST = "Titel;Parteien\nVertrag über Grüße;Österreich\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_any_separator_and_encoding(encoding: str, separator: str) -> None:
    headers, rows, notes = read(LIST.replace(";", separator).encode(encoding))
    assert (headers, rows) == (["Titel", "Parteien"], [(2, ["Vertrag über Grüße", "Österreich"])])
    assert ("accents" in notes) == (encoding in ("cp1252", "latin-1"))


def test_quoted_line_breaks_empty_rows_and_titles_above() -> None:
    content = 'List of the ministry,,\n\n"Title","Parties",\n"One\nline, two","A\nB",x,more\n,,\n"Two","C"\n'
    headers, rows, notes = read(content.encode())
    assert headers == ["Title", "Parties", "(column 3)", "(column 4)"]
    assert rows == [(4, ["One\nline, two", "A\nB", "x", "more"]), (8, ["Two", "C"])]
    assert "List of the ministry" in notes
    assert "2 empty rows" in notes


def workbook(rows: list[list[Any]], **options: Any) -> bytes:
    book, out = Workbook(), io.BytesIO()
    if "epoch" in options:
        book.epoch = options["epoch"]
    for row in rows:
        book.active.append(row)
    for place in options.get("merged", ()):
        book.active.merge_cells(place)
    if options.get("second"):
        book.create_sheet("Other").append(["x"])
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_days_merged_cells_and_formulas() -> None:
    content = workbook(
        [
            ["Treaties", None, None, None],
            ["Title", "Party", "Signed", "Number"],
            ["A", "X", datetime(2022, 4, 5), 7.0],
            [None, "Y", date(2022, 4, 6), "=1+1"],
            [None, None, None, None],
            ["B", "Z", 44656, 1.5],
        ],
        merged=["A1:D1", "A3:A4"],
        second=True,
    )
    headers, rows, notes = read(content)
    assert headers == ["Title", "Party", "Signed", "Number"]
    assert rows == [
        (3, ["A", "X", "2022-04-05", "7"]),
        (4, ["A", "Y", "2022-04-06", "=1+1"]),
        (6, ["B", "Z", "44656", "1.5"]),
    ]
    assert "Other sheets are not read: Other" in notes
    assert "Merged cells" in notes


def test_day_numbers_of_1904_mean_the_same_day() -> None:
    _, rows, notes = read(workbook([["Title", "Signed"], ["A", 43194]], epoch=MAC_EPOCH))
    assert dates.read(rows[0][1][1], None).day == date(2022, 4, 5)
    assert "1904" in notes


def test_json_of_objects() -> None:
    content = json.dumps([{"title": "A", "parties": ["X", "Y"]}, {}, {"title": "B", "more": {"a": 1}}]).encode()
    headers, rows, notes = read(content)
    assert headers == ["title", "parties", "more"]
    assert rows == [(1, ["A", "X; Y", ""]), (3, ["B", "", '{"a": 1}'])]
    assert "1 empty object" in notes
    assert read(json.dumps({"rows": [{"title": "A"}]}).encode())[1] == [(1, ["A"])]


def test_too_many_rows_and_too_long_cells_are_refused(monkeypatch: Any) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 2)
    with pytest.raises(Refused, match="more than 2 rows"):
        read(b"a;b\n1;2\n1;2\n1;2\n")
    with pytest.raises(Refused):
        read(b"a;b\n" + b"x" * 30_000 + b";2\n")


@given(st.dates(date(1648, 1, 1), date(2199, 12, 31)), st.booleans())
def test_every_way_to_write_a_day_gives_that_day(day: date, day_first: bool) -> None:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%-d. %-m. %Y", "%-d %B %Y", "%B %-d, %Y", "%Y/%m/%d", "%d %b %Y"):
        assert dates.read(day.strftime(form), None).day == day, form
    slashed = day.strftime("%-d/%-m/%Y" if day_first else "%-m/%-d/%Y")
    assert dates.read(slashed, day_first).day == day
    unsaid = dates.read(slashed, None)
    assert unsaid.ambiguous or unsaid.day == day


@given(st.text(max_size=30))
def test_whatever_stands_there_is_a_day_a_part_a_question_or_a_fault(text: str) -> None:
    found = dates.read(text, None)
    assert sum(map(bool, (found.day, found.only, found.ambiguous, found.fault))) == 1


@pytest.fixture
def all_names(cast: Cast) -> Any:
    for row in countries.rows():
        Country.objects.get_or_create(code=row["code"], defaults=row)
    return load(cast.tara)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Germany", "DE"), ("Federal Republic of Germany", "DE"), ("BRD", "DE"), ("République fédérale d'Allemagne", "DE"),
        ("DEU", "DE"), ("de", "DE"), ("Zaire", "CD"), ("Burma", "MM"), ("Birmanie", "MM"), ("Türkiye", "TR"), ("TURKEY", "TR"),
        ("Türkei", "TR"), ("Upper Volta", "BF"), ("Ceylon", "LK"), ("Siam", "TH"), ("Persia", "IR"), ("Swaziland", "SZ"),
        ("Czech Republic", "CZ"), ("Tschechien", "CZ"), ("Ivory Coast", "CI"), ("Côte d’Ivoire", "CI"), ("Holy See", "VA"),
        ("Grossbritannien", "GB"), ("U.K.", "GB"), ("USA", "US"), ("États-Unis d’Amérique", "US"), ("Holland", "NL"),
        ("Republic of Korea", "KR"), ("Nordkorea", "KP"), ("Europäische Union", "EU"), ("Kosovo", "XK"), ("Schweizerische Eidgenossenschaft", "CH"),
        ("The former Yugoslav Republic of Macedonia", "MK"), ("Congo, The Democratic Republic of the", "CD"), ("Cape Verde", "CV"),
        ("Viet Nam", "VN"), ("Vietnam", "VN"), ("Bolivia", "BO"), ("Moldova", "MD"), ("Russland", "RU"), ("Italie", "IT"), ("Österreich", "AT"),
    ],
)  # fmt: skip
def test_certain_names_are_found(all_names: Any, name: str, code: str) -> None:
    assert all_names.find(name).code == code


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("Czechoslovakia", "CZ"), ("Tschechoslowakei", "SK"), ("USSR", "RU"), ("Sowjetunion", "UA"), ("Yugoslavia", "RS"),
        ("Jugoslawien", "HR"), ("German Democratic Republic", "DE"), ("Korea", "KR"), ("Congo", "CG"), ("Serbia and Montenegro", "ME"),
        ("Austria-Hungary", "AT"), ("SU", "RU"), ("Germny", "DE"), ("Switzerlnd", "CH"), ("Swizerland", "CH"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_asked_and_never_guessed(all_names: Any, name: str, suggested: str) -> None:
    found = all_names.find(name)
    assert not found.code
    assert found.why
    assert suggested in [code for code, _ in all_names.suggestions(found)]


def test_no_name_is_both_certain_and_asked(all_names: Any) -> None:
    asked = {plain(name) for names, _, _ in ASKED for name in names.split(";")}
    sure: dict[str, str] = {}
    for code, names in SURE.items():
        for name in map(plain, names.split(";")):
            assert sure.setdefault(name, code) == code, name
    assert not asked & sure.keys()
    assert all(Country.objects.filter(pk=code).exists() for code in SURE)
    assert all(Country.objects.filter(pk=code).exists() for _, _, codes in ASKED for code in codes.split())


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Datum der Unterzeichnung", "signed"), ("Date of signature", "signed"), ("Date de signature", "signed"),
        ("Inkrafttreten", "in_force"), ("Entrée en vigueur", "in_force"), ("Entry into force", "in_force"), ("Vertragsparteien", "parties"),
        ("Parties contractantes", "parties"), ("Kurztitel", "short_name"), ("Fundstelle", "reference"), ("Depositar", "depositary"),
        ("Kündigungsfrist (Monate)", "notice_months"), ("Préavis en mois", "notice_months"), ("Art des Vertrags", "kind"),
        ("Gültig bis", "expires"), ("Außer Kraft", "terminated"), ("Ratifikation", "ratification"), ("Date of accession", "accession"),
        ("Beitritt", "accession"), ("Kündigung", "denunciation"), ("Vorläufige Anwendung", "provisional"), ("Sprachen", "languages"),
        ("Zusammenfassung", "summary"), ("Quelle", "source"), ("Zeitzone", "time_zone"), ("Ordner des Referats", ""), ("Reason", ""),
    ],
)  # fmt: skip
def test_headers_in_three_languages(header: str, field: str) -> None:
    found = columns.guess([header], lambda name: None)
    assert found.get("0", {}).get("field", "") == field


def test_a_header_that_names_a_party(all_names: Any) -> None:
    found = columns.guess(
        ["Ratification (Germany)", "Ratifikation Frankreich", "Unterzeichnung Schweiz"], all_names.code_of
    )
    assert found == {
        "0": {"field": "ratification", "party": "DE"},
        "1": {"field": "ratification", "party": "FR"},
        "2": {"field": "signature", "party": "CH"},
    }
