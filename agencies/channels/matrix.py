"""The interoperability matrix: each of some agencies with each of others, and the gaps."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from agencies.channels.choices import Encryption
from agencies.channels.models import CommunicationChannel
from agencies.channels.querysets import reachable
from agencies.channels.talking import Line, Link, Talk, Verdict, talk
from agencies.directory.models import Agency, Appointment

# More agencies than this on a side make no page that anybody reads.
MOST = 40
# Icon and tone of each verdict, beside its words.
LOOKS = {
    Verdict.NOTHING: ("slash-circle", "danger"),
    Verdict.NO_LANGUAGE: ("translate", "danger"),
    Verdict.CLOSED: ("clock", "warning"),
    Verdict.CLEAR: ("unlock", "info"),
    Verdict.SECURE: ("lock", "success"),
}


@dataclass(frozen=True)
class Meeting:
    """Two agencies, and how they can talk."""

    one: Agency
    other: Agency
    talk: Talk
    rows: Mapping[uuid.UUID, CommunicationChannel]

    @property
    def look(self) -> tuple[str, str]:
        return LOOKS[self.talk.verdict]

    @property
    def words(self) -> str:
        """What it comes to: "Radio BOS-1, de, encrypted"."""
        link = self.talk.best
        if link is None:
            return self.talk.verdict.words
        languages = ", ".join(sorted(link.languages))
        parts = [str(self.rows[link.one.key]), languages, self.talk.verdict.words]
        return ", ".join(part for part in parts if part)

    @property
    def links(self) -> list[tuple[Link, CommunicationChannel, CommunicationChannel]]:
        return [(link, self.rows[link.one.key], self.rows[link.other.key]) for link in self.talk.links]


@dataclass(frozen=True)
class Interoperability:
    """Own agencies down, others across. `square`: the same agencies on both sides, each pair once."""

    down: list[Agency]
    across: list[Agency]
    meetings: dict[tuple[uuid.UUID, uuid.UUID], Meeting]
    cut: int = 0

    @cached_property
    def grid(self) -> list[tuple[Agency, list[Meeting | None]]]:
        return [(one, [self.meetings.get((one.pk, other.pk)) for other in self.across]) for one in self.down]

    @cached_property
    def gaps(self) -> list[Meeting]:
        """Pairs with something missing, each once, the worst first."""
        found: dict[frozenset[uuid.UUID], Meeting] = {}
        for (one, other), meeting in self.meetings.items():
            if meeting.talk.gaps:
                found.setdefault(frozenset({one, other}), meeting)
        return sorted(found.values(), key=lambda m: (m.talk.verdict, m.one.name, m.other.name))


def interoperability(
    by: Appointment, at: datetime, down: Collection[uuid.UUID] = (), across: Collection[uuid.UUID] = ()
) -> Interoperability:
    """Of those agencies that the officer may know (R18), in a constant number of queries. Without any: the own
    against its partners; with `down` alone: these among each other."""
    known = reachable(by, at)
    ours = {key for key in (down or by.agencies) if key in known}
    theirs = {key for key in across if key in known} or (ours if down else known - ours)
    rows = Agency.objects.active().filter(pk__in=ours | theirs).select_related("country")
    agencies = {row.pk: row for row in rows.order_by("country__name", "name", "pk")}
    one_side = [row for key, row in agencies.items() if key in ours][:MOST]
    other_side = [row for key, row in agencies.items() if key in theirs][:MOST]
    channels = channels_of({row.pk for row in (*one_side, *other_side)}, at)
    lines = {key: [line_of(row, agencies[key]) for row in found] for key, found in channels.items()}
    by_key = {row.pk: row for found in channels.values() for row in found}
    meetings = {
        (one.pk, other.pk): Meeting(one, other, talk(lines.get(one.pk, ()), lines.get(other.pk, ()), at), by_key)
        for one in one_side
        for other in other_side
        if one.pk != other.pk
    }
    cut = len(agencies) - len({row.pk for row in (*one_side, *other_side)})
    return Interoperability(one_side, other_side, meetings, cut)


def channels_of(agencies: Collection[uuid.UUID], at: datetime) -> dict[uuid.UUID, list[CommunicationChannel]]:
    """What is there on that day, of agencies that the reader may know."""
    found: dict[uuid.UUID, list[CommunicationChannel]] = defaultdict(list)
    for row in CommunicationChannel.objects.of(agencies).in_effect(at).select_related("agency"):
        if row.is_in_effect(at):
            found[row.agency_id].append(row)
    return found


def line_of(row: CommunicationChannel, agency: Agency) -> Line:
    """A row as a plain value. Without languages of its own a channel speaks those of its agency."""
    return Line(
        key=row.pk,
        means=row.means,
        system=row.system,
        band=row.band,
        talk_group=row.talk_group,
        address=row.address,
        encrypted=row.encryption != Encryption.NONE,
        languages=frozenset(row.languages or agency.languages),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        weekdays=frozenset(row.weekdays),
        zone=agency.time_zone,
    )
