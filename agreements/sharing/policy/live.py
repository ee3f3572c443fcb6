"""One audience that an officer is inside of, with its terms."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agreements.sharing.choices import OWN_KINDS, AudienceKind
from agreements.sharing.models import Release
from agreements.sharing.policy.channel import Channel


@dataclass(frozen=True)
class LiveAudience:
    """One audience the officer is inside of now, with what may come through it and from whom."""

    group: int
    audience: uuid.UUID
    kind: AudienceKind
    clause: uuid.UUID | None
    providers: frozenset[uuid.UUID]
    ceiling: int
    widest_tlp: int
    country: str
    categories: frozenset[str] | None = None
    purposes: frozenset[str] | None = None
    since: datetime | None = None
    till: datetime | None = None
    retention: timedelta | None = None
    # Releases that those who passed something on to this audience received, and hold still (R11).
    vias: frozenset[uuid.UUID] = frozenset()
    channels: tuple[Channel, ...] = field(default=(), compare=False)

    @property
    def is_own(self) -> bool:
        return self.kind in OWN_KINDS

    def covers(self, release: Release, at: datetime) -> bool:
        """Whether the release is live for this officer through this audience. The SQL form is `lanes.LIVE`."""
        return (
            release.group_id == self.group
            and release.revoked_at is None
            and release.provider_id in self.providers
            and release.classification <= self.ceiling
            and release.tlp <= self.widest_tlp
            and (release.until is None or release.until > at)
            and (self.is_own or self._covers_abroad(release, at))
        )

    def _covers_abroad(self, release: Release, at: datetime) -> bool:
        assert self.categories is not None
        assert self.purposes is not None
        present = set(release.categories)
        return (
            bool(present)
            and present <= self.categories
            and release.purpose in self.purposes
            and (release.rel_to is None or self.country in release.rel_to)
            and (self.since is None or release.released_at >= self.since)
            and (self.till is None or release.released_at < self.till)
            and (self.retention is None or release.released_at > at - self.retention)
            and (release.via_id is None or release.via_id in self.vias)
        )
