"""Minutes, action items and rhythms over the API: what a page can do it can do, and nobody more."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from operations.minutes.models import ActionItem, Minutes, Rhythm
from tests.api import fault
from tests.operations.minutes.conftest import Secretary


def test_the_whole_story(secretary: Secretary, api_as: Any) -> None:
    cast = secretary.cast
    lars, yann = api_as(cast.lars), api_as(cast.yann)
    body = {"meeting": str(secretary.meeting.pk), "title": "Minutes", "opening": "X1 chaired."}
    answer = lars.send("POST", "minutes/", body)
    assert answer.status_code == 201, answer.content
    key, etag = answer.json()["id"], answer["ETag"]
    at = f"minutes/{key}/"
    assert yann.send("GET", at).status_code == 404
    assert lars.send("PATCH", at, {"opening": "X1 chaired it."}, if_match=etag).status_code == 200
    item = lars.send("POST", f"{at}points/", {"title": "Boats", "text": "Two."}).json()
    decision = lars.send("POST", f"{at}points/", {"under": item["id"], "text": "Check them."}).json()
    due = secretary.day(4).isoformat()
    action = {"text": "List them", "agency": str(cast.b.pk), "due_on": due, "clause": str(cast.art7.pk)}
    answer = lars.send("POST", f"minutes-points/{decision['id']}/actions/", action)
    assert fault(answer)["clause"].startswith("There is no such article")
    answer = lars.send(
        "POST", f"minutes-points/{decision['id']}/actions/", {**action, "clause": None, "objective": "Calm"}
    )
    assert answer.status_code == 201, answer.content
    act = f"action-items/{answer.json()['id']}/"
    assert yann.send("GET", act).status_code == 404
    assert lars.send("PATCH", f"minutes-points/{item['id']}/", {"text": "Three."}).json()["text"] == "Three."
    assert lars.send("POST", f"{at}words/", {"language": "de", "texts": {"title": "Protokoll"}}).status_code == 200
    assert lars.send("GET", f"{at}footings/").json()[0]["clause"] == str(cast.art7.pk)
    assert lars.send("POST", f"{at}put-forward/").json()["state"] == "put_to_agencies"
    told = yann.send("GET", at).json()
    assert [point["text"] for point in told["points"]] == ["Three.", "Check them."]
    assert told["action_items"][0]["stands"] == "open"
    assert told["meeting"] == str(secretary.meeting.pk)
    assert yann.send("POST", f"{at}points/", {"title": "Mine"}).status_code == 403
    assert yann.send("GET", "minutes/?to_agree=true").json()["results"][0]["id"] == key
    agree = {"seen": told["content_digest"], "decision": "annotates", "annotation": "Four, by us."}
    assert yann.send("POST", f"{at}agree/", {**agree, "seen": "0" * 64}).status_code in (409, 412)
    assert yann.send("POST", f"{at}agree/", agree).status_code == 201
    assert yann.send("POST", f"{at}take-back/").status_code == 200
    assert yann.send("POST", f"{at}agree/", agree).status_code == 201
    said = lars.send("GET", f"{at}approvals/").json()
    assert [(row["decision"], row["by"]["name"]) for row in said] == [("annotates", None), ("annotates", None)]
    assert lars.send("GET", f"minutes-annotations/{said[-1]['annotation']}/").json()["text"] == "Four, by us."
    assert lars.send("POST", f"{at}agree/", {"seen": told["content_digest"], "decision": "agrees"}).status_code == 201
    copies = yann.send("GET", f"minutes-copies/?minutes={key}").json()["results"]
    assert len(copies) == 1
    assert yann.send("GET", f"minutes-copies/{copies[0]['id']}/verify/").json()["is_whole"] is True
    assert lars.send("GET", f"minutes-copies/{copies[0]['id']}/").status_code == 404
    # The action item goes on.
    assert yann.send("POST", f"{act}officer/", {"officer": str(cast.yara.pk)}).json()["officer"]["name"] == "Yara"
    assert lars.send("GET", act).json()["officer"]["name"] is None
    assert lars.send("POST", f"{act}report/", {"note": "Not ours"}).status_code == 403
    assert yann.send("POST", f"{act}report/", {"note": "Listed", "done": True}).json()["state"] == "done"
    assert [row["note"] for row in lars.send("GET", f"{act}reports/").json()] == ["Listed"]
    assert yann.send("POST", f"{act}reopen/", {"note": "No"}).status_code == 403
    assert lars.send("POST", f"{act}reopen/", {"note": "One is missing"}).json()["state"] == "open"
    assert lars.send("POST", f"{act}close/", {"note": "Enough", "state": "dropped"}).json()["state"] == "dropped"


def test_an_article_of_the_boards_agreement(secretary: Secretary, api_as: Any) -> None:
    secretary.meeting.agreement = secretary.cast.art7.agreement
    secretary.meeting.save()
    row = secretary.put(clause=secretary.cast.art7, objective="")
    item = api_as(secretary.cast.yann).send("GET", f"action-items/?minutes={row.pk}").json()["results"][0]
    assert item["clause"] == str(secretary.cast.art7.pk)


def test_points_are_taken_out(secretary: Secretary, api_as: Any) -> None:
    row = secretary.put()
    lars, yann = api_as(secretary.cast.lars), api_as(secretary.cast.yann)
    item = secretary.only(row)
    assert yann.send("DELETE", f"action-items/{item.pk}/").status_code == 403
    assert lars.send("PATCH", f"action-items/{item.pk}/", {"text": "Other"}).json()["text"] == "Other"
    assert lars.send("DELETE", f"action-items/{item.pk}/").status_code == 204
    assert lars.send("DELETE", f"minutes-points/{row.points.get(level='item').pk}/").status_code == 204
    assert not row.points.exists()
    assert not ActionItem.objects.exists()


def test_who_has_no_part_finds_nothing(secretary: Secretary, api_as: Any) -> None:
    row = secretary.put()
    item = secretary.only(row)
    zoe = api_as(secretary.cast.zoe)
    for path in (f"minutes/{row.pk}/", f"action-items/{item.pk}/", f"minutes-points/{item.decision_id}/"):
        assert zoe.send("GET", path).status_code == 404
    assert zoe.send("POST", f"action-items/{item.pk}/report/", {"note": "x"}).status_code == 404
    assert zoe.send("GET", "action-items/").json()["results"] == []
    answer = zoe.send("POST", "minutes/", {"meeting": str(secretary.meeting.pk)})
    assert answer.status_code == 400
    assert not Minutes.objects.exclude(pk=row.pk).exists()


def test_the_list_costs_the_same_for_many(secretary: Secretary, api_as: Any) -> None:
    row = secretary.put()
    client = api_as(secretary.cast.yann)

    def cost(path: str) -> int:
        client.send("GET", path)
        with CaptureQueriesContext(connection) as captured:
            assert client.send("GET", path).status_code == 200
        return len(captured)

    paths = ("minutes/", "action-items/", f"minutes/{row.pk}/")
    before = [cost(path) for path in paths]
    for number in range(3):
        secretary.action(row, decision=secretary.only(row).decision if number == 0 else None, text=f"More {number}")
    another = secretary.hall.joint(
        starts_at=timezone.now() - timedelta(hours=5), ends_at=timezone.now() - timedelta(hours=4)
    )
    Secretary(secretary.hall, another).put()
    assert [cost(path) for path in paths] == before


def test_a_rhythm_of_an_agreement(secretary: Secretary, api_as: Any) -> None:
    cast = secretary.cast
    body = {
        "agreement": str(cast.art7.agreement_id), "subject": "meeting", "every": 3, "unit": "months",
        "since": secretary.day(-200).isoformat(), "clause": str(cast.art7.pk),
    }  # fmt: skip
    assert api_as(cast.lars).send("POST", "rhythms/", body).status_code == 403
    assert "agreement" in fault(api_as(cast.zeno).send("POST", "rhythms/", body))
    tara = api_as(cast.tara)
    told = tara.send("POST", "rhythms/", body).json()
    assert (told["is_broken"], told["last"], told["next"]) == (True, None, None)
    dates = api_as(cast.yusuf).send("GET", f"rhythms/{told['id']}/dates/?minutes=60").json()
    assert dates
    assert api_as(cast.zoe).send("GET", f"rhythms/{told['id']}/").status_code == 404
    again = tara.send("POST", "rhythms/", {**body, "every": 6}).json()
    assert [row["id"] for row in tara.send("GET", "rhythms/").json()["results"]] == [again["id"]]
    assert tara.send("POST", f"rhythms/{again['id']}/review/", {}).status_code == 400
    assert tara.send("POST", f"rhythms/{again['id']}/end/").status_code == 204
    assert Rhythm.objects.standing().count() == 0
