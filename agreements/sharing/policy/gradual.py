"""The access of a request, worked out gift by gift and no further than what is asked.

An officer whose agency is party to hundreds of agreements sees the newest fifty records by a few dozen of them. Which
ones can bear on a question the database knows before any agreement is read: by whom a record was given, what is the
newest in an audience. Whatever asks for more (all live audiences, all lanes, who may give) has everything worked out.
What is worked out is what `access` says of these agreements; the second lock is fed with nothing else.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet

from agencies.directory.models import Appointment
from agreements.register.models import Designation
from agreements.sharing import kinds
from agreements.sharing.lanes import pack
from agreements.sharing.models import Audience, Release
from agreements.sharing.policy.access import Access, Unfolding, access, bearing_on, loaded
from agreements.sharing.policy.live import LiveAudience
from agreements.sharing.policy.meant import Circles, Named, articles_of, candidates, circles_of, named_for
from agreements.sharing.statements import Gift

# With no more agreements than these, it is quicker to work out all.
FEW = 14


def gradual_access(appointment: Appointment | None, at: datetime) -> Access:
    """`access`, worked out when it is asked for something, and no further."""
    if appointment is None or not appointment.is_in_effect(at):
        return Access(None, at)
    return Gradual(appointment, at)


class Gradual(Access):
    appointment: Appointment

    def __init__(self, appointment: Appointment, at: datetime) -> None:
        super().__init__(appointment, at, kinds.visible_kinds(appointment.may))
        del self.__dict__["audiences"]  # In its place is the property below.
        self.__dict__["_progress"] = _Progress()

    @cached_property
    def audiences(self) -> tuple[LiveAudience, ...]:  # type: ignore[override]
        treaties = loaded(self._named, self.agencies)
        return access(self.appointment, self.at, treaties, circles=self._circles).audiences

    @cached_property
    def _named(self) -> Named:
        return named_for(Designation.objects.filter(agency__in=self.agencies))

    @cached_property
    def _circles(self) -> Circles:
        return circles_of(self.appointment, self.at)

    @cached_property
    def candidates(self) -> QuerySet[Audience]:
        """Audiences abroad that may be live for the officer."""
        return candidates(self.appointment, self.agencies, self._circles, self._named)

    @property
    def unfolding(self) -> Unfolding | None:
        if "audiences" in self.__dict__:
            return None
        return self if len({agreement for agreement, _ in self._named}) > FEW else None

    @property
    def own_part(self) -> Access | None:
        return None if "audiences" in self.__dict__ else self.part(())

    def part(self, gifts: Iterable[Gift]) -> "Part":
        """The own audiences, those by which these gifts may reach the officer, and those that were asked for before."""
        progress: _Progress = self.__dict__["_progress"]
        new, agreements = progress.lacking(gifts)
        if new or progress.own is None:
            # With what they lean on, and no more of either than counts between the officer's agencies and the givers.
            rows = frozenset(row for row in self._named if row[0] in agreements)
            givers = set[uuid.UUID]().union(*new.values())
            treaties = loaded(rows, self.agencies, self._named, givers=givers) if rows else {}
            found = access(self.appointment, self.at, treaties, circles=self._circles, asked=new).audiences
            progress.take(new, found)
        return Part(self.appointment, self.at, self.kinds, progress.audiences, progress.packed(self.at))

    def showing(self, keys: Collection[uuid.UUID]) -> Access:
        """As far as it must be worked out to tell which of these records the officer sees."""
        progress: _Progress = self.__dict__["_progress"]
        known, asked = self.part(()), set(keys) - progress.shown
        if not asked:
            return known
        progress.shown |= asked
        return self.part(bearing_on(asked, self.candidates, known))

    def grounds(self, releases: Iterable[Release]) -> list[tuple[Release, LiveAudience]]:
        rows = list(releases)
        if self.unfolding is None or not rows:
            return super().grounds(rows)
        groups = {row.group_id for row in rows}
        articles = {group: rest for group, *rest in articles_of(self.candidates.filter(group__in=groups))}
        given = {(*articles[row.group_id], row.provider_id) for row in rows if row.group_id in articles}
        return self.part(given).grounds(rows)


@dataclass(frozen=True)
class Part(Access):
    """What of an access is worked out. Its lanes are packed once for each article."""

    lanes: str = field(default="[]", compare=False)


@dataclass
class _Progress:
    """How far one access is worked out."""

    known: dict[uuid.UUID, list[LiveAudience]] = field(default_factory=dict)
    # By article, the givers that are worked out.
    givers: dict[uuid.UUID, set[uuid.UUID]] = field(default_factory=dict)
    own: list[LiveAudience] | None = None
    texts: list[str] = field(default_factory=list)
    shown: set[uuid.UUID] = field(default_factory=set)
    _unpacked: list[LiveAudience] = field(default_factory=list)

    def lacking(self, gifts: Iterable[Gift]) -> tuple[dict[uuid.UUID, set[uuid.UUID]], set[uuid.UUID]]:
        """What of these is not worked out yet, and the agreements of that."""
        new: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        agreements = set[uuid.UUID]()
        for clause, agreement, giver in gifts:
            if giver not in self.givers.get(clause, ()):
                new[clause].add(giver)
                agreements.add(agreement)
        return dict(new), agreements

    def take(self, new: Mapping[uuid.UUID, set[uuid.UUID]], found: Iterable[LiveAudience]) -> None:
        for clause, givers in new.items():
            self.givers.setdefault(clause, set()).update(givers)
            self.known.setdefault(clause, [])
        first, own = self.own is None, list[LiveAudience]()
        for item in found:
            if item.clause is None:
                own.append(item)
            else:
                self.known[item.clause].append(item)
            if item.clause is not None or first:
                self._unpacked.append(item)
        self.own = own

    @property
    def audiences(self) -> tuple[LiveAudience, ...]:
        return (*(self.own or ()), *(item for items in self.known.values() for item in items))

    def packed(self, at: datetime) -> str:
        """The lanes of all that is known. Those of an audience stand under one article, so these can stand in a row."""
        if self._unpacked:
            self.texts.append(pack(self._unpacked, at)[1:-1])
            self._unpacked = []
        return f"[{','.join(self.texts)}]"
