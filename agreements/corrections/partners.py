"""What waits for an agency: corrections that partners propose of its records, and that it has proposed (R21)."""

from datetime import datetime

from agencies.directory.models import Agency, Appointment
from agencies.onboarding import foreseeing
from agencies.onboarding.foreseeing import Line, Part
from agreements.corrections.models import Correction
from portal import second_lock


@second_lock.opened("numbers of what waits for an agency")
def count(agency: Agency, by: Appointment, at: datetime) -> foreseeing.After:
    rows = Correction.objects.open()
    to_answer, proposed = rows.filter(record__owner=agency).count(), rows.filter(proposed_by__agency=agency).count()
    return lambda at: [
        Line(Part.OPEN, "corrections that partners propose of its records", to_answer),
        Line(Part.OPEN, "corrections that it proposed", proposed),
    ]
