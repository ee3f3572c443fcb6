"""The SQL of the feed (see `feed`): the newest keys lane by lane, or record by record, and how many there are."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL

from agreements.sharing.lanes import COLUMNS, LIVE, Door

Place = tuple[datetime, uuid.UUID]
# An article, its agreement, and who gave by it.
Gift = tuple[uuid.UUID, uuid.UUID, uuid.UUID]

# An audience in which so few releases are recent enough to be live is read by their time of release.
THIN = 200
# One audience with as many rows as are asked for says how far to look; it is likely among those whose newest row is newest.
PACE_SETTERS = 8
# The newest rows of an audience come from its index in order. Where audiences are small on the average, a planner
# would rather read the whole of one and sort it, also if it is the one with half a million.
IN_ORDER = "SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off; "
AS_BEFORE = "SET LOCAL enable_sort TO DEFAULT; SET LOCAL enable_bitmapscan TO DEFAULT"
# Of somebody who was given fewer records than so many, those that a filter leaves are compared with these; and of
# one who was given fewer than so many times what is left. It is quicker to ask each than to read more.
MANY, TIMES = 30_000, 8
# With up to so many kinds asked for, each is read from an index of its own.
FEW_KINDS = 3
# Of the records that filters leave, so many are surveyed at first, and each time so many times more.
NEAREST, FURTHER = 1000, 5

Sql = tuple[str, list[Any]]
# Time and key of a release's record, of which the feed's index is in order.
ROW = "(release.occurred_at, release.content_object_id)"


@dataclass
class Question:
    """A queryset taken apart: the door, what the access rows can answer themselves, and the filters left."""

    door: Door
    asked: QuerySet[Any]
    kinds: frozenset[str]
    bounds: list[tuple[str, datetime]] = field(default_factory=list)
    filtered: bool = False
    # Filters that what others gave may fail: not only that the own agency's records are not wanted.
    selective: bool = False
    # Records of these agencies are not wanted: their own lanes, which hold nothing else (R3), need not be read.
    without_owners: frozenset[uuid.UUID] = frozenset()

    @property
    def by_kind(self) -> bool:
        return len(self.kinds) <= FEW_KINDS < len(self.door.access.kinds)


@dataclass(frozen=True)
class Sought:
    """What a survey is to tell of: of `candidates`, audiences that may be live, what is newest, so many rows of each."""

    candidates: QuerySet[Any]
    depth: int
    # How many surveys there were before.
    number: int
    # Left out: gifts that are known, records that are shown, and what is not before a place.
    known: Collection[Gift]
    shown: Collection[uuid.UUID]
    beyond: Place | None

    @property
    def tables(self) -> Sql:
        """The known gifts and the candidates, as tables of these names."""
        audiences, params = self.candidates.values_list("group", "clause", "clause__agreement").query.sql_with_params()
        sql = f"""known(clause, giver) AS MATERIALIZED (SELECT * FROM unnest(%s::uuid[], %s::uuid[])),
candidate(g, clause, agreement) AS MATERIALIZED ({audiences})"""
        return sql, [[clause for clause, _, _ in self.known], [giver for _, _, giver in self.known], *params]


def _within(row: str, *bounds: tuple[str, Place | None]) -> Sql:
    """That time and key lie on these sides of these places, as further conditions."""
    found = [(sign, place) for sign, place in bounds if place]
    return "".join(f" AND {row} {sign} (%s, %s)" for sign, _ in found), [part for _, place in found for part in place]


class Statement:
    """The SQL of one question. `%s` in order of appearance."""

    # Settings of the planner that go before the statement.
    before = ""
    # Whether a page that a survey does not fill may well be filled by what lies behind it.
    goes_on = False

    def __init__(self, question: Question, count: int, *, ascending: bool = False, place: Place | None = None) -> None:
        self.question = question
        self.count = count
        self.order, self.beyond, self.ahead = ("ASC", ">", "<") if ascending else ("DESC", "<", ">")
        self.ending = "infinity" if ascending else "-infinity"
        self.place = place
        # Whose lanes are read: those of the whole access, or of the part that is worked out.
        self.sight = question.door.access

    def _lanes(self) -> Sql:
        """The lanes, once for each kind where these are few; thin ones marked."""
        kinds = sorted(self.question.kinds)
        wanted = " CROSS JOIN unnest(%s::varchar[]) AS wanted(kind)" if self.question.by_kind else ""
        own = "release.group_id = lane.g AND release.revoked_at IS NULL"
        unless = " WHERE NOT (lane.own AND lane.providers <@ %s::uuid[])" if self.question.without_owners else ""
        left_out = [sorted(self.question.without_owners)] if unless else []
        sql = f"""lane AS MATERIALIZED (SELECT lane.*{", wanted.kind" if wanted else ""}, lane.floor IS NOT NULL
 AND EXISTS (SELECT 1 FROM sharing_release release WHERE {own} AND release.released_at < lane.floor)
 AND NOT EXISTS (SELECT 1 FROM sharing_release release WHERE {own} AND release.released_at >= lane.floor
  OFFSET {THIN} LIMIT 1) AS thin
 FROM json_to_recordset(%s) AS lane{COLUMNS}{wanted}{unless})"""
        return sql, [self.sight.lanes, *([kinds] if wanted else []), *left_out]

    def survey(self, sought: Sought) -> Sql:
        """What is newest in audiences that may be live, nearest first: a label of where it was found, article, agreement,
        giver, and the record's time and key. Of each label as many rows at most as the depth. A last row without an
        article is a place up to which all is told.

        Told without any agreement: a row may be one that is not live. No live one that is left comes before them.
        """
        raise NotImplementedError

    def page(self, until: Place | None = None) -> Sql:
        """Time and key of the page's records, none of them behind the place `until`."""
        raise NotImplementedError


