"""Articles, and what may flow under each of them."""

from collections.abc import Iterable
from typing import Any

from agreements.drafting.looking.people import enough_parties
from agreements.register.choices import Category, Direction, Onward
from agreements.register.models import Agreement, Clause
from agreements.register.sentences import permits, shares
from agreements.register.tasks import Answer, Found

# What an article says, and what may flow under it: each has its own page, and so its own version.
TEXT = ("article", "kind", "summary", "starts_on", "ends_on", "source")
TERMS = ("categories", "purposes", "ceiling", "direction", "onward", "retention_days", "survives", "continues_id")
# Data about people, with which one says how long it is kept.
PERSONAL = frozenset(
    {Category.PERSONAL_DATA, Category.FINGERPRINTS, Category.DNA, Category.FACIAL_IMAGES, Category.PASSENGER_DATA}
)


def text_of(clause: Clause) -> list[str]:
    return [str(clause.pk), *(str(getattr(clause, name) or "") for name in TEXT)]


def terms_of(clause: Clause) -> list[Any]:
    """Everything that decides what may flow under it."""
    ways = [sorted(country.pk for country in held.all()) for held in (clause.senders, clause.receivers)]
    return [str(clause.pk), *(_plain(getattr(clause, name)) for name in TERMS), *ways]


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else str(value)


def look_at_articles(agreement: Agreement) -> Found:
    clauses = list(agreement.clauses.all())
    return Found(
        content=[text_of(clause) for clause in clauses],
        answers=[Answer(clause.article, permits(clause)) for clause in clauses],
        missing=[] if clauses else ["Add at least one article."],
        odd=[f"{clause.article} does not say what it permits." for clause in clauses if not clause.summary.strip()],
    )


def look_at_sharing(agreement: Agreement) -> Found:
    clauses = list(agreement.clauses.all())
    if not clauses:
        return Found(content=[], blocked="Add an article first: data flows under an article, or not at all.")
    if not enough_parties(agreement):
        return Found(content=[], blocked="Name the parties first: data flows between them.")
    parties = {party.country_id: party.country.name for party in agreement.parties.all()}
    said = [clause for clause in clauses if clause.categories or clause.purposes]
    odd = [line for clause in said for line in _odd(clause)]
    if not any(clause.opens_channel for clause in clauses):
        odd.append("Nothing may flow under it: no article opens a channel.")
    return Found(
        content=[terms_of(clause) for clause in said],
        answers=[Answer(clause.article, shares(clause, parties)) for clause in clauses],
        missing=[line for clause in said for line in _missing(clause, parties)],
        odd=odd,
    )


def _missing(clause: Clause, parties: dict[str, str]) -> Iterable[str]:
    if not clause.purposes:
        yield f"{clause.article} names data but no purpose: nothing flows under it."
    if not clause.categories:
        yield f"{clause.article} names purposes but no data: nothing flows under it."
    if clause.direction == Direction.ONE_WAY:
        for words, held in (("sends", clause.senders), ("receives", clause.receivers)):
            countries = list(held.all())
            if not countries:
                yield f"{clause.article} does not say who {words}."
            for country in countries:
                if country.pk not in parties:
                    yield f"{clause.article}: {country.name} {words}, and is no party."


def _odd(clause: Clause) -> Iterable[str]:
    personal = sorted(PERSONAL.intersection(clause.categories))
    if personal and clause.retention_days is None:
        yield f"{clause.article} lets {Category(personal[0]).label.lower()} be kept without limit."
    if personal and clause.onward == Onward.FREE:
        yield f"{clause.article} lets {Category(personal[0]).label.lower()} be passed on freely."
