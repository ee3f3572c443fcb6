"""Can two agencies talk, by what, in which language, encrypted at both ends, and now? Pure functions of plain values.

Symmetric, and a further channel never takes a link away: both are proved over drawn channels.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from agencies.channels.choices import DIALLED, Means


@dataclass(frozen=True)
class Line:
    """One channel of one agency, as far as talking needs it."""

    key: uuid.UUID
    means: str
    system: str = ""
    band: str = ""
    talk_group: str = ""
    address: str = ""
    encrypted: bool = False
    languages: frozenset[str] = frozenset()
    opens_at: time | None = None
    closes_at: time | None = None
    weekdays: frozenset[int] = frozenset()
    zone: str = "UTC"

    def answers(self, at: datetime) -> bool:
        """Whether somebody is there at `at`, by the clock of its agency. Hours past midnight belong to the day on
        which they began."""
        local = at.astimezone(ZoneInfo(self.zone))
        if self.opens_at is None or self.closes_at is None or self.opens_at == self.closes_at:
            return self._on(local)
        if self.opens_at < self.closes_at:
            return self._on(local) and self.opens_at <= local.time() < self.closes_at
        late = self._on(local) and local.time() >= self.opens_at
        return late or (self._on(local - timedelta(days=1)) and local.time() < self.closes_at)

    def _on(self, local: datetime) -> bool:
        return not self.weekdays or local.isoweekday() in self.weekdays


def _plain(text: str) -> str:
    """Names are typed by people: "I-24/7", "i 24 7" and "I24/7" are one."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def meet(one: Line, other: Line) -> bool:
    """Whether the two channels reach each other: of one means, and where it needs that on the same network."""
    if one.means != other.means:
        return False
    if one.means in DIALLED:
        return bool(one.address and other.address)
    if one.means == Means.RADIO:
        return _same(one.talk_group, other.talk_group) and _same(one.band, other.band)
    return _same(one.system, other.system)


def _same(one: str, other: str) -> bool:
    return bool(_plain(one)) and _plain(one) == _plain(other)


class Verdict(IntEnum):
    """How well two can talk; more is better."""

    NOTHING = 0
    NO_LANGUAGE = 1
    CLOSED = 2
    CLEAR = 3
    SECURE = 4

    @property
    def words(self) -> str:
        return _WORDS[self]

    @property
    def code(self) -> str:
        return self.name.lower()

    @property
    def works(self) -> bool:
        """Somebody could be reached and understood now."""
        return self >= Verdict.CLEAR


_WORDS = {
    Verdict.NOTHING: "no channel in common",
    Verdict.NO_LANGUAGE: "no language in common",
    Verdict.CLOSED: "not at this hour",
    Verdict.CLEAR: "in clear",
    Verdict.SECURE: "encrypted",
}


@dataclass(frozen=True)
class Link:
    """Two channels that reach each other."""

    one: Line
    other: Line
    languages: frozenset[str]
    encrypted: bool
    now: bool

    @property
    def verdict(self) -> Verdict:
        if not self.languages:
            return Verdict.NO_LANGUAGE
        if not self.now:
            return Verdict.CLOSED
        return Verdict.SECURE if self.encrypted else Verdict.CLEAR


@dataclass(frozen=True)
class Talk:
    """What two agencies have to talk by, the best link first; and what is missing where something is."""

    links: tuple[Link, ...]
    gaps: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        return max((link.verdict for link in self.links), default=Verdict.NOTHING)

    @property
    def best(self) -> Link | None:
        return self.links[0] if self.links else None


def talk(ours: Iterable[Line], theirs: Iterable[Line], at: datetime) -> Talk:
    """Between two agencies at an instant."""
    ours, theirs = list(ours), list(theirs)
    links = [_link(one, other, at) for one in ours for other in theirs if meet(one, other)]
    links.sort(key=lambda link: (-link.verdict, sorted((str(link.one.key), str(link.other.key)))))
    return Talk(tuple(links), tuple(_gaps(links, ours, theirs)))


def _link(one: Line, other: Line, at: datetime) -> Link:
    return Link(
        one=one,
        other=other,
        languages=one.languages & other.languages,
        encrypted=one.encrypted and other.encrypted,
        now=one.answers(at) and other.answers(at),
    )


def _gaps(links: list[Link], ours: list[Line], theirs: list[Line]) -> list[str]:
    """What is missing, as a suggestion. Nothing where the two talk encrypted now."""
    best = max((link.verdict for link in links), default=Verdict.NOTHING)
    if best == Verdict.NOTHING:
        return [_no_link(ours, theirs)]
    if best == Verdict.NO_LANGUAGE:
        spoken = [_listed({name for line in side for name in line.languages}) for side in (ours, theirs)]
        return [f"No language in common ({' · '.join(sorted(spoken))}): agree on one, or name an interpreter"]
    if best == Verdict.CLOSED:
        return ["Nobody answers at both ends at this hour: one side needs a channel that is open day and night"]
    if best == Verdict.CLEAR:
        return ["Only in clear: encrypt a channel at both ends before anything classified is said"]
    return []


def _no_link(ours: list[Line], theirs: list[Line]) -> str:
    """The nearest miss."""
    if not ours or not theirs:
        return "One side has no channel on record: its agency admin adds them"
    shared = {line.means for line in ours} & {line.means for line in theirs}
    if not shared:
        return "They use no means in common: a telephone number on both sides would be the least"
    if Means.RADIO in shared:
        bands = [{_plain(line.band) for line in side if line.means == Means.RADIO} for side in (ours, theirs)]
        if bands[0] & bands[1]:
            return "Radios of one band without a talk group in common: agree on one and add it on both sides"
        return "Radios of different bands: lend terminals, or use another means"
    words = ", ".join(sorted(str(Means(name).label).lower() for name in shared))
    return f"Both have {words}, but not on the same system, or without an address"


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none on record"
