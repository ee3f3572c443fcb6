"""Pages and API of imports: the whole way, and who may not."""

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from agreements.alerts.models import Alert
from agreements.importing.choices import ImportState, RowState
from agreements.importing.models import CountryName, Import, KeptMapping
from agreements.register.models import Agreement
from tests.agreements.importing.conftest import HEADERS, Desk, text
from tests.conftest import Cast

ROWS = [
    HEADERS,
    ("Treaty One", "SR 1", "X-land; Y-land", "2001-02-03", "2002-01-01", "", "blue folder"),
    ("Treaty Two", "SR 2", "X-land; Atlantis", "5 April 2002", "", "", ""),
    ("Treaty Three", "SR 3", "X-land; Z-land", "soon", "", "", "=SUM(A1)"),
    ("Treaty Four", "SR 4", "X-land; Y-land", "4/5/2003", "", "", ""),
]


def sent(content: bytes, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def uploaded(client: Any, content: bytes, name: str = "list.csv") -> Import:
    answer = client.post(reverse("importing:import-create"), {"file": sent(content, name)})
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("uploaded_at")


def named(client: Any, job: Import) -> None:
    """The columns as the page proposes them."""
    page = client.get(reverse("importing:import-columns", args=[job.pk]))
    form = page.context["form"]
    data = {
        field.html_name: "" if field.value() is None else field.value() for field in form if field.value() is not False
    }
    answer = client.post(reverse("importing:import-columns", args=[job.pk]), data)
    assert answer.status_code == 302, answer.content.decode()


def test_the_whole_way_by_pages(desk: Desk, as_: Any) -> None:
    client, cast = as_(desk.cast.tara), desk.cast
    assert "Nothing was imported yet" in client.get(reverse("importing:import-list")).content.decode()
    job = uploaded(client, text(ROWS))
    columns = client.get(reverse("importing:import-columns", args=[job.pk])).content.decode()
    assert "blue folder" in columns
    named(client, job)
    here = reverse("importing:import-detail", args=[job.pk])
    page = client.get(here).content.decode()
    assert "Day or month first?" in page
    assert "Atlantis" in page
    client.post(reverse("importing:import-check", args=[job.pk]), {"order": "day"})
    client.post(reverse("importing:import-names", args=[job.pk]), {"name": "Atlantis", "country": "ZZ"})
    assert CountryName.objects.get().country_id == "ZZ"
    wrong = job.rows.get(number=4)
    assert client.get(here, {"state": "error"}).content.decode().count("Row 4") == 1
    detail = client.get(reverse("importing:row-detail", args=[wrong.pk])).content.decode()
    assert "soon" in detail
    assert "kept beside the row" in detail
    cells = {f"cell_{n}": value for n, value in enumerate(wrong.cells)} | {"cell_3": "1 May 2004"}
    client.post(reverse("importing:row-change", args=[wrong.pk]), cells)
    assert job.rows.counts()["will_be_made"] == 4
    client.post(reverse("importing:import-start", args=[job.pk]), {"draft": "put"})
    progress = client.get(reverse("importing:import-progress", args=[job.pk]))
    assert "0 of 4" in progress.content.decode()
    assert "HX-Refresh" not in progress
    desk.work()
    assert client.get(reverse("importing:import-progress", args=[job.pk]))["HX-Refresh"] == "true"
    assert job.rows.counts()["made"] == 4
    told = {(alert.kind, alert.appointment) for alert in Alert.objects.filter(kind__startswith="importing.")}
    assert told == {("importing.finished", cast.tara), ("importing.put", cast.yusuf), ("importing.put", cast.zeno)}
    inbox = as_(cast.yusuf).get(reverse("alerts:alert-list")).content.decode()
    assert "2 imported agreements of your country" in inbox
    assert not Alert.objects.filter(kind="register.registered").exists()
    undo = client.get(reverse("importing:import-undo", args=[job.pk])).content.decode()
    assert "Nobody has built on what it made" in undo
    client.post(reverse("importing:import-undo", args=[job.pk]), {"sure": "1"})
    desk.work()
    assert Agreement.objects.count() == 1
    job.refresh_from_db()
    assert job.state == ImportState.UNDONE
    assert "taken back" in as_(cast.yusuf).get(reverse("alerts:alert-list")).content.decode()


def test_errors_leave_as_a_workbook_and_come_back_repaired(desk: Desk, as_: Any) -> None:
    client = as_(desk.cast.tara)
    job = uploaded(client, text(ROWS))
    named(client, job)
    answer = client.get(reverse("importing:import-rows", args=[job.pk]), {"kind": "xlsx", "state": ["error", "asking"]})
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    assert [row[0] for row in rows] == ["Row", "3", "4", "5"]
    assert "no country that is known" in rows[1][1]
    assert rows[2][-1] == "'=SUM(A1)"
    for row, place, value in ((1, 4, "X-land; Y-land"), (2, 5, "2004-05-01"), (3, 5, "2003-05-04")):
        rows[row][place] = value
    out, back = Workbook(), io.BytesIO()
    for row in rows:
        out.active.append(row)
    out.save(back)
    answer = client.post(
        reverse("importing:import-repair", args=[job.pk]), {"file": sent(back.getvalue(), "rows.xlsx")}, follow=True
    )
    assert "3 rows taken in" in answer.content.decode()
    assert job.rows.counts()["will_be_made"] == 4
    row = job.rows.get(number=4)
    assert row.cells[3] == "2004-05-01"
    assert row.cells[-1] == "=SUM(A1)"
    assert row.as_uploaded[3] == "soon"
    stranger = text([("Row", *HEADERS), ("99", "A", "", "X-land", "", "", "", "")])
    answer = client.post(reverse("importing:import-repair", args=[job.pk]), {"file": sent(stranger)}, follow=True)
    assert "none of this import: 99" in answer.content.decode()


def test_columns_are_offered_again_and_a_fault_is_said_at_the_column(desk: Desk, as_: Any) -> None:
    client = as_(desk.cast.tara)
    first = uploaded(client, text(ROWS))
    page = reverse("importing:import-columns", args=[first.pk])
    shape = {"shape": "treaty", "separator": "semicolon"}
    answer = client.post(page, {**shape, "column_0": "title", "column_1": "title", "column_2": "parties"})
    assert "another column means this already" in answer.content.decode()
    assert first.rows.filter(state=RowState.UNCHECKED).count() == 4
    answer = client.post(page, {**shape, "column_2": "parties"})
    assert "Say which column holds the title" in answer.content.decode()
    client.post(page, {**shape, "column_0": "title", "column_2": "parties", "column_6": "summary"})
    assert KeptMapping.objects.get().mapping["6"] == {"field": "summary", "party": ""}
    second = uploaded(client, text([HEADERS, ("Treaty Nine", "", "X-land; Y-land", "", "", "", "words")]))
    answer = client.get(reverse("importing:import-columns", args=[second.pk]))
    assert "imported before" in answer.content.decode()
    assert answer.context["form"]["column_6"].value() == "summary"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n", "no list"),
        (b"a;b\n\x00\x01;2\n", "no list"),
        (b"Title;Parties\n", "no rows"),
        (b'Title;Parties\n"A;B\nC;D\n', "quotation"),
        (b'{"a": ', "no JSON"),
        (b"[1, 2]", "no list of objects"),
        (b"[" * 100_000, "JSON"),
        (b'{"format": "entente-register", "version": 9, "agreements": []}', "version 9"),
        (b"PK\x03\x04 nothing", "cannot be read"),
    ],
)
def test_what_is_no_list_is_refused_at_the_field(desk: Desk, as_: Any, content: bytes, said: str) -> None:
    answer = as_(desk.cast.tara).post(reverse("importing:import-create"), {"file": sent(content)})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Import.objects.exists()


