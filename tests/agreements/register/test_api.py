"""The register over the API: what a treaty admin writes, what everybody of a party reads, what nobody else learns."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.directory.models import new_key
from agreements.register.models import Agreement, Confirmation, Designation, TreatyAction
from portal.audit.models import Entry
from tests.agreements.register.conftest import fault
from tests.conftest import Cast, make_treaty


def today() -> str:
    return timezone.localdate().isoformat()


def treaty(cast: Cast, **values: Any) -> dict[str, Any]:
    """What a treaty admin sends to register an agreement of X and Y."""
    return {
        "title": "Treaty on the Lake between X and Y",
        "short_name": "Lake Treaty",
        "kind": "treaty",
        "time_zone": "Europe/Zurich",
        "concluded_on": "2024-02-01",
        "parties": ["XX", "YY"],
        "clauses": [
            {
                "article": "Art. 3",
                "kind": "information_sharing",
                "categories": ["operational"],
                "purposes": ["border_operation"],
                "ceiling": 1,
            },
            {"article": "Art. 9", "kind": "hot_pursuit"},
        ],
        "designations": [
            {"agency": str(cast.a1.pk), "starts_on": "2025-01-01"},
            {"agency": str(cast.b.pk), "starts_on": "2025-01-01", "articles": ["Art. 3"]},
        ],
        "actions": [
            {"kind": "ratification", "country": "XX", "done_on": "2024-06-01"},
            {"kind": "ratification", "country": "YY", "done_on": "2024-07-01"},
            {"kind": "signature", "country": "XX", "done_on": "2024-02-01"},
            {"kind": "entry_into_force", "done_on": "2025-01-01"},
        ],
        **values,
    }


def test_registered_by_one_side_confirmed_by_the_other_and_suspended(cast: Cast, api_as: Any) -> None:
    ours, theirs = api_as(cast.tara), api_as(cast.yusuf)
    made = ours.send("POST", body=treaty(cast))
    assert made.status_code == 201, made.content
    row = made.json()
    assert made["Location"].endswith(f"/api/v1/agreements/{row['id']}/")
    assert row["state"] == "in_force"
    assert [party["country"] for party in row["parties"]] == ["XX", "YY"]
    assert [clause["article"] for clause in row["clauses"]] == ["Art. 3", "Art. 9"]
    assert row["designations"][1]["clauses"] == [row["clauses"][0]["id"]]
    assert row["outstanding"] == []
    assert row["between"][0]["works"] is False
    # On paper it binds; nothing flows before both stand behind it (R22).
    assert ours.send("GET", f"{row['id']}/flows/").json() == []
    waiting = theirs.send("GET", f"{row['id']}/confirmations/").json()
    assert {item["fact"] for item in waiting} == {"clause", "action", "designation"}
    one = theirs.send("POST", f"{row['id']}/confirmations/", {"facts": [waiting[0]["id"]]})
    assert one.status_code == 200
    assert len(one.json()["outstanding"]) == len(waiting) - 1
    done = theirs.send("POST", f"{row['id']}/confirmations/")
    assert done.json()["outstanding"] == []
    assert done.json()["between"] == [{"country": "XX", "works": True, "sentence": "both stand behind it"}]
    flows = ours.send("GET", f"{row['id']}/flows/").json()
    assert {(flow["sender"]["acronym"], flow["receiver"]["acronym"]) for flow in flows} == {("X1", "Y1"), ("Y1", "X1")}
    assert flows[0]["categories"] == ["operational"]
    cut = theirs.send("POST", f"{row['id']}/actions/", {"kind": "suspension", "country": "YY", "done_on": today()})
    assert cut.status_code == 201, cut.content
    assert cut.json()["narrows"] is True
    assert ours.send("GET", f"{row['id']}/flows/").json() == []
    states = {party["country"]: party["state"] for party in ours.send("GET", f"{row['id']}/").json()["parties"]}
    assert states == {"XX": "in_force", "YY": "suspended"}


def test_the_state_of_any_day(cast: Cast, api_as: Any) -> None:
    client = api_as(cast.yann)
    pk = cast.art7.agreement_id

    def states(day: str) -> list[str]:
        return [party["state"] for party in client.send("GET", f"{pk}/?on={day}").json()["parties"]]

    assert states("2022-01-01") == ["not_bound", "not_bound"]
    assert states("2023-01-01") == ["signed", "signed"]
    assert states("2024-04-01") == ["to_be_in_force", "to_be_in_force"]
    assert states("2024-05-01") == ["in_force", "in_force"]
    for bad in ("2024-02-30", "soon", "9999-12-31", "0001-01-01"):
        assert fault(client.send("GET", f"{pk}/?on={bad}")) == {"on": "Give a day such as 2026-11-24."}


def test_the_timeline_in_spans(cast: Cast, api_as: Any) -> None:
    shown = api_as(cast.yann).send("GET", f"{cast.art7.agreement_id}/timeline/").json()
    lane = shown["parties"][0]
    assert lane["country"] == "XX"
    assert [span["state"] for span in lane["spans"]] == ["not_bound", "signed", "to_be_in_force", "in_force"]
    assert lane["spans"][1] == {"state": "signed", "starts_on": "2022-04-05", "ends_on": "2024-02-29"}
    assert lane["spans"][-1]["ends_on"] is None
    assert len(shown["actions"]) == 5


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Other", "X–Y Treaty"]),
        ("?kind=treaty", ["Other", "X–Y Treaty"]),
        ("?kind=protocol", []),
        ("?state=in_force", ["X–Y Treaty"]),
        ("?state=signed", ["Other"]),
        ("?country=zz", ["Other"]),
        ("?q=OTH", ["Other"]),
        ("?clause_kind=hot_pursuit", ["Other"]),
        ("?draft=true", []),
    ],
)
def test_the_list_is_narrowed(cast: Cast, api_as: Any, query: str, found: list[str]) -> None:
    make_treaty(
        short_name="Other",
        countries=["XX", "YY", "ZZ"],
        designated=[],
        recorded_by=cast.tara,
        bound=[],
        kind="hot_pursuit",
        categories=["operational"],
    )
    rows = api_as(cast.yann).send("GET", query).json()["results"]
    assert [row["short_name"] for row in rows] == found


def test_pages_of_the_list(cast: Cast, api_as: Any) -> None:
    for number in range(3):
        make_treaty(short_name=f"T{number}", countries=["XX", "YY"], designated=[], recorded_by=cast.tara)
    client, address, names = api_as(cast.yann), "?limit=2", []
    while address:
        page = client.send("GET", address).json()
        names += [row["short_name"] for row in page["results"]]
        address = page["next"] and "?" + page["next"].partition("?")[2]
    assert names == ["T0", "T1", "T2", "X–Y Treaty"]
    assert client.send("GET", "?sate=signed").status_code == 400
    assert client.send("GET", "?state=x").status_code == 400
    assert client.send("GET", "?q=%00").status_code == 400


def test_queries_do_not_grow(cast: Cast, api_as: Any) -> None:
    client = api_as(cast.tara)

    def count(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.send("GET", path).status_code == 200
        return len(queries)

    count("")
    few, one = count(""), count(f"{cast.art7.agreement_id}/")
    for number in range(4):
        make_treaty(
            short_name=f"T{number}", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara
        )
    assert count("") == few
    client.send("POST", body=treaty(cast))
    row = Agreement.objects.get(short_name="Lake Treaty")
    assert count(f"{row.pk}/") == one


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"kind": "pact"}, "kind", "not a valid choice"),
        ({"parties": ["XX", "QQ"]}, "parties[1]", "no country"),
        ({"parties": []}, "parties", "may not be empty"),
        ({"parties": ["YY", "ZZ"]}, "parties", "you register for it"),
        ({"title": "a\x00b"}, "title", "Null characters"),
        ({"title": ""}, "title", "blank"),
        ({"time_zone": "Mars/Base"}, "time_zone", "not a time zone"),
        ({"expires_on": "2023-01-01"}, "expires_on", "before the day of conclusion"),
        ({"expires_on": "9999-12-31"}, "expires_on", "Keep it empty"),
        ({"concluded_on": "2024-02-30"}, "concluded_on", "wrong format"),
        ({"concluded_on": "2199-01-01"}, "concluded_on", "in the future"),
        ({"made_under": str(uuid.uuid4())}, "made_under", "no such article"),
        ({"clauses": [{"article": "Art. 3", "kind": "x"}]}, "clauses[0].kind", "not a valid choice"),
        ({"clauses": [{"article": "1", "kind": "training", "categories": ["x"]}]}, "clauses[0].categories[0]", "valid"),
        (
            {"clauses": [{"article": "1", "kind": "training", "starts_on": "2025-01-02", "ends_on": "2025-01-01"}]},
            "clauses[0].ends_on",
            "before the first",
        ),
        ({"clauses": [{"article": "1", "kind": "training"}] * 2}, "clauses[1].article", "already"),
        ({"designations": [{"agency": str(uuid.uuid4()), "starts_on": "2025-01-01"}]}, "designations[0].agency", "no such"),
        (
            {"actions": [{"kind": "signature", "country": "XX", "done_on": "2024-03-01"},
                         {"kind": "ratification", "country": "XX", "done_on": "2024-02-02"}]},
            "actions[0].done_on",
            "after the ratification",
        ),
        ({"actions": [{"kind": "ratification", "country": "ZZ", "done_on": "2024-02-02"}]}, "actions[0].country", "no party"),
        ({"actions": [{"kind": "ratification", "done_on": "2024-02-02"}]}, "actions[0].country", "which party"),
        (
            {"actions": [{"kind": "signature", "country": "XX", "done_on": "2024-02-02", "effective_on": "2024-02-01"}]},
            "actions[0].effective_on",
            "before it was done",
        ),
        ({"actions": [{"kind": "signature", "country": "XX", "done_on": "2024-02-02", "articles": ["Art. 8"]}]},
         "actions[0].articles", "no article"),
    ],
)  # fmt: skip
def test_faults_are_named_at_their_place_and_nothing_is_kept(
    cast: Cast, api_as: Any, values: dict[str, Any], field: str, said: str
) -> None:
    answer = api_as(cast.tara).send("POST", body=treaty(cast, **{"designations": [], **values}))
    assert answer.status_code in (400, 422), answer.content
    assert said in fault(answer)[field]
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"kind": "ratification", "country": "XX", "done_on": "2022-04-04"}, "done_on", "concluded on 5 Apr 2022"),
        ({"kind": "suspension", "country": "XX", "done_on": "2199-01-01"}, "done_on", "has not come"),
        ({"kind": "suspension", "country": "XX", "done_on": "2026-01-02", "until": "2026-01-01"}, "until", "before"),
        ({"kind": "suspension", "country": "XX", "done_on": "2026-01-02", "until": "9999-12-31"}, "until", "2199"),
        ({"kind": "suspended", "country": "XX", "done_on": "2026-01-02"}, "kind", "not a valid choice"),
        ({"kind": "suspension", "country": "X\x00", "done_on": "2026-01-02"}, "country", "Null characters"),
        ({"kind": "lifting", "country": "XX", "done_on": "2026-01-02"}, "lifts", "which suspension"),
        ({"kind": "lifting", "done_on": "2026-01-02", "lifts": str(uuid.uuid4())}, "lifts", "no such action"),
        ({"kind": "suspension", "country": "XX", "done_on": "2026-01-02", "clauses": [str(uuid.uuid4())]},
         "clauses[0]", "no such article"),
        ({"kind": "suspension", "country": "XX"}, "done_on", "required"),
        ({"kind": "suspension", "country": "XX", "done_on": "2026-01-02", "note": "\x00"}, "note", "Null characters"),
    ],
)  # fmt: skip
def test_an_action_that_cannot_be(cast: Cast, api_as: Any, values: dict[str, Any], field: str, said: str) -> None:
    before = TreatyAction.objects.count()
    answer = api_as(cast.tara).send("POST", f"{cast.art7.agreement_id}/actions/", values)
    assert answer.status_code in (400, 422), answer.content
    assert said in fault(answer)[field]
    assert TreatyAction.objects.count() == before


def test_sent_again_it_is_not_done_again(cast: Cast, api_as: Any) -> None:
    client = api_as(cast.tara)
    first = client.send("POST", body=treaty(cast), idempotency_key="one")
    again = client.send("POST", body=treaty(cast), idempotency_key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert client.send("POST", body=treaty(cast, title="x"), idempotency_key="one").status_code == 422
    # The sender's own key does the same without the header.
    body = treaty(cast, id=str(new_key()))
    assert client.send("POST", body=body).json()["id"] == client.send("POST", body=body).json()["id"] == body["id"]
    assert Agreement.objects.count() == 3
    path, act = f"{cast.art7.agreement_id}/actions/", {"kind": "suspension", "country": "XX", "done_on": today()}
    for _ in range(2):
        assert client.send("POST", path, act, idempotency_key="two").status_code == 201
    assert TreatyAction.objects.filter(kind="suspension").count() == 1


def test_a_draft_is_its_agencys_own_until_it_is_put(cast: Cast, api_as: Any) -> None:
    ours, theirs = api_as(cast.tara), api_as(cast.yusuf)
    row = ours.send("POST", body=treaty(cast, draft=True)).json()
    pk = row["id"]
    assert (row["draft"], row["state"]) == (True, "draft")
    for path in ("", "actions/", "clauses/", "designations/", "confirmations/", "timeline/", "flows/"):
        assert theirs.send("GET", f"{pk}/{path}").status_code == 404, path
    assert theirs.send("POST", f"{pk}/put/").status_code == 404
    assert theirs.send("POST", f"{pk}/confirmations/").status_code == 404
    assert api_as(cast.xenia).send("POST", f"{pk}/put/").status_code == 403
    assert ours.send("POST", f"{pk}/clauses/{row['clauses'][1]['id']}/withdraw/").status_code == 204
    put = ours.send("POST", f"{pk}/put/")
    assert put.status_code == 200
    assert [clause["article"] for clause in put.json()["clauses"]] == ["Art. 3"]
    assert theirs.send("GET", f"{pk}/").status_code == 200
    assert ours.send("DELETE", f"{pk}/").status_code == 409
    assert ours.send("POST", f"{pk}/clauses/{row['clauses'][0]['id']}/withdraw/").status_code == 409
    other = ours.send("POST", body=treaty(cast, draft=True)).json()["id"]
    assert ours.send("DELETE", f"{other}/").status_code == 204
    assert ours.send("GET", f"{other}/").status_code == 404


def test_a_third_country_finds_nothing(cast: Cast, api_as: Any) -> None:
    pk = cast.art7.agreement_id
    named = cast.art7.agreement.designations.first()
    for who in (cast.zoe, cast.zeno):
        client = api_as(who)
        assert client.send("GET").json()["results"] == []
        assert client.send("GET", f"?q={cast.art7.agreement.short_name}").json()["results"] == []
        unknown = client.send("GET", f"{uuid.uuid4()}/")
        for path in ("", "actions/", "clauses/", "designations/", "confirmations/", "timeline/", "flows/"):
            answer = client.send("GET", f"{pk}/{path}")
            assert (answer.status_code, answer.content) == (404, unknown.content), path
    client = api_as(cast.zeno)
    act = {"kind": "suspension", "country": "ZZ", "done_on": today()}
    for path, body in (
        ("actions/", act),
        ("confirmations/", {}),
        ("clauses/", {"article": "Art. 8", "kind": "training"}),
        ("designations/", {"agency": str(cast.c.pk), "starts_on": "2026-01-01"}),
        (f"designations/{named.pk}/withdraw/", None),
        ("put/", None),
    ):
        assert client.send("POST", f"{pk}/{path}", body).status_code == 404, path
    assert client.send("DELETE", f"{pk}/").status_code == 404


def test_roles_that_read_do_not_write(cast: Cast, api_as: Any) -> None:
    pk = cast.art7.agreement_id
    named = cast.art7.agreement.designations.get(agency=cast.a1)
    act = {"kind": "suspension", "country": "XX", "done_on": today()}
    for who in (cast.xenia, cast.yann, cast.ada, cast.arno):
        client = api_as(who)
        assert client.send("GET", f"{pk}/").status_code == 200
        for path, body in (
            ("", treaty(cast)),
            (f"{pk}/actions/", act),
            (f"{pk}/confirmations/", {}),
            (f"{pk}/clauses/", {"article": "Art. 8", "kind": "training"}),
            (f"{pk}/designations/", {"agency": str(cast.a2.pk), "starts_on": "2026-01-01"}),
            (f"{pk}/designations/{named.pk}/withdraw/", None),
        ):
            assert client.send("POST", path, body).status_code == 403, (who, path)
    assert not TreatyAction.objects.filter(kind="suspension").exists()


def test_what_narrows_is_the_partys_own(cast: Cast, api_as: Any) -> None:
    pk, client = cast.art7.agreement_id, api_as(cast.tara)
    answer = client.send("POST", f"{pk}/actions/", {"kind": "suspension", "country": "YY", "done_on": today()})
    assert answer.status_code == 403
    assert "Y-land's own treaty admin" in fault(answer)["country"]
    theirs = Designation.objects.get(agency=cast.b)
    assert client.send("POST", f"{pk}/designations/{theirs.pk}/withdraw/").status_code == 403
    own = Designation.objects.get(agency=cast.a1)
    assert client.send("POST", f"{pk}/designations/{own.pk}/withdraw/").status_code == 204
    assert client.send("GET", f"{pk}/flows/").json() == []
    assert Entry.objects.filter(verb="agreement.withdraw_designation", agency_id=cast.a1.pk).exists()


def test_facts_of_another_agreement_are_unknown_here(cast: Cast, api_as: Any) -> None:
    other = make_treaty(short_name="Y–Z", countries=["YY", "ZZ"], designated=[cast.b, cast.c], recorded_by=cast.yusuf)
    pk, client = cast.art7.agreement_id, api_as(cast.tara)
    assert fault(client.send("POST", f"{pk}/confirmations/", {"facts": [str(other.pk)]})) == {
        "facts[0]": "There is no such fact here."
    }
    hidden = client.send("POST", body=treaty(cast, made_under=str(other.pk)))
    assert fault(hidden) == {"made_under": "There is no such article."}
    row = other.agreement.designations.first()
    assert client.send("POST", f"{pk}/designations/{row.pk}/withdraw/").status_code == 404
    assert not Confirmation.objects.filter(clause=other).exists()


def test_what_is_made_under_a_draft_stays_a_draft(cast: Cast, api_as: Any) -> None:
    """Its parties would read the name of what they may not know of (R23)."""
    client = api_as(cast.tara)
    frame = client.send("POST", body=treaty(cast, draft=True, short_name="Frame")).json()
    body = treaty(cast, short_name="Arrangement", made_under=frame["clauses"][0]["id"])
    assert list(fault(client.send("POST", body=body))) == ["made_under"]
    made = client.send("POST", body={**body, "draft": True}).json()
    assert made["made_under"] == frame["clauses"][0]["id"]
    for row in (frame, made):
        assert api_as(cast.yann).send("GET", f"{row['id']}/").status_code == 404


def test_designate_for_an_article(cast: Cast, api_as: Any) -> None:
    pk, client = cast.art7.agreement_id, api_as(cast.tara)
    body = {"agency": str(cast.a2.pk), "starts_on": "2025-01-01", "clauses": [str(cast.art7.pk)]}
    made = client.send("POST", f"{pk}/designations/", body)
    assert made.status_code == 201, made.content
    assert made.json()["country"] == "XX"
    assert fault(client.send("POST", f"{pk}/designations/", body)).keys() == {"agency"}
    body = {"agency": str(cast.c.pk), "starts_on": "2025-01-01"}
    assert "no party" in fault(client.send("POST", f"{pk}/designations/", body))["agency"]
    body = {"agency": str(cast.a2.pk), "starts_on": "2027-01-01", "ends_on": "2026-01-01"}
    assert "before the first" in fault(client.send("POST", f"{pk}/designations/", body))["ends_on"]


def test_an_article_in_one_direction(cast: Cast, api_as: Any) -> None:
    pk, client = cast.art7.agreement_id, api_as(cast.tara)
    body = {"article": "Art. 8", "kind": "information_sharing", "direction": "one_way", "senders": ["XX"]}
    assert fault(client.send("POST", f"{pk}/clauses/", body)).keys() == {"receivers"}
    made = client.send("POST", f"{pk}/clauses/", {**body, "receivers": ["YY"]})
    assert made.status_code == 201, made.content
    assert (made.json()["senders"], made.json()["receivers"]) == (["XX"], ["YY"])
    assert [row["article"] for row in client.send("GET", f"{pk}/clauses/").json()] == ["Art. 7", "Art. 8"]
