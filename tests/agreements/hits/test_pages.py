"""Pages and API of hit/no-hit: who finds what, and what nobody does."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.directory.models import new_key
from agencies.directory.roles import Role
from agreements.hits.choices import Outcome
from agreements.hits.models import IndexEntry, Search
from tests.agreements.hits.conftest import VALUE, Index
from tests.conftest import make_appointment


def form(**values: str) -> dict[str, str]:
    return {"term": "passport", "value": VALUE, "purpose": "law_enforcement", "reason": "A check", **values}


def panel(client: Any, record: Any) -> str:
    return str(client.get(reverse("hits:record-panel", args=[record.pk])).content.decode())


def test_search_by_page(index: Index, as_: Any) -> None:
    cast, record = index.cast, index.note()
    index.index(record)
    yann = as_(cast.yann)
    answer = yann.post(reverse("hits:search"), form(), follow=True)
    text = answer.content.decode()
    hit = Search.objects.get().hits[0]
    assert answer.redirect_chain[0][0] == reverse("hits:search-detail", args=[hit.search_id])
    for words in ("Hit:", hit.reference, cast.a1.desk_phone, cast.a1.desk_email, "Not searched", "Z-land"):
        assert words in text
    for hidden in (VALUE, "QX7355119", record.title, str(record.pk)):
        assert hidden not in text
    listed = yann.get(reverse("hits:search-list")).content.decode()
    assert "••••19" in listed
    assert "A check" in listed
    missed = yann.post(reverse("hits:search"), form(value="NOBODY99"), follow=True).content.decode()
    assert "Hit:" not in missed
    assert cast.a1.desk_phone not in missed
    assert Search.objects.first().answers.get(agency=cast.a1).reference not in missed


def test_faults_stand_at_their_fields(index: Index, as_: Any, settings: Any) -> None:
    client, url = as_(index.cast.yann), reverse("hits:search")
    assert "at least 4" in client.post(url, form(value="X1")).content.decode()
    assert "give the date of birth" in client.post(url, form(term="person", value="Anna Keller")).content.decode()
    settings.HIT_SEARCHES_AN_HOUR = 0
    assert "as often as is allowed" in client.post(url, form()).content.decode()
    assert not Search.objects.exists()


def test_who_finds_no_search(index: Index, as_: Any) -> None:
    cast = index.cast
    row = index.search()
    for who in (cast.yara, cast.arno, cast.xenia):
        assert as_(who).get(reverse("hits:search")).status_code == 403
        assert as_(who).post(reverse("hits:search"), form()).status_code == 403
    lars = as_(cast.lars)
    for key in (row.pk, new_key()):
        assert lars.get(reverse("hits:search-detail", args=[key])).status_code == 404
    assert "••••19" not in lars.get(reverse("hits:search-list")).content.decode()


def test_the_owner_indexes_sees_hits_and_withdraws(index: Index, as_: Any) -> None:
    cast, record = index.cast, index.note()
    ada, url = as_(cast.ada), reverse("hits:entry-create", args=[record.pk])
    assert "Index a term" in panel(ada, record)
    body = {"clause": str(index.clause.pk), "term": "passport", "value": VALUE}
    assert ada.post(url, {**body, "term": "vehicle"}).status_code == 200
    assert ada.post(url, body).status_code == 302
    entry = IndexEntry.objects.get()
    hit = index.answer()
    shown = panel(ada, record)
    for words in ("••••19", hit.reference, cast.yann.function, "Y1"):
        assert words in shown
    assert VALUE not in shown
    assert as_(cast.lars).post(reverse("hits:entry-withdraw", args=[entry.pk])).status_code == 404
    assert ada.post(reverse("hits:entry-withdraw", args=[entry.pk])).status_code == 302
    assert "••••19" not in panel(ada, record)
    assert hit.reference in panel(ada, record)
    assert index.answer().outcome == Outcome.NO_HIT


def test_a_receiver_reads_nothing_of_the_index(index: Index, as_: Any, api_as: Any) -> None:
    cast, record = index.cast, index.desk.note()
    index.desk.release(record)
    entry = index.index(record)
    hit = index.answer()
    yann = as_(cast.yann)
    shown = panel(yann, record)
    assert "••••" not in shown
    assert hit.reference not in shown
    assert yann.get(reverse("hits:entry-create", args=[record.pk])).status_code == 403
    assert yann.post(reverse("hits:entry-withdraw", args=[entry.pk])).status_code == 404
    assert api_as(cast.yann).get("/api/v1/hit-entries/").json()["results"] == []


def test_panel_and_list_ask_the_same_however_many(index: Index, as_: Any) -> None:
    record = index.note()
    index.index(record)
    index.search()
    ada, yann = as_(index.cast.ada), as_(index.cast.yann)
    panel(ada, record)
    counts = []
    for _ in range(2):
        found = []
        for work in (lambda: panel(ada, record), lambda: yann.get(reverse("hits:search-list"))):
            with CaptureQueriesContext(connection) as queries:
                work()
            found.append(len(queries))
        counts.append(found)
        for number in range(4):
            index.index(record, value=f"OTHER{number}")
            index.search(value=f"OTHER{number}")
    assert counts[0] == counts[1]


def test_auditors_of_both_sides_read_it(index: Index, as_: Any) -> None:
    cast = index.cast
    index.index(index.note())
    index.search()
    theirs = make_appointment("yvo", cast.b, Role.AUDITOR)
    url = reverse("oversight:ledger")
    assert "hit answer" in as_(cast.arno).get(url).content.decode()
    assert "hit search" not in as_(cast.arno).get(url).content.decode()
    assert "hit search" in as_(theirs).get(url).content.decode()
    assert "hit answer" not in as_(theirs).get(url).content.decode()


def test_the_api(index: Index, api_as: Any) -> None:
    cast, record = index.cast, index.note()
    ada, yann = api_as(cast.ada), api_as(cast.yann)
    assert [row["id"] for row in ada.get("/api/v1/hit-entries/clauses/").json()] == [str(index.clause.pk)]
    body = {"record": str(record.pk), "clause": str(index.clause.pk), "term": "passport", "value": VALUE}
    assert yann.send("POST", "/hit-entries/", body).status_code == 400
    made = ada.send("POST", "/hit-entries/", body)
    assert made.status_code == 201, made.content
    found = yann.send("POST", "/hit-searches/", form())
    assert found.status_code == 201, found.content
    by_outcome = {row["outcome"]: row for row in found.json()["answers"]}
    hit = by_outcome["hit"]
    assert (hit["agency"], hit["desk_phone"]) == (str(cast.a1.pk), cast.a1.desk_phone)
    assert by_outcome["not_searched"]["reference"] == ""
    missed = yann.send("POST", "/hit-searches/", form(value="NOBODY99")).json()["answers"]
    assert {(row["outcome"], row["reference"], row["desk_phone"]) for row in missed} == {
        ("no_hit", "", ""),
        ("not_searched", "", ""),
    }
    shown = ada.get("/api/v1/hit-entries/").json()["results"]
    assert [row["reference"] for row in shown[0]["hits"]] == [hit["reference"]]
    assert len(yann.get("/api/v1/hit-searches/").json()["results"]) == 2
    assert ada.get("/api/v1/hit-searches/").json()["results"] == []
    assert ada.get(f"/api/v1/hit-searches/{found.json()['id']}/").status_code == 404
    assert api_as(cast.yara).send("POST", "/hit-searches/", form()).status_code == 403
    url = f"/hit-entries/{made.json()['id']}/withdraw/"
    assert yann.send("POST", url).status_code == 404
    assert ada.send("POST", url).json()["withdrawn_at"]
    for text in (made.content, found.content):
        assert VALUE.encode() not in text


def test_too_many_is_said_over_the_api(index: Index, api_as: Any, settings: Any) -> None:
    settings.HIT_SEARCHES_AN_HOUR = 0
    answer = api_as(index.cast.yann).send("POST", "/hit-searches/", form())
    assert answer.status_code == 429
    assert "as often as is allowed" in answer.json()["detail"]
