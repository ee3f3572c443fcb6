"""One record, one appointment, one permission: allowed or refused, with reasons (R26)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from agencies.directory.models import Agency, Appointment, Classification
from agencies.directory.roles import Permission
from agreements.register.choices import Category, Onward
from agreements.register.facts import day_words
from agreements.sharing import kinds
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record, Release
from agreements.sharing.policy.access import Access, access
from agreements.sharing.policy.live import LiveAudience
from agreements.sharing.policy.onward import Way, ways_of
from agreements.sharing.policy.readers import readers


@dataclass(frozen=True)
class Ground:
    """Why a record is seen: the rule, the sentence, and the release and clause behind it."""

    rule: str
    sentence: str
    release: Release | None = None
    audience: LiveAudience | None = None

    @property
    def clause_id(self) -> object:
        return self.release.clause_id if self.release else None


@dataclass(frozen=True)
class Decision:
    """Whether, and why: the grounds are put into words when they are asked for."""

    allowed: bool
    missing: tuple[str, ...] = ()
    worded: Callable[[], tuple[Ground, ...]] = field(default=tuple, compare=False, repr=False)

    def __bool__(self) -> bool:
        return self.allowed

    @cached_property
    def grounds(self) -> tuple[Ground, ...]:
        return self.worded()

    @property
    def reason(self) -> str:
        return self.grounds[0].sentence if self.allowed and self.grounds else "; ".join(self.missing)


# What the role must permit besides; None: the action's own permission says it.
NEEDED_ROLE = {"change": None, "release": Permission.RECORD_RELEASE, "mark": Permission.RECORD_MARK}
# A receiver's verb, refused to the owner: it releases its record itself (R11).
ONWARD = "onward"
HIDDEN = Decision(False, missing=("Not visible",))


def decide(access: Access, record: Record, permission: str = "view") -> Decision:
    """Whether the officer may `view`, `export`, `change`, `mark`, `release` or pass `onward` the record now.

    A record that the officer may not view is refused with no reason that tells of it (R17).
    """
    if access.appointment is None or record.kind not in access.kinds:
        return HIDDEN
    found = access.grounds(access.given(record))
    if not found:
        return HIDDEN
    if permission == ONWARD:
        refused = _onward_refused(access, record, [release for release, _ in found])
    else:
        refused = _refused(access, record, permission)
    return Decision(not refused, refused, lambda: _grounds(record, found))


def _grounds(
    record: Record, found: list[tuple[Release, LiveAudience]], *, to_owner: bool = False
) -> tuple[Ground, ...]:
    """The best first, with what the sentence of each tells."""
    abroad = [release.pk for release, audience in found if not audience.is_own]
    told = Release.objects.select_related("clause__agreement", "audience", "provider").in_bulk(abroad) if abroad else {}
    best_first = sorted(found, key=lambda pair: (not pair[1].is_own, pair[0].released_at, pair[0].pk))
    return tuple(
        _ground(record, told.get(release.pk, release), audience, to_owner=to_owner) for release, audience in best_first
    )


def _refused(access: Access, record: Record, permission: str) -> tuple[str, ...]:
    owner = access.owns(record.owner_id)
    if permission == "view":
        return ()
    if permission == "export":
        blocked = record.display_only and not owner
        return ("Display only: receivers may not export, print or download it (R7)",) if blocked else ()
    if not owner:
        return ("Only its owner changes or releases a record (R21)",)
    appointment = access.appointment
    needed = NEEDED_ROLE.get(permission, Permission.RECORD_MARK)
    if needed and appointment and not appointment.may(needed):
        return (f"Your role does not permit this ({needed})",)
    gap = kinds.get(record.kind).release_gap if permission == "release" else None
    sentence = gap(record) if gap else ""
    return (sentence,) if sentence else ()


def _onward_refused(access: Access, record: Record, found: list[Release]) -> tuple[str, ...]:
    """Why a receiver has no way to pass it on, not even with consent (R11)."""
    if access.owns(record.owner_id):
        return ("It is your agency's own: release it instead",)
    if access.appointment and not access.appointment.may(Permission.RECORD_RELEASE):
        return (f"Your role does not permit this ({Permission.RECORD_RELEASE})",)
    ways = ways_of(record, found)
    never = tuple(way.sentence for way in ways if way.rule == Onward.NEVER)
    return () if len(never) < len(ways) else never


def ways_onward(access: Access, record: Record) -> list[Way]:
    """The ways by which the officer's agency could pass the record on now, the least strict first (R11)."""
    found = access.grounds(access.given(record))
    return ways_of(record, [release for release, audience in found if not audience.is_own])


