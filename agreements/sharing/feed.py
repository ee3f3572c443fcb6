"""Newest first, through the door, at a million records: what `newest` and `capped_count` of querysets do.

Asked as one condition on each record, the door has the database walk through all records in order of time until
enough are visible: seconds, for somebody who sees few. So the question is turned round: the newest rows of each
lane (one live audience), from an index that holds them in that order. First only the very newest of each lane;
then the page from those lanes that can still reach it. Filters that leave few records are asked first instead.
"""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import Col
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, In, LessThan, LessThanOrEqual

from agreements.sharing.lanes import Door
from agreements.sharing.statements import AS_BEFORE, IN_ORDER, Place, Question, Statement
from portal import second_lock

# These statements carry what is live in their lanes and bring back keys, times and numbers only. The rows themselves
# are then read behind the lock, under which the planner could use neither the text index nor these statements' order.
LANES = "the feed reads by lane"
# With up to so many records left by the filters, it is quicker to ask each whether it is visible.
FEW = 5000
BOUNDS = {GreaterThan: ">", GreaterThanOrEqual: ">=", LessThan: "<", LessThanOrEqual: "<="}


def _taken_apart(rows: QuerySet[Any]) -> Question | None:
    """None where the query does more than narrow what came through the door."""
    query = rows.query
    doors = [door for child in query.where.children if (door := _door(child))]
    plain = query.where.connector == "AND" and not query.where.negated
    if len(doors) != 1 or not plain or query.combinator or query.is_sliced or query.distinct or query.group_by:
        return None
    asked = rows.order_by()
    asked.query.where.children = [child for child in asked.query.where.children if not _door(child)]
    found = Question(doors[0], asked, frozenset(doors[0].kinds))
    for child in asked.query.where.children:
        found.filtered |= not _lifted(found, child)
        found.without_owners |= _unwanted_owners(child)
    return found


def _door(child: Any) -> Door | None:
    """The door, in the form that `filter` gives to a condition: "door = true"."""
    return child.lhs if type(child) is Exact and isinstance(child.lhs, Door) and child.rhs is True else None


def _lifted(found: Question, child: Any) -> bool:
    """Whether the access rows can answer this filter themselves: they carry kind and time of their record."""
    if not isinstance(getattr(child, "lhs", None), Col) or child.lhs.target.model._meta.label != "sharing.Record":
        return False
    name = child.lhs.target.name
    if name == "kind" and type(child) in (Exact, In) and isinstance(child.rhs, str | list | tuple | set | frozenset):
        found.kinds &= {child.rhs} if isinstance(child.rhs, str) else set(child.rhs)
        return True
    if name == "occurred_at" and type(child) in BOUNDS and isinstance(child.rhs, datetime):
        found.bounds.append((BOUNDS[type(child)], child.rhs))
        return True
    return False


def _unwanted_owners(child: Any) -> frozenset[uuid.UUID]:
    """The agencies whose records are excluded: `exclude(owner__in=…)`."""
    if not getattr(child, "negated", False) or len(child.children) != 1 or type(child.children[0]) is not RelatedIn:
        return frozenset()
    lookup = child.children[0]
    is_owner = isinstance(lookup.lhs, Col) and lookup.lhs.target.model._meta.label == "sharing.Record"
    named = is_owner and lookup.lhs.target.name == "owner" and isinstance(lookup.rhs, list | set | tuple | frozenset)
    return frozenset(lookup.rhs) if named else frozenset()


def newest(
    rows: QuerySet[Any], count: int, *, before: Place | None = None, after: Place | None = None
) -> Sequence[Any]:
    """See `ThroughTheDoor.newest`."""
    key, time = _columns(rows)
    question = _taken_apart(rows)
    if question is None:
        return _plainly(rows, key, time, count, before, after)
    try:
        found = _keys(question, key, time, count, before, after)
    except EmptyResultSet:
        return []
    by_key = question.asked.in_bulk(found)
    return [by_key[key] for key in found if key in by_key]


def _columns(rows: QuerySet[Any]) -> tuple[str, str]:
    """The names of key and time, of a record or of a detail of one."""
    return ("pk", "occurred_at") if rows.model._meta.label == "sharing.Record" else ("pk", "record__occurred_at")


def _plainly(
    rows: QuerySet[Any], key: str, time: str, count: int, before: Place | None, after: Place | None
) -> Sequence[Any]:
    if place := before or after:
        word = "lt" if before else "gt"
        rows = rows.filter(**{f"{time}__{word}e": place[0]}).exclude(
            **{time: place[0], f"{key}__{'gte' if before else 'lte'}": place[1]}
        )
    sign = "" if after and not before else "-"
    return list(rows.order_by(f"{sign}{time}", f"{sign}{key}")[:count])


def _keys(
    question: Question, key: str, time: str, count: int, before: Place | None, after: Place | None
) -> list[uuid.UUID]:
    if not question.kinds or question.door.access.lanes == "[]":
        return []
    statement = Statement(question, count, ascending=bool(after and not before), place=before or after)
    with second_lock.opened(LANES), connections[question.asked.db].cursor() as cursor:
        if question.filtered and _few(cursor, question):
            cursor.execute(*statement.by_record(key, time))
            return [row[1] for row in cursor.fetchall()]
        return [row[1] for row in _in_order(cursor, *statement.by_lane())]


def _in_order(cursor: Any, sql: str, params: list[Any]) -> list[Any]:
    """The rows of a statement that reads lanes."""
    cursor.execute(IN_ORDER + sql, params)
    rows = cursor.fetchall()
    cursor.execute(AS_BEFORE)
    return rows  # type: ignore[no-any-return]


def capped_count(rows: QuerySet[Any], cap: int) -> int:
    """See `ThroughTheDoor.capped_count`."""
    key, time = _columns(rows)
    question = _taken_apart(rows)
    if question is None:
        return rows.order_by()[:cap].count()
    if not question.kinds or question.door.access.lanes == "[]":
        return 0
    statement = Statement(question, cap)
    try:
        with second_lock.opened(LANES), connections[question.asked.db].cursor() as cursor:
            if question.filtered and _few(cursor, question):
                cursor.execute(*statement.by_record(key, time))
                return len(cursor.fetchall())
            # Own lanes come first, and most records stand in few: seldom is more than a little beyond the cap read.
            for most in (cap, 4 * cap, None):
                ((read, found),) = _in_order(cursor, *statement.counted(most))
                if found >= cap or read != most:
                    break
            return min(int(found), cap)
    except EmptyResultSet:
        return 0


def _few(cursor: Any, question: Question) -> bool:
    """Whether the filters alone leave few records, as far as the database's statistics tell."""
    sql, params = question.asked.order_by().values("pk").query.sql_with_params()
    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
    plan = cursor.fetchone()[0]
    return bool((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"] <= FEW)
