"""An incident of high impact is told to whoever sees it, when it is validated and when it is released; nobody else."""

import pytest

from agreements.alerts.choices import Severity
from agreements.alerts.models import Alert
from agreements.sharing.actions import releases
from operations.incidents.choices import Impact
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep


@pytest.fixture(autouse=True)
def quiet():
    breaker.trip()
    yield
    breaker.reset()


def told():
    while sweep():
        pass
    rows = Alert.objects.filter(kind="incidents.grave").select_related("appointment__officer")
    return sorted(row.appointment.officer.username for row in rows)


OWN = ["ada", "anton", "arno", "otto", "xenia"]


def test_own_officers_when_it_is_validated_partners_when_it_is_released_each_once(cast, watch):
    row = watch.told(impact=Impact.HIGH)
    assert told() == OWN
    watch.release(row)
    assert told() == sorted([*OWN, "yann", "yara"])
    watch.release(row)
    assert told() == sorted([*OWN, "yann", "yara"])
    assert set(Alert.objects.filter(kind="incidents.grave").values_list("severity", flat=True)) == {Severity.SEVERE}


def test_very_high_is_extreme(cast, watch):
    watch.told(impact=Impact.VERY_HIGH)
    assert told()
    assert set(Alert.objects.filter(kind="incidents.grave").values_list("severity", flat=True)) == {Severity.EXTREME}


@pytest.mark.parametrize("impact", [Impact.LOW, Impact.MEDIUM])
def test_no_more_than_medium_is_told_to_nobody(cast, watch, impact):
    watch.release(watch.told(impact=impact))
    assert told() == []


def test_a_draft_is_told_to_nobody(cast, watch):
    watch.write(impact=Impact.HIGH)
    assert told() == []


def test_what_was_taken_back_meanwhile_is_not_told(cast, watch):
    row = watch.told(impact=Impact.HIGH)
    releases.revoke(release=watch.release(row), by=cast.lars)
    assert told() == OWN
