"""Corrections over the API: as the pages, and nothing more."""

from agencies.directory.models import new_key
from agreements.corrections.models import Correction
from agreements.sharing.models import Record
from tests.agreements.corrections.conftest import INSTEAD, WRONG
from tests.api import fault


def body(record, **values):
    return {"record": str(record.pk), "wrong": WRONG, "instead": INSTEAD, **values}


def test_propose_and_answer(cast, api_as, record):
    yann, lars = api_as(cast.yann), api_as(cast.lars)
    key = str(new_key())
    first = yann.send("POST", "corrections/", body(record, id=key), idempotency_key="k")
    assert first.status_code == 201, first.content
    assert first.json()["id"] == key
    assert first["Location"].endswith(f"/api/v1/corrections/{key}/")
    again = yann.send("POST", "corrections/", body(record, id=key), idempotency_key="k")
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert yann.send("POST", "corrections/", body(record, id=key)).json()["id"] == key
    assert Correction.objects.count() == 1
    told = lars.send("GET", f"corrections/{key}/").json()
    assert told["proposed_by"] == {"function": cast.yann.function, "agency": str(cast.b.pk), "name": None}
    refused = lars.send("POST", f"corrections/{key}/decline/", {"answer": " "})
    assert (refused.status_code, set(fault(refused))) == (400, {"answer"})
    answer = lars.send("POST", f"corrections/{key}/decline/", {"answer": "No."})
    assert (answer.status_code, answer.json()["state"]) == (200, "declined")
    assert yann.send("GET", f"corrections/{key}/").json()["answered_by"]["name"] is None
    assert lars.send("POST", f"corrections/{key}/accept/", {}).status_code == 409
    assert yann.send("POST", f"corrections/{key}/withdraw/").status_code == 409


def test_who_may_not(cast, api_as, record, propose):
    row = propose()
    own = api_as(cast.lars).send("POST", "corrections/", body(record))
    assert (own.status_code, "change it yourselves" in own.json()["detail"]) == (403, True)
    unknown = api_as(cast.aldo).send("POST", "corrections/", body(Record(pk=new_key())))
    hidden = api_as(cast.aldo).send("POST", "corrections/", body(record))
    assert hidden.status_code == unknown.status_code == 400
    assert set(fault(hidden)) == set(fault(unknown)) == {"record"}
    assert api_as(cast.arno).send("POST", f"corrections/{row.pk}/accept/", {}).status_code == 403
    for name in ("zoe", "aldo", "zeno"):
        client = api_as(getattr(cast, name))
        assert client.send("GET", f"corrections/{row.pk}/").status_code == 404
        assert client.send("GET", "corrections/").json()["results"] == []
        assert client.send("GET", f"corrections/?record={record.pk}").json()["results"] == []
        for step in ("accept", "decline", "withdraw"):
            answer = client.send("POST", f"corrections/{row.pk}/{step}/", {"answer": "x"})
            assert answer.status_code in (403, 404), (name, step)
    for step in ("accept", "decline"):
        assert api_as(cast.yann).send("POST", f"corrections/{row.pk}/{step}/", {"answer": "x"}).status_code == 403
    assert api_as(cast.lars).send("POST", f"corrections/{row.pk}/withdraw/").status_code == 403


def test_filters(cast, api_as, note, record, propose):
    propose()
    propose(of=note("Other"), by=cast.zoe)
    lars = api_as(cast.lars)

    def found(query):
        return len(lars.send("GET", f"corrections/?{query}").json()["results"])

    assert [found(q) for q in ("", "state=open", "state=accepted", "side=ours", "side=partners")] == [2, 2, 0, 2, 0]
    assert found(f"record={record.pk}") == 1
    assert lars.send("GET", "corrections/?stat=open").status_code == 400


def test_texts_of_a_display_only_record_stay_in_the_page(cast, api_as, as_, record, propose):
    row = propose()
    Record.objects.filter(pk=record.pk).update(display_only=True)
    told = api_as(cast.yann).send("GET", f"corrections/{row.pk}/").json()
    assert (told["wrong"], told["instead"], told["answer"], told["state"]) == (None, None, None, "open")
    assert api_as(cast.lars).send("GET", f"corrections/{row.pk}/").json()["wrong"] == WRONG
    assert "quagga" in as_(cast.yann).get(f"/corrections/{row.pk}/").content.decode()
