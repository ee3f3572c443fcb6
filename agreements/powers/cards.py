"""The powers card: what officers of each state may and may not do in each other one, as people read it.

The answers are `ruling`'s; here they get words, articles and an order. Pages, print and the API show the same card.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from itertools import permutations

from agencies.directory.models import Appointment, Country
from agreements.powers import words
from agreements.powers.choices import GATES, WITHIN, Act, Answer, Border, Occasion
from agreements.powers.facts import Rule, World, world_of
from agreements.powers.models import PowerText
from agreements.powers.ruling import Limit, Ruling, Rulings, powers_on, stretches
from agreements.powers.sentences import Term as Term
from agreements.powers.sentences import terms_of
from agreements.powers.words.base import Vocabulary
from agreements.register.models import Clause

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


def card(
    by: Appointment,
    countries: Iterable[Country],
    asked: Asked,
    now: datetime,
    zone: tzinfo,
    pairs: Sequence[tuple[Country, Country]] | None = None,
    languages: Iterable[str] = (),
) -> Card:
    """The card among these countries, or for some ordered pairs of them, as far as the officer may know (R23).

    The pairs in which officers of the own state act come first.
    """
    states = list(dict.fromkeys(countries))
    own = by.agency.country_id
    world = world_of(by, [state.pk for state in states], now)
    ordered = pairs if pairs is not None else permutations(states, 2)
    wanted = sorted(ordered, key=lambda two: (two[0].pk != own, own not in (two[0].pk, two[1].pk)))
    vocabulary = words.of(asked.language)
    books = _books(world)
    found = tuple(_pair(world, books, two, asked, vocabulary, own) for two in wanted)
    offered = dict.fromkeys([words.FALLBACK, *sorted(languages), asked.language])
    return Card(asked, asked.day or now.astimezone(zone).date(), now, vocabulary, found, tuple(offered))


@dataclass(frozen=True)
class _Books:
    """Articles and texts of the rules of a world, read once."""

    clauses: dict[uuid.UUID, Clause]
    texts: dict[uuid.UUID, list[PowerText]]


def _books(world: World) -> _Books:
    clauses = Clause.objects.in_bulk({rule.clause for rule in world.rules})
    texts: dict[uuid.UUID, list[PowerText]] = {}
    rows = PowerText.objects.filter(power__in=[rule.id for rule in world.rules], recorded_at__lte=world.now)
    for row in rows.order_by("recorded_at", "id"):
        texts.setdefault(row.power_id, []).append(row)
    return _Books(clauses, texts)


def _pair(
    world: World, books: _Books, two: tuple[Country, Country], asked: Asked, vocabulary: Vocabulary, own: str
) -> PairCard:
    actor, host = two
    rulings = powers_on(world, actor=actor.pk, host=host.pk, border=asked.border, stretch=asked.stretch, day=asked.day)
    names = [words.country(state.name, asked.language) for state in two]
    return PairCard(
        actor=actor,
        host=host,
        actor_name=names[0],
        host_name=names[1],
        heading=vocabulary.say("pair", actor=names[0], host=names[1]),
        whole=own in (actor.pk, host.pk),
        own=own == actor.pk,
        sections=tuple(_sections(world, rulings, vocabulary)),
        texts=tuple(_texts(world, books, rulings, asked.language)),
        stretches=tuple(stretches(world, actor.pk, host.pk, asked.border)),
    )


def _sections(world: World, rulings: Rulings, vocabulary: Vocabulary) -> Iterator[Section]:
    for occasion, gates in GATES.items():
        inside = [rulings[occasion, act] for act in WITHIN]
        yield Section(
            occasion=occasion,
            label=vocabulary.occasions[occasion],
            gates=tuple(line_of(world, rulings[occasion, gate], vocabulary) for gate in gates),
            lines=tuple(line_of(world, row, vocabulary) for row in inside if row.rules or row.apart),
            unruled=tuple(vocabulary.acts[row.act] for row in inside if not row.rules and not row.apart),
        )


def line_of(world: World, row: Ruling, vocabulary: Vocabulary) -> Line:
    """One ruling in words."""
    return Line(
        act=row.act,
        label=vocabulary.acts[row.act],
        answer=row.answer,
        word=vocabulary.signs[row.answer],
        terms=tuple(terms_of(row, vocabulary)),
        cited=tuple(dict.fromkeys(cite(world, rule) for rule in row.rules)),
        notes=tuple(_notes(world, row, vocabulary)),
        overlap=row.overlap,
        silent=not row.rules,
        distance_m=_value(row.distance),
        depth_m=_value(row.depth),
        seconds=_value(row.time),
    )


def _value(limit: Limit | None) -> int | None:
    return None if limit is None else limit.value


def cite(world: World, rule: Rule) -> Cited:
    name = world.treaties[rule.agreement].short_name
    return Cited(rule.clause, rule.agreement, rule.article, name, rule.agreement in world.invented)


def _notes(world: World, row: Ruling, vocabulary: Vocabulary) -> Iterator[str]:
    if row.barred:
        yield vocabulary.say("barred")
    elif not row.rules:
        yield vocabulary.say("no_article")
    if row.overlap and row.governing:
        yield vocabulary.say("overlap", article=cite(world, row.governing))
        if row.permits:
            yield vocabulary.say("joined")
    for rule in row.unconfirmed:
        yield vocabulary.say("unconfirmed", article=cite(world, rule))
    for apart in row.apart:
        yield vocabulary.say("apart", article=cite(world, apart.rule), why=apart.sentence.rstrip("."))


def _texts(world: World, books: _Books, rulings: Rulings, language: str) -> Iterator[Text]:
    """The articles that count, each in the language, or in English where there is no text in it."""
    counting = {rule.id: rule for row in rulings.values() if row.permits or row.governing for rule in row.rules}
    by_clause: dict[uuid.UUID, list[Rule]] = {}
    for rule in sorted(counting.values(), key=lambda r: (str(cite(world, r)), str(r.id))):
        by_clause.setdefault(rule.clause, []).append(rule)
    for clause, rules in by_clause.items():
        row, cited = books.clauses[clause], cite(world, rules[0])
        kind = str(row.get_kind_display())
        found = _in_language(books, rules, language) or _in_language(books, rules, words.FALLBACK)
        stands_in = language != words.FALLBACK
        for text in found:
            yield Text(
                cited,
                kind,
                text.words,
                text.language,
                words.of(language).origins[text.origin],
                text.language != language,
                words.name_of(text.language),
            )
        if not found:
            summary = row.summary or kind
            yield Text(cited, kind, summary, words.FALLBACK, "", stands_in, words.name_of(words.FALLBACK))


def _in_language(books: _Books, rules: Iterable[Rule], language: str) -> list[PowerText]:
    """The last text of each origin for each of the rules."""
    found: dict[tuple[uuid.UUID, str], PowerText] = {}
    for rule in rules:
        for text in books.texts.get(rule.id, ()):
            if text.language == language:
                found[rule.id, text.origin] = text
    return list(found.values())
