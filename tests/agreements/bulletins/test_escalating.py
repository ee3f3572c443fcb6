"""Acknowledgement by agency: one reminder, then the duty chain step by step, each once, while it stands and is seen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.chains.actions import add_step
from agencies.directory.models import Appointment, Officer
from agencies.directory.roles import Role
from agreements.alerts.models import Alert
from agreements.bulletins import actions, escalating
from agreements.bulletins.choices import TargetKind
from agreements.bulletins.models import Escalation
from agreements.bulletins.scopes import Scope
from agreements.delivery.models import Delivery
from agreements.sharing.actions import releases
from portal.outbox.models import Due
from portal.ui.errors import Refused
from tests.conftest import make_appointment

REMINDED, ESCALATED, SILENT = "bulletins.reminded", "bulletins.escalated", "bulletins.silent"


@pytest.fixture
def chain(cast):
    """Of b: the liaison officers, five minutes later the commanders, then the desk."""
    bruno = make_appointment("bruno", cast.b, Role.AGENCY_ADMIN)
    for values in (
        {"kind": "role", "role": "liaison_officer"},
        {"kind": "role", "role": "commander"},
        {"kind": "desk"},
    ):
        add_step(agency=cast.b, by=bruno, wait=5, **values)


def commanders(cast):
    return Scope(TargetKind.ROLE, cast.b, role="commander")


def test_one_reminder_at_half_time_then_step_by_step(cast, room, clock, chain):
    row = room.asking(commanders(cast), minutes=20)
    assert room.told() == ["yara"]
    clock.on(9)
    assert room.told(REMINDED) == []
    clock.on(1)
    assert room.told(REMINDED) == ["yara"]
    clock.on(9.9)
    assert room.told(ESCALATED) == []
    clock.on(0.1)
    assert room.told(ESCALATED) == ["yann"]
    clock.on(5)
    assert room.told(ESCALATED) == ["yann", "yara"]
    clock.on(5)
    assert room.told(ESCALATED) == ["yann", "yann", "yara", "yara"]
    assert room.told(SILENT) == []
    clock.on(5)
    assert room.told(SILENT) == ["lars"]
    receipt = room.receipt(row, cast.b)
    assert [(step.number, step.position, step.reached) for step in receipt.escalations.all()] == [
        (1, 1, True), (2, 2, True), (3, 3, True)
    ]  # fmt: skip
    assert receipt.exhausted_at is not None
    assert room.told(REMINDED) == ["yara"]


def test_whoever_acknowledges_stops_it(cast, room, clock, chain):
    row = room.asking(commanders(cast))
    room.told()
    clock.on(22)
    assert room.told(ESCALATED) == ["yann"]
    actions.acknowledge(bulletin=row, by=cast.yann)
    clock.on(60)
    assert room.told(ESCALATED) == ["yann"]
    assert room.told("bulletins.acknowledged") == ["lars"]
    assert not Alert.objects.filter(kind__in=("bulletins.sent", ESCALATED), done_at=None).exists()
    assert not Due.objects.filter(fired_at=None, cancelled_at=None).exists()
    receipt = room.receipt(row, cast.b)
    assert (receipt.acknowledged_by, receipt.state_at(timezone.now())) == (cast.yann, "late")


def test_each_agency_reads_its_own_line(cast, room, clock, chain, as_):
    """To the sender every agency's, without names; to a receiver its own alone, with whom its chain told."""
    row = room.asking(commanders(cast), room.desk(cast.a1), minutes=20)
    clock.on(20)
    assert "yann" in room.told(ESCALATED)
    address = f"/bulletins/{row.pk}/receipts/"
    sender, theirs = (as_(who).get(address).content.decode() for who in (cast.lars, cast.yann))
    assert (sender.count("Overdue"), theirs.count("Overdue")) == (2, 1)
    assert "Step 1" in sender
    words = Escalation.objects.get(receipt__agency=cast.b).words
    assert words
    assert (f"({words})" in sender, f"({words})" in theirs) == (False, True)
    actions.acknowledge(bulletin=row, by=cast.yara)
    sender, theirs = (as_(who).get(address).content.decode() for who in (cast.lars, cast.yann))
    name = str(cast.yara.officer)
    assert (name in sender, name in theirs) == (False, True)
    assert cast.yara.function in sender


def test_its_sender_reads_how_far_it_came_in_one_word_an_agency(cast, room, as_, api_as):
    Officer.objects.filter(appointments__agency=cast.a1).update(email="")
    row = room.asking(commanders(cast), room.desk(cast.a1))
    assert room.told() == ["anton", "lars", "xenia", "yara"]
    page = as_(cast.lars).get(f"/bulletins/{row.pk}/receipts/").content.decode()
    assert page.count("On their page only") == 1, "nobody of the own agency has an address"
    lines = api_as(cast.lars).send("get", f"bulletins/{row.pk}/receipts/").json()
    assert {line["agency"]["name"]: line["reached"] for line in lines} == {
        "Border Guard of X": "page", "Border Guard of Y": "sent"
    }  # fmt: skip
    Delivery.objects.update(state="failed")
    page = as_(cast.lars).get(f"/bulletins/{row.pk}/receipts/").content.decode()
    assert "Not delivered: it stands on their page" in page


def test_handled_twice_it_is_told_once(cast, room, clock, chain):
    row = room.asking(commanders(cast))
    receipt = room.receipt(row, cast.b)
    payload = {"receipt": str(receipt.pk), "number": 1}
    clock.on(20)
    for _ in range(2):
        escalating.remind(payload)
        escalating.escalate(payload)
    assert Escalation.objects.count() == 1
    assert Alert.objects.filter(kind=ESCALATED).count() == 1
    assert Alert.objects.filter(kind=REMINDED).count() == 1


