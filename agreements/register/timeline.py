"""The timeline of an agreement as a picture: one lane per party, its states as bars, its actions as marks.

Positions are worked out here in units of the drawing; the template only writes them down. The same facts stand
beside it as a list.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from agreements.register import facts
from agreements.register.choices import BINDING, OF_ALL, ActionKind
from agreements.register.facts import Treaties, Treaty
from agreements.register.models import Agreement, TreatyAction
from agreements.register.presenting import instant_of
from agreements.register.status import ON_PAPER, State, computed, condition_of, last_day, party_state
from agreements.register.status.computing import own_start
from agreements.register.status.terms import stops_after
from portal.ui.states import STATES

# Units of the drawing.
LEFT, WIDTH, LANE, TOP = 120, 860, 30, 26
NAMED = 14  # More parties than this make one lane for all of them.


@dataclass(frozen=True)
class Bar:
    x: float
    width: float
    state: State
    words: str

    @property
    def tone(self) -> str:
        """The colour that the state has everywhere: a word of the page kit."""
        return STATES[self.state][0]


@dataclass(frozen=True)
class Mark:
    x: float
    kind: str
    narrows: bool
    words: str


@dataclass(frozen=True)
class Lane:
    label: str
    y: int
    bars: list[Bar]
    marks: list[Mark]

    @property
    def middle(self) -> int:
        return self.y + LANE // 2


@dataclass(frozen=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True)
class Picture:
    lanes: list[Lane]
    ticks: list[Tick]
    today: float
    height: int
    width: int
    words: str
    states: list[State]


class Scale:
    """Days to units of the drawing."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self.days = max((last - first).days, 1)

    def x(self, day: date) -> float:
        day = min(max(day, self.first), self.last)
        return round(LEFT + WIDTH * (day - self.first).days / self.days, 1)

    def ticks(self) -> list[Tick]:
        years = self.last.year - self.first.year
        step = next((n for n in (1, 2, 5, 10, 20) if years / n <= 9), 50)
        return [Tick(self.x(date(year, 1, 1)), str(year)) for year in range(self.first.year + 1, self.last.year + 1)
                if year % step == 0]  # fmt: skip


def picture(agreement: Agreement, actions: Iterable[TreatyAction], now: datetime) -> Picture | None:
    """The drawing, or None while nothing has happened."""
    rows = list(actions)
    if not rows:
        return None
    treaties = known(agreement, now)
    today = treaties[agreement.pk].day(now)
    scale = Scale(*period(treaties[agreement.pk], rows, now))
    lanes = _lanes(agreement, treaties, rows, scale)
    states = [state for state in State if any(bar.state == state for lane in lanes for bar in lane.bars)]
    height = TOP + LANE * len(lanes) + 24
    words = f"Timeline from {scale.first.year} to {scale.last.year}. The list below says the same."
    return Picture(lanes, scale.ticks(), scale.x(today), height, LEFT + WIDTH + 20, words, states)


@dataclass(frozen=True)
class PartySpan:
    state: State
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class PartyLane:
    country: str
    spans: list[PartySpan]


@dataclass(frozen=True)
class Chronicle:
    """The timeline without a drawing: states of each party by day, and the actions."""

    today: date
    first_day: date
    last_day: date
    parties: list[PartyLane]
    actions: list[TreatyAction]


def chronicle(agreement: Agreement, actions: Iterable[TreatyAction], now: datetime) -> Chronicle:
    rows, treaties = list(actions), known(agreement, now)
    treaty = treaties[agreement.pk]
    first, last = period(treaty, rows, now)
    lanes = []
    for code in sorted(treaty.parties):
        spans = [
            PartySpan(span.state, span.begin, None if span.end >= last else span.end - timedelta(days=1))
            for span in spans_of(agreement, treaties, code, first, last)
        ]
        lanes.append(PartyLane(code, spans))
    return Chronicle(treaty.day(now), first, last, lanes, rows)


def known(agreement: Agreement, now: datetime) -> dict[uuid.UUID, Treaty]:
    """The agreement and those it leans on, by what is known now."""
    return {key: facts.as_known(treaty, now) for key, treaty in facts.load([agreement.pk]).items()}


