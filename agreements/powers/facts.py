"""Powers as plain values, and the world that a card is worked out from: the rules and the treaties that carry them."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from agencies.directory.models import Appointment
from agreements.powers.choices import Act, Answer, Border, Lead, NotifyWhen, Occasion, Report, Requirement
from agreements.powers.models import Power, PowerConfirmation
from agreements.register import facts
from agreements.register.facts import Country, Instant, Treaties, Treaty
from agreements.register.models import Agreement

# One of these must be given.
AnyOf = frozenset[Requirement]
_EPOCH = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Rule:
    """One power. Empty `occasions` and `borders` mean all of them; no actor, every party; no host, every other.

    Distances in metres, time in seconds, both from the crossing; `depth_m` from the border line.
    """

    id: uuid.UUID
    agreement: uuid.UUID
    clause: uuid.UUID
    article: str
    act: Act
    answer: Answer
    occasions: frozenset[Occasion] = frozenset()
    actor: Country | None = None
    host: Country | None = None
    borders: frozenset[Border] = frozenset()
    stretch: str = ""
    requirements: frozenset[AnyOf] = frozenset()
    words: str = ""
    distance_m: int | None = None
    depth_m: int | None = None
    seconds: int | None = None
    area: str = ""
    notify_when: NotifyWhen | None = None
    notify_whom: str = ""
    lead: Lead | None = None
    report: Report | None = None
    starts: date | None = None
    ends: date | None = None
    replaces: uuid.UUID | None = None
    recorded_at: Instant = _EPOCH
    recorded_for: Country | None = None
    confirmed: Mapping[Country, Instant] = field(default_factory=dict, hash=False)

    def concerns(self, actor: Country, host: Country) -> bool:
        return self.actor in (None, actor) and self.host in (None, host)

    def is_at(self, border: Border, stretch: str) -> bool:
        """Whether it speaks of this kind of border, and of the named stretch or of all."""
        return (not self.borders or border in self.borders) and self.stretch in ("", stretch)

    def is_for(self, occasion: Occasion) -> bool:
        return not self.occasions or occasion in self.occasions


@dataclass(frozen=True)
class World:
    """What is known at `now` of the agreements that the reader may see (R23)."""

    treaties: Treaties
    rules: tuple[Rule, ...]
    now: Instant
    # Made up for the demonstration: said wherever an article of theirs is cited.
    invented: frozenset[uuid.UUID] = frozenset()

    def moment(self, treaty: Treaty, day: date | None) -> Instant:
        """Now, or on another day noon where the treaty's days begin."""
        if day is None or day == treaty.day(self.now):
            return self.now
        return datetime.combine(day, time(12), tzinfo=treaty.zone)


def rule_of(row: Power, confirmed: Mapping[Country, Instant]) -> Rule:
    """The row as a value. Who recorded it stands behind it from its recording on (R22)."""
    conditions = frozenset(frozenset([Requirement(name)]) for name in row.conditions)
    triggers = frozenset([frozenset(map(Requirement, row.triggers))]) if row.triggers else frozenset()
    behind = {**confirmed, **({row.recorded_for_id: row.recorded_at} if row.recorded_for_id else {})}
    return Rule(
        id=row.pk,
        agreement=row.clause.agreement_id,
        clause=row.clause_id,
        article=row.clause.article,
        act=Act(row.act),
        answer=Answer(row.answer),
        occasions=frozenset(map(Occasion, row.occasions)),
        actor=row.actor_id,
        host=row.host_id,
        borders=frozenset(map(Border, row.borders)),
        stretch=row.stretch,
        requirements=conditions | triggers,
        words=row.words,
        distance_m=row.distance_m,
        depth_m=row.depth_m,
        seconds=None if row.minutes is None else row.minutes * 60,
        area=row.area,
        notify_when=NotifyWhen(row.notify_when) if row.notify_when else None,
        notify_whom=row.notify_whom,
        lead=Lead(row.lead) if row.lead else None,
        report=Report(row.report) if row.report else None,
        starts=row.starts_on,
        ends=row.ends_on,
        replaces=row.replaces_id,
        recorded_at=row.recorded_at,
        recorded_for=row.recorded_for_id,
        confirmed=behind,
    )


def rules_of(agreements: Iterable[uuid.UUID]) -> list[Rule]:
    """The powers of these agreements, in two queries."""
    rows = list(Power.objects.filter(clause__agreement__in=list(agreements)).select_related("clause"))
    behind: dict[uuid.UUID, dict[Country, Instant]] = defaultdict(dict)
    for one in PowerConfirmation.objects.filter(power__in=[row.pk for row in rows]):
        behind[one.power_id][one.country_id] = one.confirmed_at
    return [rule_of(row, behind[row.pk]) for row in rows]


def world_of(by: Appointment, countries: Collection[Country], now: Instant) -> World:
    """What the officer may know of powers among these countries (R23), in a constant number of queries."""
    seen = Agreement.objects.visible_to(by).filter(registered_at__isnull=False, clauses__powers__isnull=False)
    found = dict(seen.filter(parties__country__in=countries).values_list("pk", "invented"))
    keys = set(found)
    treaties = {key: facts.as_known(row, now) for key, row in facts.load(keys, sides=countries).items()}
    known = (replace(rule, recorded_at=_EPOCH) for rule in rules_of(keys) if rule.recorded_at <= now)
    return World(treaties, tuple(known), now, frozenset(key for key, invented in found.items() if invented))