class ByLane(Statement):
    """Lane by lane, from an index that holds each in order of time."""

    before = IN_ORDER
    goes_on = True

    def _standing(self, table: str, *, thin: bool = False) -> Sql:
        """The condition that a release stands in an audience of the table, in kind and time; of a thin lane, which is read
        by time of release."""
        question, params = self.question, list[Any]()
        sql = f"release.group_id = {table}.g AND release.revoked_at IS NULL"
        if question.by_kind and not thin:
            sql += f" AND release.kind = {table}.kind"
        elif question.by_kind:
            sql += f" AND CASE WHEN release.kind = {table}.kind THEN 1 ELSE 0 END <> 0"
        else:
            # As a plain condition it would lure the planner to the index by kind, which is in another order.
            sql += " AND CASE WHEN release.kind = ANY(%s) THEN 1 ELSE 0 END <> 0"
            params.append(sorted(question.kinds))
        for sign, instant in question.bounds:
            sql += f" AND release.occurred_at {sign} %s"
            params.append(instant)
        return sql, params

    def _passing(self) -> Sql:
        """The condition that its record passes the filters."""
        asked, params = _matching(self.question.asked, "release.content_object_id")
        return f" AND CASE WHEN ({asked}) THEN 1 ELSE 0 END <> 0", params

    def _live(self, until: Place | None = None, *, thin: bool = False) -> Sql:
        """The condition on a release of a lane."""
        standing, params = self._standing("lane", thin=thin)
        within, places = _within(ROW, (self.beyond, self.place), (f"{self.ahead}=", until))
        passing, filters = self._passing() if self.question.filtered else ("", [])
        return f"{standing}{within} AND {LIVE}{passing}", [*params, *places, *filters]

    def survey(self, sought: Sought) -> Sql:
        """See `Statement.survey`: none either that lies behind as many records of other audiences."""
        tables, params = sought.tables
        kinds, depth = sorted(self.question.kinds), sought.depth
        each = " CROSS JOIN unnest(%s::varchar[]) AS wanted(kind)" if self.question.by_kind else ""
        where, more = self._standing("audience")
        within, places = _within(ROW, (self.beyond, self.place), (self.ahead, sought.beyond))
        where, more = where + within, [*more, *places]
        if sought.shown:
            where += " AND CASE WHEN release.content_object_id = ANY(%s::uuid[]) THEN 0 ELSE 1 END <> 0"
            more.append(list(sought.shown))
        if sought.known:
            where += (
                " AND CASE WHEN (audience.clause, release.provider_id) IN (SELECT * FROM known) THEN 0 ELSE 1 END <> 0"
            )
        if self.question.selective:
            passing, filters = self._passing()
            where, more = where + passing, [*more, *filters]
        order = f"ORDER BY {{0}} {self.order}, {{1}} {self.order}"
        row, nearest = "release.occurred_at, release.content_object_id", "max" if self.order == "DESC" else "min"
        cut = f"coalesce((SELECT head_at FROM cut), (SELECT at FROM reach), '{self.ending}')"
        sql = f"""WITH {tables},
audience AS MATERIALIZED (SELECT candidate.*, {"wanted.kind" if each else "'' AS kind"} FROM candidate{each}),
head AS MATERIALIZED (SELECT audience.*, first.head_at, first.head_id FROM audience CROSS JOIN LATERAL (
 SELECT {row} FROM sharing_release release WHERE {where} {order.format(1, 2)} LIMIT 1) AS first(head_at, head_id)),
cut AS MATERIALIZED (SELECT DISTINCT head_at, head_id FROM head {order.format(1, 2)} OFFSET {depth - 1} LIMIT 1),
reach AS MATERIALIZED (SELECT {nearest}(last.at) AS at FROM (
 SELECT * FROM head WHERE NOT EXISTS (SELECT 1 FROM cut) ORDER BY head_at {self.order}, head_id {self.order} LIMIT {PACE_SETTERS}
) AS audience CROSS JOIN LATERAL (
 SELECT release.occurred_at FROM sharing_release release WHERE {where}
 {order.format("release.occurred_at", "release.content_object_id")} OFFSET {depth - 1} LIMIT 1) AS last(at))
SELECT (audience.g, audience.kind)::text, audience.clause, audience.agreement, page.* FROM head AS audience CROSS JOIN LATERAL (
 SELECT release.provider_id, {row} FROM sharing_release release
 WHERE {where} AND release.occurred_at {self.ahead}= {cut} {order.format(2, 3)} LIMIT {depth}) AS page
WHERE audience.head_at {self.ahead}= {cut} {order.format(5, 6)}"""
        return sql, [*params, *([kinds] if each else []), *more, *more, *more]

    def page(self, until: Place | None = None) -> Sql:
        lanes, lane_params = self._lanes()
        live, params = self._live(until)
        late, _ = self._live(until, thin=True)
        order = f"ORDER BY 1 {self.order}, 2 {self.order}"
        row = "release.occurred_at, release.content_object_id"
        cut = f"coalesce((SELECT head_at FROM cut), '{self.ending}')"
        reached = f"{self.ahead}="
        sql = f"""WITH {lanes},
head AS MATERIALIZED (SELECT lane.*, first.head_at, first.head_id FROM lane CROSS JOIN LATERAL (
 SELECT {row} FROM sharing_release release WHERE {live} {order} LIMIT 1) AS first(head_at, head_id)
 WHERE NOT lane.thin),
cut AS MATERIALIZED (SELECT DISTINCT head_at, head_id FROM head {order} OFFSET {self.count - 1} LIMIT 1)
SELECT DISTINCT found.* FROM (
 SELECT page.* FROM head AS lane CROSS JOIN LATERAL (
  SELECT DISTINCT {row} FROM sharing_release release WHERE {live} AND release.occurred_at {reached} {cut}
  {order} LIMIT {self.count}) AS page WHERE lane.head_at {reached} {cut}
 UNION ALL
 SELECT late.* FROM lane CROSS JOIN LATERAL (
  SELECT {row} FROM sharing_release release WHERE {late} AND release.released_at >= lane.floor OFFSET 0) AS late
 WHERE lane.thin) AS found(at, key) {order} LIMIT {self.count}"""
        return sql, [*lane_params, *params, *params, *params]

    def counted(self, most: int | None) -> Sql:
        """How many rows were read, up to `most`, and how many records they are."""
        lanes, lane_params = self._lanes()
        live, params = self._live()
        late, _ = self._live(thin=True)
        limit = "" if most is None else f"LIMIT {most}"
        sql = f"""WITH {lanes}
SELECT count(*), count(DISTINCT found.key) FROM (
 SELECT part.key FROM lane CROSS JOIN LATERAL (
  SELECT release.content_object_id AS key FROM sharing_release release WHERE {live}
  ORDER BY release.occurred_at DESC, release.content_object_id DESC LIMIT {self.count}) AS part
 WHERE NOT lane.thin
 UNION ALL
 SELECT late.key FROM lane CROSS JOIN LATERAL (
  SELECT release.content_object_id AS key FROM sharing_release release
  WHERE {late} AND release.released_at >= lane.floor OFFSET 0) AS late WHERE lane.thin
 {limit}) AS found"""
        return sql, [*lane_params, *params, *params]


