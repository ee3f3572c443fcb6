"""What a proposed fact would close and open, counted in records (R28): by the door's own condition, with both sets of
facts, for all agencies at once.

A record is lost where it comes by a lane that is another one afterwards, and by none that is left; gained the other
way round. So only what stands in lanes that change is read (`lanes`), however many records there are beside.
"""

import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Succession
from agreements.register import facts
from agreements.register.facts import Treaties
from agreements.register.foresight import Effect
from agreements.register.models import Clause, Designation
from agreements.sharing import kinds
from agreements.sharing.disclosure import disclose
from agreements.sharing.lanes import COLUMNS, LIVE, lanes_of
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Participation, Record, Release
from agreements.sharing.policy import Access, agency_access, agency_accesses, treaties_of
from portal import second_lock
from portal.ui.marking import highest
from portal.undone import undone

Lane = dict[str, Any]
BESIDE_LANES = COLUMNS.replace("(", "(agency int, changes boolean, ", 1)
# Standing releases of what the asker's party owns: the only records of which it is told what others lose and gain (R28).
# Record by record, for a planner that believes there are many would rather read all releases.
OWN = """(SELECT release.* FROM sharing_record record CROSS JOIN LATERAL (SELECT * FROM sharing_release release
 WHERE release.content_object_id = record.id AND release.revoked_at IS NULL OFFSET 0) AS release
 WHERE record.owner_id = ANY(%(owners)s::uuid[]))"""
WAYS = f"SELECT DISTINCT clause_id, provider_id FROM {OWN} AS release WHERE clause_id IS NOT NULL"
# Sets of hundreds of thousands of keys, for a moment.
ROOM, AS_BEFORE = "SET LOCAL work_mem = '128MB'; ", "SET LOCAL work_mem TO DEFAULT"
THROUGH = """SELECT lane.agency, release.content_object_id AS key, release.kind FROM {lanes} lane
 JOIN {rows} release ON release.group_id = lane.g WHERE {which} release.revoked_at IS NULL
 AND release.kind = ANY(%(kinds)s) AND {live}"""


def _statement(given: str, rows: str, owned: str = "") -> str:
    """Lost and gained by agency and kind. A lane has its agency beside it, by number, and whether it is another afterwards."""

    def through(lanes: str, which: str = "") -> str:
        return THROUGH.format(lanes=lanes, rows=rows, which=which, live=LIVE)

    return f"""WITH {given}
was AS MATERIALIZED (SELECT * FROM json_to_recordset(%(was)s) AS lane{BESIDE_LANES}),
will AS MATERIALIZED (SELECT * FROM json_to_recordset(%(will)s) AS lane{BESIDE_LANES}),
closes AS MATERIALIZED ({through("was", "lane.changes AND")}),
opens AS MATERIALIZED ({through("will", "lane.changes AND")}),
kept AS MATERIALIZED (SELECT * FROM opens UNION ALL {through("will", "NOT lane.changes AND EXISTS (SELECT FROM closes) AND")}),
held AS MATERIALIZED (SELECT * FROM closes UNION ALL {through("was", "NOT lane.changes AND EXISTS (SELECT FROM opens) AND")}),
own AS MATERIALIZED (SELECT stands.agency, record.id AS key, record.kind
 FROM unnest(%(agencies)s::int[], %(stood_for)s::uuid[]) AS stands(agency, owner)
 JOIN sharing_record record ON record.owner_id = stands.owner {owned}),
lost AS (SELECT * FROM closes EXCEPT (SELECT * FROM kept UNION ALL SELECT * FROM own)),
gained AS (SELECT * FROM opens EXCEPT (SELECT * FROM held UNION ALL SELECT * FROM own))
SELECT agency, kind, sum(lost)::int, sum(gained)::int FROM (
 SELECT agency, kind, count(*) AS lost, 0 AS gained FROM lost GROUP BY 1, 2
 UNION ALL SELECT agency, kind, 0, count(*) FROM gained GROUP BY 1, 2) AS found GROUP BY 1, 2"""


OF_ALL = _statement("", "sharing_release")
OF_OWN = _statement(
    f"given AS MATERIALIZED (SELECT * FROM {OWN} AS release WHERE group_id = ANY(%(groups)s)),",
    "given",
    "WHERE stands.owner = ANY(%(owners)s::uuid[])",
)


@second_lock.opened("counts of a what-if, for both parties")
def effects(by: Appointment, before: Treaties, after: Treaties, at: datetime) -> list[Effect]:
    """For each agency and kind: how many records it would lose and gain. Only what the asker's party owns, loses or
    gains is counted (R28). Counts alone: nothing is named."""
    own = by.agency.country_id
    keys = {row.agency for treaties in (before, after) for treaty in treaties.values() for row in treaty.designations}
    gone = Succession.objects.heirs(keys, at)
    rows = Agency.objects.filter(pk__in=keys | set(gone.values())).exclude(pk__in=gone).select_related("country")
    agencies = list(rows.order_by("country_id", "name", "pk"))
    ours = [agency for agency in agencies if agency.country_id == own]
    theirs = [agency for agency in agencies if agency.country_id != own]
    counted = _of_ours(ours, before, after, at) | _of_theirs(theirs, own, before, after, at)
    return [
        Effect(agency, kinds.get(name).plural, *counted[agency.pk][name])
        for agency in agencies
        for name in sorted(counted.get(agency.pk, ()))
    ]


