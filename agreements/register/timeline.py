"""The timeline of an agreement as a picture: one lane per party, its states as bars, its actions as marks.

Positions are worked out here in units of the drawing; the template only writes them down. The same facts stand
beside it as a list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from agreements.register import facts
from agreements.register.facts import Treaties, Treaty
from agreements.register.models import Agreement, TreatyAction
from agreements.register.presenting import instant_of
from agreements.register.status import State, last_day, party_state
from agreements.register.status.effects import ON_PAPER

# Units of the drawing.
LEFT, WIDTH, LANE, TOP = 120, 860, 30, 26
NAMED = 14  # More parties than this make one lane for all of them.


@dataclass(frozen=True)
class Bar:
    x: float
    width: float
    state: State
    words: str


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
    treaties = {key: facts.as_known(treaty, now) for key, treaty in facts.load([agreement.pk]).items()}
    treaty, today = treaties[agreement.pk], treaties[agreement.pk].day(now)
    scale = _scale(treaty, rows, today, now)
    lanes = _lanes(agreement, treaties, rows, scale)
    states = [state for state in State if any(bar.state == state for lane in lanes for bar in lane.bars)]
    height = TOP + LANE * len(lanes) + 24
    words = f"Timeline from {scale.first.year} to {scale.last.year}. The list below says the same."
    return Picture(lanes, scale.ticks(), scale.x(today), height, LEFT + WIDTH + 20, words, states)


def _scale(treaty: Treaty, rows: list[TreatyAction], today: date, now: datetime) -> Scale:
    days = [day for row in rows for day in (row.done_on, row.effective_on, row.until) if day]
    end = last_day(treaty, now, ON_PAPER)
    first, last = min([*days, today]), max([*days, today, *([end] if end else [])])
    margin = timedelta(days=max((last - first).days // 25, 30))
    return Scale(first - margin, last + margin)


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
    """The party's states between the days on which something may have changed, also in what it was made under."""
    turns = {scale.first, scale.last}
    for treaty in treaties.values():
        turns |= {treaty.expires_on + timedelta(days=1)} if treaty.expires_on else set()
        for fact in treaty.actions:
            if fact.country in (None, code) or fact.lifts:
                turns |= {fact.starts, *([fact.until + timedelta(days=1)] if fact.until else [])}
    days = sorted(day for day in turns if scale.first <= day <= scale.last)
    spans: list[tuple[date, date, State]] = []
    for begin, end in pairwise(days):
        state = party_state(treaties, treaties[agreement.pk], code, instant_of(agreement, begin, datetime.max))
        if spans and spans[-1][2] == state:
            spans[-1] = (spans[-1][0], end, state)
        else:
            spans.append((begin, end, state))
    return [_bar(begin, end, state, scale) for begin, end, state in spans if state != State.NOT_BOUND]


def _bar(begin: date, end: date, state: State, scale: Scale) -> Bar:
    until = "" if end >= scale.last else f" until {end - timedelta(days=1):%-d %b %Y}"
    x = scale.x(begin)
    return Bar(x, max(round(scale.x(end) - x, 1), 1.5), state, f"{state.label} from {begin:%-d %b %Y}{until}")