class ByRecord(Statement):
    """Record by record: for filters that leave few."""

    def __init__(self, question: Question, count: int, *, key: str, time: str, **where: Any) -> None:
        super().__init__(question, count, **where)
        self.asked = question.asked.annotate(at_=F(time)).values_list("at_", key).query.sql_with_params()

    def survey(self, sought: Sought) -> Sql:
        """See `Statement.survey`: of the newest records alone, of more each time."""
        tables, params = sought.tables
        sql, more = self.asked
        nearest = NEAREST * FURTHER**sought.number
        within, places = _within("(found.at, found.key)", (self.beyond, self.place), (self.ahead, sought.beyond))
        # Which of a record's releases may be live is asked by a set: joined, all candidates would be read for each record.
        may = "CASE WHEN release.group_id IN (SELECT g FROM candidate) THEN 1 ELSE 0 END <> 0"
        if sought.known:
            may += (
                " AND CASE WHEN (release.group_id, release.provider_id) IN (SELECT * FROM told) THEN 0 ELSE 1 END <> 0"
            )
        order = f"ORDER BY {{0}} {self.order}, {{1}} {self.order}"
        sql = f"""WITH {tables},
told(g, giver) AS MATERIALIZED (SELECT candidate.g, known.giver FROM known JOIN candidate USING (clause)),
asked AS MATERIALIZED (SELECT found.* FROM ({sql}) AS found(at, key)
 WHERE found.key <> ALL(%s::uuid[]){within} {order.format(1, 2)} LIMIT {nearest})
(SELECT '', candidate.clause, candidate.agreement, near.giver, near.at, near.key FROM (
  SELECT asked.at, asked.key, given.g, given.giver FROM asked CROSS JOIN LATERAL (
   SELECT release.group_id, release.provider_id FROM sharing_release release
   WHERE release.content_object_id = asked.key AND release.revoked_at IS NULL AND release.kind = ANY(%s) AND {may} OFFSET 0
  ) AS given(g, giver) {order.format(1, 2)} LIMIT {sought.depth}) AS near
 JOIN candidate ON candidate.g = near.g {order.format(5, 6)})
UNION ALL (SELECT '', NULL, NULL, NULL, at, key FROM asked {order.format(5, 6)} OFFSET {nearest - 1} LIMIT 1)"""
        return sql, [*params, *more, list(sought.shown), *places, sorted(self.question.kinds)]

    def page(self, until: Place | None = None) -> Sql:
        """See `Statement.page`. Of all at first those that were given to the reader at all."""
        question = self.question
        lanes, lane_params = self._lanes()
        sql, params = self.asked
        within, places = _within("(asked.at, asked.key)", (self.beyond, self.place), (f"{self.ahead}=", until))
        where = f"true{within}"
        order = f"ORDER BY 1 {self.order}, 2 {self.order}"
        given = ""
        if until is None:  # Otherwise they are few, and a survey found what was given.
            # Thin lanes with all that makes a release live: of less, the index in order of the record's time holds
            # everything, and the planner would walk through the whole of an audience by it.
            row = "SELECT release.content_object_id AS key FROM sharing_release release WHERE release.group_id = lane.g AND release.revoked_at IS NULL"
            given = f""", most(n) AS MATERIALIZED (SELECT least({MANY}, {TIMES} * count(*)) FROM asked),
given AS MATERIALIZED (SELECT found.key FROM (
 SELECT part.key FROM lane CROSS JOIN LATERAL (
  {row} ORDER BY release.occurred_at DESC, release.content_object_id DESC LIMIT (SELECT n FROM most)) AS part WHERE NOT lane.thin
 UNION ALL SELECT late.key FROM lane CROSS JOIN LATERAL (
  {row} AND release.released_at >= lane.floor AND {LIVE} OFFSET 0) AS late WHERE lane.thin) AS found LIMIT (SELECT n FROM most))"""
            where += (
                " AND ((SELECT count(*) FROM given) = (SELECT n FROM most) OR asked.key IN (SELECT key FROM given))"
            )
        sql = f"""WITH asked(at, key) AS MATERIALIZED ({sql}), {lanes}{given}
SELECT * FROM (SELECT at, key FROM asked WHERE {where} {order} OFFSET 0) AS asked
WHERE CASE WHEN (SELECT true FROM (SELECT * FROM sharing_release release
  WHERE release.content_object_id = asked.key AND release.revoked_at IS NULL AND release.kind = ANY(%s)
  AND CASE WHEN release.group_id IN (SELECT g FROM lane) THEN 1 ELSE 0 END <> 0 OFFSET 0) AS release
 JOIN lane ON lane.g = release.group_id AND {LIVE} LIMIT 1) THEN true ELSE false END LIMIT {self.count}"""
        return sql, [*params, *lane_params, *places, sorted(question.kinds)]


def _matching(asked: QuerySet[Any], key: str) -> tuple[str, list[Any]]:
    """A scalar subquery: true if the record of that key passes the filters. As EXISTS it might be worked out whole."""
    one = asked.filter(pk=RawSQL(key, [])).values_list(RawSQL("true", []))
    sql, params = one.query.sql_with_params()
    return f"{sql} LIMIT 1", list(params)
