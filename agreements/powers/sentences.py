"""A ruling in words: its conditions, limits and duties, one term each."""

from collections.abc import Iterator
from dataclasses import dataclass

from agreements.powers.choices import OPENING, Act, Answer
from agreements.powers.ruling import Ruling
from agreements.powers.words.base import Vocabulary


@dataclass(frozen=True)
class Term:
    """One condition, limit or duty. `free`: in the words in which it was recorded, whatever the card's language."""

    text: str
    free: bool = False
    is_limit: bool = False


def metres(value: int) -> str:
    """A distance as people say it: 10 km, 1.5 km, 300 m."""
    return f"{value / 1000:g} km" if value >= 1000 else f"{value} m"


def duration(seconds: int, vocabulary: Vocabulary) -> str:
    minutes = seconds // 60
    whole, rest = divmod(minutes, 60)
    parts = [vocabulary.say("hours", n=whole)] if whole else []
    parts += [vocabulary.say("minutes", n=rest)] if rest or not whole else []
    return " ".join(parts)


def terms_of(row: Ruling, vocabulary: Vocabulary) -> Iterator[Term]:
    """Limits first: they are what an officer must know by heart."""
    if row.answer == Answer.NO:
        return
    yield from _limits(row, vocabulary)
    for any_of in sorted(row.requirements, key=lambda one: (len(one) == 1, sorted(one))):
        said = [vocabulary.requirements[name] for name in sorted(any_of)]
        yield Term(vocabulary.say("one_of", list="; ".join(said)) if len(said) > 1 else said[0])
    yield from (Term(text.rstrip("."), free=True) for text in row.words)
    if row.lead:
        yield Term(vocabulary.leads[row.lead])
    for when, whom in row.notices:
        told = whom or vocabulary.say("host")
        yield Term(
            vocabulary.say("notify", whom=told, when=vocabulary.notices[when])
            if when
            else vocabulary.say("tell", whom=told)
        )
    if row.report:
        yield Term(vocabulary.reports[row.report])


def _limits(row: Ruling, vocabulary: Vocabulary) -> Iterator[Term]:
    if row.distance:
        yield Term(vocabulary.say("distance", value=metres(row.distance.value)), is_limit=True)
    if row.depth:
        yield Term(vocabulary.say("depth", value=metres(row.depth.value)), is_limit=True)
    if row.time:
        yield Term(vocabulary.say("time", value=duration(row.time.value, vocabulary)), is_limit=True)
    yield from (Term(vocabulary.say("area", value=area), free=True, is_limit=True) for area in row.areas)
    unlimited = not (row.distance or row.depth or row.time or row.areas)
    if row.act == Act.PURSUE and row.act in OPENING and unlimited:
        yield Term(vocabulary.say("no_limit"), is_limit=True)


def plain(actor: str, host: str, row: Ruling, vocabulary: Vocabulary) -> str:
    """The whole in one sentence: what is read before a power is saved."""
    said = "; ".join(term.text for term in terms_of(row, vocabulary))
    head = (
        f"{vocabulary.say('pair', actor=actor, host=host)}. {vocabulary.acts[row.act]}: {vocabulary.signs[row.answer]}"
    )
    return f"{head}{' — ' if said else ''}{said}."