def doors(job: Import) -> list[str]:
    row = job.rows.get(number=2)
    one = ("detail", "columns", "names", "progress", "undo", "rows")
    posts = ("check", "start", "cancel", "resume", "repair")
    return [
        *(reverse(f"importing:import-{name}", args=[job.pk]) for name in (*one, *posts)),
        *(reverse(f"importing:row-{name}", args=[row.pk]) for name in ("detail", "change", "decide")),
        *(f"/api/v1/imports/{job.pk}/{name}" for name in ("", "questions/", "undo/", "rows/", "start/", "columns/", "repair/")),
        *(f"/api/v1/import-rows/{row.pk}/{name}" for name in ("", "cells/", "decide/")),
    ]  # fmt: skip


def test_nobody_else_sees_an_import(desk: Desk, as_: Any) -> None:
    """Other agencies' treaty admins: as if it did not exist. Officers without the role: 403."""
    cast = desk.cast
    job = desk.named(text(ROWS))
    for who, statuses in (
        (cast.yusuf, (404, 405)),
        (cast.zeno, (404, 405)),
        (cast.xenia, (403, 405)),
        (cast.arno, (403, 405)),
    ):
        client = as_(who)
        for address in doors(job):
            for method in ("get", "post", "put"):
                answer = getattr(client, method)(address)
                assert answer.status_code in (*statuses, 415), (who, method, address, answer.status_code)
                assert b"Treaty One" not in answer.content
    for who in (cast.yusuf, cast.zeno):
        for name in ("imports-list", "import-rows-list", "country-names-list"):
            assert as_(who).get(reverse(name)).json()["results"] == []
        assert "list.csv" not in as_(who).get(reverse("importing:import-list")).content.decode()
    job.refresh_from_db()
    assert job.state == ImportState.CHECKED
    assert job.rows.filter(state=RowState.MADE).count() == 0


