"""A record's story and the chain over the API: for whom the pages are, and for nobody else."""

import pytest

from agreements.register.choices import Purpose
from agreements.sharing.actions import releases
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from portal.audit import sealing
from portal.audit.models import Entry
from tests.agreements.oversight.test_ledger import observation, own_files

__all__ = ["own_files"]  # a fixture, found here by pytest
CHAIN = "ledger/chain/"


@pytest.fixture
def shared(cast):
    record = observation(cast.xenia)
    to = To(AudienceKind.AGENCY, agency=cast.b)
    releases.release(record=record, to=to, clause=cast.art7, purpose=Purpose.COORDINATION, by=cast.xenia)
    return record


def story(record):
    return f"records/{record.pk}/ledger/"


def test_the_owner_reads_who_was_shown_it(cast, shared, api_as):
    other = observation(cast.xenia, "Green boat")
    api_as(cast.yann).send("GET", "records/")
    api_as(cast.xenia).send("GET", "records/")
    rows = api_as(cast.arno).send("GET", story(shared)).json()["results"]
    assert [(row["agency"]["acronym"], row["officer"]) for row in rows] == [("X1", "Xenia"), ("Y1", "")]
    assert rows[1]["function"] == cast.yann.function
    assert "Art. 7" in rows[1]["article"]
    assert str(other.pk) not in str(rows)
    done = api_as(cast.arno).send("GET", f"{story(shared)}?what=done").json()["results"]
    assert "observation.create" in {row["verb"] for row in done} or "record.create" in {row["verb"] for row in done}


def test_nobody_else_does(cast, shared, api_as):
    assert api_as(cast.yann).send("GET", story(shared)).status_code == 403
    assert api_as(cast.zoe).send("GET", story(shared)).status_code == 404
    assert api_as(cast.tara).send("GET", story(shared)).status_code == 404
    client = api_as(cast.arno)
    assert client.send("GET", f"{story(shared)}?what=all").status_code == 400
    assert client.send("GET", f"{story(shared)}?before=1").status_code == 400


def test_pages_of_the_story_follow_each_other(cast, shared, api_as):
    for _ in range(5):
        api_as(cast.yann).send("GET", f"records/{shared.pk}/")
    client, found, path = api_as(cast.arno), [], f"/api/v1/{story(shared)}?limit=2"
    while path:
        page = client.get(path).json()
        found += [row["id"] for row in page["results"]]
        path = page["next"]
    # What the reading itself shows is told, too: those entries came after the first page.
    assert len(found) == len(set(found)) == 5


def test_queries_of_a_story_do_not_grow(cast, shared, api_as, django_assert_max_num_queries):
    counts = []
    for more in (1, 6):
        for _ in range(more):
            api_as(cast.yann).send("GET", f"records/{shared.pk}/")
        client = api_as(cast.arno)
        with django_assert_max_num_queries(30) as seen:
            assert len(client.send("GET", story(shared)).json()["results"]) >= more
        counts.append(len(seen))
    assert counts[0] == counts[1], counts


def test_the_chain_is_checked_by_auditors(cast, shared, api_as):
    client = api_as(cast.arno)
    assert client.send("GET", CHAIN).json()["signed_at"] is None
    sealing.seal()
    told = client.send("GET", CHAIN).json()
    assert (told["whole"], bool(told["link"]), told["checked_here"]) == (None, True, True)
    assert client.send("POST", CHAIN).json()["whole"] is True
    assert str(Entry.objects.count()) not in str({**told, "link": "", "public_key": "", "signed_at": ""})
    for who in (cast.xenia, cast.yann):
        assert api_as(who).send("GET", CHAIN).status_code == 403
        assert api_as(who).send("POST", CHAIN).status_code == 403
