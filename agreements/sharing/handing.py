"""What an agency would hand over to a successor, in numbers (R30): read by admins, who see no content (R5)."""

from collections.abc import Iterable

from agencies.directory.models import Agency
from agencies.directory.succession import Share
from agreements.register.models import Designation
from agreements.sharing.models import Circle, Participation, Record, Release, StandingOrder
from portal import second_lock

CAP = 1000


@second_lock.opened("numbers of what an agency hands over")
def handed_over(agency: Agency) -> Iterable[Share]:
    """Counted no further than a thousand each."""
    given = Release.objects.standing().filter(clause__isnull=False)
    rows = {
        "records of its own": Record.objects.filter(owner=agency),
        "releases it made": given.filter(provider=agency),
        "releases made to it by name": given.filter(audience__agency=agency),
        "designations": Designation.objects.filter(agency=agency, withdrawn_at=None),
        "operations, meetings and case teams it leads": Circle.objects.filter(owner=agency, closed_at=None),
        "others in which it takes part": Participation.objects.filter(agency=agency, ended_at=None).exclude(
            circle__owner=agency
        ),
        "standing orders": StandingOrder.objects.filter(agency=agency, revoked_at=None),
    }
    return [Share(words, found.order_by()[:CAP].count()) for words, found in rows.items()]