Counted = dict[uuid.UUID, dict[str, tuple[int, int]]]


def _of_ours(agencies: Collection[Agency], before: Treaties, after: Treaties, at: datetime) -> Counted:
    """What the asker's own party loses and gains, whoever owns it."""
    known = treaties_of({key for agency in agencies for key in agency.stands_for(at)})
    lanes = _Lanes(at)
    for agency, (was, will) in agency_accesses(agencies, at, [{**known, **treaties} for treaties in (before, after)]):
        lanes.add(agency, was, will)
    return lanes.counted(OF_ALL)


def _of_theirs(agencies: Collection[Agency], own: str, before: Treaties, after: Treaties, at: datetime) -> Counted:
    """What other parties lose and gain of the asker's own: so much of the facts as bears on that."""
    owners = list(Agency.objects.filter(country=own).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(WAYS, {"owners": owners})
        ways = cursor.fetchall()
    givers = {provider for _, provider in ways}
    clauses = Clause.objects.filter(pk__in={clause for clause, _ in ways})
    sides = set(Designation.objects.filter(agency__in=givers).values_list("country", flat=True))
    if any(len(agency.stands_for(at)) > 1 for agency in agencies):
        sides = set()  # A state that followed another counts by what it confirmed itself (R30).
    known = facts.load(clauses.values_list("agreement", flat=True), sides=sides)
    lanes = _Lanes(at)
    several = [{**known, **treaties} for treaties in (before, after)]
    for agency, (was, will) in agency_accesses(agencies, at, several, givers=givers):
        lanes.add(agency, was, will)
    return lanes.counted(OF_OWN, owners=owners)


class _Lanes:
    """The lanes of several agencies, as they are and as they would be; of agencies for which one changes."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        # By number here: half a million rows carry it.
        self.agencies: list[uuid.UUID] = []
        # Each with those that it stands for: what they own it does not lose (R3, R30).
        self.owned: list[tuple[int, uuid.UUID]] = []
        self.was: list[Lane] = []
        self.will: list[Lane] = []

    def add(self, agency: Agency, was: Access, will: Access) -> None:
        groups = was.by_group.keys() | will.by_group.keys()
        changed = {group for group in groups if was.by_group.get(group) != will.by_group.get(group)}
        if not changed:
            return
        number = len(self.agencies)
        self.agencies.append(agency.pk)
        self.owned += [(number, owner) for owner in agency.stands_for(self.at)]
        for rows, access in ((self.was, was), (self.will, will)):
            rows += [
                {**lane, "agency": number, "changes": lane["g"] in changed}
                for lane in lanes_of(access.audiences, self.at)
            ]

    def counted(self, statement: str, owners: Collection[uuid.UUID] = ()) -> Counted:
        found: Counted = defaultdict(dict)
        if not (self.was or self.will):
            return found
        groups = {lane["g"] for lane in (*self.was, *self.will)}
        names = [kind.name for kind in kinds.all_kinds()]
        numbers, stood_for = zip(*self.owned, strict=True)
        sent: dict[str, Any] = {
            "was": json.dumps(self.was),
            "will": json.dumps(self.will),
            "groups": list(groups),
            "kinds": names,
        }
        whose: dict[str, Any] = {"owners": list(owners), "agencies": list(numbers), "stood_for": list(stood_for)}
        with connection.cursor() as cursor:
            cursor.execute(ROOM + statement, sent | whose)
            for number, kind, lost, gained in cursor.fetchall():
                found[self.agencies[number]][kind] = (lost, gained)
            cursor.execute(AS_BEFORE)
        return found


@second_lock.opened("counts of a what-if, for both sides of a participation")
def leaving(*, participation: Participation, by: Appointment, step: Callable[[], Any]) -> list[Effect]:
    """What the agency would lose by the end of its part in a circle, by kind: `step` ends it, and is taken back (R28).

    Only what the asker's party owns or loses is counted. Raises Refused as `step` does.
    """
    circle, agency, at = participation.circle, participation.agency, timezone.now()
    given = Release.objects.standing().filter(Q(audience__circle=circle) | Q(content_object=circle.record_id))
    rows = Record.objects.filter(pk__in=given.values("content_object")).exclude(owner__in=agency.stands_for(at))
    if agency.country_id != by.agency.country_id:
        rows = rows.filter(owner__country=by.agency.country_id)
    rows, treaties = rows.order_by(), treaties_of(agency.stands_for(at))

    def seen() -> dict[uuid.UUID, str]:
        return dict(rows.visible_to(agency_access(agency, timezone.now(), treaties)).values_list("pk", "kind"))

    before = seen()
    with undone():
        step()
        after = seen()
    lost = Counter(kind for key, kind in before.items() if key not in after)
    return [Effect(agency, kinds.get(name).plural, number, 0) for name, number in sorted(lost.items())]


def shown(request: HttpRequest, keys: Iterable[uuid.UUID]) -> Any:
    """A what-if names records that its reader may see: they are disclosed like any other (R29)."""
    records = list(Record.objects.visible_to(access_of(request)).filter(pk__in=list(keys)))
    disclose(request, records)
    return highest(records)
