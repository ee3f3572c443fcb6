"""Items, decisions and action items are written, changed and taken out: the secretary's alone (R21)."""

import uuid
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agreements.register.models import Clause
from agreements.sharing.policy import access
from operations.minutes import alerting, days, lifecycle, reminders, rights, sittings
from operations.minutes.actions.keeping import TEXT_LENGTH, TITLE_LENGTH, changed, note
from operations.minutes.choices import ActionState, Level, State
from operations.minutes.models import ActionItem, Minutes, Point
from portal.keys import sent_before, usable
from portal.ui.errors import Refused

MOST_POINTS, MOST_ACTIONS, OBJECTIVE_LENGTH = 100, 100, 300
UNKNOWN_ARTICLE = "There is no such article that all who attended know."
OF_ACTION = ("text", "agency", "due_on", "zone", "clause", "objective")


@transaction.atomic
def add_point(
    *,
    minutes: Minutes,
    by: Appointment,
    title: str = "",
    text: str = "",
    under: Point | None = None,
    key: uuid.UUID | None = None,
) -> Point:
    """Add an item with its title, or a decision `under` an item. Raises Refused at the field to blame."""
    row = rights.locked(minutes, by)
    lifecycle.require(row.state, "change")
    before = sent_before(Point, key, minutes=row)
    if before is not None:
        return before
    if under is not None and (under.minutes_id != row.pk or under.level != Level.ITEM):
        raise Refused("A decision is taken under an item of these minutes.", field="under")
    if row.points.count() >= MOST_POINTS:
        raise Refused(f"Minutes have {MOST_POINTS} items and decisions at most.", code="state")
    point = Point(
        id=usable(Point, key), minutes=row, level=Level.DECISION if under else Level.ITEM, under=under,
        position=row.points.count(), title="" if under else title.strip(), text=text.strip(),
    )  # fmt: skip
    _check_point(point)
    point.save(force_insert=True)
    changed(row, by)
    note("minutes.add_point", by, row, point=str(point.pk), level=point.level, revision=row.revision)
    return point


def _check_point(point: Point) -> None:
    if point.level == Level.ITEM and not point.title:
        raise Refused("Give the item a title.", field="title")
    if len(point.title) > TITLE_LENGTH:
        raise Refused(f"{TITLE_LENGTH} characters at most.", field="title")
    if point.level == Level.DECISION and not point.text:
        raise Refused("Say what was decided.", field="text")
    if len(point.text) > TEXT_LENGTH:
        raise Refused(f"{TEXT_LENGTH} characters at most.", field="text")


@transaction.atomic
def change_point(*, point: Point, by: Appointment, **values: str) -> Point:
    """Change its `title` or `text`."""
    row = rights.locked(point.minutes, by)
    lifecycle.require(row.state, "change")
    found = row.points.get(pk=point.pk)
    wanted = {name: values[name].strip() for name in ("title", "text") if name in values}
    if found.level == Level.DECISION:
        wanted.pop("title", None)
    if all(getattr(found, name) == value for name, value in wanted.items()):
        return found
    for name, value in wanted.items():
        setattr(found, name, value)
    _check_point(found)
    found.save()
    changed(row, by)
    note("minutes.change_point", by, row, point=str(found.pk), revision=row.revision)
    return found


@transaction.atomic
def remove_point(*, point: Point, by: Appointment) -> None:
    """Take it out, with the decisions and action items under it."""
    row = rights.locked(point.minutes, by)
    lifecycle.require(row.state, "change")
    found = row.points.get(pk=point.pk)
    inside = row.action_items.filter(decision__in=[found.pk, *found.decisions.values_list("pk", flat=True)])
    for item in inside:
        _forget(item)
    found.delete()
    changed(row, by)
    note("minutes.remove_point", by, row, point=str(point.pk), revision=row.revision)


def _forget(item: ActionItem) -> None:
    reminders.disarm(item)
    alerting.settle_action(item)


