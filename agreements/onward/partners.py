"""What waits for an agency: consents that it was asked for, and those that it gave or has asked for (R11)."""

from datetime import datetime

from agencies.directory.models import Agency, Appointment
from agencies.onboarding import foreseeing
from agencies.onboarding.foreseeing import Line, Part
from agreements.onward.choices import State
from agreements.onward.models import ConsentRequest
from portal import second_lock


@second_lock.opened("numbers of what waits for an agency")
def count(agency: Agency, by: Appointment, at: datetime) -> foreseeing.After:
    asked = ConsentRequest.objects.filter(state=State.ASKED)
    of_it, by_it = asked.filter(record__owner=agency).count(), asked.filter(asked_by__agency=agency).count()
    given = ConsentRequest.objects.filter(record__owner=agency, state__in=(State.CONSENTED, State.PASSED)).count()
    return lambda at: [
        Line(Part.OPEN, "consents that partners asked it for", of_it),
        Line(Part.OPEN, "consents that it asked partners for", by_it),
        Line(Part.OPEN, "consents that it gave and that hold", given),
    ]
