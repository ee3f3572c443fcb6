"""The live audiences of an officer as the database reads them: one JSON value, one condition.

The policy says what is live (`policy.access`: `LiveAudience.covers`); this is the same in SQL, and the only such
place. A *lane* is one audience with what may come through it from each providing agency: the arrays stand beside
each other, one element for each provider; one that would hold nothing is left out. An audience whose providers bring
more than one set of terms, or other categories, has a second lane, so that each has one element for a provider.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db.models import BooleanField, F
from django.db.models.expressions import Expression

COLUMNS = """(g int, own boolean, tlp int, purposes text[], at timestamptz, kept timestamptz, floor timestamptz,
 providers uuid[], ceilings int[], categories varchar[], parties text[], sinces timestamptz[], tills timestamptz[], vias uuid[])"""

# CASE … <> 0, because a planner that multiplies the estimates of such conditions believes that nothing is ever live,
# and reads all of an audience to find the newest row of it. Of this form it believes that nearly everything is.
LIVE = """CASE WHEN release.tlp <= lane.tlp
 AND (release.until IS NULL OR release.until > lane.at)
 AND release.classification <= lane.ceilings[array_position(lane.providers, release.provider_id)]
 AND (lane.own OR (
  (release.rel_to IS NULL OR release.rel_to @> ARRAY[lane.parties[array_position(lane.providers, release.provider_id)]]::varchar[])
  AND release.released_at >= coalesce(lane.sinces[array_position(lane.providers, release.provider_id)], '-infinity')
  AND release.released_at < coalesce(lane.tills[array_position(lane.providers, release.provider_id)], 'infinity')
  AND release.released_at > coalesce(lane.kept, '-infinity')
  AND release.purpose = ANY(lane.purposes)
  AND (release.via_id IS NULL OR release.via_id = ANY(lane.vias))
  AND release.categories <> '{}'
  AND release.categories <@ lane.categories
 )) THEN 1 ELSE 0 END <> 0"""


class Sight(Protocol):
    """What a queryset needs of an access: the kinds its role may see, the lanes in JSON, and itself where it can be
    worked out in parts."""

    @property
    def kinds(self) -> frozenset[str]: ...

    @property
    def lanes(self) -> str: ...

    @property
    def unfolding(self) -> Any: ...

    @property
    def own_part(self) -> Any: ...


class Audience(Protocol):
    """What a lane is made of (`policy.LiveAudience`)."""

    @property
    def group(self) -> int: ...
    @property
    def providers(self) -> frozenset[uuid.UUID]: ...
    @property
    def ceiling(self) -> int: ...
    @property
    def widest_tlp(self) -> int: ...
    @property
    def country(self) -> str: ...
    @property
    def categories(self) -> frozenset[str] | None: ...
    @property
    def purposes(self) -> frozenset[str] | None: ...
    @property
    def since(self) -> datetime | None: ...
    @property
    def till(self) -> datetime | None: ...
    @property
    def retention(self) -> timedelta | None: ...
    @property
    def vias(self) -> frozenset[uuid.UUID]: ...
    @property
    def is_own(self) -> bool: ...


Terms = tuple[int, str, str | None, str | None]


def pack(audiences: Iterable[Audience], at: datetime) -> str:
    """The lanes of these audiences, in JSON."""
    return json.dumps(lanes_of(audiences, at), separators=(",", ":"))


def lanes_of(audiences: Iterable[Audience], at: datetime) -> list[dict[str, Any]]:
    """The lanes of these audiences, the own before all others."""
    found: dict[Any, list[dict[uuid.UUID, Terms]]] = defaultdict(list)
    for item in audiences:
        purposes = tuple(sorted(item.purposes or ()))
        vias = tuple(sorted(str(via) for via in item.vias))
        kept = None if item.is_own else item.retention
        categories = tuple(sorted(item.categories or ()))
        lanes = found[item.group, item.is_own, item.widest_tlp, purposes, kept, vias, categories]
        since = item.since.isoformat() if item.since and not item.is_own else None
        till = item.till.isoformat() if item.till and not item.is_own else None
        terms = (item.ceiling, item.country, since, till)
        for provider in item.providers:
            lane = next((lane for lane in lanes if provider not in lane), None)
            if lane is None:
                lanes.append(lane := {})
            lane[provider] = terms
    own_first = sorted(found.items(), key=lambda item: not item[0][1])
    return [_row(key, lane, at) for key, lanes in own_first for lane in lanes]


def _row(key: Any, lane: Mapping[uuid.UUID, Terms], at: datetime) -> dict[str, Any]:
    group, own, tlp, purposes, retention, vias, categories = key
    ceilings, parties, sinces, tills = zip(*lane.values(), strict=True)
    kept = at - retention if retention else None
    return {
        "g": group,
        "own": own,
        "tlp": tlp,
        "purposes": purposes,
        "at": at.isoformat(),
        "kept": kept and kept.isoformat(),
        "floor": _floor(sinces, kept),
        "providers": [str(provider) for provider in lane],
        "ceilings": ceilings,
        "categories": categories,
        "parties": parties,
        "sinces": sinces if any(sinces) else None,
        "tills": tills if any(tills) else None,
        "vias": vias,
    }


def _floor(sinces: Iterable[str | None], kept: datetime | None) -> str | None:
    """Nothing released before it can be live in the lane."""
    bounds = [datetime.fromisoformat(since) if since else None for since in set(sinces)]
    floor = None if None in bounds else min(bound for bound in bounds if bound)
    latest = max((bound for bound in (floor, kept) if bound), default=None)
    return latest.isoformat() if latest else None


class Door(Expression):
    """Whether a release of the record is live for the officer: the condition of `visible_to` (R1–R9, R13).

    `of` is the column of the access rows that the key is compared with: their record, or, of a release, itself.

    A class of its own, so that `feed` finds it in a query and asks the same lane by lane.
    """

    conditional = True
    output_field = BooleanField()

    def __init__(self, access: Sight, kinds: Iterable[str], key: str = "pk", of: str = "content_object_id") -> None:
        super().__init__()
        self.of = of
        self.key: Any = F(key)
        self.access = access
        self.kinds = sorted(kinds)

    def get_source_expressions(self) -> list[Any]:
        return [self.key]

    def set_source_expressions(self, exprs: Any) -> None:
        (self.key,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        key, params = compiler.compile(self.key)
        sql = f"""EXISTS(SELECT 1 FROM sharing_release release
 JOIN json_to_recordset(%s) AS lane{COLUMNS} ON lane.g = release.group_id
 WHERE release.{self.of} = {key} AND release.revoked_at IS NULL AND release.kind = ANY(%s) AND {LIVE})"""
        return sql, (self.access.lanes, *params, self.kinds)
