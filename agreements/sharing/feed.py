"""Newest first, through the door, at a million records: what `newest` and `capped_count` of querysets do.

Asked as one condition on each record, the door has the database walk through all records in order of time until
enough are visible: seconds, for somebody who sees few. So the question is turned round: the newest rows of each
lane (one live audience), from an index that holds them in that order. First only the very newest of each lane;
then the page from those lanes that can still reach it. Filters that leave few records are asked first instead.
"""

import json
import operator
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import Col
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, In, LessThan, LessThanOrEqual

from agreements.sharing import locking
from agreements.sharing.lanes import Door
from agreements.sharing.statements import AS_BEFORE, ByLane, ByRecord, Gift, Place, Question, Sought, Sql, Statement
from portal import second_lock

# These statements carry what is live in their lanes and bring back keys, times and numbers only. The rows themselves
# are then read behind the lock, under which the planner could use neither the text index nor these statements' order.
LANES = "the feed reads by lane"
# What a record points to, from itself and from its details.
POINTERS = {(*path, name) for path in ((), ("record",)) for name in ("operation", "host")} | {("record",)}
POINTED_TO = """SELECT operation_id FROM sharing_record WHERE id = ANY(%(keys)s::uuid[]) AND operation_id IS NOT NULL
 UNION SELECT host_id FROM sharing_record WHERE id = ANY(%(keys)s::uuid[]) AND host_id IS NOT NULL"""
# What may be live is surveyed so many pages deep, and so often: then there is much that is not, and all is worked out.
SURVEYED, SURVEYS = 2, 4
# The gifts of so many pages are worked out first: some are not live.
LIVELY = 1.4
# With up to so many records left by the filters, it is quicker to ask each whether it is visible; or, where an access
# need not be worked out as a whole, by whom it was given, the newest first.
FEW, FEW_TO_SURVEY = 5000, 30_000
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
        unwanted = _unwanted_owners(child)
        found.without_owners |= unwanted
        if not _lifted(found, child):
            found.filtered = True
            found.selective |= not unwanted
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
    by_key = _read(question, found)
    return [by_key[key] for key in found if key in by_key]


def _read(question: Question, found: list[uuid.UUID]) -> dict[uuid.UUID, Any]:
    """The rows of these keys, behind the lock: fed with no more than they and what stands beside them need."""
    access, asked = question.door.access, question.asked
    if access.unfolding is None or not found or not _beside_records(asked):
        return asked.in_bulk(found)
    with second_lock.opened(LANES), connections[asked.db].cursor() as cursor:
        cursor.execute(POINTED_TO, {"keys": found})
        pointed_to = [key for (key,) in cursor.fetchall()]
    with locking.showing(access, pointed_to):  # type: ignore[arg-type]
        return asked.in_bulk(found)


def _beside_records(asked: QuerySet[Any]) -> bool:
    """Whether nothing locked is read with the rows but the records that these point to."""
    query = asked.query
    if query.annotations or asked._prefetch_related_lookups or query.select_related is True:  # type: ignore[attr-defined]
        return False
    return _reads_no_other(asked.model, query.select_related or {}, ())


def _reads_no_other(model: Any, beside: Any, path: tuple[str, ...]) -> bool:
    for name, further in beside.items():
        other = model._meta.get_field(name).related_model
        locked = other._meta.db_table in second_lock.guarded()
        if locked and (*path, name) not in POINTERS:
            return False
        if not _reads_no_other(other, further, (*path, name)):
            return False
    return True


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
    unfolding = question.door.access.unfolding
    if not question.kinds or (unfolding is None and question.door.access.lanes == "[]"):
        return []
    ascending, place = bool(after and not before), before or after
    statement: Statement = ByLane(question, count, ascending=ascending, place=place)
    if question.filtered and _few(question, FEW if unfolding is None else FEW_TO_SURVEY):
        statement = ByRecord(question, count, key=key, time=time, ascending=ascending, place=place)
    rows = None if unfolding is None else _unfolded(unfolding, question, statement)
    return [key for _, key in (_page(question, statement) if rows is None else rows)]


def _page(question: Question, statement: Statement, until: Place | None = None) -> list[Place]:
    return [(at, key) for at, key in _rows(question, statement, statement.page(until))]


