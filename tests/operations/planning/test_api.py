"""Operations over the API: what a page can do it can do, and nobody more."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import Appointment, Country, new_key
from agreements.sharing.models import Assignment, Participation, Record
from operations.planning.actions import invitations, operations
from operations.planning.models import Instruction, Operation
from portal.audit.models import Entry
from portal.audit.recording import DISCLOSE
from tests.api import fault
from tests.conftest import Cast
from tests.operations.planning.conftest import INSTRUCTIONS, SQUARE, Desk, suspend

STEPS = ("open", "close", "archive", "cancel", "accept", "invitations", "team", "instructions")


def plan(cast: Cast, **values: Any) -> dict[str, Any]:
    now = timezone.now()
    return {
        "name": "Autumn",
        "objective": "Watch the lake.",
        "clauses": [str(cast.art7.pk)],
        "purpose": "border_operation",
        "host_state": "XX",
        "starts_at": (now - timedelta(days=1)).isoformat(),
        "ends_at": (now + timedelta(days=30)).isoformat(),
        "instructions": INSTRUCTIONS,
        "area": SQUARE,
        **values,
    }


def at(row: Any, *more: Any) -> str:
    return "/".join(["operations", str(getattr(row, "pk", row)), *map(str, more)]) + "/"


def test_the_whole_story(cast: Cast, api_as: Any) -> None:
    lead, partner = api_as(cast.xenia), api_as(cast.yara)
    assert [row["id"] for row in lead.send("GET", "operations/usable-clauses/").json()] == [str(cast.art7.pk)]
    made = lead.send("POST", "operations/", plan(cast))
    assert made.status_code == 201, made.content
    row = made.json()
    assert made["Location"].endswith(f"/api/v1/operations/{row['id']}/")
    assert (row["name"], row["state"], row["area"]["type"]) == ("Autumn", "planned", "Polygon")
    assert row["clauses"][0]["article"] == "Art. 7"
    assert (row["basis"]["holds"], row["may"]["open"], row["may"]["answer"]) == (True, True, False)
    key = row["id"]
    assert partner.send("GET", at(key)).status_code == 404
    reach = lead.send("GET", at(key, "reach")).json()
    assert [(item["agency"]["acronym"], item["clause"]) for item in reach] == [("Y1", str(cast.art7.pk))]
    invited = lead.send("POST", at(key, "invitations"), {"agency": str(cast.b.pk)})
    assert invited.status_code == 201, invited.content
    assert invited.json()["accepted_at"] is None
    waiting = partner.send("GET", "operations/invitations/").json()
    assert [(item["operation"]["name"], item["basis"]["holds"]) for item in waiting] == [("Autumn", True)]
    accepted = partner.send("POST", at(key, "accept"))
    assert accepted.status_code == 200, accepted.content
    copy = accepted.json()["own_instructions"]
    assert partner.send("GET", f"instructions/{copy}/").json()["text"] == INSTRUCTIONS
    assert partner.send("GET", "operations/invitations/").json() == []
    sent = partner.send("POST", at(key, "team"), {"appointment": str(cast.yann.pk), "role": "team_leader"})
    assert sent.status_code == 201, sent.content
    assert sent.json()["officer"]["name"] == "Yann"
    opened = lead.send("POST", at(key, "open"))
    assert (opened.status_code, opened.json()["state"]) == (200, "open")
    team = {item["officer"]["function"]: item["officer"]["name"] for item in opened.json()["team"]}
    assert team[cast.yann.function] is None
    assert "Xenia" in team.values()
    assert {item["agency"]["acronym"] for item in opened.json()["participants"]} == {"X1", "Y1"}
    assert lead.send("POST", at(key, "close")).json()["state"] == "closed"
    assert lead.send("POST", at(key, "archive")).json()["state"] == "archived"
    assert fault(lead.send("POST", at(key, "open"))) == {}


def test_legal_basis_as_it_stands_now(desk: Desk, api_as: Any) -> None:
    row = desk.joined()
    suspend(desk.cast)
    told = api_as(desk.cast.xenia).send("GET", at(row)).json()["basis"]
    assert told["holds"] is False
    assert told["lines"][0]["agency"]["acronym"] == "Y1"
    answer = api_as(desk.cast.xenia).send("POST", at(row, "open"))
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:entente:problem:no_basis"
    partner = api_as(desk.cast.yara)
    assert partner.send("GET", at(row)).status_code == 404
    kept = partner.send("GET", "instructions/").json()["results"]
    assert [(item["text"], item["record"]["operation"]) for item in kept] == [(INSTRUCTIONS, None)]


def test_a_third_state_finds_nothing(desk: Desk, api_as: Any) -> None:
    row, cast = desk.joined(), desk.cast
    other = Instruction.objects.get()
    for who in (cast.zoe, cast.aldo):
        client, unknown = api_as(who), new_key()
        assert client.send("GET", "operations/").json()["results"] == []
        assert client.send("GET", f"operations/?agency={cast.a1.pk}").json()["results"] == []
        for path in ("", "map", "reach"):
            answers = [client.send("GET", at(key, *filter(None, [path]))) for key in (row.pk, unknown)]
            assert [answer.status_code for answer in answers] == [404, 404], path
            assert answers[0].content == answers[1].content
        for step in STEPS:
            assert client.send("POST", at(row, step), {}).status_code == 404, step
        assert client.send("POST", at(row, "participants", cast.b.pk, "end")).status_code == 404
        assert client.send("PATCH", at(row), {"name": "Mine"}, if_match='"1"').status_code == 404
        assert client.send("GET", f"instructions/{other.pk}/").status_code == 404
    assert Operation.objects.get().name == "Autumn"


def test_seen_but_not_allowed_says_why(desk: Desk, api_as: Any) -> None:
    """403 with the reason: the partner does not lead, others have not the role."""
    row, cast = desk.joined(), desk.cast
    partner = api_as(cast.yara)
    for method, path, body in (
        ("POST", "open", None),
        ("POST", "cancel", {"reason": "x"}),
        ("POST", "invitations", {"agency": str(cast.c.pk)}),
        ("PATCH", "", {"name": "Ours"}),
        ("GET", "reach", None),
    ):
        answer = partner.send(method, at(row, *filter(None, [path])), body, if_match='"1"')
        assert answer.status_code == 403, (path, answer.content)
        assert "Only X1" in answer.json()["detail"], path
    for who in (cast.anton, cast.ada):
        assert api_as(who).send("POST", "operations/", plan(cast)).status_code == 403
    assert api_as(cast.tara).send("GET", "operations/").status_code == 403
    assert partner.send("POST", at(row, "participants", cast.c.pk, "end")).status_code == 404
    row.refresh_from_db()
    assert row.state == "planned"


def test_only_own_officers_are_assigned(desk: Desk, api_as: Any) -> None:
    row, cast = desk.joined(), desk.cast
    partner = api_as(cast.yara)
    unknown = fault(partner.send("POST", at(row, "team"), {"appointment": str(new_key())}))
    for other in (cast.lars, cast.zoe, cast.yusuf, cast.yann):
        answer = partner.send("POST", at(row, "team"), {"appointment": str(other.pk)})
        assert answer.status_code == 400, answer.content
        assert fault(answer) == unknown
    answer = partner.send("POST", at(row, "team"), {"appointment": str(cast.yara.pk), "directs": [str(cast.c.pk)]})
    assert answer.status_code == 400
    assert "directs[0]" in fault(answer), answer.content
    answer = partner.send("POST", at(row, "team"), {"appointment": str(cast.yara.pk), "directs": [str(cast.a1.pk)]})
    assert answer.status_code == 422
    assert "directs" in fault(answer)
    answer = partner.send("POST", at(row, "team"), {"appointment": str(cast.yara.pk), "role": "commander"})
    assert list(fault(answer)) == ["role"]
    foreign = Assignment.objects.get(appointment=cast.xenia)
    assert partner.send("POST", at(row, "team", foreign.pk, "end")).status_code == 404
    own = Assignment.objects.get(appointment=cast.yann)
    ended = partner.send("POST", at(row, "team", own.pk, "end"))
    assert (ended.status_code, ended.json()["ended_at"] is None) == (200, False)
    assert partner.send("POST", at(row, "team", own.pk, "end")).status_code == 404


def test_either_side_ends_it(desk: Desk, api_as: Any) -> None:
    row, cast = desk.plan(), desk.cast
    desk.invite(row)
    declined = api_as(cast.yara).send("POST", at(row, "participants", cast.b.pk, "end"))
    assert (declined.status_code, declined.json()["ended_at"] is None) == (200, False)
    assert api_as(cast.xenia).send("POST", at(row, "participants", cast.b.pk, "end")).status_code == 404
    assert api_as(cast.xenia).send("POST", at(row, "invitations"), {"agency": str(cast.b.pk)}).status_code == 201
    ended = api_as(cast.xenia).send("POST", at(row, "participants", cast.b.pk, "end"))
    assert ended.status_code == 200
    assert api_as(cast.yara).send("GET", at(row)).status_code == 404
    assert Participation.objects.filter(agency=cast.b, ended_at=None).count() == 0


@pytest.mark.parametrize(
    ("values", "status", "field"),
    [
        ({"ends_at": "2020-01-01T00:00:00Z"}, 422, "ends_at"),
        ({"ends_at": "soon"}, 400, "ends_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, 400, "starts_at"),
        ({"name": ""}, 400, "name"),
        ({"name": "a\x00b"}, 400, "name"),
        ({"clauses": []}, 400, "clauses"),
        ({"clauses": [str(new_key())]}, 400, "clauses"),
        ({"clauses": ["x"]}, 400, "clauses"),
        ({"purpose": "gossip"}, 400, "purpose"),
        ({"purpose": "safety"}, 422, "purpose"),
        ({"host_state": "QQ"}, 400, "host_state"),
        ({"host_state": "ZZ"}, 422, "host_state"),
        ({"area": "Bodensee"}, 422, "area"),
        ({"area": {"type": "Point", "coordinates": [9, 47]}}, 422, "area"),
        ({"area": {"type": "Polygon", "coordinates": [[[9, 97], [9, 47], [8, 47], [9, 97]]]}}, 422, "area"),
        ({"classification": 4}, 422, "classification"),
        ({"tlp": 4}, 400, "tlp"),
        ({"zone": "Mars/Base"}, 400, "zone"),
        ({"id": "x"}, 400, "id"),
    ],
)
def test_wrong_bodies(cast: Cast, api_as: Any, values: dict[str, Any], status: int, field: str) -> None:
    answer = api_as(cast.xenia).send("POST", "operations/", plan(cast, **values))
    assert answer.status_code == status, answer.content
    assert any(name.startswith(field) for name in fault(answer)), answer.content
    assert not Record.objects.exists()


def test_articles_of_others_are_unknown(cast: Cast, api_as: Any) -> None:
    """Zoe's country is no party: the article's key tells her no more than one that is nobody's (R17)."""
    told = [
        fault(api_as(cast.zoe).send("POST", "operations/", plan(cast, clauses=[str(key)], host_state="ZZ")))
        for key in (cast.art7.pk, new_key())
    ]
    assert told[0] == told[1] != {}