def test_a_step_where_nobody_may_see_it_is_passed_over_at_once(cast, room, clock, chain):
    Appointment.objects.filter(pk=cast.yann.pk).update(clearance=0)
    row = room.asking(commanders(cast))
    clock.on(20)
    assert room.told(ESCALATED) == ["yara"]
    steps = room.receipt(row, cast.b).escalations.all()
    assert [(step.position, step.reached) for step in steps] == [(1, False), (2, True)]


def test_what_was_taken_back_is_told_to_nobody_there(cast, room, clock, chain):
    row = room.asking(commanders(cast))
    room.told()
    releases.revoke(release=row.record.releases.get(clause__isnull=False), by=cast.lars)
    clock.on(60)
    assert room.told(REMINDED) == []
    assert room.told(ESCALATED) == []
    assert room.told(SILENT) == ["lars"]
    with pytest.raises(Refused) as refused:
        actions.acknowledge(bulletin=row, by=cast.yara)
    assert refused.value.code == "not_found"


def test_an_agency_without_a_chain_has_its_desk_told(cast, room, clock):
    room.asking(commanders(cast))
    clock.on(20)
    assert room.told(ESCALATED) == ["yann", "yara"]
    clock.on(15)
    assert room.told(SILENT) == ["lars"]


def test_a_named_officer_alone_sees_it_the_chain_cannot_be_told(cast, room, clock, chain):
    room.asking(Scope(TargetKind.OFFICER, cast.b, appointment=cast.yann))
    clock.on(20)
    # Yann is of the first step himself.
    assert room.told(ESCALATED) == ["yann"]
    clock.on(5)
    # Nobody of the second may see it; of the desk Yann does.
    assert room.told(ESCALATED) == ["yann", "yann"]


def test_by_role_only_who_has_it_acknowledges(cast, room):
    row = room.send(acknowledging="role", acknowledging_role="commander", minutes=10)
    with pytest.raises(Refused, match="commander of your agency"):
        actions.acknowledge(bulletin=row, by=cast.yann)
    actions.acknowledge(bulletin=row, by=cast.yara)
    with pytest.raises(Refused, match="has acknowledged it"):
        actions.acknowledge(bulletin=row, by=cast.yann)


def test_who_may_not_acknowledge(cast, room):
    row = room.asking()
    for who, code in ((cast.zoe, "not_found"), (cast.aldo, "not_found"), (cast.xenia, "forbidden")):
        with pytest.raises(Refused) as refused:
            actions.acknowledge(bulletin=row, by=who)
        assert refused.value.code == code
    plain = room.send()
    with pytest.raises(Refused, match="for information"):
        actions.acknowledge(bulletin=plain, by=cast.yann)


def test_cancelled_it_is_over_everywhere(cast, room, clock, chain):
    row = room.asking()
    room.told()
    clock.on(21)
    room.told()
    actions.cancel(bulletin=row, by=cast.xenia, words="The van was found.")
    assert room.told("bulletins.ended") == ["yann", "yara"]
    alerts = Alert.objects.filter(record=row.record).exclude(kind="bulletins.ended")
    assert not alerts.filter(superseded_at=None).exists()
    clock.on(60)
    assert room.told(ESCALATED) == ["yann"]
    with pytest.raises(Refused, match="stand any more"):
        actions.acknowledge(bulletin=row, by=cast.yann)
    with pytest.raises(Refused, match="stand any more"):
        actions.cancel(bulletin=row, by=cast.lars, words="Again.")


def test_only_its_sender_cancels(cast, room):
    row = room.send()
    for who, code in ((cast.yara, "forbidden"), (cast.zoe, "not_found"), (cast.ada, "forbidden")):
        with pytest.raises(Refused) as refused:
            actions.cancel(bulletin=row, by=who, words="No.")
        assert refused.value.code == code


def test_an_update_takes_its_place(cast, room, clock, chain):
    old = room.asking()
    room.told()
    new = room.send(Scope(TargetKind.ROLE, cast.b, role="commander"), headline="It is a red van", updates=old)
    old.refresh_from_db()
    assert (old.ending, new.supersedes) == ("updated", old)
    assert room.told("bulletins.sent") == ["yann", "yara", "yara"]
    assert "updates an alert" in Alert.objects.get(record=new.record).line
    # Yann sees the new one though it is not addressed to him: nobody is told twice.
    assert room.told("bulletins.ended") == []
    assert not Alert.objects.filter(record=old.record, superseded_at=None).exists()
    clock.on(60)
    assert room.told(ESCALATED) == []


def test_who_does_not_see_the_update_is_told_that_the_old_one_is_over(cast, room):
    old = room.send()
    room.told()
    room.send(room.desk(cast.a1), headline="Ours now", updates=old)
    assert room.told("bulletins.ended") == ["yann", "yara"]


def test_whoever_goes_on_from_the_sender_is_told(cast, room, clock):
    row = room.asking()
    later = make_appointment("lena", cast.a1, Role.LIAISON_OFFICER)
    Appointment.objects.filter(pk=cast.lars.pk).update(ended_at=timezone.now())
    Appointment.objects.filter(pk=later.pk).update(continues=cast.lars)
    actions.acknowledge(bulletin=row, by=cast.yann)
    assert room.told("bulletins.acknowledged") == ["lena"]


def test_the_deadline_is_kept_in_the_receivers_zone(cast, room, clock):
    room.asking(minutes=30)
    assert set(Due.objects.values_list("zone", flat=True)) == {"Europe/Zurich"}
    assert sorted(row.fire_at - clock.at for row in Due.objects.all()) == [timedelta(minutes=15), timedelta(minutes=30)]
