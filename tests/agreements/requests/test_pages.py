"""Pages and API of access requests: both sides, and what an asker cannot tell (R17)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import new_key
from agencies.directory.roles import ROLES, Permission, Role
from agreements.requests import actions
from agreements.requests.models import AccessRequest, AskedRecord
from agreements.sharing.disclosure import note_opening
from agreements.sharing.models import Release
from agreements.sharing.policy import access
from portal.audit.models import Entry
from tests.agreements.hits.conftest import Index, search_clause
from tests.agreements.requests.conftest import UNKNOWN, Counter
from tests.agreements.sharing.conftest import sees
from tests.answers import text_of
from tests.conftest import make_appointment

ASK = "/requests/ask/"
NOW = timezone.now


def page(name: str, key: Any) -> str:
    return reverse(f"requests:{name}", args=[key])


def body(counter: Counter, reference: str, **values: Any) -> dict[str, Any]:
    cast = counter.cast
    sent = {"agency": cast.a1.pk, "reference": reference, "purpose": "coordination", "reason": "In the minutes."}
    return {**sent, "clause": f"{cast.a1.pk}|{cast.art7.pk}", **values}


def same(text: bytes, row: AccessRequest) -> str:
    """The bytes without what differs for any two requests: key, reference, instants, tokens."""
    found = text.decode().replace(str(row.pk), "KEY").replace(row.reference, "REFERENCE")
    found = re.sub(r'(csrf\w*"? (?:value|content)=|X-CSRFToken[^:]*: ?)"[^"]*"', "", found)
    found = re.sub(r'nonce="[^"]*"', "", found)
    return re.sub(r"<time.*?</time>|\d\d:\d\d(:\d\d)?", "TIME", found, flags=re.DOTALL)


def test_asked_and_approved_by_the_pages(counter: Counter, as_: Any) -> None:
    cast, record = counter.cast, counter.note(title="Grey vans")
    yann, xenia = as_(cast.yann), as_(cast.xenia)
    sent = yann.post(ASK, body(counter, record.reference), follow=True)
    text = sent.content.decode()
    assert "Your request was sent to the duty desk of X1, if the reference is theirs." in text
    assert "Grey vans" not in text
    counter.work()
    row = AskedRecord.objects.get()
    assert "Grey vans" in xenia.get("/requests/asked/", {"state": "open"}).content.decode()
    shown = xenia.get(page("asked-detail", row.pk))
    detail = shown.content.decode()
    for words in ("In the minutes.", "Y1", cast.yann.function, "Art. 7", "This officer alone"):
        assert words in detail
    assert "Yann" not in detail
    # One look and one click: what is offered first is previewed already.
    assert [reader.agency for reader in shown.context["preview"].gained] == [cast.b]
    first = shown.context["form"].initial
    chosen = {"to": first["to"], "purpose": first["purpose"], "until": first["until"].strftime("%Y-%m-%dT%H:%M")}
    # What was not previewed is previewed first.
    again = xenia.post(page("asked-detail", row.pk), {**chosen, "previewed": "something else"})
    assert not sees(cast.yann, record)
    assert again.context["previewed"] == shown.context["previewed"]
    assert "changed after the preview" in again.content.decode()
    assert (
        xenia.post(page("asked-detail", row.pk), {**chosen, "previewed": shown.context["previewed"]}).status_code == 302
    )
    assert sees(cast.yann, record)
    mine = yann.get(page("request-detail", AccessRequest.objects.get().pk)).content.decode()
    assert "Grey vans" in mine
    words = " ".join(re.sub(r"<[^>]+>", " ", mine).split())
    assert re.search(r"gave you access until .* under Art\. 7", words), words
    assert "Take it back" in xenia.get(page("asked-detail", row.pk)).content.decode()
    assert xenia.post(page("asked-revoke", row.pk)).status_code == 302
    assert not sees(cast.yann, record)
    mine = yann.get(page("request-detail", AccessRequest.objects.get().pk)).content.decode()
    assert "Grey vans" not in mine
    assert "Nothing of it is open to you now" in mine


def test_hidden_and_unknown_are_the_same_bytes(counter: Counter, as_: Any) -> None:
    cast, hidden = counter.cast, counter.note()
    seen = []
    for reference in (hidden.reference, UNKNOWN):
        client = as_(cast.yann)
        client.get(ASK)
        with CaptureQueriesContext(connection) as queries:
            posted = client.post(ASK, body(counter, reference))
        row = AccessRequest.objects.get(reference=reference)
        counter.work()
        if reference == hidden.reference:
            actions.refuse(asked=AskedRecord.objects.get(), by=cast.xenia, words="No.")
            counter.work()
        shown = client.get(page("request-detail", row.pk))
        listed = client.get("/requests/", {"state": "sent"})
        client.post(page("request-withdraw", row.pk))
        after = client.get(page("request-detail", row.pk))
        headers = {
            name: value
            for name, value in posted.headers.items()
            if name not in ("Location", "Set-Cookie", "X-Request-ID")
        }
        seen.append(
            (
                posted.status_code,
                {name: value for name, value in headers.items() if "nonce" not in value},
                len(queries),
                same(shown.content, row),
                listed.content.count(row.reference.encode()),
                same(after.content, row),
            )
        )
    assert seen[0] == seen[1]


def test_faults_stand_at_their_fields_and_the_input_is_kept(counter: Counter, as_: Any) -> None:
    client = as_(counter.cast.yann)
    for values, words in (
        ({"reference": "lost paper"}, "This is no reference"),
        ({"purpose": "safety"}, "does not name this purpose"),
        ({"agency": counter.cast.c.pk}, "gives your agency nothing"),
        ({"until": "2020-01-01T10:00"}, "in the past"),
        ({"reason": ""}, "required"),
        ({"clause": "nonsense"}, "valid choice"),
    ):
        answer = client.post(ASK, {**body(counter, UNKNOWN), **values})
        assert answer.status_code == 200
        assert words in answer.content.decode(), values
        assert "coordination" in answer.content.decode()
    assert not AccessRequest.objects.exists()


def test_what_one_sees_is_linked(counter: Counter, as_: Any) -> None:
    record = counter.note(title="Grey vans")
    counter.desk.release(record)
    answer = as_(counter.cast.yann).post(ASK, body(counter, record.reference))
    assert f'href="{reverse("sharing:record-detail", args=[record.pk])}"' in answer.content.decode()
    assert not AccessRequest.objects.exists()
    assert Entry.objects.filter(verb="record.disclose").exists(), "it names the record (R29)"


def test_from_a_hit_everything_is_filled_in(counter: Counter, as_: Any) -> None:
    cast = counter.cast
    index = Index(counter.desk, search_clause(cast))
    index.index(index.desk.note(by=cast.ada))
    hit, client = index.answer(), as_(cast.yann)
    text = client.get(reverse("hits:search-detail", args=[hit.search_id])).content.decode()
    address = re.search(r'href="(/requests/ask/[^"]*)"', text)
    assert address
    initial = client.get(address[1].replace("&amp;", "&")).context["form"].initial
    assert (initial["agency"], initial["reference"]) == (str(cast.a1.pk), hit.reference)
    assert "clause" not in initial, "no article names the purpose of this search: the officer sees to it"
    Index(counter.desk, index.clause).search(purpose="law_enforcement", value="NOBODY99")
    missed = client.get(reverse("hits:search-list")).content.decode()
    assert "/requests/ask/" not in missed


def test_the_dead_ends_lead_there(counter: Counter, as_: Any) -> None:
    cast, hidden = counter.cast, counter.note()
    client = as_(cast.yann)
    lost = [client.get(reverse("sharing:record-detail", args=[key])) for key in (hidden.pk, new_key())]
    assert [answer.status_code for answer in lost] == [404, 404]
    assert all(f'href="{ASK}"' in answer.content.decode() for answer in lost)
    searched = client.get(reverse("sharing:record-list"), {"q": hidden.reference}).content.decode()
    assert f"{ASK}?reference={hidden.reference}" in searched


@pytest.mark.parametrize("role", list(Role))
def test_not_found_offers_to_ask_only_to_roles_that_may(counter: Counter, as_: Any, role: Role) -> None:
    client = as_(make_appointment("nora", counter.cast.b, role))
    shown = client.get(f"/records/{new_key()}/")
    assert shown.status_code == 404
    may = Permission.ACCESS_REQUEST in ROLES[role].permissions
    assert client.get(ASK).status_code == (200 if may else 403)
    assert (f'href="{ASK}"' in text_of(shown).partition("<main")[2]) is may


def test_who_finds_what(counter: Counter, as_: Any) -> None:
    cast, record = counter.cast, counter.note(title="Grey vans")
    row = counter.asked(record)
    mine = row.request_id
    for who in (cast.yara, cast.xenia, cast.zoe):
        for name in ("request-detail", "request-withdraw"):
            for key in (mine, new_key()):
                client = as_(who)
                assert (client.get if name.endswith("detail") else client.post)(page(name, key)).status_code == 404
    for who in (cast.yann, cast.yara, cast.zoe, cast.aldo):
        client = as_(who)
        assert "Grey vans" not in client.get("/requests/asked/").content.decode()
        for name in ("asked-detail", "asked-refuse", "asked-revoke"):
            for key in (row.pk, new_key()):
                assert client.post(page(name, key)).status_code == 404
    for who in (cast.tara, cast.arno):
        assert as_(who).get("/requests/asked/").status_code == 403
        assert as_(who).get(ASK).status_code == 403
    # The record's own panel: its owner's officers who may answer, and nobody else.
    panel = page("record-panel", record.pk)
    assert "Y1" in as_(cast.lars).get(panel).content.decode()
    assert "Only its owner" in as_(cast.arno).get(panel).content.decode()
    assert as_(cast.yann).get(panel).status_code == 404


def test_a_receiver_reads_nothing_in_the_panel(counter: Counter, as_: Any) -> None:
    cast, record = counter.cast, counter.note()
    counter.asked(record, by=cast.zoe)
    counter.desk.release(record)
    text = text_of(as_(cast.yann).get(page("record-panel", record.pk), headers={"HX-Request": "true"}))
    assert "Only its owner" in text
    assert "Z1" not in text


def test_refusing_says_what_they_read(counter: Counter, as_: Any) -> None:
    cast = counter.cast
    unknown, known = counter.note(), counter.note()
    release = counter.desk.release(known)
    note_opening(access(cast.yann, NOW()), known)
    release.revoked_at, release.revoked_by = NOW(), cast.xenia
    release.save()
    xenia = as_(cast.xenia)
    for record, words in ((unknown, "They are told nothing"), (known, "and are told")):
        row = counter.asked(record)
        assert words in xenia.get(page("asked-detail", row.pk)).content.decode()
        assert xenia.post(page("asked-refuse", row.pk), {"words": "x" * 501}).status_code == 200
        assert xenia.post(page("asked-refuse", row.pk), {"words": "Not this one."}).status_code == 302
    texts = [
        as_(cast.yann).get(page("request-detail", row.pk)).content.decode()
        for row in AccessRequest.objects.order_by("asked_at")
    ]
    assert ["Not this one." in text for text in texts] == [False, True]


def test_lists_and_panel_ask_the_same_however_many(counter: Counter, as_: Any) -> None:
    cast, record = counter.cast, counter.note()
    counter.asked(record)
    xenia, yann = as_(cast.xenia), as_(cast.yann)
    addresses = ((xenia, "/requests/asked/"), (yann, "/requests/"), (xenia, page("record-panel", record.pk)))
    api = ((xenia, "/api/v1/asked-records/"), (yann, "/api/v1/access-requests/"))
    for client, address in (*addresses, *api):
        client.get(address)
    counts = []
    for turn in range(2):
        found = []
        for client, address in (*addresses, *api):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        counts.append(found)
        if turn == 0:
            for by in (cast.yara, make_appointment("ylva", cast.b, Role.ANALYST)):
                counter.asked(record, by=by)
            for _ in range(3):
                counter.asked(counter.note())
    assert counts[0] == counts[1]


def test_the_api(counter: Counter, api_as: Any) -> None:
    cast, record = counter.cast, counter.note()
    yann, xenia = api_as(cast.yann), api_as(cast.xenia)
    bases = yann.get("/api/v1/access-requests/bases/").json()
    assert [(row["agency"], row["clause"]) for row in bases] == [(str(cast.a1.pk), str(cast.art7.pk))]
    assert yann.get("/api/v1/access-requests/bases/", {"agency": str(cast.c.pk)}).json() == []
    assert yann.get("/api/v1/access-requests/bases/", {"agency": "nobody"}).status_code == 400
    sent = {**body(counter, record.reference), "agency": str(cast.a1.pk), "clause": str(cast.art7.pk)}
    made = yann.send("POST", "/access-requests/", sent, idempotency_key="once")
    assert made.status_code == 201, made.content
    assert yann.send("POST", "/access-requests/", sent, idempotency_key="once").json() == made.json()
    missing = yann.send("POST", "/access-requests/", {**sent, "reference": UNKNOWN})
    differing = ("id", "reference", "asked_at", "lapses_at")
    assert {name: value for name, value in made.json().items() if name not in differing} == {
        name: value for name, value in missing.json().items() if name not in differing
    }
    assert made.json()["state"] == "sent"
    twice = yann.send("POST", "/access-requests/", sent)
    assert (twice.status_code, twice.json()["errors"][0]["field"]) == (422, "reference")
    counter.work()
    assert yann.get("/api/v1/asked-records/").json()["results"] == []
    (asked,) = xenia.get("/api/v1/asked-records/", {"state": "open"}).json()["results"]
    assert asked["asked_by"]["name"] is None
    address = f"/asked-records/{asked['id']}"
    answers = xenia.get(f"/api/v1{address}/answers/").json()
    offer = answers["fits"][0]
    assert (offer["audience"], offer["appointment"]) == ("officer", str(cast.yann.pk))
    terms = {
        "audience": "officer",
        "appointment": str(cast.yann.pk),
        "clause": offer["clause"],
        "purpose": "coordination",
    }
    assert xenia.send("POST", f"{address}/approve/", terms).status_code == 400, "an end is mandatory"
    terms["until"] = (NOW() + timedelta(days=9)).isoformat()
    preview = xenia.send("POST", f"{address}/preview/", terms).json()
    assert [row["agency"]["id"] for row in preview["gained"]] == [str(cast.b.pk)]
    first = xenia.send("POST", f"{address}/approve/", terms)
    second = xenia.send("POST", f"{address}/approve/", terms)
    assert first.status_code == second.status_code == 200
    assert first.json()["release"] == second.json()["release"]
    assert Release.objects.filter(clause__isnull=False).count() == 1
    mine = yann.get(f"/api/v1/access-requests/{made.json()['id']}/").json()
    assert (mine["state"], mine["records"]) == ("answered", [str(record.pk)])
    assert yann.get("/api/v1/access-requests/", {"state": "answered"}).json()["results"] == [mine]
    assert xenia.send("POST", f"{address}/refuse/", {}).status_code == 409
    ended = xenia.send("POST", f"{address}/revoke/")
    assert ended.json()["ended_at"]
    assert yann.get(f"/api/v1/access-requests/{made.json()['id']}/").json()["records"] == []
    other = missing.json()["id"]
    assert api_as(cast.yara).send("POST", f"/access-requests/{other}/withdraw/").status_code == 404
    assert yann.send("POST", f"/access-requests/{other}/withdraw/").json()["state"] == "withdrawn"
    assert api_as(cast.arno).send("POST", "/access-requests/", sent).status_code == 403


def test_too_many_is_said_over_the_api(counter: Counter, api_as: Any, settings: Any) -> None:
    settings.ACCESS_REQUESTS_A_DAY = 0
    sent = {**body(counter, UNKNOWN), "agency": str(counter.cast.a1.pk), "clause": None}
    answer = api_as(counter.cast.yann).send("POST", "/access-requests/", sent)
    assert answer.status_code == 429
    assert answer["Content-Type"] == "application/problem+json"


def test_two_are_needed_where_the_agency_says_so(counter: Counter, as_: Any) -> None:
    cast = counter.cast
    counter.wants_two()
    row, xenia = counter.asked(counter.note()), as_(cast.xenia)
    shown = xenia.get(page("asked-detail", row.pk))
    assert "Ask a second officer" in shown.content.decode()
    first = shown.context["form"].initial
    chosen = {"to": first["to"], "purpose": first["purpose"], "until": first["until"].strftime("%Y-%m-%dT%H:%M")}
    xenia.post(page("asked-detail", row.pk), {**chosen, "previewed": shown.context["previewed"]})
    assert "Waits for a second officer" in xenia.get(page("asked-detail", row.pk)).content.decode()
    assert not sees(cast.yann, row.record)


def test_both_sides_auditors_read_their_own(counter: Counter, as_: Any) -> None:
    cast = counter.cast
    counter.asked(counter.note())
    theirs = make_appointment("yvo", cast.b, Role.AUDITOR)
    url = reverse("oversight:ledger")
    asked, ask = "access asked", "access ask<"
    ours, other = as_(cast.arno).get(url).content.decode(), as_(theirs).get(url).content.decode()
    assert asked in ours
    assert asked not in other
    assert "access ask" in other
    assert ask not in ours
