"""Worked example 9: what was shared under a clause that survives stays readable; nothing new goes that way (R4)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from agreements.register.choices import ActionKind, Purpose
from agreements.register.models import Clause, Designation, TreatyAction
from agreements.sharing.actions import records
from agreements.sharing.actions.records import marking_of
from agreements.sharing.choices import Tlp
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import access, agencies_that_see, decide
from portal.ui.errors import Refused
from tests.agreements.sharing.conftest import Desk, sees
from tests.conftest import Cast, make_treaty

TODAY = timezone.localdate()


@pytest.fixture
def survivor(cast: Cast) -> Clause:
    cast.art7.survives = True
    cast.art7.save(update_fields=["survives"])
    return cast.art7


def shared(desk: Desk, days_ago: int = 3) -> Record:
    record = desk.note()
    released_at = timezone.now() - timedelta(days=days_ago)
    Release.objects.filter(pk=desk.release(record).pk).update(released_at=released_at)
    return record


def act(cast: Cast, kind: ActionKind, days_ago: int = 1, **values: Any) -> TreatyAction:
    """An action that took effect that many days ago and was recorded long before."""
    day = TODAY - timedelta(days=days_ago)
    stamp = {"recorded_by": cast.yusuf, "recorded_for_id": "YY", "recorded_at": timezone.now() - timedelta(days=90)}
    terms = {"country_id": "YY", "done_on": day, **stamp, **values}
    return TreatyAction.objects.create(agreement=cast.art7.agreement, kind=kind, **terms)


ENDS = [
    lambda cast: act(cast, ActionKind.DENUNCIATION),
    lambda cast: act(cast, ActionKind.WITHDRAWAL, country_id="XX"),
    lambda cast: act(cast, ActionKind.TERMINATION, country_id=None),
    lambda cast: expire(cast, 2),
]


def expire(cast: Cast, days_ago: int) -> None:
    agreement = cast.art7.agreement
    agreement.expires_on = TODAY - timedelta(days=days_ago)
    agreement.save(update_fields=["expires_on"])


@pytest.mark.parametrize("end", ENDS)
def test_what_was_shared_before_the_end_stays(desk: Desk, survivor: Clause, end: Any) -> None:
    record = shared(desk)
    end(desk.cast)
    assert sees(desk.cast.yann, record)
    decision = decide(access(desk.cast.yann, timezone.now()), record)
    assert decision
    assert "stays readable" in decision.reason
    rows = record.releases.standing().with_audience()
    assert desk.cast.b in agencies_that_see(record, rows, timezone.now())


@pytest.mark.parametrize("end", ENDS)
def test_without_survival_it_closes(desk: Desk, end: Any) -> None:
    record = shared(desk)
    end(desk.cast)
    assert not sees(desk.cast.yann, record)


def test_nothing_new_goes_that_way(desk: Desk, survivor: Clause) -> None:
    act(desk.cast, ActionKind.DENUNCIATION)
    with pytest.raises(Refused, match="Nobody could read it"):
        desk.release(desk.note())


def test_what_was_released_after_the_end_is_not_kept(desk: Desk, survivor: Clause) -> None:
    record = shared(desk, days_ago=0)
    act(desk.cast, ActionKind.DENUNCIATION, days_ago=1)
    assert not sees(desk.cast.yann, record)
    rows = record.releases.standing().with_audience()
    assert desk.cast.b not in agencies_that_see(record, rows, timezone.now())


def test_the_boundary_is_midnight_in_the_agreements_zone(desk: Desk, survivor: Clause) -> None:
    zone = desk.cast.art7.agreement.zone
    midnight = datetime.combine(TODAY - timedelta(days=1), datetime.min.time(), tzinfo=zone)
    before, after = shared(desk), shared(desk)
    before.releases.exclude(clause=None).update(released_at=midnight - timedelta(microseconds=1))
    after.releases.exclude(clause=None).update(released_at=midnight)
    TreatyAction.objects.filter(kind=ActionKind.DENUNCIATION).delete()
    act(desk.cast, ActionKind.DENUNCIATION, done_on=midnight.date())
    assert sees(desk.cast.yann, before)
    assert not sees(desk.cast.yann, after)


@pytest.mark.parametrize("kind", [ActionKind.SUSPENSION, ActionKind.RESERVATION])
@pytest.mark.parametrize("when", [30, 0])
def test_suspension_and_reservation_close_also_what_survives(
    desk: Desk, survivor: Clause, kind: ActionKind, when: int
) -> None:
    record = shared(desk)
    act(desk.cast, ActionKind.DENUNCIATION)
    act(desk.cast, kind, days_ago=when)
    assert not sees(desk.cast.yann, record)


def test_a_withdrawn_designation_is_lost(desk: Desk, survivor: Clause) -> None:
    record = shared(desk)
    act(desk.cast, ActionKind.DENUNCIATION)
    Designation.objects.filter(agency=desk.cast.b).update(withdrawn_at=timezone.now() - timedelta(minutes=1))
    assert not sees(desk.cast.yann, record)


def test_a_designation_that_ran_out_with_its_agreement_is_not(desk: Desk, survivor: Clause) -> None:
    record = shared(desk, days_ago=5)
    expire(desk.cast, 2)
    Designation.objects.filter(agency=desk.cast.b).update(ends_on=TODAY - timedelta(days=2))
    assert sees(desk.cast.yann, record)


def test_a_higher_classification_or_tlp_closes_what_survives(desk: Desk, survivor: Clause) -> None:
    record = shared(desk)
    act(desk.cast, ActionKind.DENUNCIATION)
    marking = marking_of(record)
    marking.tlp = Tlp.RED.value
    records.mark(record=record, marking=marking, by=desk.cast.xenia)
    assert not sees(desk.cast.yann, record)


def test_it_looks_back_to_the_end_of_the_agreement_above(desk: Desk, survivor: Clause, cast: Cast) -> None:
    child = make_treaty(
        short_name="Arrangement",
        countries=["XX", "YY"],
        designated=[cast.a1, cast.b],
        recorded_by=cast.tara,
        confirmed_by=[cast.yusuf],
        survives=True,
    )
    child.agreement.made_under = cast.art7
    child.agreement.save(update_fields=["made_under"])
    record = desk.note()
    row = desk.release(record, clause=child)
    Release.objects.filter(pk=row.pk).update(released_at=timezone.now() - timedelta(days=3))
    assert sees(cast.yann, record)
    act(cast, ActionKind.DENUNCIATION)
    assert sees(cast.yann, record)
    act(cast, ActionKind.SUSPENSION)
    assert not sees(cast.yann, record)


def test_coming_back_opens_the_old_by_survival_alone(desk: Desk, cast: Cast) -> None:
    """Withdrawal and re-accession restart R15; what survives stays all the same."""
    record = shared(desk, days_ago=30)
    act(cast, ActionKind.WITHDRAWAL, days_ago=20)
    back = act(cast, ActionKind.ACCESSION, days_ago=10)
    back.confirmations.create(country_id="XX", confirmed_by=cast.tara, confirmed_at=back.recorded_at)
    fresh = shared(desk, days_ago=5)
    assert sees(cast.yann, fresh)
    assert not sees(cast.yann, record)
    Clause.objects.filter(pk=cast.art7.pk).update(survives=True)
    assert sees(cast.yann, record)


def test_purpose_and_retention_still_hold(desk: Desk, survivor: Clause) -> None:
    record = shared(desk, days_ago=12)
    act(desk.cast, ActionKind.DENUNCIATION)
    assert sees(desk.cast.yann, record)
    Clause.objects.filter(pk=survivor.pk).update(retention_days=11)
    assert not sees(desk.cast.yann, record)
    Clause.objects.filter(pk=survivor.pk).update(retention_days=None, purposes=[Purpose.SAFETY])
    assert not sees(desk.cast.yann, record)
