"""What waits for an agency: releases that need its second officer (R20)."""

from datetime import datetime

from agencies.directory.models import Agency, Appointment
from agencies.onboarding import foreseeing
from agencies.onboarding.foreseeing import Line, Part
from agreements.approvals.models import Approval
from portal import second_lock


@second_lock.opened("numbers of what waits for an agency")
def count(agency: Agency, by: Appointment, at: datetime) -> foreseeing.After:
    number = Approval.objects.waiting().filter(asked_by__agency=agency).count()
    return lambda at: [Line(Part.OPEN, "releases that wait for its second officer", number)]
