"""The live audiences of one appointment at one instant. Nothing of this outlives the request (R13)."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Protocol

from django.db.models import F, Q, QuerySet

from agencies.directory.models import Agency, Appointment
from agreements.register import facts
from agreements.register.facts import Treaties
from agreements.register.models import Designation
from agreements.sharing import kinds
from agreements.sharing.choices import AudienceKind, widest_tlp
from agreements.sharing.lanes import pack
from agreements.sharing.models import Audience, Record, Release
from agreements.sharing.policy.channel import Asked, Channel, channels_of
from agreements.sharing.policy.continuing import continuing_of
from agreements.sharing.policy.live import LiveAudience
from agreements.sharing.policy.meant import Circles, Named, any_of, circles_of, meant_for, named_for, own_of
from agreements.sharing.policy.onward import still_held
from agreements.sharing.policy.reaching import reach_since
from agreements.sharing.policy.surviving import surviving_of
from agreements.sharing.statements import Gift
from portal import second_lock


@dataclass(frozen=True)
class Access:
    """What one appointment sees at one instant. Of nobody, nothing."""

    appointment: Appointment | None
    at: datetime
    kinds: frozenset[str] = frozenset()
    audiences: tuple[LiveAudience, ...] = ()

    @cached_property
    def by_group(self) -> dict[int, list[LiveAudience]]:
        found: dict[int, list[LiveAudience]] = defaultdict(list)
        for audience in self.audiences:
            found[audience.group].append(audience)
        return found

    @cached_property
    def providers(self) -> frozenset[uuid.UUID]:
        """The agencies whose releases may reach the officer today: own, and those at the other end of a channel."""
        return frozenset().union(*(audience.providers for audience in self.audiences))

    @cached_property
    def lanes(self) -> str:
        """The same for the database (`sharing.lanes`)."""
        return pack(self.audiences, self.at)

    def grounds(self, releases: Iterable[Release]) -> list[tuple[Release, LiveAudience]]:
        """The releases among these that are live for the officer, each with the audience it came through."""
        return [
            (release, audience)
            for release in releases
            for audience in self.by_group.get(release.group_id, ())
            if audience.covers(release, self.at)
        ]

    def given(self, record: Record) -> Iterable[Release]:
        """The record's releases that were not revoked, or those of them that may reach the officer."""
        return given_of(record)

    @cached_property
    def agencies(self) -> frozenset[uuid.UUID]:
        """The officer's agency and those that it stands for (R30)."""
        return self.appointment.stands_for(self.at) if self.appointment else frozenset()

    def owns(self, owner_id: uuid.UUID) -> bool:
        return owner_id in self.agencies

    @property
    def unfolding(self) -> "Unfolding | None":
        """The same access where it is not worked out yet, and need not be as a whole (`policy.gradual`)."""
        return None

    @property
    def own_part(self) -> "Access | None":
        """As far as it is worked out, and at least by the own audiences. None, if all of it is."""
        return None


@dataclass(frozen=True)
class AccessTo(Access):
    """As far as it bears on one record, whose releases were read for it already. For what is asked at once."""

    record: Record | None = None
    rows: tuple[Release, ...] = ()

    def given(self, record: Record) -> Iterable[Release]:
        return self.rows if record == self.record else super().given(record)


def given_of(record: Record) -> QuerySet[Release]:
    """Its releases that were not revoked, and no more of each than its own row: a decision asks nothing else."""
    return record.releases.filter(revoked_at=None).order_by()


class Unfolding(Protocol):
    """An access that can be worked out as far as a question needs."""

    @property
    def candidates(self) -> QuerySet[Audience]: ...
    def part(self, gifts: Iterable[Gift]) -> Access: ...
    def showing(self, keys: Collection[uuid.UUID]) -> Access: ...


# The channels to an agency by clause.
Incoming = dict[uuid.UUID, list[Channel]]
# A group, the release by which its provider received something, and the provider.
PassedOn = set[tuple[int, uuid.UUID, uuid.UUID]]


def treaties_of(agencies: Collection[uuid.UUID]) -> Treaties:
    """The agreements for which one of the agencies was ever designated, with those they lean on; as they count for it."""
    return loaded(named_for(Designation.objects.filter(agency__in=agencies)), agencies)


