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
# The newest rows of an audience come from its index in order. Where audiences are small on the average, a planner
# would rather read the whole of one and sort it, also if it is the one with half a million.
IN_ORDER = "SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off; "
AS_BEFORE = "SET LOCAL enable_sort TO DEFAULT; SET LOCAL enable_bitmapscan TO DEFAULT"
# Of somebody who was given fewer records than so many, those that a filter leaves are compared with these.
MANY = 30_000
# With up to so many kinds asked for, each is read from an index of its own.
FEW_KINDS = 3


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


class Statement:
    """The SQL of one question. `%s` in order of appearance."""

    def __init__(self, question: Question, count: int, *, ascending: bool = False, place: Place | None = None) -> None:
        self.question = question
        self.count = count
        self.order, self.beyond = ("ASC", ">") if ascending else ("DESC", "<")
        self.ending = "infinity" if ascending else "-infinity"
        self.place = place
        # Whose lanes are read: those of the whole access, or of the part that is worked out.
        self.sight = question.door.access

    def _lanes(self) -> tuple[str, list[Any]]:
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

    def _live(self, *, thin: bool = False) -> tuple[str, list[Any]]:
        """The condition on a release of a lane; of a thin one, which is read by time of release."""
        question, params = self.question, list[Any]()
        sql = "release.group_id = lane.g AND release.revoked_at IS NULL"
        if question.by_kind and not thin:
            sql += " AND release.kind = lane.kind"
        elif question.by_kind:
            sql += " AND CASE WHEN release.kind = lane.kind THEN 1 ELSE 0 END <> 0"
        else:
            # As a plain condition it would lure the planner to the index by kind, which is in another order.
            sql += " AND CASE WHEN release.kind = ANY(%s) THEN 1 ELSE 0 END <> 0"
            params.append(sorted(question.kinds))
        for sign, instant in question.bounds:
            sql += f" AND release.occurred_at {sign} %s"
            params.append(instant)
        if self.place:
            sql += f" AND (release.occurred_at, release.content_object_id) {self.beyond} (%s, %s)"
            params += self.place
        sql += f" AND {LIVE}"
        if question.filtered:
            asked, more = _matching(question.asked, "release.content_object_id")
            sql += f" AND CASE WHEN ({asked}) THEN 1 ELSE 0 END <> 0"
            params += more
        return sql, params

    def survey(
        self,
        candidates: QuerySet[Any],
        depth: int,
        known: Collection[Gift],
        shown: Collection[uuid.UUID],
        beyond: Place | None,
    ) -> tuple[str, list[Any]]:
        """What is newest in audiences that may be live, nearest first: a label of the audience, article, agreement, giver,
        and the record's time and key. Of each audience `depth` rows at most; none that lie behind as many records of
        others. Without gifts that are `known`, records that are `shown`, and those not before the place `beyond`.

        Told without any agreement: a row may be one that is not live. No live one that is left comes before them.
        """
        asked, params = candidates.values_list("group", "clause", "clause__agreement").query.sql_with_params()
        kinds = sorted(self.question.kinds)
        each = " CROSS JOIN unnest(%s::varchar[]) AS wanted(kind)" if self.question.by_kind else ""
        # The planner is kept from the index by kind as in `_live`.
        kind = "release.kind = audience.kind" if each else "CASE WHEN release.kind = ANY(%s) THEN 1 ELSE 0 END <> 0"
        where = f"release.group_id = audience.g AND release.revoked_at IS NULL AND {kind}"
        more: list[Any] = [] if each else [kinds]
        for sign, instant in self.question.bounds:
            where += f" AND release.occurred_at {sign} %s"
            more.append(instant)
        place, ahead = "(release.occurred_at, release.content_object_id)", ">" if self.order == "DESC" else "<"
        if self.place:
            where += f" AND {place} {self.beyond} (%s, %s)"
            more += self.place
        if beyond:
            where += f" AND {place} {ahead} (%s, %s)"
            more += beyond
        if shown:
            where += " AND CASE WHEN release.content_object_id = ANY(%s::uuid[]) THEN 0 ELSE 1 END <> 0"
            more.append(list(shown))
        if known:
            where += (
                " AND CASE WHEN (audience.clause, release.provider_id) IN (SELECT * FROM known) THEN 0 ELSE 1 END <> 0"
            )
        order = f"ORDER BY {{0}} {self.order}, {{1}} {self.order}"
        row, nearest = "release.occurred_at, release.content_object_id", "max" if self.order == "DESC" else "min"
        cut = f"coalesce((SELECT head_at FROM cut), (SELECT at FROM reach), '{self.ending}')"
        sql = f"""WITH known AS MATERIALIZED (SELECT * FROM unnest(%s::uuid[], %s::uuid[])),
audience AS MATERIALIZED (SELECT found.*{", wanted.kind" if each else ", '' AS kind"} FROM ({asked}) AS found(g, clause, agreement){each}),
head AS MATERIALIZED (SELECT audience.*, first.head_at, first.head_id FROM audience CROSS JOIN LATERAL (
 SELECT {row} FROM sharing_release release WHERE {where} {order.format(1, 2)} LIMIT 1) AS first(head_at, head_id)),
cut AS MATERIALIZED (SELECT DISTINCT head_at, head_id FROM head {order.format(1, 2)} OFFSET {depth - 1} LIMIT 1),
reach AS MATERIALIZED (SELECT {nearest}(last.at) AS at FROM head AS audience CROSS JOIN LATERAL (
 SELECT release.occurred_at FROM sharing_release release WHERE {where}
 {order.format("release.occurred_at", "release.content_object_id")} OFFSET {depth - 1} LIMIT 1) AS last(at)
 WHERE NOT EXISTS (SELECT 1 FROM cut))
SELECT (audience.g, audience.kind)::text, audience.clause, audience.agreement, page.* FROM head AS audience CROSS JOIN LATERAL (
 SELECT release.provider_id, {row} FROM sharing_release release
 WHERE {where} AND release.occurred_at {ahead}= {cut} {order.format(2, 3)} LIMIT {depth}) AS page
WHERE audience.head_at {ahead}= {cut} {order.format(5, 6)}"""
        clauses, givers = [clause for clause, _, _ in known], [giver for _, _, giver in known]
        return sql, [clauses, givers, *params, *([kinds] if each else []), *more, *more, *more]

    def by_lane(self) -> tuple[str, list[Any]]:
        """Time and key of the page's records, lane by lane."""
        lanes, lane_params = self._lanes()
        live, params = self._live()
        late, _ = self._live(thin=True)
        order = f"ORDER BY 1 {self.order}, 2 {self.order}"
        row = "release.occurred_at, release.content_object_id"
        cut = f"coalesce((SELECT head_at FROM cut), '{self.ending}')"
        reached = "<=" if self.order == "ASC" else ">="
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

    def by_record(self, key: str, time: str) -> tuple[str, list[Any]]:
        """The same, record by record: for filters that leave few; of those at first that were given to the reader at all."""
        question = self.question
        lanes, lane_params = self._lanes()
        sql, params = question.asked.annotate(at_=F(time)).values_list("at_", key).query.sql_with_params()
        place, where = list(self.place or ()), "true"
        if place:
            where = f"(asked.at, asked.key) {self.beyond} (%s, %s)"
        order = f"ORDER BY 1 {self.order}, 2 {self.order}"
        given = "SELECT release.content_object_id AS key FROM sharing_release release WHERE release.group_id = lane.g AND release.revoked_at IS NULL"
        sql = f"""WITH asked(at, key) AS MATERIALIZED ({sql}), {lanes},
given AS MATERIALIZED (SELECT found.key FROM (
 SELECT part.key FROM lane CROSS JOIN LATERAL (
  {given} ORDER BY release.occurred_at DESC, release.content_object_id DESC LIMIT {MANY}) AS part WHERE NOT lane.thin
 UNION ALL SELECT late.key FROM lane CROSS JOIN LATERAL (
  {given} AND release.released_at >= lane.floor OFFSET 0) AS late WHERE lane.thin) AS found LIMIT {MANY})
SELECT * FROM (SELECT at, key FROM asked WHERE {where}
 AND ((SELECT count(*) FROM given) = {MANY} OR asked.key IN (SELECT key FROM given)) {order} OFFSET 0) AS asked
WHERE CASE WHEN (SELECT true FROM sharing_release release JOIN lane ON lane.g = release.group_id
 WHERE release.content_object_id = asked.key AND release.revoked_at IS NULL AND release.kind = ANY(%s) AND {LIVE}
 LIMIT 1) THEN true ELSE false END LIMIT {self.count}"""
        return sql, [*params, *lane_params, *place, sorted(question.kinds)]

    def counted(self, most: int | None) -> tuple[str, list[Any]]:
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


def _matching(asked: QuerySet[Any], key: str) -> tuple[str, list[Any]]:
    """A scalar subquery: true if the record of that key passes the filters. As EXISTS it might be worked out whole."""
    one = asked.filter(pk=RawSQL(key, [])).values_list(RawSQL("true", []))
    sql, params = one.query.sql_with_params()
    return f"{sql} LIMIT 1", list(params)