def period(treaty: Treaty, rows: Iterable[TreatyAction], now: datetime) -> tuple[date, date]:
    """From before the first day on record to after the last that is known or computed."""
    days = [day for row in rows for day in (row.done_on, row.effective_on, row.until) if day]
    today, end = treaty.day(now), last_day(treaty, now, ON_PAPER)
    days += [today, *([end] if end else []), *_computed_days(treaty, now)]
    first, last = min(days), max(days)
    margin = timedelta(days=max((last - first).days // 25, 30))
    return first - margin, last + margin


def _lanes(agreement: Agreement, treaties: Treaties, rows: list[TreatyAction], scale: Scale) -> list[Lane]:
    countries = [party.country for party in agreement.parties.all()]
    many = len(countries) > NAMED
    whole = [row for row in rows if many or row.country_id is None]
    lanes = [Lane("Agreement", TOP, [], [_mark(row, scale) for row in whole])]
    for number, country in enumerate([] if many else countries, start=1):
        mine = [_mark(row, scale) for row in rows if row.country_id == country.pk]
        bars = _bars(agreement, treaties, country.pk, scale)
        lanes.append(Lane(_short(country.name), TOP + LANE * number, bars, mine))
    return lanes


def _short(label: str) -> str:
    return label if len(label) <= 16 else f"{label[:15]}…"


def _mark(row: TreatyAction, scale: Scale) -> Mark:
    day = row.effective_on or row.done_on
    return Mark(scale.x(day), row.kind, row.narrows, f"{row}, {day:%-d %b %Y}")


def _bars(agreement: Agreement, treaties: Treaties, code: str, scale: Scale) -> list[Bar]:
    spans = spans_of(agreement, treaties, code, scale.first, scale.last)
    return [_bar(span, scale) for span in spans if span.state != State.NOT_BOUND]


def turn_days(treaty: Treaty, code: str | None, at: datetime) -> set[date]:
    """The days on which by its facts something may change for a party; for any of them with None."""
    found = set(_computed_days(treaty, at))
    if treaty.expires_on and not treaty.renews_months:
        found.add(treaty.expires_on + timedelta(days=1))
    for fact in treaty.actions:
        if code is None or fact.country in (None, code) or fact.lifts or fact.kind in OF_ALL:
            found |= {fact.done, fact.starts, *([fact.until + timedelta(days=1)] if fact.until else [])}
            if fact.kind == ActionKind.NON_RENEWAL and treaty.renews_months:
                found.add(stops_after(treaty, fact) + timedelta(days=1))
    return found


def _computed_days(treaty: Treaty, at: datetime) -> Iterator[date]:
    """What a condition computes on paper: for all, and for each that consented."""
    condition, found = condition_of(treaty, at, ON_PAPER), computed(treaty, at, ON_PAPER)
    if condition is not None and found is not None:
        yield found.starts
        yield from (own_start(condition, found, fact) for fact in treaty.actions if fact.kind in BINDING)


def change_days(found: Chronicle) -> set[date]:
    """The days on which the state of a party changes."""
    return {span.starts_on for lane in found.parties for span in lane.spans[1:]}


@dataclass(frozen=True)
class Span:
    """A state of a party from a day to a day (excluded)."""

    begin: date
    end: date
    state: State


def spans_of(agreement: Agreement, treaties: Treaties, code: str, first: date, last: date) -> list[Span]:
    """The party's states between the days on which something may have changed, also in what it was made under."""
    turns = {first, last}
    for treaty in treaties.values():
        turns |= turn_days(treaty, code, instant_of(agreement, last, datetime.max))
    spans: list[Span] = []
    for begin, end in pairwise(sorted(day for day in turns if first <= day <= last)):
        state = party_state(treaties, treaties[agreement.pk], code, instant_of(agreement, begin, datetime.max))
        if spans and spans[-1].state == state:
            spans[-1] = replace(spans[-1], end=end)
        else:
            spans.append(Span(begin, end, state))
    return spans


def _bar(span: Span, scale: Scale) -> Bar:
    until = "" if span.end >= scale.last else f" until {span.end - timedelta(days=1):%-d %b %Y}"
    x = scale.x(span.begin)
    words = f"{span.state.label} from {span.begin:%-d %b %Y}{until}"
    return Bar(x, max(round(scale.x(span.end) - x, 1), 1.5), span.state, words)
