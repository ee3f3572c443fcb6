"""Meetings that would lose or gain their legal basis (R28)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agreements.register.facts import Treaties
from agreements.register.foresight import Footing, Named
from agreements.sharing.policy import Channel, access, channel
from operations.meetings.choices import MeetingState
from operations.meetings.models import Meeting
from operations.planning import whatif
from portal import second_lock


def footings(by: Appointment, before: Treaties, after: Treaties, at: datetime) -> list[Footing]:
    """Those to come, of the operations concerned and of the agreement itself."""
    lost, gained = _changed(by, before, after, at)
    if not (lost or gained):
        return []
    seen = Meeting.objects.visible_to(access(by, timezone.now())).filter(pk__in=[row.pk for row in (*lost, *gained)])
    named = {row.pk: Named(row.pk, row.record.title, reverse("meetings:meeting-detail", args=[row.pk])) for row in seen}
    losing, gaining = (tuple(named[row.pk] for row in rows if row.pk in named) for rows in (lost, gained))
    return [Footing("Meetings", len(lost), len(gained), losing, gaining)]


@second_lock.opened("which meetings lose their basis, for the party that asks")
def _changed(by: Appointment, before: Treaties, after: Treaties, at: datetime) -> tuple[list[Meeting], list[Meeting]]:
    found = whatif.changed(by, before, after, at)
    rows = Meeting.objects.upcoming(at).filter(state=MeetingState.CALLED).select_related("record__owner")
    rows = rows.prefetch_related("record__circle__participations__agency")
    lost = list(rows.filter(whatif.of_the_party(by), record__operation__in=[row.pk for row in found.lost]).distinct())
    gained = list(
        rows.filter(whatif.of_the_party(by), record__operation__in=[row.pk for row in found.gained]).distinct()
    )
    # Outside of operations, by the agreement that they are about.
    own = Q(record__owner__country=by.agency.country_id) | Q(
        record__circle__participations__agency__country=by.agency.country_id
    )
    for row in rows.filter(own, record__operation=None, agreement__in=set(before) & set(after)).distinct():
        parts = [part.agency for part in row.circle.participations.all() if part.accepted_at and not part.ended_at]
        held, holds = (_reaches(row, parts, treaties, at) for treaties in (before, after))
        if held != holds:
            (lost if held else gained).append(row)
    return lost, gained


def _reaches(meeting: Meeting, parts: Iterable[Agency], treaties: Treaties, at: datetime) -> bool:
    """Whether some article of its agreement runs from who called it to each that attends."""
    assert meeting.agreement_id is not None
    treaty, caller = treaties[meeting.agreement_id], meeting.record.owner_id
    return all(
        any(isinstance(channel(treaties, treaty, clause, caller, part.pk, at), Channel) for clause in treaty.clauses)
        for part in parts
        if part.pk != caller
    )
