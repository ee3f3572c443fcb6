"""Events: the keeper links and closes, and keeping opens nothing."""

import pytest

from agreements.register.choices import Purpose
from agreements.sharing.actions import releases
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from operations.incidents.actions import events
from operations.incidents.choices import EventState
from portal.ui.errors import Refused
from tests.operations.incidents.conftest import Watch
from tests.operations.planning.conftest import sees


def test_linking_opens_neither_to_who_sees_the_other(watch: Watch) -> None:
    cast, report, event = watch.cast, watch.told(), watch.event()
    events.link(event=event, report=report, by=cast.lars)
    events.link(event=event, report=report, by=cast.lars)
    assert event.links.count() == 1
    watch.release(event)
    assert sees(cast.yann, event)
    assert not sees(cast.yann, report)


def test_a_keeper_groups_anothers_report_without_owning_it(watch: Watch) -> None:
    cast = watch.cast
    theirs = watch.told(by=cast.yann)
    event = watch.event()
    with pytest.raises(Refused, match="no such report"):
        events.link(event=event, report=theirs, by=cast.lars)
    releases.release(
        record=theirs.record, to=To(AudienceKind.AGENCY, agency=cast.a1), clause=cast.art7,
        purpose=Purpose.COORDINATION, by=cast.yann,
    )  # fmt: skip
    events.link(event=event, report=theirs, by=cast.lars)
    theirs.record.refresh_from_db()
    assert theirs.record.owner == cast.b
    assert not sees(cast.yann, event)


def test_the_keeper_alone_links_and_closes(watch: Watch) -> None:
    cast, report, event = watch.cast, watch.told(), watch.event()
    for step in (
        lambda: events.link(event=event, report=report, by=watch.otto),
        lambda: events.close(event=event, by=cast.xenia, outcome="ended"),
        lambda: events.hand_on(event=event, keeper=watch.otto, by=watch.otto),
        lambda: events.close(event=event, by=cast.anton, outcome="ended"),
    ):
        with pytest.raises(Refused):
            step()
    with pytest.raises(Refused, match="a draft"):
        events.link(event=event, report=watch.write(), by=cast.lars)
    with pytest.raises(Refused, match="Choose the outcome"):
        events.close(event=event, by=cast.lars, outcome="")
    with pytest.raises(Refused, match="keeps events"):
        events.hand_on(event=event, keeper=cast.anton, by=cast.lars)
    with pytest.raises(Refused, match="keeps events"):
        events.hand_on(event=event, keeper=cast.yann, by=cast.lars)
    event = events.hand_on(event=event, keeper=watch.otto, by=cast.xenia)
    event = events.close(event=event, by=watch.otto, outcome="impact_too_low", words="Smoke only.")
    assert event.state == EventState.CLOSED
    with pytest.raises(Refused, match="closed"):
        events.link(event=event, report=report, by=watch.otto)
