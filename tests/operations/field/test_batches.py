"""Items from devices: each once, in order, each by itself, by the actions of the patrol log."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import new_key
from agencies.directory.roles import Role
from agreements.sharing.models import Record
from operations.field import receiving
from operations.field.models import Crossing, Pause, Quarantined, Receipt, Signal
from operations.patrols.models import Leg, Observation, Patrol, Track
from portal.audit.models import Entry
from tests.conftest import make_appointment
from tests.operations.field.conftest import BATCHES, MINUTE, Device, Joint
from tests.operations.patrols.conftest import gpx, sees


def states(results: list[dict[str, Any]]) -> list[str]:
    return [row["state"] for row in results]


def test_a_whole_patrol_in_one_batch(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.plan(), device_of(joint.cast.lars)
    key = str(patrol.pk)
    leg = device.item("leg.start", {"territory": "XX"}, patrol=key, ago=55)
    crossing = device.item("crossing.enter", {"territory": "YY", "notified": "Duty desk"}, patrol=key, ago=40)
    items = [
        device.item("patrol.start", patrol=key, ago=60),
        leg,
        device.observation(key, "Two boats", leg=leg["id"], ago=50, body={"latitude": 47.6, "longitude": 9.1}),
        device.item("leg.pause", leg=leg["id"], ago=45),
        device.item("leg.resume", leg=leg["id"], ago=42),
        crossing,
        device.item("crossing.leave", {"crossing": crossing["id"]}, patrol=key, ago=20),
        device.item("check_in", {"next_minutes": 30}, patrol=key, ago=15),
        device.item("track", {"gpx": gpx(timezone.now() - 50 * MINUTE).decode()}, leg=leg["id"], ago=12),
        device.item("leg.end", {"note": "Quiet"}, leg=leg["id"], ago=11),
        device.item("patrol.end", patrol=key, ago=10),
    ]
    results = device.send(*items)
    assert states(results) == ["received"] * 11, results
    patrol.refresh_from_db()
    assert patrol.state == "ended"
    row = Leg.objects.get()
    assert str(row.pk) == leg["id"]
    assert row.note == "Quiet"
    assert Observation.objects.get().leg == row
    assert results[2]["reference"] == Observation.objects.get().record.reference
    assert Track.objects.get().leg == row
    pause = Pause.objects.get()
    assert pause.ended_at is not None
    assert timedelta(minutes=2) < pause.ended_at - pause.started_at < timedelta(minutes=4)
    assert Crossing.objects.get().left_at is not None
    assert Signal.objects.get().next_at is not None
    # Nobody was shown who would read it, so nothing went out.
    assert all(result["held"] for result in results if result["record"])
    assert sees(joint.cast.xenia, Observation.objects.get())
    assert not sees(joint.cast.yann, Observation.objects.get())


def test_the_same_again_is_answered_the_same(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    item = device.observation(patrol)
    first = device.one(item)
    # The order of members is no part of what was said, and neither are device and time of the sending.
    again = Device(device.client).one(dict(reversed(list(item.items()))))
    assert first == again
    assert first["state"] == "received"
    assert Observation.objects.count() == Receipt.objects.count() == 1
    assert Record.objects.filter(kind="observation").get().pk.hex == item["id"].replace("-", "")


def test_other_words_under_the_same_id_are_refused(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    item = device.observation(patrol)
    device.one(item)
    other = device.one({**item, "body": {**item["body"], "text": "Another boat"}})
    assert (other["state"], other["code"], other["reference"]) == ("refused", "other_body", "")
    assert Observation.objects.get().text == "Boat"


def test_anothers_id_is_nothing_to_go_by(joint: Joint, device_of: Any) -> None:
    """Keys of other officers, taken or not, show no difference (R17)."""
    patrol = joint.active()
    ours, theirs = device_of(joint.cast.anton), device_of(joint.cast.lars)
    item = ours.observation(patrol)
    first, second = ours.one(item), theirs.one(item)
    assert (first["state"], second["state"]) == ("received", "received")
    assert first["record"] != second["record"]
    assert Observation.objects.count() == 2
    # Later items that name the key mean the officer's own.
    pair = Receipt.objects.filter(item=item["id"]).values_list("officer__username", "record")
    assert len(set(pair)) == 2


def test_one_that_is_refused_holds_back_none_but_what_hangs_on_it(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    leg = device.item("leg.start", {"territory": "??"}, patrol=patrol.pk)
    items = [
        leg,
        device.observation(patrol, leg=leg["id"]),
        device.observation(patrol, ""),
        device.item("dance", patrol=patrol.pk),
        device.observation(patrol, "Kept"),
    ]
    results = device.send(*items)
    assert [(row["state"], row["code"]) for row in results] == [
        ("refused", "invalid"),
        ("refused", "depends"),
        ("refused", "invalid"),
        ("refused", "invalid"),
        ("received", ""),
    ]
    assert results[0]["errors"][0]["field"] == "body.territory"
    assert results[2]["errors"][0]["field"] == "body.text"
    assert Receipt.objects.count() == Observation.objects.count() == 1
    # What was refused left nothing: put right, it is taken in under the same id.
    leg["body"]["territory"] = "XX"
    assert states(device.send(*items[:2])) == ["received", "received"]
    assert Observation.objects.exclude(leg=None).get().leg.pk.hex == leg["id"].replace("-", "")


def test_what_waits_for_another_is_taken_in_afterwards(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.plan(), device_of(joint.cast.lars)
    entry = device.observation(patrol)
    assert device.one(entry)["code"] == "state"
    assert states(device.send(device.item("patrol.start", patrol=patrol.pk, ago=20), entry)) == ["received"] * 2


@pytest.mark.parametrize("hidden", [True, False])
def test_hidden_and_unknown_are_refused_alike(joint: Joint, device_of: Any, hidden: bool) -> None:
    patrol = joint.active()
    key = patrol.pk if hidden else new_key()
    results = []
    for who in (joint.cast.zoe, joint.cast.yann):
        device = device_of(who)
        items = [
            device.observation(key),
            device.item("patrol.start", patrol=key),
            device.item("leg.start", {"territory": "XX"}, patrol=key),
            device.item("leg.end", leg=key),
            device.item("crossing.enter", {"territory": "XX"}, patrol=key),
            device.observation(key, body={"edits": str(key), "version": 1}),
        ]
        results += device.send(*items)
    assert {row["code"] for row in results} == {"missing"}
    words = {error["message"] for row in results for error in row["errors"]}
    assert all(word.startswith("There is no such") for word in words)
    assert not Receipt.objects.exists()


def test_roles_and_assignment(joint: Joint, device_of: Any) -> None:
    patrol = joint.active()
    stranger = make_appointment("stranger", joint.cast.a1, Role.PATROL_LEADER)
    for who, word in ((joint.cast.ada, "role"), (stranger, "assigned")):
        found = device_of(who).one(device_of(who).observation(patrol))
        assert (found["state"], found["code"]) == ("refused", "forbidden")
        assert word in found["errors"][0]["message"]


def test_never_wider_than_the_device_showed(joint: Joint, device_of: Any) -> None:
    cast, patrol = joint.cast, joint.active()
    order, device = joint.order(cast.xenia), device_of(joint.cast.anton)
    shown = {"shown": [str(cast.b.pk)]}
    sent = device.send(
        device.observation(patrol, "Shown to b", body=shown),
        device.observation(patrol, "Shown to nobody", body={"shown": []}),
        device.observation(patrol, "Nothing was shown"),
        device.observation(patrol, "Photographs follow", body={**shown, "photographs": 1}),
        device.observation(patrol, "Personal", body={**shown, "categories": ["operational", "personal_data"]}),
    )
    assert [row["held"] for row in sent] == [False, True, True, True, True]
    from agreements.sharing.actions import orders  # noqa: PLC0415

    late = device.observation(patrol, "The order was revoked meanwhile", body=shown)
    orders.revoke(order=order, by=cast.xenia)
    assert device.one(late)["held"]
    given = [row.text for row in Observation.objects.all() if sees(cast.yann, row)]
    assert given == ["Shown to b"]


def test_shown_must_be_a_list(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    found = device.one(device.observation(patrol, body={"shown": True}))
    assert found["errors"][0]["field"] == "body.shown"


def test_a_wrong_clock_is_put_right_and_kept(joint: Joint, device_of: Any) -> None:
    patrol = joint.active(hours=3)
    for off in (timedelta(hours=2), timedelta(hours=-2), timedelta(seconds=40), timedelta(days=400)):
        device = device_of(joint.cast.anton, off=off)
        item = device.observation(patrol, f"{off}", ago=30)
        answer = device.post([item])
        assert abs(answer.json()["drift_seconds"] + off.total_seconds()) < 20
        (found,) = answer.json()["results"]
        assert found["state"] == "received", found
        assert ("clock" in found["flags"]) == (abs(off) > timedelta(minutes=2))
        row, receipt = Observation.objects.get(pk=found["record"]), Receipt.objects.get(item=item["id"])
        assert abs(row.occurred_at - (timezone.now() - 30 * MINUTE)) < timedelta(minutes=1, seconds=20)
        assert receipt.happened_at.isoformat() == item["happened_at"]
        assert abs(receipt.drift + off) < timedelta(seconds=20)


def test_the_future_is_flagged_and_not_refused(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    found = device.one(device.observation(patrol, ago=-600))
    assert (found["state"], found["flags"]) == ("received", ["future"])
    assert Observation.objects.get().occurred_at <= timezone.now()


@pytest.mark.parametrize("name", ["happened_at", "made_at"])
@pytest.mark.parametrize("value", ["2026-11-26T10:00:00", "soon", None, 5, "0001-01-01T00:00:00Z"])
def test_times_tell_their_offset(joint: Joint, device_of: Any, name: str, value: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    found = device.one({**device.observation(patrol), name: value})
    assert (found["code"], found["errors"][0]["field"]) == ("invalid", name)


def test_two_tablets_of_one_team(joint: Joint, device_of: Any) -> None:
    """Both start patrol and leg without a network: their entries belong to one leg, and nothing is refused."""
    patrol = joint.plan()
    one, two = device_of(joint.cast.lars), device_of(joint.cast.anton)
    legs = []
    for number, device in enumerate((one, two)):
        leg = device.item("leg.start", {"territory": "XX"}, patrol=patrol.pk, ago=50 - number)
        results = device.send(
            device.item("patrol.start", patrol=patrol.pk, ago=55 - number),
            leg,
            device.observation(patrol, f"Of tablet {number}", leg=leg["id"]),
            device.item("leg.end", leg=leg["id"], ago=5),
        )
        assert states(results) == ["received"] * 4, results
        legs.append(results[1]["record"])
        # The second comes when the first tablet's leg has ended, and started while that ran.
        assert [("already" in result["flags"]) for result in results] == [bool(number)] * 2 + [False, bool(number)]
    assert legs[0] == legs[1]
    assert Leg.objects.count() == 1
    assert [str(row.leg_id) for row in Observation.objects.all()] == [legs[0]] * 2


def test_the_running_leg_of_the_team_is_joined(joint: Joint, device_of: Any) -> None:
    patrol = joint.active()
    one, two = device_of(joint.cast.lars), device_of(joint.cast.anton)
    first = one.one(one.item("leg.start", {"territory": "XX"}, patrol=patrol.pk))
    item = two.item("leg.start", {"territory": "XX"}, patrol=patrol.pk)
    found, entry = two.send(item, two.observation(patrol, leg=item["id"]))
    assert found["record"] == first["record"]
    assert found["flags"] == ["already"]
    assert str(Observation.objects.get(pk=entry["record"]).leg_id) == first["record"]
    assert Leg.objects.count() == 1


def test_a_patrol_that_nobody_had_planned(joint: Joint, device_of: Any) -> None:
    device, now = device_of(joint.cast.lars), timezone.now()
    body = {
        "operation": str(joint.record.pk),
        "ends_at": (now + timedelta(hours=4)).isoformat(),
        "teams": [{"agency": str(joint.cast.a1.pk)}, {"agency": str(joint.cast.b.pk)}],
        "latitude": 47.6,
        "longitude": 9.1,
    }
    item = device.item("patrol.start", body)
    found, entry = device.send(item, device.observation(item["id"]))
    assert (found["state"], entry["state"]) == ("received", "received")
    row = Patrol.objects.get()
    assert (str(row.pk), row.state) == (item["id"], "active")
    assert Observation.objects.get().record.host == row.record
    # Who may not plan is told so.
    other = device_of(joint.cast.anton)
    assert other.one(other.item("patrol.start", body))["code"] == "forbidden"


def test_panic_is_heard_whatever_is_wrong(joint: Joint, device_of: Any) -> None:
    device = device_of(joint.cast.ada)
    found = device.one(device.item("panic", {"latitude": "x", "words": 5}, patrol=new_key()))
    assert found["state"] == "received"
    assert Signal.objects.get().kind == "panic"


@pytest.mark.parametrize(
    "body",
    [
        {"device": "x"},
        {"sent_at": "now"},
        {"sent_at": "2026-11-26T10:00:00"},
        {"items": []},
        {"items": "x"},
        {"items": [{}] * 201},
    ],
)
def test_a_batch_that_cannot_be(joint: Joint, device_of: Any, body: dict[str, Any]) -> None:
    device = device_of(joint.cast.anton)
    answer = device.post([device.observation(joint.active())], **body)
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize("raw", [5, None, [], "x", {}, {"id": "x"}, {"id": None}])
def test_what_is_no_item(joint: Joint, device_of: Any, raw: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    answer = device.post([raw, device.observation(patrol)])
    bad, good = answer.json()["results"]
    assert (bad["id"], bad["state"], bad["code"]) == (None, "refused", "invalid")
    assert good["state"] == "received"


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
def test_characters_that_cannot_be_stored(joint: Joint, device_of: Any, text: str) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    found = device.one(device.observation(patrol, text))
    assert (found["state"], found["code"]) == ("refused", "invalid")
    # A backslash and a u are no null character.
    assert device.one(device.observation(patrol, "C:\\u0000"))["state"] == "received"


def test_limits_of_size_and_depth(joint: Joint, device_of: Any) -> None:
    device = device_of(joint.cast.anton)
    assert device.post([{"x": "y" * 1_100_000}]).status_code == 413
    deep = '{"device": 1, "items": ' + "[" * 100_000 + "]" * 100_000 + "}"
    answer = device.client.generic("POST", f"/api/v1/{BATCHES}", deep, content_type="application/json")
    assert answer.status_code == 400


def test_tracks_of_fixes(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    leg = joint.leg(patrol, joint.cast.anton, started_at=timezone.now() - 60 * MINUTE)
    start = (timezone.now() - 50 * MINUTE).timestamp()
    pieces = [
        [[9.1 + i / 1000, 47.6, start + i * 10] for i in range(50)],
        [[9.2, 47.7, start + 900], [9.21, 47.7, None]],
    ]
    found = device.one(device.item("track", {"pieces": pieces}, leg=leg.pk))
    assert found["state"] == "received", found
    track = Track.objects.get()
    assert (len(track.lines), track.point_count) == (2, 52)
    # A longer recording of the same device takes the place of the shorter one.
    pieces[0].append([9.16, 47.6, start + 600])
    assert device.one(device.item("track", {"pieces": pieces}, leg=leg.pk))["state"] == "received"
    assert Track.objects.get().point_count == 53
    for bad in ([[[200, 0, 0], [9, 47, 0]]], [[["x", 0], [9, 47]]], [[[9, 47]]], [[[9, 47, 1e30], [9, 47, 1]]], []):
        assert device.one(device.item("track", {"pieces": bad}, leg=leg.pk))["state"] == "refused"


def test_who_may_send_at_all(joint: Joint, client: Any, device_of: Any) -> None:
    body = json.dumps({})
    assert client.post(f"/api/v1/{BATCHES}", body, content_type="application/json").status_code in (401, 403)
    rita = device_of(type("Post", (), {"officer": joint.cast.rita}))
    assert rita.post([rita.item("panic")]).status_code == 403
    assert not Receipt.objects.exists()
    assert not Quarantined.objects.exists()


def test_a_key_for_repeats_changes_nothing(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    item = device.observation(patrol)
    body = {"device": str(device.id), "sent_at": device.now.isoformat(), "items": [item]}
    answers = [device.client.send("POST", BATCHES, body, idempotency_key="k") for _ in range(2)]
    assert [answer.json()["results"][0]["state"] for answer in answers] == ["received"] * 2
    assert Observation.objects.count() == 1


def test_the_ledger_knows_what_was_answered(joint: Joint, device_of: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    found = device.one(device.observation(patrol))
    entry = Entry.objects.filter(verb="record.disclose").latest("pk")
    assert [row["record"] for row in entry.records] == [found["record"]]
    assert Entry.objects.filter(verb="observation.create", subject_id=found["record"]).exists()


def test_a_fault_of_ours_keeps_back_one_item(joint: Joint, device_of: Any, monkeypatch: Any) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    whole = receiving.doing.do

    def broken(task: Any) -> Any:
        if task.item.body.get("text") == "break":
            raise ZeroDivisionError
        return whole(task)

    monkeypatch.setattr(receiving.doing, "do", broken)
    sent = device.send(device.observation(patrol, "break"), device.observation(patrol))
    assert [row["code"] for row in sent] == ["fault", ""]


def test_two_hundred_items_cost_no_more_each_than_one(
    joint: Joint, device_of: Any, django_assert_max_num_queries: Any
) -> None:
    patrol, device = joint.active(), device_of(joint.cast.anton)
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    counts = []
    for number in (1, 11):
        with CaptureQueriesContext(
            connection,
        ) as found:
            device.send(*[device.observation(patrol) for _ in range(number)])
        counts.append(len(found))
    each = (counts[1] - counts[0]) / 10
    assert each <= counts[0]