def test_editing_needs_the_version_that_was_read(desk: Desk, api_as: Any) -> None:
    row, cast = desk.plan(), desk.cast
    client = api_as(cast.xenia)
    tag = client.send("GET", at(row))["ETag"]
    assert client.send("PATCH", at(row), {"name": "Winter"}).status_code == 428
    assert client.send("PATCH", at(row), {"name": "Winter"}, if_match='"999"').status_code == 412
    assert client.send("PATCH", at(row), {"name": "Winter"}, if_match="winter").status_code == 412
    changed = client.send("PATCH", at(row), {"name": "Winter", "area": None}, if_match=tag)
    assert (changed.status_code, changed.json()["name"], changed.json()["area"]) == (200, "Winter", None)
    assert changed.json()["objective"] == "Watch the lake."
    assert changed["ETag"] != tag
    stale = client.send("PATCH", at(row), {"name": "Spring"}, if_match=tag)
    assert stale.status_code == 412
    assert stale["Content-Type"] == "application/problem+json"
    wrong = client.send("PATCH", at(row), {"ends_at": "2001-01-01T00:00:00Z"}, if_match=changed["ETag"])
    assert (wrong.status_code, list(fault(wrong))) == (422, ["ends_at"])
    row.refresh_from_db()
    assert row.record.title == "Winter"


