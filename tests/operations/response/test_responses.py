"""Responses and their tasks: who gives, does, drops and closes; procedures, times, handing over."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agreements.alerts.models import Alert
from agreements.citations.models import Citation
from agreements.sharing.policy import access
from operations.incidents.models import IncidentReport
from operations.incidents.presenting import report_view
from operations.response import timing
from operations.response.actions import handovers, procedures, responses
from operations.response.actions.procedures import Line
from operations.response.models import Handover, Response, Task
from operations.response.presenting import timeline
from portal.outbox.models import Due
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from portal.ui.errors import Refused
from tests.operations.planning.conftest import sees, suspend
from tests.operations.response.conftest import STEPS, Room


@pytest.fixture(autouse=True)
def quiet() -> Any:
    breaker.trip()
    yield
    breaker.reset()


def settle() -> None:
    while sweep():
        pass


def alerted(kind: str) -> set[str]:
    return set(Alert.objects.filter(kind=kind, done_at=None).values_list("appointment__officer__username", flat=True))


def titles(report: IncidentReport, who: Any) -> list[str]:
    return [item["title"] for item in timeline(report, access(who, timezone.now()))]


def fire_due() -> None:
    Due.objects.filter(fired_at=None, cancelled_at=None).update(fire_at=timezone.now() - timedelta(seconds=1))
    settle()


def test_begin_give_do_and_close(room: Room) -> None:
    cast, report = room.cast, room.told()
    row = responses.start(report=report, by=cast.lars)
    assert responses.start(report=report, by=room.watch.otto).lead == cast.lars
    due_at = timezone.now() + timedelta(hours=1)
    task = room.task(row, assignee=room.watch.otto, due_at=due_at)
    settle()
    assert alerted("response.given") == {"otto"}
    with pytest.raises(Refused, match="1 of its tasks are open"):
        responses.close(response=row, by=cast.lars, result="resolved")
    responses.end(task=task, by=room.watch.otto, done=True, result="The barge is moored.")
    assert alerted("response.given") == set()
    with pytest.raises(Refused, match="ended already"):
        responses.end(task=task, by=cast.lars, done=True)
    with pytest.raises(Refused, match="Who leads it closes it"):
        responses.close(response=row, by=room.watch.otto, result="resolved")
    closed = responses.close(response=row, by=cast.lars, result="resolved", words="Fire out at 14:10.")
    assert (closed.state, closed.closed_by) == ("closed", cast.lars)
    with pytest.raises(Refused, match="closed"):
        room.task(row)
    # The timeline has filled itself, here and on the incident's page.
    told = titles(report, cast.lars)
    assert told == ["Response begun", "Response closed: resolved", "Task: Secure the place", "Done: Secure the place"]
    on_page = [item["title"] for item in report_view(report, access(cast.lars, timezone.now())).timeline]
    assert set(told) < set(on_page)


def test_who_may_not(room: Room) -> None:
    cast, report = room.cast, room.told()
    row = room.started(report)
    room.watch.release(report)
    for who in (cast.yann, cast.yara):
        with pytest.raises(Refused, match="Only X1"):
            responses.give(response=row, by=who, what="x")
    for who in (cast.zoe, cast.aldo):
        with pytest.raises(Refused, match="no such record"):
            responses.give(response=row, by=who, what="x")
    with pytest.raises(Refused, match="role does not permit"):
        responses.give(response=row, by=cast.arno, what="x")
    for assignee in (cast.yann, cast.arno, cast.tara):
        with pytest.raises(Refused, match="officer of your agency who sees") as refused:
            room.task(row, assignee=assignee)
        assert refused.value.field == "assignee"
    with pytest.raises(Refused, match="in the past"):
        room.task(row, due_at=timezone.now() - timedelta(minutes=1))
    assert not Task.objects.exists()


def test_tasks_are_the_owners_and_a_partner_reads_only_how_it_stands(room: Room) -> None:
    cast, report = room.cast, room.told()
    row = room.started(report)
    task = room.task(row)
    room.watch.release(report)
    at = timezone.now()
    for who, tasks, response in (
        (cast.lars, True, True), (cast.xenia, True, True), (cast.arno, True, True), (cast.yann, False, True),
        (cast.zoe, False, False), (cast.aldo, False, False),
    ):  # fmt: skip
        mine = access(who, at)
        assert Task.objects.visible_to(mine).filter(pk=task.pk).exists() == tasks, who
        assert Response.objects.visible_to(mine).filter(pk=row.pk).exists() == response, who
    assert titles(report, cast.yann) == ["Response begun"]


def test_a_task_that_is_due_reminds_and_alerts_unless_it_moved(room: Room) -> None:
    row = room.started()
    task = room.task(row, assignee=room.watch.otto, due_at=timezone.now() + timedelta(hours=1))
    assert Due.objects.filter(kind=timing.DUE, cancelled_at=None).count() == 2
    stale = Due.objects.filter(kind=timing.DUE).first()
    assert stale is not None
    responses.change(task=task, by=room.cast.lars, assignee=room.watch.otto, due_at=timezone.now() + timedelta(hours=2))
    fire_due()
    assert alerted("response.task_due") == {"otto", "lars"}
    again = responses.give(response=row, by=room.cast.lars, what="Other", due_at=timezone.now() + timedelta(hours=1))
    responses.end(task=again, by=room.cast.lars, done=False, result="No need.")
    before = Alert.objects.filter(kind="response.task_due").count()
    fire_due()
    assert Alert.objects.filter(kind="response.task_due").count() == before


def test_a_procedure_is_followed_in_its_newest_version(room: Room, desk: Any) -> None:
    cast, row = room.cast, room.started()
    procedure = room.procedure()
    made = responses.follow(response=row, procedure=procedure, by=cast.lars)
    assert [task.what for task in made] == [line.what for line in STEPS]
    assert [bool(task.due_at) for task in made] == [True, False, True]
    assert Citation.objects.filter(record=row.record, source=procedure.record).exists()
    longer = procedures.publish(procedure=procedure, by=cast.xenia, steps=[*STEPS, Line("Air the hold")], note="Gas")
    assert (longer.number, procedure.versions.count()) == (2, 2)
    assert procedures.publish(procedure=procedure, by=cast.xenia, steps=[*STEPS, Line("Air the hold")]) == longer
    more = responses.follow(response=row, procedure=procedure, by=cast.lars)
    assert [task.what for task in more] == ["Air the hold"]
    assert {task.procedure.number for task in Task.objects.filter(response=row)} == {1, 2}  # type: ignore[union-attr]
    procedures.retire(procedure=procedure, by=cast.xenia)
    with pytest.raises(Refused, match="not for this incident any more"):
        responses.follow(response=row, procedure=procedure, by=cast.lars)
    other = room.procedure(name="Elsewhere", operation=desk.plan().record)
    with pytest.raises(Refused, match="not for this incident"):
        responses.follow(response=row, procedure=other, by=cast.lars)


def test_who_keeps_procedures_and_who_reads_them(room: Room) -> None:
    cast, procedure = room.cast, room.procedure()
    assert [sees(who, procedure) for who in (cast.lars, cast.arno, cast.yann, cast.zoe)] == [True, True, False, False]
    with pytest.raises(Refused, match="role does not permit"):
        room.procedure(by=cast.lars)
    with pytest.raises(Refused, match="no such"):
        procedures.publish(procedure=procedure, by=cast.yara, steps=STEPS)
    room.watch.release(procedure)
    assert sees(cast.yann, procedure)
    with pytest.raises(Refused, match="Only X1"):
        procedures.publish(procedure=procedure, by=cast.yara, steps=STEPS)
    # b follows a1's in its own incident: it cites it, and marks no more loosely.
    theirs = responses.start(report=room.watch.told(by=cast.yann), by=cast.yann)
    assert len(responses.follow(response=theirs, procedure=procedure, by=cast.yann)) == 3
    for steps, say in (
        ([], "at least one"),
        ([Line("a"), Line("a")], "are the same"),
        ([Line("a", 0)], "from 1 minute"),
        ([Line(str(n)) for n in range(31)], "30 steps"),
        ([Line("x" * 201)], "200 characters"),
    ):
        with pytest.raises(Refused, match=say) as refused:
            room.procedure(steps=steps)
        assert refused.value.field == "steps"
    with pytest.raises(Refused, match="changed since"):
        procedures.publish(procedure=procedure, by=cast.xenia, steps=STEPS, version=99)


def test_a_partner_takes_a_task_and_opens_its_own_incident(room: Room) -> None:
    cast, handover = room.cast, room.offered()
    settle()
    assert alerted("response.offered") == {"yann", "yara"}
    source = handover.response.record
    own = handovers.take(handover=handover, by=cast.yann)
    handover.refresh_from_db()
    assert (handover.state, handover.answered_by, handover.own) == ("taken", cast.yann, own.record)
    assert own.record.owner == cast.b
    assert (own.state, own.record.tlp) == ("draft", source.tlp)
    assert Citation.objects.filter(record=own.record, source=source).exists()
    assert [task.what for task in own.record.response.tasks.all()] == ["Secure the place"]
    assert not sees(cast.lars, own), "the owner has a receipt, not the taker's incident"
    settle()
    assert alerted("response.answered") == {"lars"}
    with pytest.raises(Refused, match="with Y1: take it back first"):
        responses.end(task=handover.task, by=cast.lars, done=True)
    handovers.finish(handover=handover, by=cast.yann)
    assert Task.objects.get(pk=handover.task_id).shown_state[0] == "finished"
    responses.close(response=handover.response, by=cast.lars, result="handed_over")
    assert "Taken over: Secure the place" in titles(source.incident, cast.lars)
    assert "Taken over: Secure the place" in titles(source.incident, cast.yann)


def test_an_offer_opens_nothing_and_reaches_one_partner(room: Room) -> None:
    cast, task = room.cast, room.task()
    with pytest.raises(Refused, match="release it to them first") as refused:
        handovers.offer(task=task, agency=cast.b, by=cast.lars)
    assert refused.value.field == "agency"
    handover = room.offered(task)
    with pytest.raises(Refused, match="take it back first"):
        handovers.offer(task=task, agency=cast.b, by=cast.lars)
    for who in (cast.zoe, cast.aldo, cast.xenia):
        with pytest.raises(Refused, match="no such task"):
            handovers.take(handover=handover, by=who)
    with pytest.raises(Refused, match="Say why not"):
        handovers.decline(handover=handover, by=cast.yann, answer=" ")
    handovers.decline(handover=handover, by=cast.yann, answer="No boat here.")
    with pytest.raises(Refused, match="not offered any more"):
        handovers.take(handover=handover, by=cast.yann)
    again = handovers.offer(task=task, agency=cast.b, by=cast.lars)
    suspend(cast)
    with pytest.raises(Refused):
        handovers.take(handover=again, by=cast.yann)
    assert not Handover.objects.visible_to(access(cast.yann, timezone.now())).exists()
    assert Handover.objects.visible_to(access(cast.lars, timezone.now())).count() == 2
    handovers.withdraw(handover=again, by=cast.lars)
    responses.end(task=task, by=cast.lars, done=True)


def test_the_takers_incident_stays_when_the_treaty_is_suspended(room: Room) -> None:
    cast, handover = room.cast, room.offered()
    own = handovers.take(handover=handover, by=cast.yann)
    suspend(cast)
    assert sees(cast.yann, own)
    assert not Handover.objects.visible_to(access(cast.yann, timezone.now())).filter(own=own.pk).exists()


def test_lead_is_handed_on(room: Room) -> None:
    cast, row = room.cast, room.started()
    with pytest.raises(Refused, match="hands it on, or a commander"):
        responses.hand_on(response=row, lead=room.watch.otto, by=room.watch.otto)
    with pytest.raises(Refused, match="officer of your agency who sees"):
        responses.hand_on(response=row, lead=cast.arno, by=cast.lars)
    assert responses.hand_on(response=row, lead=room.watch.otto, by=cast.xenia).lead == room.watch.otto
    settle()
    assert alerted("response.lead") == {"otto"}