def _unfolded(access: Any, question: Question, statement: Statement) -> list[Place] | None:
    """The page, with no more agreements worked out than can reach it, and of these no more givers. None, if it takes all.

    The database surveys what is newest of all that may be live. The gifts by which a page's worth of it may reach the
    officer are worked out, and those of records ahead of the page's end, until nothing is left that could be on it.
    """
    ahead = operator.gt if statement.order == "DESC" else operator.lt
    depth, wanted = SURVEYED * statement.count, int(LIVELY * statement.count)
    known = set[Gift]()
    rows: list[Place] | None = None
    last: Place | None = None
    for number in range(SURVEYS):
        sought = Sought(access.candidates, depth, number, known, [key for _, key in rows or ()], last)
        ways, end = _window(_rows(question, statement, statement.survey(sought)), depth)
        waiting = list(ways)[:wanted]
        while waiting or rows is None:
            new = set[Gift]().union(*(ways[place] for place in waiting)) - known
            known |= new
            statement.sight = access.part(new)
            # No further than is told: there may be few of these gifts among many of others.
            rows = _page(question, statement, last or end)
            last, found = _end(rows, statement), set(rows)
            waiting = [
                place
                for place, gifts in ways.items()
                if place not in found and (last is None or ahead(place, last)) and gifts - known
            ]
        if end is None or (last is not None and not ahead(end, last)):
            return rows
        if last is None:
            # Otherwise it is the next survey, which goes deeper, that tells.
            rows = _page(question, statement) if statement.goes_on else None
            last = _end(rows or [], statement)
    statement.sight = question.door.access
    return None


def _end(rows: list[Place], statement: Statement) -> Place | None:
    """Of a full page."""
    return rows[-1] if len(rows) == statement.count else None


# By which gifts records were given.
Ways = dict[Place, set[Gift]]


def _window(found: list[Any], depth: int) -> tuple[Ways, Place | None]:
    """What a survey tells whole: up to its end, where an audience has more rows or all have more records; None, if there
    is no more."""
    ways: Ways = {}
    told = Counter[str]()
    for label, clause, agreement, giver, at, key in found:
        if clause is None:
            return ways, (at, key)
        ways.setdefault((at, key), set()).add((clause, agreement, giver))
        told[label] += 1
        if told[label] == depth or len(ways) == depth:
            # What stands beside this one, given by others too, may be left out: it is looked for anew if it is missed.
            return ways, (at, key)
    return ways, None


def _rows(question: Question, statement: Statement, asked: Sql) -> list[Any]:
    with second_lock.opened(LANES), connections[question.asked.db].cursor() as cursor:
        sql, params = asked
        cursor.execute(statement.before + sql, params)
        rows: list[Any] = cursor.fetchall()
        if statement.before:
            cursor.execute(AS_BEFORE)
    return rows


def capped_count(rows: QuerySet[Any], cap: int) -> int:
    """See `ThroughTheDoor.capped_count`."""
    key, time = _columns(rows)
    question = _taken_apart(rows)
    if question is None:
        return rows.order_by()[:cap].count()
    if not question.kinds:
        return 0
    access, statement = question.door.access, ByLane(question, cap)
    try:
        if question.filtered and _few(question, FEW):
            return len(_page(question, ByRecord(question, cap, key=key, time=time)))
        if (own := access.own_part) is not None:
            # Most agencies have records enough of their own.
            statement.sight = own
            if _counted(question, statement, cap) >= cap:
                return cap
            statement.sight = access
        return 0 if access.lanes == "[]" else _counted(question, statement, cap)
    except EmptyResultSet:
        return 0


def _counted(question: Question, statement: ByLane, cap: int) -> int:
    """Own lanes come first, and most records stand in few: seldom is more than a little beyond the cap read."""
    found = 0
    for most in (cap, 4 * cap, None):
        ((read, found),) = _rows(question, statement, statement.counted(most))
        if found >= cap or read != most:
            break
    return min(int(found), cap)


def _few(question: Question, most: int) -> bool:
    """Whether the filters alone leave few records, as far as the database's statistics tell."""
    sql, params = question.asked.order_by().values("pk").query.sql_with_params()
    with second_lock.opened(LANES), connections[question.asked.db].cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    return bool((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"] <= most)
