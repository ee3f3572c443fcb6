"""The demonstration's reports come once, and reach whom the invented arrangements let."""

from agencies.directory import demo as people
from agencies.directory.models import Appointment
from agreements.register import demo as agreements
from intel.reports import demo
from intel.reports.models import Report
from operations.planning import demo as operations
from tests.operations.planning.conftest import sees


def test_it_comes_once_and_reaches_whom_it_should(db: None) -> None:
    for room in (people, agreements, operations):
        room.load()
    assert demo.load() == Report.objects.count() == 9
    assert demo.load() == 0
    readers = {
        row.record.title.split()[0]: {
            who.officer.username for who in Appointment.objects.select_related("officer", "agency") if sees(who, row)
        }
        for row in Report.objects.select_related("record")
    }
    swiss = {"ch.commander", "ch.liaison", "ch.analyst", "ch.auditor"}
    german = {"de.commander", "de.liaison", "de.analyst", "de.auditor"}
    austrian = {"at.commander", "at.liaison", "at.analyst"}
    assert readers == {
        "Boats": swiss | german,
        "Van": swiss | german,
        "Cigarettes": swiss | austrian | {"li.liaison"},
        "Night": austrian | {"li.liaison"},
        "Who": {"ch.analyst", "de.commander"},
        "Older": swiss,
        "Rumour": german,
        "Engine": swiss | {"de.liaison"},
        "Tuesday": {"ch.analyst", "ch.commander"},
    }
    assert {row.scheme for row in Report.objects.all()} == {"nato", "eu4x4", "uk3x5x2"}
    assert all("Invented." in row.summary for row in Report.objects.all())
