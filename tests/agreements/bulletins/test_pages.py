"""Bulletins on pages and over the API: who reads, sends, acknowledges and cancels, and who does not."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.bulletins.models import Bulletin
from agreements.register import actions
from agreements.register.choices import ActionKind
from agreements.sharing.actions import records
from portal.audit.models import Entry
from portal.audit.recording import DISCLOSE
from tests.agreements.bulletins.conftest import PLAIN
from tests.api import fault


def written(cast, **values):
    return {
        "headline": "Stop the white van", "instruction": "Hold it and call.", "urgency": "Immediate",
        "severity": "Severe", "certainty": "Likely", "desks": [str(cast.a1.pk), str(cast.b.pk)],
        "acknowledging": "anyone", "minutes": "20", "categories": ["operational"], "classification": "1", "tlp": "2",
        "key": "018f0000-0000-7000-8000-000000000001", **values,
    }  # fmt: skip


def shown_in(page):
    return re.search(r'name="shown" value="([^"]*)"', page).group(1)


def test_preview_then_send_then_the_partner_acknowledges(cast, room, as_):
    client = as_(cast.lars)
    assert client.get("/bulletins/new/").status_code == 200
    page = client.post("/bulletins/new/", written(cast, preview="1")).content.decode()
    assert "Who will be alerted" in page
    assert "X–Y Treaty" in page
    assert not Bulletin.objects.exists()
    answer = client.post("/bulletins/new/", written(cast, send="1", shown=shown_in(page)))
    row = Bulletin.objects.get()
    assert answer["Location"] == f"/bulletins/{row.pk}/"
    theirs = as_(cast.yann)
    assert room.told() == ["anton", "lars", "xenia", "yann", "yara"]
    assert "Acknowledge for your agency" in theirs.get(f"/bulletins/{row.pk}/").content.decode()
    assert theirs.post(f"/bulletins/{row.pk}/acknowledge/").status_code == 302
    table = client.get(f"/bulletins/{row.pk}/receipts/").content.decode()
    assert table.count("Acknowledged<") >= 1
    assert cast.yann.function in table
    assert "Yann" not in table
    assert "Waiting" in table
    # Their own page names the officer, and no other agency's line.
    page = theirs.get(f"/bulletins/{row.pk}/").content.decode()
    assert "Yann, " in page
    assert "Waiting" not in page


def test_sending_what_was_not_shown_is_shown_again(cast, room, as_):
    client = as_(cast.lars)
    page = client.post("/bulletins/new/", written(cast, send="1", shown="")).content.decode()
    assert "Others would be alerted now" in page
    page = client.post("/bulletins/new/", written(cast, send="1", shown="rubbish")).content.decode()
    assert not Bulletin.objects.exists()


def test_who_would_not_see_it_stands_in_the_preview(cast, room, as_):
    values = written(cast, preview="1", categories=["personal_data"])
    page = as_(cast.lars).post("/bulletins/new/", values).content.decode()
    assert "would not see it and is not alerted" in page
    assert "does not cover personal data" in page


def test_an_agency_that_one_does_not_know_cannot_be_chosen(cast, room, as_, api_as):
    page = as_(cast.lars).post("/bulletins/new/", written(cast, preview="1", desks=[str(cast.c.pk)]))
    assert "desks" in page.context["form"].errors
    body = {"headline": "A", "instruction": "B", "targets": [{"kind": "desk", "agency": str(cast.c.pk)}]}
    assert fault(api_as(cast.lars).send("post", "bulletins/preview/", body)).keys() == {"targets"}


@pytest.mark.parametrize("who", ["aldo", "zoe", "zeno", "tara", "yusuf"])
def test_hidden_and_unknown_are_the_same(cast, room, as_, api_as, who):
    row = room.asking(room.desk(cast.b))
    client, api = as_(getattr(cast, who)), api_as(getattr(cast, who))
    views = who in ("aldo", "zoe")
    for address in (f"/bulletins/{row.pk}/", f"/bulletins/{row.pk}/receipts/", f"/bulletins/records/{row.pk}/"):
        assert client.get(address).status_code == (404 if views else 403)
    assert client.post(f"/bulletins/{row.pk}/acknowledge/").status_code == (404 if views else 403)
    assert api.send("get", f"bulletins/{row.pk}/").status_code == (404 if views else 403)
    assert api.send("post", f"bulletins/{row.pk}/acknowledge/").status_code == (404 if views else 403)
    if views:
        assert api.send("get", "bulletins/").json()["results"] == []
        assert "Stop the white van" not in client.get("/bulletins/").content.decode()


def test_a_partner_changes_nothing_of_it(cast, room, as_):
    row = room.asking()
    client = as_(cast.yara)
    assert client.get(f"/bulletins/{row.pk}/cancel/").status_code == 403
    assert client.get(f"/bulletins/{row.pk}/update/").status_code == 403
    assert "Say it anew" not in client.get(f"/bulletins/{row.pk}/").content.decode()


def test_updating_and_cancelling_on_the_page(cast, room, as_):
    old = room.asking(headline="It is white")
    client = as_(cast.lars)
    page = client.get(f"/bulletins/{old.pk}/update/").content.decode()
    assert 'value="It is white"' in page
    page = client.post(
        f"/bulletins/{old.pk}/update/", written(cast, headline="It is red", preview="1")
    ).content.decode()
    values = written(cast, headline="It is red", send="1", shown=shown_in(page))
    assert client.post(f"/bulletins/{old.pk}/update/", values).status_code == 302
    new = Bulletin.objects.get(supersedes=old)
    theirs = as_(cast.yann)
    assert f"/bulletins/{new.pk}/" in theirs.get(f"/bulletins/{old.pk}/").content.decode()
    assert "It takes the place of" in theirs.get(f"/bulletins/{new.pk}/").content.decode()
    assert client.post(f"/bulletins/{new.pk}/cancel/", {"words": ""}).status_code == 200
    assert client.post(f"/bulletins/{new.pk}/cancel/", {"words": "It was found."}).status_code == 302
    page = theirs.get(f"/bulletins/{new.pk}/").content.decode()
    assert "It was found." in page
    assert "Acknowledge for your agency" not in page
    assert client.get(f"/bulletins/{new.pk}/cancel/").status_code == 403


def test_about_a_record_and_from_its_panel(cast, room, as_):
    record = records.create(by=cast.lars, kind="patrol", title="Night patrol", marking=PLAIN)
    client = as_(cast.lars)
    assert "Alert about it" in client.get(f"/bulletins/records/{record.pk}/").content.decode()
    assert "Night patrol" in client.get(f"/bulletins/new/?about={record.pk}").content.decode()
    row = room.send(about=record)
    assert "Night patrol" in client.get(f"/bulletins/{row.pk}/").content.decode()
    # B sees the bulletin and not what it speaks of.
    assert "Night patrol" not in as_(cast.yann).get(f"/bulletins/{row.pk}/").content.decode()
    assert as_(cast.yann).get(f"/bulletins/records/{record.pk}/").status_code == 404
    assert as_(cast.yara).get(f"/bulletins/new/?about={record.pk}").status_code == 404
    assert as_(cast.yara).get("/bulletins/new/?about=rubbish").status_code == 404


def test_the_list_is_filtered_and_costs_the_same_for_many(cast, room, as_):
    client = as_(cast.yann)
    room.asking()
    client.get("/bulletins/")
    with CaptureQueriesContext(connection) as one:
        client.get("/bulletins/")
    for number in range(3):
        room.send(headline=f"Number {number}", exercise=number == 0)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/bulletins/").content.decode()
    assert len(many) == len(one)
    assert "Number 2" in page
    for query, found in (
        ("show=waiting", 1),
        ("exercise=yes", 1),
        ("exercise=no", 3),
        ("show=sent", 0),
        ("severity=Minor", 0),
    ):
        assert len(client.get(f"/bulletins/?{query}").context["rows"]) == found, query


def test_showing_it_is_written_down(cast, room, as_):
    row = room.send()
    as_(cast.yann).get(f"/bulletins/{row.pk}/")
    entry = Entry.objects.filter(verb=DISCLOSE).latest("seq")
    assert str(row.pk) in str(entry.records)
    assert row.record.openings.filter(appointment=cast.yann).exists()


def test_over_the_api(cast, room, api_as):
    api, theirs = api_as(cast.lars), api_as(cast.yann)
    body = {
        "headline": "Stop the white van", "instruction": "Hold it.", "acknowledging": "role",
        "acknowledging_role": "commander", "minutes": 10,
        "targets": [{"kind": "desk", "agency": str(cast.b.pk)}, {"kind": "role", "agency": str(cast.a1.pk), "role": "commander"}],
    }  # fmt: skip
    lines = api.send("post", "bulletins/preview/", body).json()
    assert sorted((line["agency"]["name"], line["sees"]) for line in lines) == [
        ("Border Guard of X", True), ("Border Guard of Y", True)
    ]  # fmt: skip
    made = api.send("post", "bulletins/", body)
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    assert len(api.send("get", f"bulletins/{key}/receipts/").json()) == 2
    own = theirs.send("get", f"bulletins/{key}/receipts/").json()
    assert [line["state"] for line in own] == ["waiting"]
    assert theirs.send("post", f"bulletins/{key}/acknowledge/").status_code == 403
    done = api_as(cast.yara).send("post", f"bulletins/{key}/acknowledge/")
    assert done.json()[0]["acknowledged_by"].startswith("Yara")
    line = next(
        line for line in api.send("get", f"bulletins/{key}/receipts/").json() if line["state"] == "acknowledged"
    )
    assert line["acknowledged_by"] == cast.yara.function
    assert theirs.send("post", f"bulletins/{key}/cancel/", {"words": "No"}).status_code == 403
    assert api.send("post", f"bulletins/{key}/cancel/", {"words": "Found"}).json()["ending"] == "cancelled"
    wrong = {**body, "acknowledging": "nobody"}
    assert api.send("post", "bulletins/", wrong).status_code == 422 or fault(api.send("post", "bulletins/", wrong))
    assert api_as(cast.ada).send("post", "bulletins/", body).status_code == 403


def test_when_the_treaty_is_suspended_it_is_gone(cast, room, as_):
    row = room.asking()
    client = as_(cast.yann)
    assert client.get(f"/bulletins/{row.pk}/").status_code == 200
    actions.record_action(
        agreement=cast.art7.agreement, kind=ActionKind.SUSPENSION, done_on=timezone.now().date(),
        country=cast.b.country, by=cast.yusuf,
    )  # fmt: skip
    assert client.get(f"/bulletins/{row.pk}/").status_code == 404
    assert client.post(f"/bulletins/{row.pk}/acknowledge/").status_code == 404
