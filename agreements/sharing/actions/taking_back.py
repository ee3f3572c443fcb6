"""A record is taken back for good by the agency that owns it."""

from agencies.directory.models import Appointment
from agreements.sharing import gates
from agreements.sharing.actions import recalls, records, releases
from agreements.sharing.models import Record


def take_back(record: Record, by: Appointment) -> Record:
    """Every release of the own agency is revoked, whoever opened it is told (R16), and the rooms above are."""
    for release in record.releases.standing().filter(clause__isnull=False, provider__in=by.agencies):
        releases.withdraw(release=release, by=by, recall=False)
    record = records.touch(record=record, by=by)
    recalls.withdrawn(record=record, by=by)
    gates.taken_back(record=record, by=by)
    return record
