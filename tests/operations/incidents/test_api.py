"""The API of incidents: the same rows, actions and refusals as the pages."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from operations.incidents.actions import reports
from portal.audit.models import Entry
from tests.api import fault
from tests.operations.incidents.conftest import FIRE, Watch
from tests.operations.planning.conftest import Desk

BODY = {
    "title": "Fire on a barge", "type": FIRE, "impact": 3, "confidence": 4, "account": "Smoke.",
    "occurred_at": "2026-03-02T20:40:00Z", "known_at": "2026-03-02T21:00:00Z", "latitude": 47.66, "longitude": 9.17,
    "categories": ["operational"], "classification": 1, "tlp": 2,
}  # fmt: skip


def test_the_whole_story(watch: Watch, desk: Desk, api_as: Any) -> None:
    cast, ours, theirs = watch.cast, api_as(watch.cast.lars), api_as(watch.cast.yann)
    operation = desk.joined().record
    link = {"step": "centre", "agency": str(cast.b.pk), "role": "liaison_officer"}
    set_ = api_as(cast.xenia).send("post", f"operations/{operation.pk}/incident-chain/", link)
    assert set_.json()["links"] == [link]
    made = ours.send("post", "incidents/", {**BODY, "operation": str(operation.pk)})
    assert made.status_code == 201, made.content
    row = made.json()
    path = f"incidents/{row['id']}/"
    assert (row["state"], row["due_at"]) == ("draft", "2026-03-03T22:00:00+01:00")
    assert ours.send("patch", path, {"reaction": "Boats."}, if_match=made["ETag"]).status_code == 200
    thing = {"thing": "vessel", "name": "Anna", "number": "9074729"}
    added = ours.send("post", f"{path}involved/", thing)
    assert added.status_code == 201, added.content
    assert [item["name"] for item in ours.send("get", f"{path}involved/").json()] == ["Anna"]
    assert ours.send("post", f"{path}submit/").json()["state"] == "with_centre"
    assert theirs.send("get", path).status_code == 404
    release = {"audience": "agency", "agency": str(cast.b.pk), "clause": str(cast.art7.pk), "purpose": "coordination"}
    assert ours.send("post", f"records/{row['id']}/releases/", release).status_code == 201
    assert theirs.send("get", path).json()["record"]["author"]["name"] is None
    waiting = theirs.send("get", "incidents/?to_validate=true").json()["results"]
    assert [item["id"] for item in waiting] == [row["id"]]
    assert theirs.send("post", f"{path}return/", {"words": ""}).status_code == 400
    assert theirs.send("post", f"{path}validate/", {"words": "Yes."}).json()["state"] == "validated"
    assert [item["words"] for item in ours.send("get", f"{path}validations/").json()] == ["Yes."]
    proposed = theirs.send("post", f"{path}levels/", {"impact": 4, "confidence": 4, "reason": "It spreads."})
    assert proposed.status_code == 201, proposed.content
    decided = ours.send("post", f"level-proposals/{proposed.json()['id']}/decide/", {"accept": True})
    assert decided.json()["state"] == "accepted", decided.content
    assert ours.send("get", path).json()["impact"] == 4
    gone = ours.send("post", f"{path}withdraw/", {"reason": "A drill."})
    assert gone.json()["state"] == "withdrawn"
    assert theirs.send("get", path).status_code == 404


def test_events(watch: Watch, api_as: Any) -> None:
    cast, report = watch.cast, watch.told()
    client = api_as(cast.lars)
    body = {"title": "Fires", "summary": "Two.", "impact": 2, "confidence": 3}
    made = client.send("post", "events/", body)
    assert made.status_code == 201, made.content
    path = f"events/{made.json()['id']}/"
    assert client.send("post", f"{path}reports/", {"report": str(report.pk)}).status_code == 201
    assert [item["report"] for item in client.send("get", f"{path}reports/").json()] == [str(report.pk)]
    assert client.send("post", f"{path}unlink/", {"report": str(report.pk)}).status_code == 204
    assert client.send("get", f"{path}reports/").json() == []
    assert api_as(cast.yann).send("get", path).status_code == 404
    handed = client.send("post", f"{path}keeper/", {"keeper": str(watch.otto.pk)})
    assert handed.status_code == 200, handed.content
    assert client.send("post", f"{path}close/", {"outcome": "ended"}).status_code == 403
    closed = api_as(watch.otto).send("post", f"{path}close/", {"outcome": "ended"})
    assert (closed.status_code, closed.json()["outcome"]) == (200, "ended")


def test_serious(watch: Watch, api_as: Any) -> None:
    cast = watch.cast
    body = {"title": "At the jetty", "kind": "other", "account": "A shot was fired.", "concerns": [str(cast.lars.pk)]}
    asked = api_as(cast.anton).send("post", "serious-incidents/", body)
    assert (asked.status_code, list(fault(asked))) == (422, ["sure"])
    made = api_as(cast.anton).send("post", "serious-incidents/", {**body, "sure": True})
    assert made.status_code == 201, made.content
    path = f"serious-incidents/{made.json()['id']}/"
    assert made.json()["record"]["tlp"] == 4
    for who in (cast.xenia, cast.lars, cast.yann):
        assert api_as(who).send("get", path).status_code == 404
    assert api_as(cast.arno).send("post", f"{path}take/").status_code == 200
    closed = api_as(cast.arno).send("post", f"{path}close/", {"finding": "A blank."})
    assert closed.json()["finding"] == "A blank."


def test_faults_stand_at_their_field(watch: Watch, api_as: Any) -> None:
    client = api_as(watch.cast.lars)
    found = fault(client.send("post", "incidents/", {"type": "x", "impact": 9, "latitude": 1}))
    assert {"title", "type", "impact", "confidence", "account"} <= found.keys()
    assert client.send("get", "incidents/?impact=x").status_code == 400
    assert client.send("get", "incidents/?nothing=x").status_code == 400


def test_the_list_costs_the_same_with_one_and_with_many(watch: Watch, api_as: Any) -> None:
    client = api_as(watch.cast.lars)
    watch.told()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.send("get", "incidents/").status_code == 200
        return len(found)

    queries()
    few = queries()
    for _ in range(8):
        watch.told()
    assert queries() == few


def test_every_answer_is_in_the_ledger(watch: Watch, api_as: Any) -> None:
    row = watch.write()
    reports.involve(report=row, by=watch.cast.lars, thing="vessel", name="Anna")
    before = Entry.objects.count()
    api_as(watch.cast.lars).send("get", f"incidents/{row.pk}/involved/")
    assert Entry.objects.count() == before + 1


def test_what_is_display_only_keeps_who_was_involved(watch: Watch, api_as: Any) -> None:
    cast, row = watch.cast, watch.write()
    reports.involve(report=row, by=cast.lars, thing="vessel", name="Anna")
    row.record.display_only = True
    row.record.save(update_fields=["display_only"])
    row = reports.submit(report=row, by=cast.lars)
    watch.release(row)
    assert api_as(cast.yann).send("get", f"incidents/{row.pk}/").json()["account"] is None
    assert api_as(cast.yann).send("get", f"incidents/{row.pk}/involved/").json() == []
    assert len(api_as(cast.lars).send("get", f"incidents/{row.pk}/involved/").json()) == 1