def _ground(record: Record, release: Release, audience: LiveAudience, *, to_owner: bool = False) -> Ground:
    """To the officer, as "you"; or, `to_owner`, of an own officer to a colleague."""
    if audience.is_own:
        own = record.owner.short
        who, are, were = ("the officer", "is", "was") if to_owner else ("you", "are", "were")
        rule = {
            AudienceKind.OWN_AGENCY: ("R3", f"It is {own}'s own record, and {who} {are} of {own}"),
            AudienceKind.OWN_CIRCLE: (
                "R3",
                f"{who.capitalize()} {are} in the compartment to which its owner confined it",
            ),
            AudienceKind.OWN_OFFICER: ("R8", f"{who.capitalize()} wrote it, or {were} named for it"),
        }[audience.kind]
        return Ground(rule[0], rule[1], release, audience)
    return Ground("R4", sentence_of(release, audience), release, audience)


def sentence_of(release: Release, audience: LiveAudience) -> str:
    """The article that opens the record, in words: "§ 3 of …, made under Art. 21 of …, binding both since …"."""
    item = next(c for c in audience.channels if c.sender == release.provider_id)
    clause = release.clause
    assert clause is not None
    later = item.clause.id != clause.pk
    instead = f"{item.clause.article} of the {item.treaty.short_name}, which takes the place of " if later else ""
    under = clause.agreement.made_under
    made = f", made under {under.article} of the {under.agreement.short_name}" if under else ""
    ended = item.till.astimezone(item.treaty.zone).date() - timedelta(days=1) if item.till else None
    survives = f" until {day_words(ended)}; what was shared under it stays readable" if ended else ""
    return (
        f"{instead}{clause.article} of the {clause.agreement.short_name}{made}, {item.bond_words}"
        f"{survives}; released by {release.provider.short} "
        f"to {_audience_words(release)} for {release.get_purpose_display().lower()}"
    )


def _audience_words(release: Release) -> str:
    kind = AudienceKind(release.audience.kind)
    if kind == AudienceKind.FUNCTION:
        return f"your function, {release.audience.function}"
    return {
        AudienceKind.ALL_PARTIES: "all receiving parties",
        AudienceKind.PARTY: "your country",
        AudienceKind.AGENCY: "your agency",
        AudienceKind.UNIT: "your unit",
        AudienceKind.CIRCLE: "those who take part",
        AudienceKind.OFFICER: "you by name",
    }[kind]


def explain_to_owner(
    record: Record,
    agency: Agency,
    at: datetime,
    rows: Iterable[Release] | None = None,
    known: datetime | None = None,
) -> Decision:
    """For the owner: does that agency see the record, by which article, or what is missing (R26).

    Tells nothing of the other agency's officers, clearances or assignments. `rows` are the releases of another
    instant (`sharing.asof`), `known` as `readers` takes it (R14).
    """
    rows = record.releases.standing().with_audience().order_by() if rows is None else rows
    found = readers(record, rows, at, known, only=agency)
    grounds = tuple(Ground("R4" if r.clause else "R3", r.sentence) for r in found if r.sees)
    if grounds:
        return Decision(True, worded=lambda: grounds)
    missing = tuple(dict.fromkeys(reader.sentence for reader in found))
    words = ", ".join(Category(code).label.lower() for code in record.categories) or "no category"
    default = f"No release reaches {agency.short}: none was made to it under a clause that covers {words}"
    return Decision(False, missing=missing or (default,))


def explain_own(record: Record, officer: Appointment, at: datetime, rows: Iterable[Release] | None = None) -> Decision:
    """For the owner: does that officer of its own see the record, by which rule, or what is missing (R1–R3, R8)."""
    rows = record.releases.standing().with_audience() if rows is None else rows
    kind = kinds.get(record.kind)
    found = access(officer, at, {}).grounds(rows)
    if found and officer.may(kind.view_permission):
        return Decision(True, worded=lambda: _grounds(record, found, to_owner=True))
    missing = []
    if not officer.is_in_effect(at):
        missing.append("The appointment is not in effect")
    if not officer.may(kind.view_permission):
        missing.append(f"The role {officer.get_role_display().lower()} reads no {kind.plural.lower()} (R1)")
    if officer.clearance < record.classification:
        level = Classification(record.classification).label
        missing.append(f"{level} is above the clearance, {officer.get_clearance_display()} (R2)")
    elif not missing:
        red = "It is TLP:RED: only its author and officers named for it see it (R8)"
        missing.append(red if record.tlp == Tlp.RED else "The officer is not in the compartment, and not named (R3)")
    return Decision(False, missing=tuple(missing))


def marking_words(record: Record) -> str:
    return f"{Classification(record.classification).label} · {Tlp(record.tlp).label}"


def view_permission(kind: str) -> str:
    return kinds.get(kind).view_permission
