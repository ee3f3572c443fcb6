"""Whom a search asks, and what was indexed: the same work whether something is hit or not (R19)."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Country
from agreements.hits import terms
from agreements.hits.choices import Outcome, Term
from agreements.hits.models import Answer, IndexEntry
from agreements.register import facts
from agreements.register.choices import ClauseKind
from agreements.register.models import Agreement, Clause, Designation
from agreements.sharing.choices import Tlp
from agreements.sharing.policy import Channel, search_channel
from agreements.sharing.policy.channel import designated_agencies
from portal import second_lock


@dataclass
class Partner:
    """One agency to ask (of a state without any: only the state): under which clauses, or why not."""

    country: Country
    agency: Agency | None = None
    # Open clauses, each with the party for which the searcher asks.
    clauses: dict[uuid.UUID, str] = field(default_factory=dict)
    words: str = ""
    entries: list["Found"] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        if not self.clauses:
            return Outcome.NOT_SEARCHED
        return Outcome.HIT if self.entries else Outcome.NO_HIT

    @property
    def clause(self) -> uuid.UUID | None:
        return self.entries[0].clause if self.entries else next(iter(self.clauses), None)


@dataclass(frozen=True)
class Found:
    """One entry that was hit, and the record it is of."""

    entry: uuid.UUID
    clause: uuid.UUID
    record: uuid.UUID
    kind: str


def partners(by: Appointment, term: Term, purpose: str, at: datetime) -> list[Partner]:
    """Every agency abroad that is named for a hit/no-hit clause, and every other state: searched, or why not."""
    treaties = _treaties(by)
    found: dict[uuid.UUID, Partner] = {}
    agencies = Agency.objects.active().exclude(pk__in=by.agencies).select_related("country").in_bulk()
    for treaty, clause in _search_clauses(treaties):
        for key in sorted(designated_agencies(treaty, clause, at) & agencies.keys()):
            between = treaty.between(key, by.agency_id)
            item = search_channel(treaties, between, clause, key, by.agency_id, at)
            agency = agencies[key]
            if agency.country_id == by.agency.country_id and not isinstance(item, Channel):
                continue
            partner = found.setdefault(key, Partner(agency.country, agency))
            gap = _gap(item, term, purpose)
            if isinstance(item, Channel) and not gap:
                partner.clauses[clause.id] = item.receiver_party
            elif not partner.words:
                partner.words = f"{gap} ({treaty.short_name})"
    for partner in found.values():
        partner.words = "" if partner.clauses else partner.words
    asked = {partner.country.pk for partner in found.values()} | {by.agency.country_id}
    countries = {agency.country_id: agency.country for agency in agencies.values() if agency.country_id not in asked}
    words = "No agreement with a hit/no-hit article names it and you"
    others = [Partner(country, words=words) for country in countries.values()]
    named = sorted(found.values(), key=lambda partner: (partner.country.name, str(partner.agency)))
    return named + sorted(others, key=lambda partner: partner.country.name)


def _treaties(by: Appointment) -> facts.Treaties:
    """The registered agreements with a hit/no-hit clause that the officer knows of, as they count for the agency."""
    rows = Agreement.objects.visible_to(by).filter(registered_at__isnull=False, clauses__kind=ClauseKind.HIT_NO_HIT)
    acting = Designation.objects.filter(agency__in=by.agencies).values_list("country", flat=True)
    return facts.load(set(rows.values_list("pk", flat=True)), sides={by.agency.country_id, *acting})


def _search_clauses(treaties: facts.Treaties) -> list[tuple[facts.Treaty, facts.ClauseFact]]:
    return [
        (treaty, clause)
        for treaty in sorted(treaties.values(), key=lambda treaty: treaty.short_name)
        if not treaty.is_draft
        for clause in treaty.clauses
        if clause.kind == ClauseKind.HIT_NO_HIT
    ]


def _gap(item: object, term: Term, purpose: str) -> str:
    if not isinstance(item, Channel):
        return str(getattr(item, "sentence", ""))
    if term.category not in item.categories:
        return f"{item.clause.article} does not cover {term.category.label.lower()}"
    if purpose not in item.clause.purposes:
        return f"{item.clause.article} does not name this purpose"
    return ""


def look_up(found: list[Partner], term: Term, text: str, at: datetime) -> None:
    """Give each partner what it indexed and the search hits: judged now (R13), never of a RED record.

    One statement by digest alone, and the same one whether anything is hit.
    """
    clauses = {clause for partner in found for clause in partner.clauses}
    digests = [terms.digest(clause, term, text) for clause in sorted(clauses)]
    rows = IndexEntry.objects.standing().filter(digest__in=digests, clause__in=clauses).exclude(record__tlp=Tlp.RED)
    columns = ("pk", "clause", "record", "record__kind", "record__owner", "record__rel_to")
    with second_lock.opened("what other agencies indexed, by digest alone"):
        hit = list(rows.order_by("indexed_at", "pk").values_list(*columns))
    by_agency = {
        key: partner for partner in found if partner.agency is not None for key in partner.agency.stands_for(at)
    }
    for entry, clause, record, kind, owner, rel_to in hit:
        partner = by_agency.get(owner)
        if partner is None or clause not in partner.clauses:
            continue
        # REL TO narrows this too: its owner has said that these do not get it (R7).
        if rel_to is None or partner.clauses[clause] in rel_to:
            partner.entries.append(Found(entry, clause, record, kind))


def clauses_to_index(by: Appointment) -> list[Clause]:
    """The hit/no-hit clauses for which the agency is named: those under which its partners may ask."""
    named = Designation.objects.filter(agency__in=by.agencies, withdrawn_at=None)
    whole = named.filter(clauses=None).values("agreement")
    rows = Clause.objects.filter(kind=ClauseKind.HIT_NO_HIT, agreement__registered_at__isnull=False)
    parts = rows.filter(designations__in=named) | rows.filter(agreement__in=whole)
    return list(
        parts.distinct().select_related("agreement").order_by("agreement__short_name", "position", "article", "pk")
    )


def behind(reference: str, owner: Agency, asker: Appointment) -> list[uuid.UUID]:
    """The owner's records behind the reference of a hit that the asker's own agency was given, indexed still."""
    rows = Answer.objects.filter(
        reference=reference,
        agency__in=owner.stands_for(timezone.now()),
        outcome=Outcome.HIT,
        search__searched_by__agency__in=asker.agencies,
    )
    entries = [entry for row in rows for entry in row.entries]
    return list(IndexEntry.objects.standing().filter(pk__in=entries).values_list("record", flat=True).distinct())
