"""Drafts over the API: the same tasks, refusals and way to the parties."""

from typing import Any

from agencies.directory.models import new_key
from agreements.drafting.models import Submission
from agreements.register.models import Agreement, Clause
from tests.agreements.drafting.conftest import Desk, soon
from tests.api import fault


def tag(answer: Any, task: str) -> str:
    """The version of a task as If-Match takes it."""
    return next(f'"{row["version"]}"' for row in answer.json()["tasks"] if row["name"] == task)


def test_from_nothing_to_the_parties(desk: Desk, api_as: Any) -> None:
    tara, tilda, cast = api_as(desk.cast.tara), api_as(desk.tilda), desk.cast
    key = str(new_key())
    body = {"id": key, "short_name": "Ferry", "kind": "treaty"}
    for _ in range(2):
        made = tara.send("POST", "drafts/", body)
        assert (made.status_code, made.json()["id"]) == (201, key)
    at = f"drafts/{key}/"
    assert made["Location"].endswith(f"/api/v1/{at}")
    assert made.json()["second_needed"] is True
    named = tara.send("PATCH", at, {"title": "On the ferries"}, if_match=tag(made, "name"))
    assert named.json()["title"] == "On the ferries"
    assert tara.send("POST", f"{at}parties/", {"country": "yy"}).status_code == 200
    for agency in (cast.a1, cast.b):
        answer = tara.send("POST", f"{at}authorities/", {"agency": str(agency.pk), "starts_on": "2026-05-01"})
        assert answer.status_code == 201
    dates = tara.send("GET", f"{at}dates/")
    days = {
        **dates.json(),
        "concluded_on": "2026-03-02",
        "in_force_on": "2026-05-01",
        "parties": {code: {"bound_by": "definitive_signature", "bound_on": "2026-03-02"} for code in ("XX", "YY")},
    }
    follows = tara.send("POST", f"{at}dates/preview/", days)
    assert [spell["state"] for spell in follows.json()[0]["spells"]] == ["to_be_in_force", "in_force"]
    assert tara.send("GET", f"{at}dates/").json() == dates.json()
    saved = tara.send("PUT", f"{at}dates/", days, if_match=dates["ETag"])
    assert saved.json()["parties"]["YY"]["bound_on"] == "2026-03-02"
    article = tara.send("POST", f"{at}articles/", {"article": "§ 2", "kind": "information_sharing", "summary": "Logs."})
    assert article.status_code == 201
    terms = {"categories": ["operational"], "purposes": ["border_operation"], "retention_days": 90}
    put = tara.send("PUT", f"{at}articles/{article.json()['id']}/terms/", terms)
    assert put.json()["opens_channel"] is True
    sight = tara.send("GET", f"{at}as-agency/?agency={cast.b.pk}").json()
    assert sight["receives"] == [
        {
            "article": "§ 2", "others": "X1 (XX)", "data": "operational", "ceiling": "RESTRICTED",
            "terms": "kept 90 days at most; passed on: with the originator's consent",
        }
    ]  # fmt: skip
    opens = tara.send("GET", f"{at}what-if/").json()["opens"]
    assert [(line["article"], line["sides"]) for line in opens] == [("§ 2", ["X1 (XX)", "Y1 (YY)"])]
    assert Agreement.objects.get(pk=key).is_draft
    marked = tara.send("POST", f"{at}tasks/dates/", {"done": True})
    assert {row["name"]: row["status"] for row in marked.json()["tasks"]}["dates"] == "done"
    asked = tara.send("POST", f"{at}submit/", {"put_on": soon().isoformat(), "note": "Please"})
    assert asked.json()["submission"]["state"] == "waiting"
    assert tara.send("POST", f"{at}approve/").status_code == 403
    assert len(tilda.send("GET", "drafts/?show=approve").json()["results"]) == 1
    assert tara.send("GET", "drafts/?show=approve").json()["results"] == []
    approved = tilda.send("POST", f"{at}approve/")
    assert (approved.json()["submission"]["state"], approved.json()["draft"]) == ("approved", True)
    assert approved.json()["submission"]["asked_by"]["name"] == "Tara"
    gone = tilda.send("POST", f"{at}schedule/", {"put_on": None})
    assert (gone.json()["draft"], gone.json()["earlier"][0]["state"]) == (False, "put")
    assert tara.send("GET", at).status_code == 404
    assert tara.send("GET", f"agreements/{key}/").json()["draft"] is False


def test_sent_back_stopped_and_taken_back(desk: Desk, api_as: Any) -> None:
    row, tara, tilda = desk.filled(), api_as(desk.cast.tara), api_as(desk.tilda)
    at = f"drafts/{row.pk}/"
    assert tilda.send("POST", f"{at}approve/").status_code == 404
    tara.send("POST", f"{at}submit/", {})
    assert fault(tilda.send("POST", f"{at}send-back/", {"words": ""})) != {}
    back = tilda.send("POST", f"{at}send-back/", {"words": "Not yet"})
    assert (back.json()["submission"], back.json()["earlier"][0]["words"]) == (None, "Not yet")
    tara.send("POST", f"{at}submit/", {})
    assert tara.send("POST", f"{at}take-back/").json()["earlier"][0]["state"] == "withdrawn"
    tara.send("POST", f"{at}submit/", {"put_on": soon().isoformat()})
    tilda.send("POST", f"{at}approve/")
    assert tara.send("POST", f"{at}stop/").json()["earlier"][0]["state"] == "cancelled"
    assert Submission.objects.count() == 3