def test_what_is_not_named_cannot_be_set(cast: Cast, api_as: Any) -> None:
    extra = {"state": "open", "owner": str(cast.b.pk), "record": {"owner": str(cast.b.pk)}, "state_reason": "x"}
    made = api_as(cast.xenia).send("POST", "operations/", plan(cast, **extra)).json()
    assert (made["state"], made["record"]["owner"]["id"], made["state_reason"]) == ("planned", str(cast.a1.pk), "")


def test_sent_again_it_is_not_done_again(cast: Cast, api_as: Any) -> None:
    client, key = api_as(cast.xenia), str(new_key())
    body = plan(cast, id=key)
    assert [client.send("POST", "operations/", body).json()["id"] for _ in range(2)] == [key, key]
    body = plan(cast)
    first, second = (client.send("POST", "operations/", body, idempotency_key="k1") for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    assert second["Idempotent-Replayed"] == "true"
    assert client.send("POST", "operations/", plan(cast, name="Else"), idempotency_key="k1").status_code == 422
    assert Operation.objects.count() == 2
    row = Operation.objects.get(pk=key)
    for _ in range(2):
        answer = client.send("POST", at(row, "invitations"), {"agency": str(cast.b.pk)}, idempotency_key="k2")
        assert answer.status_code == 201
    assert client.send("POST", at(row, "invitations"), {"agency": str(cast.b.pk)}).status_code == 400
    cancelled = [client.send("POST", at(row, "cancel"), {"reason": "Ice"}, idempotency_key="k3") for _ in range(2)]
    assert [answer.status_code for answer in cancelled] == [200, 200]
    assert client.send("POST", at(row, "cancel"), {"reason": "Ice"}).status_code == 409


def test_a_key_that_is_taken_tells_nothing(desk: Desk, api_as: Any) -> None:
    """Yara sends the key of an operation that she does not see: she gets one of her own (R17)."""
    cast, taken = desk.cast, desk.plan()
    made = api_as(cast.yara).send("POST", "operations/", plan(cast, id=str(taken.pk), host_state="YY"))
    assert made.status_code == 201, made.content
    assert made.json()["id"] != str(taken.pk)


def test_cancelling_needs_a_reason(desk: Desk, api_as: Any) -> None:
    row, client = desk.plan(), api_as(desk.cast.xenia)
    for body in ({}, {"reason": " "}, {"reason": "x" * 301}):
        assert list(fault(client.send("POST", at(row, "cancel"), body))) == ["reason"]
    told = client.send("POST", at(row, "cancel"), {"reason": "Ice"}).json()
    assert (told["state"], told["state_reason"], told["may"]["edit"]) == ("cancelled", "Ice", False)


def test_new_instructions_are_taken(desk: Desk, api_as: Any) -> None:
    row, cast = desk.joined(), desk.cast
    partner = api_as(cast.yara)
    first = partner.send("GET", at(row)).json()
    assert first["instructions_changed"] is False
    assert partner.send("POST", at(row, "instructions")).json()["id"] == first["own_instructions"]
    operations.edit(operation=row, by=cast.xenia, instructions="Stay on land.")
    assert partner.send("GET", at(row)).json()["instructions_changed"] is True
    taken = partner.send("POST", at(row, "instructions")).json()
    assert (taken["text"], taken["id"] != first["own_instructions"]) == ("Stay on land.", True)
    assert api_as(cast.xenia).send("GET", f"instructions/{taken['id']}/").status_code == 404
    assert api_as(cast.ada).send("POST", at(row, "instructions")).status_code == 403


def test_the_area_as_geojson(desk: Desk, api_as: Any) -> None:
    row, cast = desk.joined(), desk.cast
    client = api_as(cast.yann)
    answer = client.get(f"/api/v1/{at(row, 'map')}", HTTP_ACCEPT="application/geo+json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/geo+json")
    assert answer.json()["features"][0]["geometry"]["type"] == "Polygon"
    Record.objects.filter(pk=row.pk).update(display_only=True)
    assert client.send("GET", at(row, "map")).status_code == 403
    assert api_as(cast.xenia).send("GET", at(row, "map")).status_code == 200


def test_display_only_has_no_body_abroad(desk: Desk, api_as: Any) -> None:
    """Of what is display-only, receivers learn through the API that it is there, and no more (R7)."""
    row, cast = desk.joined(), desk.cast
    Record.objects.filter(pk=row.pk).update(display_only=True)
    told = api_as(cast.yann).send("GET", at(row)).json()
    assert {name for name, value in told.items() if value is not None} == {"id", "record"}
    assert told["record"]["title"] is None
    assert "Autumn" not in str(api_as(cast.yann).send("GET", "operations/").content)
    assert api_as(cast.xenia).send("GET", at(row)).json()["name"] == "Autumn"


def test_filters(desk: Desk, api_as: Any) -> None:
    cast, now = desk.cast, timezone.now()
    row = desk.joined()
    later = desk.plan(name="Winter", starts_at=now + timedelta(days=90), ends_at=now + timedelta(days=99))
    operations.cancel(operation=later, by=cast.xenia, reason="Ice")
    client = api_as(cast.xenia)

    def found(query: str) -> list[str]:
        answer = client.send("GET", f"operations/?{query}")
        assert answer.status_code == 200, answer.content
        return [item["id"] for item in answer.json()["results"]]

    assert found("") == [str(later.pk), str(row.pk)]
    assert found("state=cancelled") == [str(later.pk)]
    assert found("q=winter") == [str(later.pk)]
    assert found(f"agency={cast.a1.pk}&host_state=XX") == [str(later.pk), str(row.pk)]
    assert found(f"agency={cast.b.pk}") == found(f"agreement={new_key()}") == found("host_state=YY") == []
    assert found(f"agreement={cast.art7.agreement_id}&till={(now + timedelta(days=40)):%Y-%m-%dT%H:%M:%SZ}") == [
        str(row.pk)
    ]
    assert found(f"since={(now + timedelta(days=40)):%Y-%m-%dT%H:%M:%SZ}") == [str(later.pk)]
    for wrong in ("sate=open", "state=running", "since=soon", "agency=x", "limit=0", "cursor=x"):
        assert client.send("GET", f"operations/?{wrong}").status_code == 400, wrong


def test_pages_follow_each_other(desk: Desk, api_as: Any) -> None:
    now, client = timezone.now(), api_as(desk.cast.xenia)
    same = {"starts_at": now, "ends_at": now + timedelta(days=3)}
    rows = [desk.plan(name=f"Operation {n}", **same) for n in range(5)]
    found, path = [], "/api/v1/operations/?limit=2"
    while path:
        page = client.get(path).json()
        found += [item["id"] for item in page["results"]]
        path = page["next"]
    assert sorted(found) == sorted(str(row.pk) for row in rows)


def _as_many(desk: Desk, count: int) -> None:
    for n in range(count):
        row = desk.plan(name=f"Operation {n}")
        desk.invite(row)
        if n % 2:
            invitations.accept_invitation(operation=row, by=desk.cast.yara)


@pytest.mark.parametrize("path", ["operations/", "instructions/", "operations/?q=operation&state=planned"])
def test_queries_do_not_grow(desk: Desk, api_as: Any, path: str, django_assert_max_num_queries: Any) -> None:
    client, counts = api_as(desk.cast.yara), []
    for more in (2, 10):
        _as_many(desk, more)
        with django_assert_max_num_queries(30) as seen:
            assert client.send("GET", path).json()["results"]
        counts.append(len(seen))
    assert counts[0] == counts[1], counts


def test_queries_of_invitations_do_not_grow(desk: Desk, api_as: Any, django_assert_max_num_queries: Any) -> None:
    client, counts = api_as(desk.cast.yara), []
    for more in (1, 6):
        for n in range(more):
            desk.invite(desk.plan(name=f"Operation {n}"))
        with django_assert_max_num_queries(50) as seen:
            found = client.send("GET", "operations/invitations/").json()
        assert all(item["basis"]["lines"][0]["agency"]["acronym"] == "Y1" for item in found)
        counts.append(len(seen))
    assert len(found) == 7
    assert counts[0] == counts[1], counts


def test_queries_of_one_do_not_grow_with_its_team(desk: Desk, api_as: Any, django_assert_max_num_queries: Any) -> None:
    row, cast, counts = desk.joined(), desk.cast, []
    own = row.circle.participations.get(agency=cast.a1)
    client = api_as(cast.xenia)
    for more in ([], [cast.lars, cast.anton, cast.ada]):
        for who in more:
            Assignment.objects.create(participation=own, appointment=who, assigned_by=cast.xenia)
        with django_assert_max_num_queries(60) as seen:
            assert client.send("GET", at(row)).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1], counts


