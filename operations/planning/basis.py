"""The legal basis of an operation on a day: worked out from the register, never stored (R13, R23)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agencies.directory.models import Agency
from agreements.register import facts
from agreements.register.choices import Category, Purpose
from agreements.register.facts import Treaties
from agreements.register.models import Clause
from agreements.sharing.policy import Channel, Missing, channel, usable_clauses
from agreements.sharing.policy.access import treaties_of
from operations.planning.models import Operation


@dataclass(frozen=True)
class Line:
    """The basis between the leading agency and one that takes part: the clause, or what is missing."""

    agency: Agency | None
    holds: bool
    sentence: str


@dataclass(frozen=True)
class Basis:
    lines: tuple[Line, ...]

    @property
    def holds(self) -> bool:
        return all(line.holds for line in self.lines)

    @property
    def fallen(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if not line.holds)


@dataclass(frozen=True)
class Reach:
    """An agency that can be reached today, under which clause and for which purpose."""

    agency: Agency
    clause: Clause
    purpose: str
    ceiling: int

    @property
    def sentence(self) -> str:
        return f"{self.clause.article} of the {self.clause.agreement.short_name}"


def basis_holds(
    operation: Operation, at: datetime, agencies: Iterable[Agency] = (), treaties: Treaties | None = None
) -> Basis:
    """Whether a clause of the basis works at `at` between the lead and each of `agencies`.

    Without any, whether the lead can reach anybody under it. `treaties`: the facts, where they are at hand.
    """
    clauses = list(operation.clauses.all())
    treaties = facts.load({operation.agreement_id}) if treaties is None else treaties
    treaty = treaties[operation.agreement_id]
    lead = operation.record.owner_id
    articles = [fact for fact in (treaty.clause(clause.pk) for clause in clauses) if fact is not None]
    named = [agency for agency in agencies if agency.pk != lead]
    if not named:
        found = usable_clauses(treaties, lead, at)
        live = [article for article in articles if article.id in found]
        return Basis((_alone(treaty, articles, live, found),))
    lines = []
    for agency in named:
        tried = [channel(treaties, treaty, article, lead, agency.pk, at) for article in articles]
        lines.append(_between(treaty, agency, tried))
    return Basis(tuple(lines))


def _between(treaty: facts.Treaty, agency: Agency, tried: list[Channel | Missing]) -> Line:
    for item in tried:
        if isinstance(item, Channel):
            return Line(agency, True, _words(item))
    reasons = [item.sentence for item in tried if isinstance(item, Missing)]
    return Line(agency, False, reasons[0] if reasons else f"No clause of the {treaty.short_name} is named")


def _alone(
    treaty: facts.Treaty,
    articles: list[facts.ClauseFact],
    live: list[facts.ClauseFact],
    found: dict[uuid.UUID, list[Channel]],
) -> Line:
    if live:
        return Line(None, True, _words(found[live[0].id][0]))
    words = ", ".join(article.article for article in articles)
    return Line(None, False, f"No agency can be reached under {words} of the {treaty.short_name} today")


def _words(item: Channel) -> str:
    return f"{item.clause.article} of the {item.treaty.short_name}, {item.bond_words}"


def usable(agency: Agency, at: datetime, category: str = Category.OPERATIONAL) -> dict[Clause, list[Channel]]:
    """The clauses under which the agency may give that category today, each with its channels."""
    found = {
        key: [item for item in channels if category in item.categories]
        for key, channels in usable_clauses(treaties_of(agency.stands_for(at)), agency.pk, at).items()
    }
    rows = Clause.objects.filter(pk__in=[key for key, channels in found.items() if channels])
    ordered = rows.select_related("agreement__made_under__agreement").order_by(
        "agreement__short_name", "position", "pk"
    )
    return {clause: found[clause.pk] for clause in ordered}


def reachable(
    agency: Agency,
    at: datetime,
    *,
    clauses: Iterable[Clause] | None = None,
    purposes: Iterable[str] = (Purpose.COORDINATION, Purpose.BORDER_OPERATION),
    classification: int = 0,
) -> list[Reach]:
    """The agencies that `agency` may give operational data of that level to today, with the first clause each.

    `clauses` narrows to these; `purposes` are tried in their order.
    """
    allowed = None if clauses is None else {clause.pk for clause in clauses}
    wanted = list(purposes)
    best: dict[uuid.UUID, tuple[Clause, str, int]] = {}
    for clause, channels in usable(agency, at).items():
        purpose = next((purpose for purpose in wanted if purpose in clause.purposes), None)
        if purpose is None or (allowed is not None and clause.pk not in allowed):
            continue
        for item in channels:
            if item.ceiling >= classification:
                best.setdefault(item.receiver, (clause, purpose, item.ceiling))
    agencies = Agency.objects.active().select_related("country").filter(pk__in=best)
    return [Reach(row, *best[row.pk]) for row in agencies]
