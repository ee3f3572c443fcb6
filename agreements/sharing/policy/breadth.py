"""How much of an agency a release is meant for, and whether one release covers another (R4).

Asked of releases that are open to the same agency: which of its officers are meant, not which are cleared (R26).
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from agencies.directory.models import Agency
from agreements.sharing.choices import WHOLE_KINDS, AudienceKind
from agreements.sharing.policy.reaching import Proposal
from agreements.sharing.policy.readers import Reader

CIRCLES = frozenset({AudienceKind.OWN_CIRCLE, AudienceKind.CIRCLE})


def covers(wider: Proposal, narrower: Proposal, at: datetime) -> bool:
    """Whether all at an agency for whom `narrower` is meant are meant by `wider` too. Who is in a circle is not
    asked, so a named officer counts as outside it."""
    if wider.kind in WHOLE_KINDS:
        return True
    if wider.kind in CIRCLES:
        return narrower.kind in CIRCLES and wider.circle_id == narrower.circle_id
    if narrower.named is not None:
        return _includes(wider, narrower, at)
    same_kind = wider.kind == narrower.kind and wider.named is None
    return same_kind and (wider.unit_id, wider.part) == (narrower.unit_id, narrower.part)


def _includes(wider: Proposal, officer: Proposal, at: datetime) -> bool:
    """Whether a unit, a function or a named officer is, or has, the officer that `officer` names."""
    holder = officer.named.held_on(at) if officer.named else None
    if holder is None:
        return False
    if wider.named is not None:
        return wider.named.pk == holder.pk or wider.named.held_on(at) == holder
    if wider.kind == AudienceKind.UNIT:
        return wider.unit_id == holder.unit_id
    return wider.kind == AudienceKind.FUNCTION and wider.part == holder.function


def takes_the_place_of(proposed: Proposal, standing: Proposal) -> bool:
    """Whether it is for the same audience: releasing again closes the earlier (R20)."""
    first, second = (
        (item.kind, item.provider_id, item.clause, item.country_id, item.agency_id, item.unit_id, item.circle_id)
        for item in (proposed, standing)
    )
    return first == second and (proposed.part, proposed.named) == (standing.part, standing.named)


def lasts(standing: Proposal, proposed: Proposal) -> bool:
    """Whether what stands ends no earlier than what is proposed, by the ends that were set."""
    return standing.until is None or (proposed.until is not None and standing.until >= proposed.until)


def widest(readers: Iterable[Reader], at: datetime) -> list[Reader]:
    """Those of one agency's that no other of them covers."""
    found: list[Reader] = []
    for reader in readers:
        if not uncovered([reader], found, at):
            continue
        found = [item for item in found if not covers(reader.proposal, item.proposal, at)] + [reader]
    return found


def uncovered(some: Iterable[Reader], by: Collection[Reader], at: datetime) -> list[Reader]:
    """Those of some that none of the others of the same agency covers."""
    return [item for item in some if not any(covers(other.proposal, item.proposal, at) for other in by)]


def seeing(readers: Iterable[Reader]) -> dict[Agency, list[Reader]]:
    """Each agency that sees the record, with all the releases by which it does."""
    found: dict[Agency, list[Reader]] = {}
    for reader in readers:
        if reader.sees:
            found.setdefault(reader.agency, []).append(reader)
    return found
