"""What the pages of minutes show one reader: points, how each agency stands, action items, and the reader's steps."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.powers.words import name_of
from agreements.register.models import Agreement
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from operations.minutes import lifecycle, sittings
from operations.minutes.choices import SIDE_STATES, Level
from operations.minutes.content import content_of, parts_of
from operations.minutes.models import ActionItem, Annotation, Assent, Minutes, Point, Report
from operations.minutes.querysets import BINDING
from operations.sealing.canonical import digest_of
from operations.sealing.presenting import standing_of


@dataclass(frozen=True)
class ActionLine:
    """An action item as one reader knows it. `officer`: by name in the own agency, elsewhere by function (R18)."""

    item: ActionItem
    stands: str
    officer: str
    is_own: bool
    about: str
    agreement: uuid.UUID | None


@dataclass(frozen=True)
class Decided:
    point: Point
    actions: list[ActionLine]


@dataclass(frozen=True)
class Item:
    point: Point
    decisions: list[Decided]


@dataclass(frozen=True)
class Stand:
    """How one agency stands: what it said and still counts, or the last that lapsed."""

    agency: Agency
    state: str
    approval: Assent | None
    annotation: Annotation | None
    is_own: bool

    @property
    def words(self) -> str:
        return SIDE_STATES[self.state]


@dataclass
class MinutesView:
    """Everything on the page, and the records that it shows (R29)."""

    items: list[Item]
    stands: list[Stand]
    digest: str
    steps: dict[str, bool]
    lapsed: list[Assent]
    languages: list[tuple[str, str]]
    language: str
    opening: str
    shown: list[Record] = field(default_factory=list)

    @property
    def own(self) -> Stand | None:
        return next((stand for stand in self.stands if stand.is_own), None)


def minutes_view(row: Minutes, access: Access, language: str = "") -> MinutesView:
    """With `language`, in that wording where there is one."""
    by = access.appointment
    assert by is not None
    points, actions = parts_of(row)
    digest = digest_of(content_of(row, (points, actions)))
    wordings = {wording.language: wording for wording in row.wordings.all()}
    texts = wordings[language].texts if language in wordings else {}
    _put(texts, points, actions)
    approvals = list(row.approvals.with_words())
    annotations = annotations_of(approvals, access)
    sides = row.sides.select_related("agency__country")
    stands = [_stand(side.agency, approvals, annotations, access) for side in sides]
    own = next((stand for stand in stands if stand.is_own), None)
    return MinutesView(
        items=_items(points, lines_of(actions, access)),
        stands=stands,
        digest=digest,
        steps=steps_of(row, by, own),
        lapsed=[item for item in approvals if item.lapsed_at is not None],
        languages=[(code, name_of(code)) for code in [row.language, *wordings] if len(wordings)],
        language=language if texts else row.language,
        opening=texts.get("opening", row.opening),
        shown=[item.record for item in annotations.values()],
    )


def _put(texts: dict[str, str], points: list[Point], actions: list[ActionItem]) -> None:
    """Put rows that were loaded for one page into the words of a language."""
    for point in points:
        point.title = texts.get(f"{point.pk}.title", point.title)
        point.text = texts.get(str(point.pk), point.text)
    for item in actions:
        item.text = texts.get(str(item.pk), item.text)


def _items(points: list[Point], lines: list[ActionLine]) -> list[Item]:
    of_decision: dict[uuid.UUID, list[ActionLine]] = defaultdict(list)
    for line in lines:
        of_decision[line.item.decision_id].append(line)
    return [
        Item(item, [Decided(point, of_decision[point.pk]) for point in points if point.under_id == item.pk])
        for item in points
        if item.level == Level.ITEM
    ]


def lines_of(actions: Sequence[ActionItem], access: Access) -> list[ActionLine]:
    """Each with what it serves: an article of an agreement that the reader may know of (R23)."""
    named = {item.clause.agreement_id for item in actions if item.clause}
    rows = Agreement.objects.visible_to(access.appointment).filter(pk__in=named)
    known = set(rows.values_list("pk", flat=True)) if named else set()
    return [_line(item, access, known) for item in actions]


def _line(item: ActionItem, access: Access, known: set[uuid.UUID]) -> ActionLine:
    own = access.owns(item.agency_id)
    officer = "" if item.officer is None else str(item.officer.officer) if own else item.officer.function
    clause = item.clause if item.clause and item.clause.agreement_id in known else None
    return ActionLine(
        item, item.stands(access.at), officer, own, str(clause) if clause else item.objective,
        clause.agreement_id if clause else None,
    )  # fmt: skip


def annotations_of(approvals: Iterable[Assent], access: Access) -> dict[Any, Annotation]:
    """Those that the reader sees, by key."""
    wanted = [item.annotation_id for item in approvals if item.annotation_id]
    return {item.pk: item for item in Annotation.objects.visible_to(access).filter(pk__in=wanted)} if wanted else {}


def _stand(agency: Agency, approvals: list[Assent], annotations: dict[Any, Annotation], access: Access) -> Stand:
    state, standing = standing_of(agency.pk, approvals)
    annotation = annotations.get(standing.annotation_id) if standing else None
    return Stand(agency, state, standing, annotation, access.owns(agency.pk))


def steps_of(row: Minutes, by: Appointment, own: Stand | None) -> dict[str, bool]:
    """Which buttons work for this officer now. The actions ask again."""
    keeps = sittings.chairs(by, row.record.owner_id)
    speaks = own is not None and by.may(Permission.MEETING_CALL)
    said = own is not None and own.approval is not None
    return {
        **{name: keeps and lifecycle.may(row.state, name) for name in ("change", "put", "withdraw")},
        "agree": speaks and not said and lifecycle.may(row.state, "agree"),
        "take_back": speaks and said and lifecycle.may(row.state, "take_back"),
    }


@dataclass
class ActionView:
    """The page of one action item."""

    line: ActionLine
    reports: list[Report]
    steps: dict[str, bool]


def action_view(item: ActionItem, access: Access) -> ActionView:
    [line] = lines_of([item], access)
    return ActionView(line, reports_of(item, access), action_steps(item, access))


def reports_of(item: ActionItem, access: Access) -> list[Report]:
    """What was said of it, as far as the reader is told: an agency's report reaches the keeper of the minutes (R5)."""
    owner = item.minutes.record.owner_id
    rows = item.reports.select_related("agency__country", "by__officer", "by__agency")
    return [row for row in rows if access.owns(owner) or access.owns(row.agency_id) or row.agency_id == owner]


