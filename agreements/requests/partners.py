"""What waits for an agency: access that it was asked for, and that it has asked for."""

from datetime import datetime

from agencies.directory.models import Agency, Appointment
from agencies.onboarding import foreseeing
from agencies.onboarding.foreseeing import Line, Part
from agreements.requests.choices import State
from agreements.requests.models import AccessRequest, AskedRecord
from portal import second_lock


@second_lock.opened("numbers of what waits for an agency")
def count(agency: Agency, by: Appointment, at: datetime) -> foreseeing.After:
    asked = AskedRecord.objects.waiting(at).filter(record__owner=agency).count()
    asks = AccessRequest.objects.in_state(State.SENT, at).filter(asked_by__agency=agency).count()
    return lambda at: [
        Line(Part.OPEN, "of its records for which partners ask access", asked),
        Line(Part.OPEN, "access requests that it made", asks),
    ]
