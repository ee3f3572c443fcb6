"""What the end of an agency's access takes away, in records and circles (R28): by the functions that decide."""

from collections import Counter
from datetime import datetime

from django.db.models import Count, Q

from agencies.directory.models import Agency, Appointment, Succession
from agencies.onboarding.foreseeing import After, Line, Part
from agreements.register import facts
from agreements.register.models import Designation
from agreements.sharing import kinds
from agreements.sharing.models import Circle, Participation, Record
from agreements.sharing.policy import agency_access, treaties_of
from agreements.sharing.whatif import effects
from portal import second_lock

OPENED = "numbers of what an agency and its partners lose"
# What waits for an agency is counted no further.
CAP = 1000


@second_lock.opened(OPENED)
def count(agency: Agency, by: Appointment, at: datetime) -> After:
    """Records that its officers see, before and after; those that partners lose, as `effects` counts them."""
    sees = sight(agency, at)
    agreements = list(Designation.objects.filter(agency=agency).values_list("agreement", flat=True))
    was = facts.load(agreements)

    @second_lock.opened(OPENED)
    def after(then: datetime) -> list[Line]:
        row = Agency.objects.select_related("country").get(pk=agency.pk)
        if Succession.objects.in_effect(then).filter(predecessor=agency).exists():
            # Its officers go along, and partners lose nothing: what passes over, the succession says (R30).
            return _circles(agency)
        will = sight(row, then)
        lost = {kind: number - will[kind] for kind, number in sees.items() if number > will[kind]}
        found = [Line(Part.OFFICERS, str(kinds.get(kind).plural), number) for kind, number in sorted(lost.items())]
        for effect in effects(by, was, facts.load(agreements), then):
            if effect.lost and effect.agency.pk != agency.pk:
                found.append(Line(Part.PARTNERS, effect.kind, effect.lost, effect.agency))
        return found + _circles(agency)

    return after


def sight(agency: Agency, at: datetime) -> Counter[str]:
    """Own records and those that reach the agency at all, by kind; none while nobody acts for it."""
    if not agency.acts(at):
        return Counter()
    stands = agency.stands_for(at)
    reaching = Record.objects.exclude(owner__in=stands).visible_to(agency_access(agency, at, treaties_of(stands)))
    found: Counter[str] = Counter()
    for rows in (Record.objects.filter(owner__in=stands), reaching):
        found.update(dict(rows.order_by().values("kind").annotate(n=Count("pk")).values_list("kind", "n")))
    return found


def _circles(agency: Agency) -> list[Line]:
    parts = Participation.objects.filter(agency=agency, ended_at=None, circle__closed_at=None)
    others = parts.exclude(circle__owner=agency).exclude(accepted_at=None)
    invited = parts.exclude(circle__owner=agency).filter(accepted_at=None)
    led = Circle.objects.filter(owner=agency, closed_at=None).exclude(record=None)
    return [
        Line(Part.STANDING, "operations and meetings of partners in which it takes part", others.count()),
        Line(Part.OPEN, "operations and meetings that it leads", led.count()),
        Line(Part.OPEN, "invitations to operations and meetings", invited.filter(~Q(circle__record=None)).count()),
    ]
