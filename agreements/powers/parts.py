"""What a powers card is made of: pairs of states, occasions, lines and articles. How it is worked out stands in `cards`."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from agencies.directory.models import Country
from agreements.powers import words
from agreements.powers.choices import Act, Answer, Border, Occasion
from agreements.powers.sentences import Term
from agreements.powers.words.base import Vocabulary

TONES = {"yes": "success", "only_if": "warning", "authorised": "info", "no": "danger"}
ICONS = {
    "yes": "check-circle-fill",
    "only_if": "exclamation-triangle-fill",
    "authorised": "key-fill",
    "no": "x-octagon-fill",
}


@dataclass(frozen=True)
class Asked:
    """What a card is asked for: border, day (None: now), language, and a named stretch of the border."""

    border: Border = Border.LAND
    day: date | None = None
    language: str = words.FALLBACK
    stretch: str = ""


@dataclass(frozen=True)
class Cited:
    """An article, with its agreement as the reader may name it."""

    clause: uuid.UUID
    agreement: uuid.UUID
    article: str
    short_name: str
    invented: bool = False

    @property
    def named(self) -> str:
        """The agreement, as it is called."""
        return f"{self.short_name}{' (invented)' if self.invented else ''}"

    def __str__(self) -> str:
        return f"{self.article}, {self.named}"


@dataclass(frozen=True)
class Line:
    """One act: a sign, the conditions in words, the articles, and what is said of those that do not count."""

    act: Act
    label: str
    answer: Answer
    word: str
    terms: tuple[Term, ...]
    cited: tuple[Cited, ...]
    notes: tuple[str, ...]
    overlap: bool
    silent: bool
    distance_m: int | None
    depth_m: int | None
    seconds: int | None

    @property
    def tone(self) -> str:
        return TONES[self.answer]

    @property
    def icon(self) -> str:
        return ICONS[self.answer]


@dataclass(frozen=True)
class Section:
    """One occasion: what opens it, what may be done in its course, and what no article speaks of."""

    occasion: Occasion
    label: str
    gates: tuple[Line, ...]
    lines: tuple[Line, ...]
    unruled: tuple[str, ...]

    @property
    def grouped(self) -> tuple[Line, ...]:
        """The acts in its course, those that are ruled alike in one line."""
        alike: dict[object, list[Line]] = {}
        for line in self.lines:
            alike.setdefault((line.answer, line.terms, line.cited, line.notes), []).append(line)
        return tuple(replace(rows[0], label=" · ".join(row.label for row in rows)) for rows in alike.values())

    @property
    def is_open(self) -> bool:
        return any(line.answer != Answer.NO for line in self.gates)


@dataclass(frozen=True)
class Text:
    """An article's words in a language; `fallback` where English stands in for what there is not."""

    cited: Cited
    kind: str
    words: str
    language: str
    origin: str
    fallback: bool
    language_name: str = ""


@dataclass(frozen=True)
class PairCard:
    """What officers of one state may do in one other. `whole` is false where the reader's state is neither: then
    agreements between the two that the reader may not know of are not counted (R23)."""

    actor: Country
    host: Country
    actor_name: str
    host_name: str
    heading: str
    whole: bool
    own: bool
    sections: tuple[Section, ...]
    texts: tuple[Text, ...]
    stretches: tuple[str, ...]

    @property
    def opened(self) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.is_open)

    @property
    def everywhere(self) -> Section | None:
        """What is ruled alike on every occasion that is open: said once, so that the card stays one page."""
        first, *others = self.opened or (None,)
        if first is None or not others:
            return None
        lines = tuple(line for line in first.lines if all(line in other.lines for other in others))
        unruled = tuple(label for label in first.unruled if all(label in other.unruled for other in others))
        return Section(first.occasion, "", (), lines, unruled) if lines or unruled else None

    @property
    def particular(self) -> tuple[Section, ...]:
        """The open occasions without what is ruled alike on all of them."""
        same = self.everywhere
        if same is None:
            return self.opened
        return tuple(
            replace(
                section,
                lines=tuple(line for line in section.lines if line not in same.lines),
                unruled=tuple(label for label in section.unruled if label not in same.unruled),
            )
            for section in self.opened
        )

    @property
    def shut(self) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if not section.is_open)


@dataclass(frozen=True)
class Card:
    asked: Asked
    day: date
    as_of: datetime
    words: Vocabulary
    pairs: tuple[PairCard, ...]
    languages: tuple[str, ...] = field(default=())

    @property
    def border_label(self) -> str:
        return self.words.borders[self.asked.border]

    @property
    def is_translated(self) -> bool:
        """Whether the portal has words of its own in the language that was asked for."""
        return self.asked.language in words.VOCABULARIES

    @property
    def fallback_note(self) -> str:
        return self.words.say("fallback", language=words.name_of(self.asked.language))
