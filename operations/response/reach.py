"""Who can be asked to come: agencies in reach that an article lets be asked, and by which article they read the call.

The preview of a call and the call itself are this one function (R20, R27).
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agencies.directory.models import Agency, Appointment
from agreements.register.choices import Category, Purpose
from agreements.register.models import Clause
from agreements.sharing.choices import AudienceKind
from agreements.sharing.offers import offers_for
from agreements.sharing.policy import Channel, acting_channel, treaties_of
from agreements.sharing.policy.channel import designated_agencies
from agreements.sharing.policy.reaching import Marked
from operations.patrols import geometry
from operations.response.choices import ASSISTING
from operations.response.models import Desk

Position = tuple[float, float]
# Which purpose of the article that carries the call is named, the first that it has.
PURPOSES = (Purpose.BORDER_OPERATION, Purpose.COORDINATION, Purpose.LAW_ENFORCEMENT)


@dataclass(frozen=True)
class Candidate:
    """An agency of another state, or of the own by a domestic arrangement, and whether it can be asked now.

    `basis` is the article by which it may be asked, `carrier` the one by which it reads the call. `in_range` is None
    where it has told of no desk; `missing` says why it cannot be asked by an article.
    """

    agency: Agency
    basis: Clause | None = None
    carrier: Clause | None = None
    purpose: str = ""
    words: str = ""
    missing: str = ""
    desk: Desk | None = None
    distance_km: int | None = None
    in_range: bool | None = None

    @property
    def can_be_asked(self) -> bool:
        return self.basis is not None and self.carrier is not None

    @property
    def is_near(self) -> bool:
        """In range, or nobody knows: where a desk is not told of, it is not left out for that."""
        return self.in_range is not False


def candidates(
    by: Appointment, marked: Marked, position: Position | None, at: datetime, *, kind: str = "assistance"
) -> list[Candidate]:
    """Every agency that might come, those that can be asked and are near first."""
    others = {row.pk: row for row in Agency.objects.active().select_related("country").exclude(pk__in=by.agencies)}
    bases, gaps = _bases(by, others, at)
    carriers = _carriers(by, marked, at, kind)
    desks = _nearest(others, position)
    found = []
    for key, agency in others.items():
        if key not in bases and agency.country_id == by.agency.country_id:
            continue
        basis, words = bases.get(key, (None, ""))
        carrier = _carrier(carriers.get(key, []), basis)
        missing = "" if basis else gaps.get(key, f"No article on assistance binds {by.agency.short} and {agency.short}")
        if basis is not None and carrier is None:
            missing = f"{words}, but no article carries such a call to it: {_gap(marked)}"
        desk, metres = desks.get(key, (None, None))
        away = None if metres is None else round(metres / 1000)
        near = None if desk is None or metres is None else metres <= desk.reach_km * 1000
        found.append(Candidate(agency, basis, carrier, _purpose(carrier), words, missing, desk, away, near))
    return sorted(found, key=_order)


def _order(item: Candidate) -> tuple[bool, int, int, str]:
    """Those in range first, then those of whom nobody knows, then those too far away."""
    near = {True: 0, None: 1, False: 2}[item.in_range]
    return (not item.can_be_asked, near, item.distance_km or 0, item.agency.short)


def _bases(
    by: Appointment, others: Iterable[uuid.UUID], at: datetime
) -> tuple[dict[uuid.UUID, tuple[Clause, str]], dict[uuid.UUID, str]]:
    """By agency the article by which it may be asked, with its sentence; of the rest why not."""
    treaties, wanted = treaties_of(by.agency.stands_for(at)), set(others)
    found: dict[uuid.UUID, tuple[int, Channel]] = {}
    gaps: dict[uuid.UUID, str] = {}
    for treaty in treaties.values():
        for clause in (row for row in treaty.clauses if row.kind in ASSISTING):
            rank = ASSISTING.index(clause.kind)  # type: ignore[arg-type]
            for key in designated_agencies(treaty, clause, at) & wanted:
                item = acting_channel(treaties, treaty.between(key, by.agency_id), clause, key, by.agency_id, at)
                if not isinstance(item, Channel):
                    gaps.setdefault(key, item.sentence)
                elif key not in found or rank < found[key][0]:
                    found[key] = (rank, item)
    keys = {item.clause.id for _, item in found.values()}
    clauses = Clause.objects.select_related("agreement__made_under__agreement").in_bulk(keys)
    return (
        {key: (clauses[item.clause.id], f"{clauses[item.clause.id]}, {item.bond_words}") for key, (_, item) in found.items()},
        {key: words for key, words in gaps.items() if key not in found},
    )  # fmt: skip


def _carriers(by: Appointment, marked: Marked, at: datetime, kind: str) -> dict[uuid.UUID, list[Clause]]:
    """By agency the articles under which the call can be released to it: as the page of a release finds them."""
    found: dict[uuid.UUID, list[Clause]] = {}
    for offer in offers_for(by, marked, at, kind=kind, named=False).fits:
        if offer.to.kind == AudienceKind.AGENCY and offer.to.agency is not None:
            found.setdefault(offer.to.agency.pk, []).append(offer.clause)
    return found


def _carrier(clauses: list[Clause], basis: Clause | None) -> Clause | None:
    """The article by which it may be asked, if that carries the call as well; or else the first that does."""
    return next((row for row in clauses if basis is not None and row.pk == basis.pk), clauses[0] if clauses else None)


def _purpose(clause: Clause | None) -> str:
    if clause is None:
        return ""
    return next((purpose.value for purpose in PURPOSES if purpose in clause.purposes), clause.purposes[0])


def _gap(marked: Marked) -> str:
    names = [Category(name).label.lower() for name in marked.categories]
    return f"none covers {', '.join(names) or 'what carries no category'} so marked"


def _nearest(agencies: Iterable[uuid.UUID], position: Position | None) -> dict[uuid.UUID, tuple[Desk, float]]:
    """Of each agency the desk that is nearest by what it reaches, and how far it is, in metres."""
    if position is None:
        return {}
    best: dict[uuid.UUID, tuple[Desk, float]] = {}
    for desk in Desk.objects.manned().filter(agency__in=list(agencies)):
        metres = geometry.distance(position, (desk.latitude, desk.longitude))
        held = best.get(desk.agency_id)
        if held is None or metres - desk.reach_km * 1000 < held[1] - held[0].reach_km * 1000:
            best[desk.agency_id] = (desk, metres)
    return best
