"""Auditors read their own agency's ledger; owners read who was shown their records; nobody reads more."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.register.choices import Category, Purpose
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from portal.audit import sealing

LEDGER, CHAIN, API = "/oversight/", "/oversight/chain/", "/api/v1/ledger/"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.LEDGER_KEY_FILE = str(tmp_path / "ledger-key.pem")


def observation(by, title="Blue van", classification=1):
    marking = Marking(categories=[Category.OPERATIONAL], classification=classification, tlp=Tlp.AMBER)
    return records.create(by=by, kind="observation", title=title, marking=marking)


@pytest.fixture
def shared(cast):
    record = observation(cast.xenia)
    releases.release(
        record=record,
        to=To(AudienceKind.AGENCY, agency=cast.b),
        clause=cast.art7,
        purpose=Purpose.COORDINATION,
        by=cast.xenia,
    )
    return record


def story(record):
    return f"/oversight/records/{record.pk}/"


def test_the_auditor_reads_what_the_own_agency_did(cast, shared, as_):
    sealing.seal()
    page = as_(cast.arno).get(LEDGER).content.decode()
    assert "observation create" in page
    assert "Blue van" in page
    assert "Xenia" in page
    assert "Sealed" in page


def test_entries_of_other_agencies_are_not_there(cast, shared, as_):
    observation(cast.yara, "Green boat")
    page = as_(cast.arno).get(LEDGER).content.decode()
    assert "Green boat" not in page
    assert "Yara" not in page
    rows = as_(cast.arno).get(API).json()["results"]
    assert rows
    assert {row["officer"] for row in rows} <= {"Xenia", "Arno"}


@pytest.mark.parametrize("who", ["xenia", "lars", "ada", "tara", "yara", "zoe"])
def test_only_auditors_open_the_ledger(cast, shared, as_, who):
    client = as_(getattr(cast, who))
    assert client.get(LEDGER).status_code == 403
    assert client.get(CHAIN).status_code == 403
    assert client.post(CHAIN).status_code == 403
    assert client.get(API).status_code == 403


def test_a_title_beyond_the_auditors_clearance_stays_a_key(cast, as_):
    cast.arno.clearance = 1
    cast.arno.save(update_fields=["clearance"])
    secret = observation(cast.ada, "Source Heron", classification=3)
    page = as_(cast.arno).get(LEDGER).content.decode()
    assert "Source Heron" not in page
    assert str(secret.pk) in page


def test_the_owner_reads_which_agency_was_shown_it_and_by_which_article(cast, shared, as_):
    assert as_(cast.yann).get(f"/records/{shared.pk}/why/").status_code == 200
    page = as_(cast.xenia).get(story(shared)).content.decode()
    assert "Y1" in page
    assert "Art. 7, X–Y Treaty" in page
    assert "Liaison officer" in page
    assert "Yann" not in page


def test_receivers_do_not_read_it_and_strangers_find_nothing(cast, shared, as_):
    assert as_(cast.yara).get(story(shared)).status_code == 403
    assert as_(cast.zoe).get(story(shared)).status_code == 404
    assert as_(cast.zoe).get(f"/oversight/records/{uuid.uuid4()}/").status_code == 404
    assert as_(cast.anton).get(story(shared)).status_code == 403


def test_filters_stand_in_the_address(cast, shared, as_):
    client = as_(cast.arno)
    assert "observation create" in client.get(LEDGER, {"what": "done"}).content.decode()
    assert "observation create" not in client.get(LEDGER, {"what": "shown"}).content.decode()
    assert "observation create" in client.get(LEDGER, {"record": str(shared.pk)}).content.decode()
    assert "observation create" not in client.get(LEDGER, {"record": str(uuid.uuid4())}).content.decode()
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert "observation create" not in client.get(LEDGER, {"since": tomorrow}).content.decode()
    assert len(client.get(API, {"officer": str(cast.xenia.officer_id), "what": "done"}).json()["results"]) == 2


@pytest.mark.parametrize(
    "query", [{"since": "2026-02-30"}, {"since": "2026-02-02", "until": "2026-02-01"}, {"record": "x"}]
)
def test_a_filter_that_is_not_valid_is_named(cast, shared, as_, query):
    page = as_(cast.arno).get(LEDGER, query).content.decode()
    assert "observation create" not in page
    answer = as_(cast.arno).get(API, query)
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")


def test_the_chain_is_checked_and_an_altered_entry_is_told(cast, shared, as_):
    sealing.seal(everything=True)
    client = as_(cast.arno)
    assert "The ledger is whole" in client.post(CHAIN).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only")
        cursor.execute("UPDATE audit_entry SET verb = 'observation.read' WHERE verb = 'observation.create'")
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_append_only")
    page = client.post(CHAIN).content.decode()
    assert "NOT whole" in page
    assert "observation.read" not in page


def test_a_long_page_costs_as_many_queries_as_a_short_one(cast, shared, as_):
    client = as_(cast.arno)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as few:
            assert client.get(LEDGER).status_code == 200
        return len(few)

    first = cost()
    for number in range(12):
        observation(cast.xenia, f"Van {number}")
    assert cost() <= first


def test_pages_go_on_where_the_last_one_ended(cast, as_):
    for number in range(60):
        observation(cast.xenia, f"Van {number:02}")
    client = as_(cast.arno)
    first = client.get(LEDGER)
    second = client.get(LEDGER, {"before": first.context["older"]})
    keys = [line.key for line in [*first.context["lines"], *second.context["lines"]]]
    assert len(keys) == len(set(keys)) >= 60
