"""What a release may choose today: clauses that are open, audiences they reach, and what is missing (R6, R26)."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from agencies.directory.models import Agency, Appointment, Classification, Country, Unit
from agencies.directory.roles import permissions_of
from agreements.register.choices import Category
from agreements.register.models import Clause
from agreements.sharing import kinds
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp, widest_tlp
from agreements.sharing.models import Circle, Participation, Record, function_words, officer_words, unit_words
from agreements.sharing.policy import Channel, treaties_of, usable_clauses
from agreements.sharing.policy.reaching import Marked
from portal.ui.folding import Folded

# Of an agency not the whole: folded in a form, for there are many.
PARTS = frozenset({AudienceKind.UNIT, AudienceKind.FUNCTION, AudienceKind.OFFICER})


@dataclass(frozen=True)
class Offer:
    """One audience under one clause. `value` names it in a form: "clause|kind|target", and the function if it is one."""

    clause: Clause
    to: To
    words: str

    @property
    def value(self) -> str:
        to = self.to
        target = to.country or to.unit or to.agency or to.circle or to.appointment
        return f"{self.clause.pk}|{to.kind.value}|{target.pk if target else ''}{to.function and '|' + to.function}"


@dataclass
class Offers:
    """Everything that can be chosen, and one sentence for each clause that is open but does not fit."""

    fits: list[Offer] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def find(self, value: str) -> Offer | None:
        return next((offer for offer in self.fits if offer.value == value), None)

    @property
    def clauses(self) -> dict[str, Clause]:
        return {str(offer.clause.pk): offer.clause for offer in self.fits}

    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """For a form: a group for each clause; parts of agencies are folded where a whole one can be chosen."""
        found: list[tuple[str, list[tuple[str, str]]]] = []
        for clause in self.clauses.values():
            offers = [offer for offer in self.fits if offer.clause == clause]
            whole, parts = (
                [(offer.value, offer.words) for offer in offers if (offer.to.kind in PARTS) is narrow]
                for narrow in (False, True)
            )
            found.append((str(clause), whole or parts))
            if whole and parts:
                found.append((Folded(f"Only a part of an agency under {clause.article}"), parts))
        return found


def offers_for(
    by: Appointment, marked: Marked, at: datetime, *, kind: str, operation: Record | None = None, named: bool = True
) -> Offers:
    """What the officer may choose for something so marked. `named`: also units, functions and single officers (R18)."""
    channels = usable_clauses(treaties_of(by.agencies), by.agency_id, at)
    clauses = Clause.objects.select_related("agreement").in_bulk(channels)
    reached = _Reached.of(by, channels, operation, at, kind=kind if named else "")
    found = Offers()
    for key in sorted(channels, key=lambda key: (clauses[key].agreement.short_name, clauses[key].position)):
        fitting = [item for item in channels[key] if _fits(marked, item)]
        if not fitting:
            found.missing.append(_gap(marked, clauses[key], channels[key]))
            continue
        offers = reached.offers(clauses[key], fitting)
        found.fits += [
            offer
            for offer in offers
            if marked.tlp <= widest_tlp(offer.to.kind, offer.to.circle.kind if offer.to.circle else None)
        ]
    if not channels:
        found.missing.append(
            f"No article in force today lets {by.agency.short} give anything to anybody: an agreement must bind both "
            "countries, and both agencies must be designated for it"
        )
    elif not found.fits and not found.missing:
        found.missing.append(f"{Tlp(marked.tlp).label} reaches named officers only, and none is known to you here (R7)")
    return found


def _fits(marked: Marked, item: Channel) -> bool:
    return (
        bool(marked.categories)
        and set(marked.categories) <= item.categories
        and marked.classification <= item.ceiling
        and (marked.rel_to is None or item.receiver_party in marked.rel_to)
    )


def _gap(marked: Marked, clause: Clause, channels: Iterable[Channel]) -> str:
    """Why the clause does not fit what is so marked, for anybody."""
    if not marked.categories:
        return "It carries no data category, and an article covers only what is named: mark it first"
    # Reservations narrow channel by channel; the widest counts.
    widest = max(channels, key=lambda item: (len(item.categories & set(marked.categories)), item.ceiling))
    outside = [Category(c).label.lower() for c in marked.categories if c not in widest.categories]
    if outside:
        return f"{clause} does not cover {', '.join(outside)}"
    if marked.classification > widest.ceiling:
        level, ceiling = Classification(marked.classification).label, Classification(widest.ceiling).label
        return f"{level} is above the ceiling of {clause} ({ceiling})"
    return f"REL TO leaves out every receiver of {clause} (R7)"


@dataclass
class _Reached:
    """Whom the open channels reach, loaded once for all clauses."""

    agencies: dict[uuid.UUID, Agency]
    countries: dict[str, Country]
    circles: list[Circle]
    members: dict[uuid.UUID, set[uuid.UUID]]
    officers: dict[uuid.UUID, list[Appointment]]
    units: dict[uuid.UUID, list[Unit]]

    @classmethod
    def of(
        cls,
        by: Appointment,
        channels: dict[uuid.UUID, list[Channel]],
        operation: Record | None,
        at: datetime,
        kind: str,
    ) -> "_Reached":
        items = [item for each in channels.values() for item in each]
        receivers = {item.receiver for item in items}
        joined = Participation.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), accepted_at__lte=at)
        circles = list(
            Circle.objects.filter(
                closed_at=None, record=operation, pk__in=joined.filter(agency__in=by.agencies).values("circle")
            )
            if operation is not None
            else ()
        )
        members: dict[uuid.UUID, set[uuid.UUID]] = {circle.pk: set() for circle in circles}
        for circle, agency in joined.filter(circle__in=circles).values_list("circle", "agency"):
            members[circle].add(agency)
        return cls(
            agencies=Agency.objects.select_related("country").in_bulk(receivers),
            countries=Country.objects.in_bulk({item.receiver_party for item in items}),
            circles=circles,
            members=members,
            officers=_officers(receivers, kind, at) if kind else {},
            units=_units(receivers) if kind else {},
        )

    def offers(self, clause: Clause, channels: list[Channel]) -> Iterator[Offer]:
        """Narrow ones last, for people choose the first that fits."""
        receivers = {item.receiver for item in channels}
        for circle in self.circles:
            taking = sorted(self.agencies[key].short for key in self.members[circle.pk] & receivers)
            if taking:
                words = f"Those who take part in the {circle.kind}: {', '.join(taking)}"
                yield Offer(clause, To(AudienceKind.CIRCLE, circle=circle), words)
        for key in sorted(receivers, key=lambda key: str(self.agencies[key])):
            yield Offer(clause, To(AudienceKind.AGENCY, agency=self.agencies[key]), str(self.agencies[key]))
        for code in sorted({item.receiver_party for item in channels}):
            words = f"Every agency of {self.countries[code].name} designated for it"
            yield Offer(clause, To(AudienceKind.PARTY, country=self.countries[code]), words)
        yield Offer(clause, To(AudienceKind.ALL_PARTIES), "All receiving parties")
        for key in sorted(receivers, key=lambda key: str(self.agencies[key])):
            yield from self._parts(clause, self.agencies[key])

    def _parts(self, clause: Clause, agency: Agency) -> Iterator[Offer]:
        """A unit, a function (whoever has it), one officer (and nobody who comes after)."""
        for unit in self.units.get(agency.pk, ()):
            yield Offer(clause, To(AudienceKind.UNIT, agency=agency, unit=unit), unit_words(unit, agency))
        staff = self.officers.get(agency.pk, ())
        for function in sorted({row.function for row in staff}):
            words = function_words(function, agency)
            yield Offer(clause, To(AudienceKind.FUNCTION, agency=agency, function=function), words)
        for row in staff:
            yield Offer(clause, To(AudienceKind.OFFICER, appointment=row), officer_words(row))


def _officers(receivers: set[uuid.UUID], kind: str, at: datetime) -> dict[uuid.UUID, list[Appointment]]:
    """Officers whose role lets them see such a record at all, for a named grant (R9)."""
    needed = kinds.get(kind).view_permission
    rows = Appointment.objects.in_effect(at).filter(agency__in=receivers, acts_for=None)
    rows = rows.select_related("agency", "officer").order_by("title", "pk")
    found: dict[uuid.UUID, list[Appointment]] = {}
    for row in rows:
        if needed in permissions_of(row.role) and row.is_in_effect(at):
            found.setdefault(row.agency_id, []).append(row)
    return found


def _units(receivers: set[uuid.UUID]) -> dict[uuid.UUID, list[Unit]]:
    found: dict[uuid.UUID, list[Unit]] = {}
    for row in Unit.objects.open().filter(agency__in=receivers).order_by("name", "pk"):
        found.setdefault(row.agency_id, []).append(row)
    return found
