"""The demonstration's corrections come once, in each state that there is to look at."""

from agencies.directory import demo as people
from agreements.corrections import demo
from agreements.corrections.models import Correction
from agreements.register import demo as agreements
from intel.reports import demo as reports
from operations.planning import demo as operations


def test_they_come_once(db: None) -> None:
    assert demo.load() == 0  # without the reports there is nothing to correct
    for room in (people, agreements, operations, reports):
        room.load()
    assert demo.load() == 3
    assert demo.load() == 0
    states = Correction.objects.values_list("record__title", "state")
    assert {title.split()[0]: state for title, state in states} == {
        "Boats": "open",
        "Van": "accepted",
        "Cigarettes": "declined",
    }