def test_the_list_and_the_rows_need_the_same_queries_with_one_and_with_many(desk: Desk, as_: Any) -> None:
    client = as_(desk.cast.tara)

    def count(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(address).status_code == 200
        return len(found)

    job = desk.named(text(ROWS[:2]))
    here, rows = reverse("importing:import-detail", args=[job.pk]), f"{reverse('import-rows-list')}?of={job.pk}"
    few = count(reverse("importing:import-list")), count(here), count(rows)
    for number in range(3):
        desk.named(text([HEADERS, (f"Other {number}", "", "X-land; Y-land", "", "", "", "")]))
    many = [(f"Treaty {n}", f"N {n}", "X-land; Y-land", f"19{n}-01-01", "", "", "") for n in range(10, 60)]
    job = desk.named(text([HEADERS, *many]))
    here, rows = reverse("importing:import-detail", args=[job.pk]), f"{reverse('import-rows-list')}?of={job.pk}"
    assert (count(reverse("importing:import-list")), count(here), count(rows)) == few


def test_the_whole_way_by_the_api(desk: Desk, cast: Cast, api_as: Any) -> None:
    api = api_as(cast.tara)
    made = api.post("/api/v1/imports/", {"file": sent(text(ROWS))})
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    assert made["Location"].endswith(f"/imports/{key}/")
    here = f"imports/{key}/"
    columns, options = made.json()["columns"], made.json()["options"]
    body = {"columns": columns, **{name: options[name] for name in ("shape", "separator")}}
    checked = api.send("PUT", f"{here}columns/", body)
    assert checked.status_code == 200, checked.content
    assert checked.json()["counts"] == {
        "all": 4, "unchecked": 0, "will_be_made": 1, "flagged": 0, "asking": 2, "error": 1, "kept": 3, "skipped": 0, "made": 0,
        "undone": 0,
    }  # fmt: skip
    questions = api.send("GET", f"{here}questions/").json()
    assert questions["names"][0]["name"] == "Atlantis"
    assert questions["day_order"] == {"rows": 1, "examples": ["4/5/2003"], "day_first": 0, "month_first": 0}
    assert api.send("POST", "country-names/", {"name": "Atlantis", "country": None, "note": "sunk"}).status_code == 201
    assert api.send("POST", f"{here}check/", {"day_first": False}).json()["counts"]["asking"] == 0
    rows = api.send("GET", f"import-rows/?of={key}&state=error").json()["results"]
    cells = [*rows[0]["cells"][:3], "2004-05-05", *rows[0]["cells"][4:]]
    assert api.send("PUT", f"import-rows/{rows[0]['id']}/cells/", {"cells": cells}).json()["state"] == "ready"
    flagged = api.send("GET", f"import-rows/?of={key}&code=left_out").json()["results"]
    assert [row["number"] for row in flagged] == [3]
    decided = api.send("POST", f"import-rows/{flagged[0]['id']}/decide/", {"decision": "skip"})
    assert decided.json()["state"] == "skipped"
    assert api.send("POST", f"{here}start/", {"draft": True}).json()["state"] == "running"
    desk.work()
    counts = api.send("GET", here).json()["counts"]
    assert (counts["made"], counts["skipped"], counts["kept"]) == (3, 1, 0)
    assert api.send("GET", f"{here}undo/").json() == {"agreements": 3, "staying": []}
    assert api.send("POST", f"{here}undo/").status_code == 200
    desk.work()
    assert api.send("GET", here).json()["counts"]["undone"] == 3
    assert api.send("POST", f"{here}start/").status_code == 409
    names = api.send("GET", "country-names/").json()["results"]
    assert api.send("DELETE", f"country-names/{names[0]['id']}/").status_code == 204
    found = api.send("GET", "register-export/?kind=json")
    assert [item["short_name"] for item in json.loads(b"".join(found.streaming_content))["agreements"]] == [
        "X–Y Treaty"
    ]
    assert api.send("GET", "register-export/?kind=exe").status_code == 400
    assert api_as(cast.xenia).send("GET", "register-export/").status_code == 200
