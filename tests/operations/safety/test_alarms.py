"""Alarms in steps: own officers, own desk, partners by an article, neighbours without one; who acts on them is told."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Role
from agreements.alerts.models import Alert
from agreements.distress.models import DistressCall
from operations.field.models import Signal
from operations.patrols.actions import legs, patrols
from operations.safety.actions import alarms, timers
from operations.safety.models import Alarm, Notice, Told
from portal.ui.errors import Refused
from tests.conftest import make_appointment
from tests.operations.patrols.conftest import sees
from tests.operations.safety.conftest import PLACE, Device, Joint, later, missed, work


def alerted(kind: str, **values: Any) -> set[Appointment]:
    return {alert.appointment for alert in Alert.objects.filter(kind=kind, **values)}


def steps(alarm: Alarm) -> dict[str, str]:
    return dict(Told.objects.filter(alarm=alarm).values_list("step", "result"))


def test_a_missed_check_in_goes_further_step_by_step(joint: Joint, device_of: Any, as_: Any, api_as: Any) -> None:
    cast = joint.cast
    otto = make_appointment("otto", cast.a1, Role.LIAISON_OFFICER)
    joint.order(cast.xenia, kinds=["patrol", "alarm"])
    patrol, device = joint.active(), device_of(cast.anton)
    missed(device, patrol)
    alarm = Alarm.objects.get()
    # First those of the own agency who are assigned in the operation; a desk officer who is not, is not woken yet.
    assert otto not in alerted("field.missed")
    assert {cast.lars, cast.anton} <= alerted("field.missed")
    assert not alerted("safety.desk")
    assert not Notice.objects.exists()
    later(11)
    assert otto in alerted("safety.desk")
    assert cast.anton not in alerted("safety.desk")
    assert not Notice.objects.exists()
    later(10)
    notice = Notice.objects.get()
    assert steps(alarm) == {"team": "told", "desk": "told", "partners": "told"}
    assert alerted("safety.noticed") == {cast.yann, cast.yara}
    assert sees(cast.yann, notice)
    assert not sees(cast.zoe, notice)
    assert notice.record.latitude == 47.6
    page = as_(cast.yann).get(reverse("safety:notice-detail", args=[notice.pk])).content.decode()
    assert "No check-in: team of" in page
    assert "Anton" not in page
    assert as_(cast.yann).get(reverse("safety:alarm-detail", args=[alarm.pk])).status_code == 404
    # The partner answers: its owner reads that, and the team on its tablet.
    answer = {"acts": "yes", "words": "One boat in 20 minutes"}
    assert as_(cast.yann).post(reverse("safety:notice-answer", args=[notice.pk]), answer).status_code == 302
    assert api_as(cast.yara).send("POST", f"alarm-notices/{notice.pk}/answer/", {"acts": True}).status_code == 409
    work()
    assert {cast.xenia, cast.lars, cast.anton} <= alerted("safety.answered")
    own = as_(cast.lars).get(reverse("safety:alarm-detail", args=[alarm.pk])).content.decode()
    assert "One boat in 20 minutes" in own
    # Somebody of the own agency acts: the team reads by whom, by function.
    assert as_(cast.lars).post(reverse("safety:alarm-acknowledge", args=[alarm.pk])).status_code == 302
    work()
    assert cast.anton in alerted("safety.acknowledged")
    assert not Alert.objects.filter(kind__in=("field.missed", "safety.desk"), done_at=None).exists()
    (told,) = api_as(cast.anton).send("GET", "field/kit/").json()["safety"]["alarms"]
    assert told["acknowledged_by"] == cast.lars.function
    assert [row["words"] for row in told["answers"]] == ["One boat in 20 minutes"]
    assert api_as(cast.xenia).send("POST", f"alarms/{alarm.pk}/acknowledge/", {}).status_code == 409
    # The team checks in: all who were told are told that.
    device.one(device.item("check_in", {}, patrol=patrol.pk, ago=0))
    work()
    alarm.refresh_from_db()
    assert alarm.outcome == alarms.WELL
    assert alerted("safety.over") == {cast.yann, cast.yara}
    assert not Alert.objects.filter(kind="safety.noticed", done_at=None).exists()


def test_without_a_standing_order_nobody_abroad_is_told_until_somebody_taps(
    joint: Joint, device_of: Any, as_: Any
) -> None:
    cast, patrol = joint.cast, joint.active()
    missed(device_of(cast.anton), patrol)
    later(25)
    alarm, notice = Alarm.objects.get(), Notice.objects.get()
    assert steps(alarm)["partners"] == "held"
    assert not sees(cast.yann, notice)
    assert not alerted("safety.noticed")
    page = as_(cast.lars).get(reverse("safety:alarm-detail", args=[alarm.pk])).content.decode()
    assert reverse("sharing:record-release", args=[notice.pk]) in page
    joint.release(notice, cast.lars)
    assert sees(cast.yann, notice)


@pytest.mark.parametrize("how", ["acknowledged", "ended", "gone home", "suspended"])
def test_what_stops_it(joint: Joint, device_of: Any, how: str) -> None:
    cast = joint.cast
    joint.order(cast.xenia, kinds=["patrol", "alarm"])
    patrol = joint.active()
    leg = joint.leg(patrol, cast.anton)
    missed(device_of(cast.anton), patrol)
    alarm = Alarm.objects.get()
    if how == "gone home":
        legs.end(leg=leg, by=cast.anton)
    elif how == "acknowledged":
        alarms.acknowledge(alarm=alarm, by=cast.lars)
    elif how == "ended":
        patrols.end(patrol=patrol, by=cast.lars)
    else:
        joint.suspend()
    later(25)
    if how == "suspended":
        # No article any more: the notice is held, whatever the order says (R13).
        assert steps(alarm)["partners"] == "held"
        assert not sees(cast.yann, Notice.objects.get())
    else:
        assert steps(alarm) == {"team": "told"}
    alarm.refresh_from_db()
    assert (alarm.closed_at is not None) == (how in ("ended", "gone home"))


def call(device: Device, patrol: Any, **body: Any) -> Alarm:
    found = device.one(device.item("panic", {**PLACE, **body}, patrol=patrol and patrol.pk, ago=0))
    assert found["state"] == "received"
    work()
    return Alarm.objects.get()


def test_a_call_for_help_reaches_neighbours_when_nobody_answers(joint: Joint, device_of: Any, as_: Any) -> None:
    cast, patrol = joint.cast, joint.active()
    alarm = call(device_of(cast.anton), patrol, words="Shots")
    assert alerted("field.called") == {cast.xenia, cast.lars}
    assert not DistressCall.objects.exists()
    later(4)
    assert not DistressCall.objects.exists()
    later(2)
    sent = DistressCall.objects.get()
    assert (sent.sent_by, sent.latitude, sent.call_back) == (cast.anton, 47.6, cast.a1.desk_phone)
    assert {row.agency for row in sent.addressees.all()} == {cast.b}
    assert "Shots" not in sent.reason
    assert {cast.yann, cast.yara} <= alerted("distress.sent")
    assert as_(cast.anton).post(reverse("safety:alarm-acknowledge", args=[alarm.pk])).status_code == 302
    alarm.refresh_from_db()
    assert alarm.acknowledged_at is None  # Who calls does not act on it.
    with pytest.raises(Refused, match="how it ended"):
        alarms.close(alarm=alarm, by=cast.lars, outcome=" ")
    done = as_(cast.lars).post(reverse("safety:alarm-close", args=[alarm.pk]), {"outcome": "Anton is on board."})
    assert done.status_code == 302
    sent.refresh_from_db()
    assert sent.ended_at is not None


def test_the_officer_asks_for_neighbours_at_once(joint: Joint, device_of: Any) -> None:
    alarm = call(device_of(joint.cast.anton), joint.active(), neighbours=True)
    assert DistressCall.objects.get().reason.endswith("The officer asks for it.")
    assert steps(alarm) == {"desk": "told", "partners": "held", "neighbours": "told"}


@pytest.mark.parametrize("missing", ["patrol", "place", "number"])
def test_what_keeps_neighbours_from_being_called_is_told(joint: Joint, device_of: Any, missing: str) -> None:
    cast, patrol = joint.cast, joint.active()
    if missing == "number":
        type(cast.a1).objects.filter(pk=cast.a1.pk).update(desk_phone="")
    nowhere = {"latitude": None, "longitude": None} if missing == "place" else {}
    alarm = call(device_of(cast.anton), None if missing == "patrol" else patrol, neighbours=True, **nowhere)
    assert not DistressCall.objects.exists()
    why = Told.objects.get(alarm=alarm, step="neighbours").why
    assert {"patrol": "team on the patrol", "place": "No place", "number": "no call-back"}[missing] in why


def test_timers_are_the_own_teams(joint: Joint, as_: Any, api_as: Any) -> None:
    cast, patrol = joint.cast, joint.active()
    joint.release(patrol, cast.lars)
    page = reverse("safety:timer-set", args=[patrol.pk])
    form = {"every": "30", "desk_after": "15", "partners_after": "5", "neighbours_after": "5"}
    assert "after the own desk" in as_(cast.lars).post(page, form).content.decode()
    assert as_(cast.lars).post(page, {**form, "partners_after": "40"}).status_code == 302
    signal = Signal.objects.get()
    assert signal.next_at is not None
    assert round((signal.next_at - signal.at).total_seconds()) == 1800
    # A check-in of the team without minutes of its own goes on with the timer's.
    assert as_(cast.anton).post(reverse("safety:check-in", args=[patrol.pk])).status_code == 302
    assert Signal.objects.latest("at").next_at is not None
    told = api_as(cast.anton).send("GET", f"patrols/{patrol.pk}/timer/").json()
    assert (told["every"], told["desk_after"]) == (30, 15)
    # b has a timer of its own, and reads nothing of a1's.
    assert api_as(cast.yann).send("GET", f"patrols/{patrol.pk}/timer/").json()["every"] is None
    own = {"every": 60}
    assert api_as(cast.yann).send("PUT", f"patrols/{patrol.pk}/timer/", own).json()["every"] == 60
    assert api_as(cast.zoe).send("PUT", f"patrols/{patrol.pk}/timer/", own).status_code == 404
    assert api_as(cast.ada).send("PUT", f"patrols/{patrol.pk}/timer/", own).status_code == 403
    panel = as_(cast.yann).get(reverse("safety:patrol-panel", args=[patrol.pk])).content.decode()
    assert "every 60 minutes" in panel
    assert timers.minutes_of(patrol.pk, cast.a1.pk) == 30
    # Off again: nobody waits for a check-in.
    assert as_(cast.lars).post(page, {**form, "every": "0", "partners_after": "40"}).status_code == 302
    assert Signal.objects.filter(sent_by__agency=cast.a1).latest("at").next_at is None


def test_pages_and_lists(
    joint: Joint, device_of: Any, as_: Any, api_as: Any, django_assert_max_num_queries: Any
) -> None:
    cast, patrol = joint.cast, joint.active()
    missed(device_of(cast.anton), patrol)
    client = as_(cast.lars)
    assert "nobody acts on it" in client.get(reverse("picture:home")).content.decode()
    for address in (
        reverse("safety:now"),
        reverse("safety:alarm-list"),
        f"{reverse('safety:alarm-list')}?state=unanswered",
    ):
        assert "Anton" in client.get(address).content.decode(), address
    assert "Anton" not in client.get(f"{reverse('safety:alarm-list')}?state=closed").content.decode()
    assert "Anton" not in as_(cast.yann).get(reverse("safety:alarm-list")).content.decode()
    with django_assert_max_num_queries(60):
        client.get(reverse("safety:now"))
    called = client.post(reverse("safety:help-call"), {"words": "Engine on fire", "position": "47.6"})
    assert "Engine on fire" in called.content.decode()
    assert called.context["form"].errors["position"]
    called = client.post(reverse("safety:help-call"), {"words": "Engine on fire", "position": "47°36'N 9°06'E"})
    assert called.status_code == 302
    work()
    signal = Alarm.objects.filter(cause="called").get().signal
    assert (signal.patrol, signal.latitude, signal.longitude) == (patrol.pk, pytest.approx(47.6), pytest.approx(9.1))
    rows = api_as(cast.lars).send("GET", "alarms/?closed_at__isnull=true").json()["results"]
    assert [row["cause"] for row in rows] == ["called", "missed"]
    assert api_as(cast.yann).send("GET", "alarms/").json()["results"] == []
    assert api_as(cast.lars).send("POST", "alarms/", {"words": "Again", "position": "nowhere"}).status_code == 201
    told = api_as(cast.anton).send("GET", "safety/").json()
    assert len(told["alarms"]) == 2
    assert told["timers"][0]["patrol"] == str(patrol.pk)
    by_hand = client.post(reverse("safety:alarm-partners", args=[Alarm.objects.get(cause="missed").pk]))
    assert by_hand.status_code == 302
    assert "release" in by_hand["Location"]
    assert timezone.now() > Notice.objects.get().since