def action_steps(item: ActionItem, access: Access) -> dict[str, bool]:
    by = access.appointment
    assert by is not None
    binds = item.minutes.state in BINDING
    own = binds and access.owns(item.agency_id)
    chairs = binds and sittings.chairs(by, item.minutes.record.owner_id)
    calls = by.may(Permission.MEETING_CALL)
    return {
        "officer": own and calls and lifecycle.action_may(item.state, "report"),
        "report": own and (calls or item.officer_id in by.chain) and lifecycle.action_may(item.state, "report"),
        "close": chairs and lifecycle.action_may(item.state, "close"),
        "reopen": chairs and lifecycle.action_may(item.state, "reopen"),
        "change": sittings.chairs(by, item.minutes.record.owner_id) and lifecycle.may(item.minutes.state, "change"),
    }


def carried_over(access: Access, sitting: sittings.Sitting) -> list[ActionLine]:
    """What is overdue by the time of a meeting from earlier meetings of the same board: first on its agenda."""
    earlier = sittings.earlier_of_board(access, sitting)
    if not earlier:
        return []
    at: datetime = max(access.at, sitting.starts_at) if sitting.ends_at > access.at else sitting.ends_at
    rows = ActionItem.objects.visible_to(access).overdue(at).filter(minutes__time__in=earlier)
    return lines_of(list(rows.with_words().order_by("due_at", "pk")), access)
