"""Documents over the API: the same rows and refusals as the pages, errors as problem details."""

from typing import Any

from django.urls import reverse

from agreements.papers.models import Document
from portal.keys import new_key
from tests.agreements.papers.conftest import Shelf
from tests.agreements.papers.files import pdf, upload
from tests.api import fault


def values(shelf: Shelf, **more: Any) -> dict[str, Any]:
    return {
        "agreement": str(shelf.treaty.pk), "kind": "authentic_text", "title": "Text", "language": "en",
        "file": upload(pdf("Article 1 on patrols")), **more,
    }  # fmt: skip


def test_a_document_is_added_read_searched_replaced_and_withdrawn(shelf: Shelf, as_: Any) -> None:
    ours, theirs = as_(shelf.cast.tara), as_(shelf.cast.yann)
    answer = ours.post("/api/v1/documents/", values(shelf))
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["state"], made["reading"], made["added_for"], made["version"]) == ("current", "waiting", "XX", 1)
    assert answer["Location"].endswith(reverse("documents-detail", args=[made["id"]]))
    shelf.read()
    found = theirs.get("/api/v1/documents/search/", {"q": "patrol"}).json()
    assert (found["count"], found["results"][0]["document"]["id"]) == (1, made["id"])
    assert {"text": "patrols", "marked": True} in found["results"][0]["snippets"][0]["parts"]
    assert found["results"][0]["snippets"][0]["page"] == 1
    answer = ours.post(f"/api/v1/documents/{made['id']}/versions/", {"file": upload(pdf("Corrected"))})
    assert (answer.status_code, answer.json()["version"]) == (201, 2)
    rows = theirs.get("/api/v1/documents/", {"series": made["series"]}).json()["results"]
    assert [row["state"] for row in rows] == ["current", "superseded"]
    newest = answer.json()["id"]
    answer = ours.post(
        f"/api/v1/documents/{newest}/withdraw/", {"reason": "The wrong one."}, content_type="application/json"
    )
    assert answer.json()["withdrawn_why"] == "The wrong one."
    assert theirs.get("/api/v1/documents/", {"current": "true"}).json()["results"] == []


def test_what_is_wrong_is_a_problem_at_its_field(shelf: Shelf, as_: Any) -> None:
    client = as_(shelf.cast.tara)
    answer = client.post("/api/v1/documents/", values(shelf, file=upload(b"MZ\x00\x01")))
    assert answer.status_code == 422
    assert "none of the files" in fault(answer)["file"]
    answer = client.post("/api/v1/documents/", {"agreement": str(new_key()), "kind": "x"})
    assert answer.status_code == 400
    assert set(fault(answer)) == {"kind", "title", "language", "file"}
    assert "agreement" in fault(client.post("/api/v1/documents/", values(shelf, agreement=str(new_key()))))
    assert "action" in fault(client.post("/api/v1/documents/", values(shelf, action=str(new_key()))))
    assert "q" in fault(client.get("/api/v1/documents/search/"))
    assert not Document.objects.exists()


def test_who_may_not(shelf: Shelf, as_: Any) -> None:
    row = shelf.add(pdf("Article 1"))
    stranger, officer, other = as_(shelf.cast.zeno), as_(shelf.cast.xenia), as_(shelf.cast.yusuf)
    hidden, unknown = (stranger.get(reverse("documents-detail", args=[key])) for key in (row.pk, new_key()))
    assert (hidden.status_code, hidden.content) == (404, unknown.content)
    assert stranger.get("/api/v1/documents/").json()["results"] == []
    answer = stranger.post("/api/v1/documents/", values(shelf))
    assert (answer.status_code, fault(answer)) == (400, {"agreement": "There is no such agreement."})
    assert officer.post("/api/v1/documents/", values(shelf)).status_code == 403
    for path, body in (("versions", {"file": upload(pdf("b"))}), ("withdraw", {"reason": "x"})):
        assert stranger.post(f"/api/v1/documents/{row.pk}/{path}/", body).status_code == 404
        assert officer.post(f"/api/v1/documents/{row.pk}/{path}/", body).status_code == 403
        assert other.post(f"/api/v1/documents/{row.pk}/{path}/", body).status_code == 403
    assert Document.objects.count() == 1


def test_a_key_or_an_idempotency_key_makes_one_of_two(shelf: Shelf, as_: Any) -> None:
    client, key = as_(shelf.cast.tara), str(new_key())
    first, second = (client.post("/api/v1/documents/", values(shelf, id=key)) for _ in range(2))
    assert first.json()["id"] == second.json()["id"] == key
    again = values(shelf, file=upload(pdf("Another")))
    answers = []
    for _ in range(2):
        again["file"].seek(0)
        answers.append(client.post("/api/v1/documents/", again, HTTP_IDEMPOTENCY_KEY="a"))
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert answers[1]["Idempotent-Replayed"] == "true"
    assert Document.objects.count() == 2


def test_a_list_of_many_costs_what_a_list_of_one_does(
    shelf: Shelf, as_: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client = as_(shelf.cast.yann)
    shelf.add(b"0")
    client.get("/api/v1/documents/")
    with django_assert_max_num_queries(30) as one:
        client.get("/api/v1/documents/")
    for number in range(1, 8):
        shelf.add(f"{number}".encode())
    with django_assert_num_queries(len(one)):
        assert len(client.get("/api/v1/documents/").json()["results"]) == 8
