"""What pages and the API tell of the powers of an agreement, as far as the reader may know (R23)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agencies.directory.models import Appointment, Country
from agreements.powers import words
from agreements.powers.choices import GATES, Occasion
from agreements.powers.facts import Rule, rule_of
from agreements.powers.models import Power
from agreements.powers.ruling import Ruling, meet
from agreements.powers.sentences import plain
from agreements.register.models import Agreement

EVERY = {"actor": "every party", "host": "every other party"}


@dataclass(frozen=True)
class Entry:
    """One power in a sentence, who stands behind it, and what stands in its place."""

    row: Power
    ruling: Ruling
    sentence: str
    confirmed_by: tuple[str, ...]
    replaced: bool
    replaces: Power | None


def ruled_alone(rule: Rule) -> Ruling:
    """What the rule says by itself."""
    occasion = min(rule.occasions, default=None) or _opened_by(rule)
    return meet(occasion, rule.act, [rule])


def _opened_by(rule: Rule) -> Occasion:
    return next((occasion for occasion, gates in GATES.items() if rule.act in gates), Occasion.JOINT_PATROL)


def sentence_of(row: Power, language: str = words.FALLBACK) -> str:
    """The plain sentence of one power: what is read before it is saved, and on its page after."""
    vocabulary, ruling = words.of(language), ruled_alone(rule_of(row, {}))
    sides = [_side(row, name, language) for name in ("actor", "host")]
    said = plain(sides[0], sides[1], ruling, vocabulary)
    where = [vocabulary.occasions[name] for name in row.occasions] + [vocabulary.borders[b] for b in row.borders]
    where += [row.stretch] if row.stretch else []
    return f"{said} ({'; '.join(where)})" if where else said


def _side(row: Power, name: str, language: str) -> str:
    country: Country | None = getattr(row, name)
    return EVERY[name] if country is None else words.country(country.name, language)


def entries(rows: Iterable[Power], by: Appointment) -> list[Entry]:
    """The powers in the order of their articles. A replaced one of an agreement that the reader may not see is not
    named."""
    found = list(rows)
    seen = set(Power.objects.visible_to(by).filter(replaced_by__in=found).values_list("pk", flat=True))
    heirs = _replaced(found, by)
    return [_entry(row, seen, heirs) for row in found]


def _entry(row: Power, seen: set[uuid.UUID], heirs: set[uuid.UUID]) -> Entry:
    countries = {one.country_id for one in row.confirmations.all()} | ({row.recorded_for_id} - {None})
    return Entry(
        row=row,
        ruling=ruled_alone(rule_of(row, {})),
        sentence=sentence_of(row),
        confirmed_by=tuple(sorted(str(code) for code in countries)),
        replaced=row.pk in heirs,
        replaces=row.replaces if row.replaces_id in seen else None,
    )


def _replaced(rows: list[Power], by: Appointment) -> set[uuid.UUID]:
    heirs = Power.objects.visible_to(by).filter(replaces__in=rows)
    return {key for key in heirs.values_list("replaces", flat=True) if key}


def of_agreement(agreement: Agreement, by: Appointment) -> list[Entry]:
    rows = Power.objects.filter(clause__agreement=agreement).with_sides()
    return entries(
        rows.prefetch_related("confirmations", "texts").order_by("clause__position", "act", "recorded_at", "pk"), by
    )


def states_for(by: Appointment, at: datetime) -> "list[Country]":
    """States among which the officer may look powers up: the parties of the agreements with powers that it sees."""
    seen = Agreement.objects.visible_to(by).filter(registered_at__isnull=False, clauses__powers__isnull=False)
    keys = set(seen.values_list("parties__country", flat=True)) | {by.agency.country_id}
    return list(Country.objects.filter(pk__in=keys))