def test_versions(desk: Desk, api_as: Any) -> None:
    row, tara, tilda = desk.filled(), api_as(desk.cast.tara), api_as(desk.tilda)
    at, clause = f"drafts/{row.pk}/", Clause.objects.get(agreement=row)
    old = tag(tara.send("GET", at), "name")
    assert tara.send("PATCH", at, {"title": "A"}).status_code == 428
    assert tilda.send("PATCH", at, {"title": "B"}, if_match=old).status_code == 200
    stale = tara.send("PATCH", at, {"title": "A"}, if_match=old)
    assert stale.status_code == 412
    assert Agreement.objects.get(pk=row.pk).title == "B"
    assert tara.send("PUT", f"{at}dates/", {"time_zone": "UTC"}, if_match='"1"').status_code == 412
    assert tara.send("PATCH", f"{at}articles/{clause.pk}/", {"summary": "S"}, if_match='"1"').status_code == 412
    changed = tara.send("PATCH", f"{at}articles/{clause.pk}/", {"summary": "S"})
    assert changed.status_code == 428


def test_bad_input_is_named(desk: Desk, api_as: Any) -> None:
    row, tara = desk.filled(), api_as(desk.cast.tara)
    at = f"drafts/{row.pk}/"
    assert "kind" in fault(tara.send("POST", "drafts/", {"short_name": "T", "kind": "pact"}))
    assert fault(tara.send("POST", f"{at}parties/", {"country": "QQ"})) == {
        "country": "There is no country of this code."
    }
    assert "starts_on" in fault(tara.send("POST", f"{at}authorities/", {"agency": str(desk.cast.a1.pk)}))
    assert tara.send("POST", f"{at}tasks/nonsense/", {"done": True}).status_code == 404
    half = {"time_zone": "UTC", "parties": {"XX": {"bound_by": "ratification"}}}
    version = tara.send("GET", f"{at}dates/")["ETag"]
    assert fault(tara.send("PUT", f"{at}dates/", half, if_match=version)) == {
        "XX-bound_on": "Say both by what it is bound and on which day."
    }
    assert tara.send("GET", f"{at}as-agency/?agency={desk.cast.c.pk}").status_code == 400
    assert tara.send("GET", "drafts/?show=all").status_code == 400
    assert tara.send("GET", "drafts/?shw=mine").status_code == 400
    assert fault(tara.send("POST", f"{at}shares/", {"officer": str(desk.cast.yusuf.pk)})) == {
        "officer": "There is no such colleague."
    }


def test_shares_and_who_may_not(desk: Desk, api_as: Any) -> None:
    row, tara, cast = desk.filled(), api_as(desk.cast.tara), desk.cast
    at, yusuf = f"drafts/{row.pk}/", api_as(cast.yusuf)
    assert yusuf.send("GET", at).status_code == 404
    assert tara.send("POST", f"{at}shares/", {"officer": str(desk.tilda.pk)}).status_code == 200
    shared = tara.send("POST", f"{at}shares/", {"agency": str(cast.b.pk), "tasks": ["articles"]})
    assert [share["tasks"] for share in shared.json()["shares"]] == [[], ["articles"]]
    seen = yusuf.send("GET", at).json()
    assert (seen["fills"], len(seen["shares"]), seen["second_needed"]) == (["articles"], 1, True)
    assert yusuf.send("POST", f"{at}articles/", {"article": "§ 7", "kind": "training"}).status_code == 201
    assert yusuf.send("POST", f"{at}parties/", {"country": "ZZ"}).status_code == 403
    assert yusuf.send("POST", f"{at}submit/", {}).status_code == 403
    assert yusuf.send("POST", f"{at}dates/preview/", {"time_zone": "UTC"}).status_code == 403
    assert yusuf.send("DELETE", f"agreements/{row.pk}/").status_code == 403
    share = shared.json()["shares"][1]["id"]
    assert tara.send("DELETE", f"{at}shares/{share}/").status_code == 204
    assert yusuf.send("GET", at).status_code == 404
    for who in (cast.xenia, cast.yann, cast.arno):
        assert api_as(who).send("GET", "drafts/").status_code == 403
    assert tara.send("DELETE", f"{at}parties/zz/").status_code == 404
    clause = Clause.objects.get(agreement=row, article="§ 7")
    assert tara.send("DELETE", f"{at}articles/{clause.pk}/").status_code == 204
    named = row.designations.first()
    assert tara.send("DELETE", f"{at}authorities/{named.pk}/").status_code == 204  # type: ignore[union-attr]