def loaded(
    named: Named,
    agencies: Collection[uuid.UUID],
    also: Named = frozenset(),
    *,
    givers: Collection[uuid.UUID] = (),
) -> Treaties:
    """These agreements with those they lean on, as they count for the agencies; `also` names them for others. With
    `givers`, no more of them than can count between the agencies and these."""
    sides = {country for _, country in named | also}
    if len(agencies) > 1:  # A state that followed another counts by what it confirmed itself (R30).
        sides |= set(Agency.objects.filter(pk__in=agencies).values_list("country", flat=True))
    ends = {*agencies, *givers} if givers else ()
    return facts.load({agreement for agreement, _ in named}, sides=sides, ends=ends)


def access_to(record: Record, appointment: Appointment | None, at: datetime) -> Access:
    """As far as `access` bears on one record: by the agreements and the agencies that released it. For one decision,
    which must not be kept for after a change."""
    if appointment is None or not appointment.is_in_effect(at):
        return Access(None, at)
    agencies = appointment.stands_for(at)
    given = given_of(record).select_related("audience__circle").annotate(agreement_key=F("clause__agreement"))
    rows = list(given)
    circles = circles_of(appointment, at) if any(row.audience.circle_id for row in rows) else {}
    # Of any party: which of them count is known further down.
    meant = own_of(appointment, agencies, circles) + meant_for(appointment, agencies, circles, None)
    rows = [row for row in rows if any(item.has(row.audience) for item in meant)]
    abroad = [row for row in rows if row.clause_id is not None]
    givers = {row.provider_id for row in abroad}
    treaties = facts.load({row.agreement_key for row in abroad}, ends={*agencies, *givers}) if abroad else {}
    incoming = incoming_of(appointment.agency_id, at, treaties, givers)
    audiences = {row.audience_id: row.audience for row in rows}.values()
    passed = {(row.group_id, row.via_id, row.provider_id) for row in rows if row.via_id is not None}
    live = _inside(appointment, at, treaties, incoming, circles, audiences, passed)
    return AccessTo(appointment, at, kinds.visible_kinds(appointment.may), live, record, tuple(rows))


def access(
    appointment: Appointment | None,
    at: datetime,
    treaties: Treaties | None = None,
    *,
    givers: Container[uuid.UUID] | None = None,
    circles: Circles | None = None,
    asked: Asked = None,
) -> Access:
    """Work out the live audiences. `treaties` may hold proposed facts too, for a what-if; `givers` limits the other
    ends of channels, `asked` the articles and their givers; `circles` are those of the officer, where they are known.
    """
    if appointment is None or not appointment.is_in_effect(at):
        return Access(None, at)
    agencies = appointment.stands_for(at)
    treaties = treaties_of(agencies) if treaties is None else treaties
    incoming = incoming_of(appointment.agency_id, at, treaties, givers, asked)
    circles = circles_of(appointment, at) if circles is None else circles
    rows = _audiences(appointment, agencies, incoming, circles)
    live = _inside(appointment, at, treaties, incoming, circles, rows)
    return Access(appointment, at, kinds.visible_kinds(appointment.may), live)


def _inside(
    appointment: Appointment,
    at: datetime,
    treaties: Treaties,
    incoming: Incoming,
    circles: Circles,
    rows: Iterable[Audience],
    passed: PassedOn | None = None,
) -> tuple[LiveAudience, ...]:
    """Which of these audiences the officer is inside of, with the terms of each."""
    agencies = appointment.stands_for(at)
    live = [
        item
        for row in rows
        for item in live_of(row, appointment.agency, agencies, appointment.clearance, incoming, circles)
    ]
    return tuple(with_onward(live, at, treaties, passed))