@transaction.atomic
def add_action(
    *,
    decision: Point,
    by: Appointment,
    text: str,
    agency: Agency,
    due_on: date,
    zone: str = "",
    clause: Clause | None = None,
    objective: str = "",
    key: uuid.UUID | None = None,
) -> ActionItem:
    """Add what an agency that attended undertook, by the end of `due_on` in `zone` (the meeting's, unless given), for
    an article or for the operation's objective. Raises Refused at the field to blame."""
    row = rights.locked(decision.minutes, by)
    lifecycle.require(row.state, "change")
    before = sent_before(ActionItem, key, minutes=row)
    if before is not None:
        return before
    if decision.level != Level.DECISION:
        raise Refused("An action follows from a decision.", field="decision")
    if row.action_items.count() >= MOST_ACTIONS:
        raise Refused(f"Minutes have {MOST_ACTIONS} action items at most.", code="state")
    item = ActionItem(
        id=usable(ActionItem, key), minutes=row, decision=decision, position=row.action_items.count(),
        text=text.strip(), agency=agency, due_on=due_on, zone=zone or row.record.zone, clause=clause,
        objective=objective.strip(),
    )  # fmt: skip
    _check_action(item, row, by)
    item.save(force_insert=True)
    changed(row, by)
    note("minutes.add_action", by, row, action=str(item.pk), agency=str(agency.pk), revision=row.revision)
    if row.state == State.PUT:
        reminders.arm(item)
        alerting.given(item)
    return item


def _check_action(item: ActionItem, row: Minutes, by: Appointment) -> None:
    if not item.text:
        raise Refused("Say what is to be done.", field="text")
    if len(item.text) > TEXT_LENGTH:
        raise Refused(f"{TEXT_LENGTH} characters at most.", field="text")
    if not row.sides.filter(agency=item.agency).exists():
        raise Refused("Only an agency that attended undertakes something.", field="agency")
    if item.due_on < days.day_in(row.starts_at, item.zone):
        raise Refused("The last day is before the meeting.", field="due_on")
    if item.clause is not None and item.clause_id not in {clause.pk for clause in clauses_for(row, by)}:
        raise Refused(UNKNOWN_ARTICLE, field="clause")
    if item.clause is None and not item.objective:
        raise Refused("Say which article or which objective it serves.", field="objective")
    if len(item.objective) > OBJECTIVE_LENGTH:
        raise Refused(f"{OBJECTIVE_LENGTH} characters at most.", field="objective")
    item.due_at = days.end_of(item.due_on, item.zone)


def clauses_for(row: Minutes, by: Appointment) -> list[Clause]:
    """Articles that an action item of these minutes can name."""
    sitting = sittings.seen(access(by, timezone.now()), row.meeting, row.time)
    if sitting is None:
        return []
    return sittings.clauses_for(sitting, [side.agency for side in row.sides.select_related("agency")])


@transaction.atomic
def change_action(*, action: ActionItem, by: Appointment, **values: Any) -> ActionItem:
    """Change what is agreed on of it: any of OF_ACTION. Another agency names its own officer."""
    row = rights.locked(action.minutes, by)
    lifecycle.require(row.state, "change")
    item = row.action_items.select_related("agency__country", "clause__agreement").get(pk=action.pk)
    wanted = {name: values[name] for name in OF_ACTION if name in values and getattr(item, name) != values[name]}
    if not wanted:
        return item
    for name, value in wanted.items():
        setattr(item, name, value.strip() if isinstance(value, str) else value)
    if "agency" in wanted:
        item.officer = None
    item.zone = item.zone or row.record.zone
    _check_action(item, row, by)
    item.save()
    changed(row, by)
    note("minutes.change_action", by, row, action=str(item.pk), changed=sorted(wanted), revision=row.revision)
    if row.state == State.PUT and item.state == ActionState.OPEN:
        _forget(item)
        reminders.arm(item)
        alerting.given(item, str(row.revision))
    return item


@transaction.atomic
def remove_action(*, action: ActionItem, by: Appointment) -> None:
    row = rights.locked(action.minutes, by)
    lifecycle.require(row.state, "change")
    item = row.action_items.get(pk=action.pk)
    _forget(item)
    item.delete()
    changed(row, by)
    note("minutes.remove_action", by, row, action=str(action.pk), revision=row.revision)


def clause_of(key: uuid.UUID) -> Clause:
    """The article of that key. Whether it may be named, and is known at all to who asks, `add_action` says."""
    row = Clause.objects.select_related("agreement").filter(pk=key).first()
    if row is None:
        raise Refused(UNKNOWN_ARTICLE, field="clause")
    return row