def _shown(who: Appointment) -> list[dict[str, Any]]:
    return [item for entry in Entry.objects.filter(appointment_id=who.pk, verb=DISCLOSE) for item in entry.records]


def test_every_answer_that_shows_it_is_in_the_ledger(desk: Desk, api_as: Any) -> None:
    row, cast = desk.joined(), desk.cast
    client, copy = api_as(cast.yann), Record.objects.get(kind="instruction", owner=cast.b)
    for path in ("operations/", at(row), at(row, "map")):
        before = len(_shown(cast.yann))
        assert client.send("GET", path).status_code == 200
        shown = _shown(cast.yann)[before:]
        first, *rest = shown
        assert (first["record"], first["clause"]) == (str(row.pk), str(cast.art7.pk)), path
        # The answer about one operation names the agency's own copy of its instructions.
        assert [item["record"] for item in rest] == ([str(copy.pk)] if path == at(row) else []), path
    assert row.record.openings.filter(appointment=cast.yann).exists()


def test_hosts_abroad_can_be_named(cast: Cast, api_as: Any) -> None:
    assert Country.objects.filter(pk="YY").exists()
    made = api_as(cast.xenia).send("POST", "operations/", plan(cast, host_state="YY", zone="Europe/Berlin"))
    assert (made.status_code, made.json()["record"]["zone"]) == (201, "Europe/Berlin")