def incoming_of(
    agency: uuid.UUID,
    at: datetime,
    treaties: Treaties,
    givers: Container[uuid.UUID] | None = None,
    asked: Asked = None,
) -> Incoming:
    """The channels to the agency by clause: those that are open, that are over and survive, and of articles
    that take the place of another."""
    incoming: Incoming = defaultdict(list)
    for item in channels_of(treaties, agency, at, giving=False, only=givers, asked=asked):
        incoming[item.clause.id].append(item)
    for item in surviving_of(treaties, agency, at, asked):
        incoming[item.clause.id].append(item)
    for clause, item in continuing_of(treaties, agency, at, asked):
        incoming[clause.id].append(item)
    return incoming


def _audiences(
    appointment: Appointment,
    agencies: Collection[uuid.UUID],
    incoming: Incoming,
    circles: Circles,
) -> Iterable[Audience]:
    parties = {item.receiver_party for items in incoming.values() for item in items}
    abroad = Q(clause__in=list(incoming)) & any_of(meant_for(appointment, agencies, circles, parties))
    own = any_of(own_of(appointment, agencies, circles))
    return Audience.objects.filter(own | abroad).select_related("circle")


@second_lock.opened("which agreements bear on these records")
def bearing_on(keys: Collection[uuid.UUID], audiences: QuerySet[Audience], known: Access) -> set[Gift]:
    """The articles by which, and the agencies by whom, those of these records were given that `known` does not show."""
    shown = set(Record.objects.visible_to(known).filter(pk__in=keys).values_list("pk", flat=True))
    rest = set(keys) - shown
    given = audiences.filter(releases__content_object__in=rest, releases__revoked_at=None)
    rows = given.values_list("clause", "clause__agreement", "releases__provider").distinct()
    return set(rows) if rest else set()


def passed_on(groups: Collection[int]) -> PassedOn:
    if not groups:
        return set()
    given = Release.objects.standing().filter(group__in=groups, via__isnull=False)
    # Which audiences are live is worked out here: the lock cannot know it yet.
    with second_lock.opened("what was passed on to these audiences"):
        return {(group, via, provider) for group, via, provider in given.values_list("group", "via", "provider") if via}


def with_onward(
    live: list[LiveAudience], at: datetime, treaties: Treaties, rows: PassedOn | None = None
) -> list[LiveAudience]:
    """The same, each with what its providers passed on and hold still. Most have nothing of the kind."""
    rows = passed_on({item.group for item in live if not item.is_own}) if rows is None else rows
    held = still_held({(via, provider) for _, via, provider in rows}, at, treaties)
    vias: dict[int, set[uuid.UUID]] = defaultdict(set)
    for group, via, provider in rows:
        if (via, provider) in held:
            vias[group].add(via)
    return [replace(item, vias=frozenset(vias[item.group])) if item.group in vias else item for item in live]


def live_of(
    row: Audience,
    agency: Agency,
    agencies: frozenset[uuid.UUID],
    clearance: int,
    incoming: Incoming,
    circles: Circles,
) -> Iterable[LiveAudience]:
    kind = AudienceKind(row.kind)
    base = LiveAudience(
        group=row.group_id,
        audience=row.pk,
        kind=kind,
        clause=row.clause_id,
        providers=agencies,
        ceiling=clearance,
        widest_tlp=widest_tlp(kind, row.circle.kind if row.circle else None),
        country=agency.country_id,
    )
    if row.clause_id is None:
        yield base
        return
    shapes: dict[tuple[Any, ...], list[Channel]] = defaultdict(list)
    for item in incoming[row.clause_id]:
        if kind == AudienceKind.PARTY and row.country_id != item.receiver_party:
            continue
        since = reach_since(kind, item, circles.get(row.circle_id) if row.circle_id else None)
        shapes[(since, item.till, item.ceiling, item.categories, item.receiver_party, item.clause.id)].append(item)
    for (since, till, ceiling, categories, party, _), channels in shapes.items():
        clause = channels[0].clause
        yield LiveAudience(
            group=base.group,
            audience=base.audience,
            kind=kind,
            clause=row.clause_id,
            providers=frozenset(item.sender for item in channels),
            ceiling=min(ceiling, clearance),
            widest_tlp=base.widest_tlp,
            country=party,
            categories=categories,
            purposes=clause.purposes,
            since=since,
            till=till,
            retention=timedelta(days=clause.retention_days) if clause.retention_days else None,
            channels=tuple(channels),
        )
