"""The powers card: what officers of each state may and may not do in each other one, as people read it.

The answers are `ruling`'s; here they get words, articles and an order. Pages, print and the API show the same card.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import permutations

from agencies.directory.models import Appointment, Country
from agreements.powers import words
from agreements.powers.choices import GATES, WITHIN
from agreements.powers.facts import Rule, World, world_of
from agreements.powers.models import PowerText
from agreements.powers.parts import Asked, Card, Cited, Line, PairCard, Section, Text
from agreements.powers.ruling import Limit, Ruling, Rulings, powers_on, stretches
from agreements.powers.sentences import Term as Term
from agreements.powers.sentences import terms_of
from agreements.powers.words.base import Vocabulary
from agreements.register.models import Clause


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
