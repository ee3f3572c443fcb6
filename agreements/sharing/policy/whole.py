"""What reaches whole agencies from others, whoever of their officers may see it: for counts of a what-if (R28)."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import F, Q

from agencies.directory.models import Agency, Appointment, Classification
from agreements.register.facts import Treaties
from agreements.sharing import kinds
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Audience, Participation
from agreements.sharing.policy.access import Access, Incoming, incoming_of, live_of, passed_on, with_onward


def agency_access(agency: Agency, at: datetime, treaties: Treaties) -> Access:
    """What reaches one agency."""
    ((_, (found,)),) = agency_accesses([agency], at, [treaties])
    return found


def agency_accesses(
    agencies: Collection[Agency],
    at: datetime,
    several: Sequence[Treaties],
    *,
    givers: Container[uuid.UUID] | None = None,
) -> Iterator[tuple[Agency, list[Access]]]:
    """For each agency what reaches it by each of several sets of facts. What is asked of the database is asked once for
    all of them."""
    stands = {agency: agency.stands_for(at) for agency in agencies}
    coming = {agency: [incoming_of(agency.pk, at, treaties, givers) for treaties in several] for agency in agencies}
    everyone = {key for keys in stands.values() for key in keys}
    circles = _circles(everyone, at)
    clauses = {clause for each in coming.values() for incoming in each for clause in incoming}
    audiences = _audiences(clauses, everyone)
    onward = passed_on({row.group_id for rows in audiences.values() for row in rows})
    highest, every = max(Classification.values), frozenset(kind.name for kind in kinds.all_kinds())
    for agency, keys in stands.items():
        joined = {circle: since for key in keys for circle, since in circles[key].items()}
        meant = _meant(audiences, coming[agency], {None, *keys, *joined})
        groups = {row.group_id for row in meant}
        passed = {row for row in onward if row[0] in groups}
        found = []
        for treaties, incoming in zip(several, coming[agency], strict=True):
            live = [item for row in meant for item in live_of(row, agency, keys, highest, incoming, joined)]
            found.append(Access(None, at, every, tuple(with_onward(live, at, treaties, passed))))
        yield agency, found


def _circles(agencies: Collection[uuid.UUID], at: datetime) -> Mapping[uuid.UUID, dict[uuid.UUID, datetime]]:
    """The circles in which each agency takes part, and since when."""
    parts = Participation.objects.filter(agency__in=agencies, accepted_at__lte=at)
    rows = parts.filter(Q(ended_at=None) | Q(ended_at__gt=at)).values_list("agency", "circle", "accepted_at")
    found: dict[uuid.UUID, dict[uuid.UUID, datetime]] = defaultdict(dict)
    for agency, circle, since in rows:
        if since is not None:
            found[agency][circle] = since
    return found


# By article, and by whom they are meant for: a party, an agency (or somebody of it), a circle; None: whoever receives.
Audiences = Mapping[tuple[uuid.UUID, object], list[Audience]]


def _audiences(clauses: Collection[uuid.UUID], agencies: Collection[uuid.UUID]) -> Audiences:
    of_others = Q(kind=AudienceKind.OFFICER) & ~Q(appointment__in=Appointment.objects.filter(agency__in=agencies))
    rows = Audience.objects.filter(clause__in=clauses).exclude(of_others).select_related("circle")
    found: dict[tuple[uuid.UUID, object], list[Audience]] = defaultdict(list)
    for row in rows.annotate(named_at=F("appointment__agency")):
        assert row.clause_id is not None
        found[row.clause_id, row.country_id or row.circle_id or row.agency_id or row.named_at].append(row)
    return found


def _meant(audiences: Audiences, coming: Sequence[Incoming], places: Collection[object]) -> list[Audience]:
    """Those that are meant for somebody of the agency, under an article with a channel to it."""
    parties = {item.receiver_party for incoming in coming for items in incoming.values() for item in items}
    clauses = {clause for incoming in coming for clause in incoming}
    return [row for clause in clauses for place in (*places, *parties) for row in audiences.get((clause, place), ())]
