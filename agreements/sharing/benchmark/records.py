"""Records and releases, made by the database itself."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from agreements.sharing.benchmark import owner, stock
from agreements.sharing.benchmark.owner import Cursor, bare, copy
from agreements.sharing.benchmark.register import OFFICERS_WITH_GRANTS, Plan, Sizes, first_appointment, make
from agreements.sharing.permission import view_record

TABLES = (
    "guardian_groupobjectpermission", "guardian_userobjectpermission", "directory_officer_groups",
    "sharing_release", "sharing_record", "sharing_audience", "register_confirmation", "register_designation",
    "register_clause", "register_treatyaction", "register_party", "register_agreement", "directory_appointment",
    "directory_officer", "directory_agency", "directory_country", "auth_group",
)  # fmt: skip

# A number that looks random and is the same each time.
HELPERS = """
CREATE SCHEMA IF NOT EXISTS bench;
GRANT USAGE ON SCHEMA bench TO PUBLIC;
CREATE OR REPLACE FUNCTION bench.dice(n int, salt int, sides int) RETURNS int LANGUAGE sql IMMUTABLE AS
 $$ SELECT ((hashint4(n * 31 + salt)::bigint + 2147483648) % sides)::int $$;
CREATE OR REPLACE FUNCTION bench.key(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS
 $$ SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;
DROP TABLE IF EXISTS bench.owner, bench.slot, bench.offer;
CREATE UNLOGGED TABLE bench.owner (no int PRIMARY KEY, agency uuid, author uuid, own_group int, offers int);
CREATE UNLOGGED TABLE bench.slot (slot int PRIMARY KEY, no int);
CREATE UNLOGGED TABLE bench.offer (no int, position int, clause uuid, group_id int, PRIMARY KEY (no, position));
"""

# A record every half minute back from now; one of two hundred is an operation, to which the next ones belong.
RECORDS = """
INSERT INTO sharing_record (id, kind, title, owner_id, author_id, operation_id, categories, classification, tlp,
 display_only, onward, handling_codes, handling_note, occurred_at, recorded_at, zone, latitude, longitude, search_text, version)
SELECT bench.key(n),
 CASE WHEN n %% 200 = 0 THEN 'operation' ELSE (ARRAY['observation','observation','observation','leg','observation',
  'observation','patrol','observation','observation','leg','observation','meeting'])[1 + bench.dice(n, 1, 12)] END,
 'Entry ' || n || CASE WHEN bench.dice(n, 2, 3) = 0 THEN ' night watch' ELSE '' END
  || CASE WHEN bench.dice(n, 3, 200) = 0 THEN ' ferry' ELSE '' END
  || CASE WHEN bench.dice(n, 4, 20000) = 0 THEN ' zeppelin' ELSE '' END,
 o.agency, o.author, CASE WHEN n %% 200 > 0 THEN bench.key(n - n %% 200) END,
 CASE WHEN bench.dice(n, 5, 10) = 0 THEN '{{operational,personal_data}}' ELSE '{{operational}}' END::varchar[],
 (ARRAY[0,0,0,0,0,0,1,1,1,2])[1 + bench.dice(n, 6, 10)], (ARRAY[0,1,1,1,1,1,1,1,1,2])[1 + bench.dice(n, 7, 10)],
 false, 'free', '{{}}', '', at, at, 'UTC', 36 + bench.dice(n, 8, 24000) / 1000.0, -8 + bench.dice(n, 9, 40000) / 1000.0, '', 1
FROM (SELECT n, %s::timestamptz - (%s - n) * interval '30 seconds' AS at, CASE
  WHEN n %% 25000 = 17 THEN {sparse}
  WHEN n < %s / 10 AND n %% 200 = 19 THEN {stale}
  WHEN n < %s / 10 AND bench.dice(n, 10, 100) < 28 THEN {giver_to_stale}
  ELSE (SELECT no FROM bench.slot WHERE slot = bench.dice(n, 11, 1000)) END AS no
 FROM generate_series(%s, %s) AS n) AS made JOIN bench.owner o USING (no)
"""
RELEASE = """
INSERT INTO sharing_release (id, content_object_id, group_id, audience_id, clause_id, purpose, permission_id, provider_id,
 released_by_id, released_at, classification, categories, tlp, rel_to, kind, occurred_at)
SELECT gen_random_uuid(), r.id, a.group_id, a.id, a.clause_id, CASE WHEN a.clause_id IS NULL THEN '' ELSE 'border_operation' END, {permission},
 r.owner_id, r.author_id, r.occurred_at + interval '1 minute', r.classification, r.categories, r.tlp, r.rel_to, r.kind,
 r.occurred_at
FROM (SELECT r.*, right(r.id::text, 12) AS tail, ('x' || right(r.id::text, 8))::bit(32)::int AS n FROM sharing_record r) r
JOIN bench.owner o ON o.agency = r.owner_id {joined}
"""
# Own officers; the convention; up to two agreements of the owner's; and the two special agencies.
RELEASES = {
    "own": "JOIN sharing_audience a ON a.group_id = o.own_group",
    "convention": "JOIN sharing_audience a ON a.group_id = {convention} WHERE o.no < {umbrella}"
    " AND bench.dice(r.n, 20, 100) < 92",
    "agreements": "CROSS JOIN generate_series(0, 1) AS j"
    " JOIN bench.offer f ON f.no = o.no AND f.position = (bench.dice(r.n, 21, o.offers) + j * (o.offers / 2)) % o.offers"
    " JOIN sharing_audience a ON a.group_id = f.group_id"
    " WHERE bench.dice(r.n, 22 + j, 100) < 55 AND (j = 0 OR o.offers > 1)",
    "to sparse": "JOIN sharing_audience a ON a.group_id = {group_sparse} WHERE o.no = {giver_to_sparse}"
    " AND bench.dice(r.n, 24, 1000) < {few}",
    "to stale": "JOIN sharing_audience a ON a.group_id = {group_stale} WHERE o.no = {giver_to_stale} AND r.n < {tenth}",
    "grants": "JOIN bench.granted g ON g.key = r.id JOIN sharing_audience a ON a.group_id = g.group_id",
}


def seed(sizes: Sizes) -> Iterator[tuple[str, Plan | None]]:
    """Empties the tables and fills them; says what it is at, and in the end gives the plan."""
    connection, now = owner.connect(), timezone.now()
    # Asked before the tables are locked.
    permission, stocks = view_record().pk, stock.permissions()
    connection.set_autocommit(False)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        yield "agencies, officers, agreements", None
        plan = make(sizes, now)
        _grant_audiences(plan)
        with bare(cursor, "register_confirmation", "directory_appointment"):
            plan.load(cursor)
        cursor.execute(HELPERS)
        _owners(cursor, plan)
        with bare(cursor, "sharing_release", "sharing_record"):
            yield f"{sizes.records:,} records", None
            _records(cursor, plan, now)
            for name, joined in RELEASES.items():
                yield f"releases: {name}", None
                cursor.execute(RELEASE.format(permission=permission, joined=joined.format(**_words(plan))))
            yield "indexes", None
        yield "the same for guardian", None
        stock.seed(cursor, *stocks)
    connection.commit()
    connection.set_autocommit(True)
    yield "statistics", None
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()
    yield "done", plan


def _words(plan: Plan) -> dict[str, Any]:
    names = ("sparse", "stale", "giver_to_sparse", "giver_to_stale")
    return {
        **{name: getattr(plan, name) for name in names},
        "umbrella": plan.sizes.umbrella,
        "convention": plan.clauses[0][2],
        "group_sparse": plan.clauses[-2][2],
        "group_stale": plan.clauses[-1][2],
        "tenth": plan.sizes.records // 10,
        "few": 20,
    }


def _grant_audiences(plan: Plan) -> None:
    """For each officer an audience of one, under the first article by which the agency receives."""
    first: dict[int, Any] = {}
    for clause, parties, _ in plan.clauses:
        for party in parties:
            first.setdefault(party, (clause, next(other for other in parties if other != party)))
    step = plan.sizes.officers // plan.sizes.agencies
    for number, row in enumerate(plan.rows["directory_appointment"]):
        agency, officer = divmod(number, step)
        if agency in first and agency != plan.stale:
            clause, giver = first[agency]
            group = plan.audience("officer", clause_id=clause, appointment_id=row["id"])
            plan.grants.append({"group_id": group, "giver": giver, "salt": agency * step + officer})


def _owners(cursor: Cursor, plan: Plan) -> None:
    offers: list[list[tuple[Any, int]]] = [[] for _ in plan.agencies]
    for clause, parties, group in plan.clauses[1:-2]:
        for party in parties:
            offers[party].append((clause, group))
    groups = {row["agency_id"]: row["group_id"] for row in plan.rows["sharing_audience"] if row["kind"] == "own_agency"}
    rows = [
        {"no": no, "agency": key, "author": first_appointment(plan, no), "own_group": groups[key], "offers": max(1, len(offers[no]))}
        for no, key in enumerate(plan.agencies)
    ]  # fmt: skip
    copy(cursor, "bench.owner", rows)
    copy(cursor, "bench.offer", [
        {"no": no, "position": position, "clause": clause, "group_id": group}
        for no, found in enumerate(offers) for position, (clause, group) in enumerate(found)
    ])  # fmt: skip
    under, special = plan.sizes.umbrella, {plan.sparse, plan.stale}
    others = [n for n in range(under, plan.sizes.agencies) if n not in special]
    slots = [plan.dice.randrange(under) if plan.dice.random() < 0.55 else plan.dice.choice(others) for _ in range(1000)]
    slots[-1] = plan.giver_to_sparse
    copy(cursor, "bench.slot", [{"slot": slot, "no": no} for slot, no in enumerate(slots)])
    cursor.execute("DROP TABLE IF EXISTS bench.grant_to, bench.granted")
    cursor.execute("CREATE UNLOGGED TABLE bench.grant_to (group_id int, giver int, salt int)")
    cursor.execute("CREATE UNLOGGED TABLE bench.granted (group_id int, key uuid)")
    copy(cursor, "bench.grant_to", plan.grants)


def _records(cursor: Cursor, plan: Plan, now: datetime) -> None:
    count = plan.sizes.records
    sql = RECORDS.format(**_words(plan))
    cursor.execute(sql, [now, count, count, count, 0, count - 1])
    cursor.execute(
        """WITH kept AS MATERIALIZED (SELECT o.no, r.id, row_number() OVER (PARTITION BY o.no ORDER BY r.id) - 1 AS place,
         count(*) OVER (PARTITION BY o.no) AS size FROM sharing_record r JOIN bench.owner o ON o.agency = r.owner_id)
        INSERT INTO bench.granted SELECT DISTINCT g.group_id, k.id
        FROM bench.grant_to g CROSS JOIN generate_series(1, %s) AS j
        JOIN (SELECT DISTINCT no, size FROM kept) s ON s.no = g.giver
        JOIN kept k ON k.no = g.giver AND k.place = bench.dice(g.salt, 30 + j, s.size::int)""",
        [OFFICERS_WITH_GRANTS],
    )
