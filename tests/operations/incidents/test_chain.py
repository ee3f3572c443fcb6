"""The chain of an operation: who validates, who may not, what is returned; levels proposed by one, decided by another."""

import pytest

from agreements.alerts.models import Alert
from operations.incidents import alerting
from operations.incidents.actions import chain, levels, reports
from operations.incidents.choices import ReportState
from operations.incidents.models import ChainLink, IncidentReport, LevelProposal
from portal.outbox.models import Message
from portal.ui.errors import Refused
from tests.operations.incidents.conftest import Watch
from tests.operations.planning.conftest import Desk


def tell_all() -> None:
    for message in Message.objects.filter(kind=alerting.TOLD).order_by("created_at"):
        alerting.told(message.payload)


def told_of(kind: str) -> set[str]:
    return set(Alert.objects.filter(kind=kind).values_list("appointment__officer__username", flat=True))


def set_chain(watch: Watch, desk: Desk) -> object:
    """Yann's role at b is the coordination centre, Xenia's at a1 headquarters."""
    cast, operation = watch.cast, desk.joined().record
    chain.set_link(operation=operation, step="centre", agency=cast.b, role="liaison_officer", by=cast.xenia)
    chain.set_link(operation=operation, step="headquarters", agency=cast.a1, role="commander", by=cast.xenia)
    return operation


def test_reporter_centre_headquarters(watch: Watch, desk: Desk) -> None:
    cast = watch.cast
    row = watch.told(operation=set_chain(watch, desk))
    assert row.state == ReportState.WITH_CENTRE
    with pytest.raises(Refused, match="no such record"):
        chain.validate(report=row, by=cast.yann)  # Being named opens nothing (R4).
    watch.release(row)
    tell_all()
    assert told_of(alerting.SUBMITTED) == {"yann"}
    for who in (cast.yara, cast.xenia, watch.otto):
        with pytest.raises(Refused, match="Others validate"):
            chain.validate(report=row, by=who)
    row = chain.validate(report=row, by=cast.yann, words="Agreed.")
    assert IncidentReport.objects.get(pk=row.pk).state == ReportState.WITH_HEADQUARTERS
    tell_all()
    assert told_of(alerting.SUBMITTED) == {"yann", "xenia"}
    row = chain.validate(report=row, by=cast.xenia)
    assert IncidentReport.objects.get(pk=row.pk).state == ReportState.VALIDATED
    with pytest.raises(Refused, match="validated"):
        chain.validate(report=row, by=cast.xenia)
    assert [item.step for item in row.validations.all()] == ["centre", "headquarters"]


def test_returned_with_a_reason_it_is_corrected_and_reported_again(watch: Watch, desk: Desk) -> None:
    cast = watch.cast
    row = watch.told(operation=set_chain(watch, desk), impact=3)
    watch.release(row)
    with pytest.raises(Refused, match="Say what is missing"):
        chain.send_back(report=row, by=cast.yann, words=" ")
    reported = row.reported_at
    row = chain.send_back(report=row, by=cast.yann, words="Which barge?")
    tell_all()
    assert told_of(alerting.RETURNED) == {"lars"}
    row = reports.change(report=row, by=cast.lars, account="The barge Anna.")
    with pytest.raises(Refused, match="propose another level"):
        reports.change(report=row, by=cast.lars, impact=1)
    row = reports.submit(report=row, by=cast.lars)
    assert (row.state, row.reported_at) == (ReportState.WITH_CENTRE, reported)


def test_nobody_validates_a_report_of_ones_own(watch: Watch, desk: Desk) -> None:
    cast, operation = watch.cast, desk.joined().record
    chain.set_link(operation=operation, step="centre", agency=cast.a1, role="liaison_officer", by=cast.xenia)
    row = watch.told(operation=operation)
    with pytest.raises(Refused, match="Others validate"):
        chain.validate(report=row, by=cast.lars)
    assert chain.validate(report=row, by=watch.otto).state == ReportState.VALIDATED


def test_the_owner_of_the_operation_sets_its_chain_of_those_who_take_part(watch: Watch, desk: Desk) -> None:
    cast, operation = watch.cast, desk.joined().record
    with pytest.raises(Refused, match="Only X1"):
        chain.set_link(operation=operation, step="centre", agency=cast.b, role="commander", by=cast.yara)
    with pytest.raises(Refused, match="role does not permit"):
        chain.set_link(operation=operation, step="centre", agency=cast.b, role="commander", by=cast.lars)
    with pytest.raises(Refused, match="Z1 does not take part"):
        chain.set_link(operation=operation, step="centre", agency=cast.c, role="commander", by=cast.xenia)
    with pytest.raises(Refused, match="read no incidents"):
        chain.set_link(operation=operation, step="centre", agency=cast.b, role="treaty_admin", by=cast.xenia)
    with pytest.raises(Refused, match="no such record"):
        chain.set_link(operation=operation, step="centre", agency=cast.c, role="commander", by=cast.zoe)
    assert not ChainLink.objects.exists()


def test_a_step_that_is_left_out_holds_nothing_up(watch: Watch, desk: Desk) -> None:
    operation = set_chain(watch, desk)
    row = watch.told(operation=operation)
    chain.set_link(operation=operation, step="centre", agency=None, by=watch.cast.xenia)
    row.refresh_from_db()
    assert row.state == ReportState.WITH_HEADQUARTERS


def test_levels_of_a_report_are_decided_by_a_colleague(watch: Watch) -> None:
    cast, row = watch.cast, watch.told()
    watch.release(row)
    found = levels.propose(row=row, by=cast.yann, impact=4, confidence=5, reason="It spreads.")
    with pytest.raises(Refused, match="already"):
        levels.propose(row=row, by=cast.yann, impact=3, confidence=5, reason="It spreads.")
    with pytest.raises(Refused, match="Only X1"):
        levels.decide(proposal=found, by=cast.yara, accept=True)
    with pytest.raises(Refused, match="Say why not"):
        levels.decide(proposal=found, by=cast.lars, accept=False)
    levels.decide(proposal=found, by=cast.lars, accept=True)
    row.refresh_from_db()
    assert (row.impact, row.confidence) == (4, 5)
    with pytest.raises(Refused, match="decided already"):
        levels.decide(proposal=found, by=watch.otto, accept=True)
    mine = levels.propose(row=row, by=cast.lars, impact=1, confidence=1, reason="It was steam.")
    with pytest.raises(Refused, match="another officer decides"):
        levels.decide(proposal=mine, by=cast.lars, accept=True)


def test_levels_of_an_event_are_its_keepers_to_decide(watch: Watch) -> None:
    cast, event = watch.cast, watch.event()
    found = levels.propose(row=event, by=cast.xenia, impact=4, confidence=3, reason="Three now.")
    with pytest.raises(Refused, match="keeper decides"):
        levels.decide(proposal=found, by=watch.otto, accept=True)
    levels.decide(proposal=found, by=cast.lars, accept=False, answer="Two.")
    own = levels.propose(row=event, by=cast.lars, impact=1, confidence=3, reason="Small.")
    with pytest.raises(Refused, match="another officer"):
        levels.decide(proposal=own, by=cast.lars, accept=True)
    levels.decide(proposal=own, by=watch.otto, accept=True)
    event.refresh_from_db()
    assert event.impact == 1
    assert LevelProposal.objects.count() == 2
