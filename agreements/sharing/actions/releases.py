"""Releases: a record is given to an audience under a clause, and taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Classification, Country, Unit
from agencies.directory.roles import Permission
from agreements.register.choices import Onward
from agreements.register.models import Clause
from agreements.sharing import gates
from agreements.sharing.actions import recalls
from agreements.sharing.actions.audiences import audience_for
from agreements.sharing.causes import RELEASED
from agreements.sharing.choices import OWN_KINDS, AudienceKind, Tlp, widest_tlp
from agreements.sharing.models import Audience, Circle, Record, Release, StandingOrder
from agreements.sharing.permission import view_record
from agreements.sharing.policy import ONWARD, Proposal, access_to, decide, readers, ways_onward
from agreements.sharing.policy.reaching import Marked
from portal.audit import recording
from portal.outbox import messages
from portal.ui.errors import Refused

# Of a refusal that another officer can lift.
SECOND = "second_officer"


@dataclass(frozen=True)
class To:
    """Whom a release is meant for (R4). Exactly the target that the kind asks for is given."""

    kind: AudienceKind
    country: Country | None = None
    agency: Agency | None = None
    circle: Circle | None = None
    appointment: Appointment | None = None
    # Of a unit or function: with its agency.
    unit: Unit | None = None
    function: str = ""

    @classmethod
    def of(cls, audience: Audience) -> "To":
        """Whom an audience is meant for."""
        return cls(
            AudienceKind(audience.kind),
            country=audience.country,
            agency=audience.agency,
            circle=audience.circle,
            appointment=audience.appointment,
            unit=audience.unit,
            function=audience.function,
        )

    @property
    def target(self) -> dict[str, Any]:
        """What `audience_for` takes besides kind and clause."""
        return {name: value for name, value in vars(self).items() if name != "kind"}

    @classmethod
    def of_unit(cls, unit: Unit) -> "To":
        return cls(AudienceKind.UNIT, agency=unit.agency, unit=unit)

    def proposal(
        self,
        *,
        provider: Agency,
        clause: Clause,
        purpose: str,
        until: datetime | None = None,
        via: Release | None = None,
    ) -> Proposal:
        named = self.appointment.agency_id if self.appointment else None
        return Proposal(
            kind=self.kind,
            provider_id=provider.pk,
            clause=clause,
            purpose=purpose,
            country_id=self.country.pk if self.country else None,
            agency_id=self.agency.pk if self.agency else named,
            part=str(self.unit or self.function),
            unit_id=self.unit.pk if self.unit else None,
            circle_id=self.circle.pk if self.circle else None,
            circle_kind=self.circle.kind if self.circle else None,
            named=self.appointment,
            until=until,
            via_id=via.pk if via else None,
        )


@transaction.atomic
def release(
    *,
    record: Record,
    to: To,
    clause: Clause,
    purpose: str,
    by: Appointment,
    until: datetime | None = None,
    standing_order: StandingOrder | None = None,
    via: Release | None = None,
    consented: bool = False,
    second: Appointment | None = None,
) -> Release:
    """Give the record to an audience under a clause, for a purpose of that clause (R4, R6, R20).

    With `via`, the release by which the own agency received it, a receiver passes it on (R11): where an article on
    the way asks for it, only once the originator `consented` (agreements.onward asks). `second` is the officer who
    approved it, where the agency wants one (agreements.approvals asks).

    Raises Refused when it is not the releaser's to give, when TLP forbids the audience (R7), or when nobody at
    all could read it today: without a legal basis no release is made (R6). Releasing again closes the earlier.
    """
    record = Record.objects.select_for_update().get(pk=record.pk)
    if standing_order is None:
        check(record=record, to=to, clause=clause, purpose=purpose, by=by, until=until, via=via, consented=consented)
    else:
        _check_reach(record, to, clause, purpose, by)
        gates.check_release(record=record, to=to, clause=clause, purpose=purpose, until=until, by=by)
    _check_second(record, by, second)
    audience = audience_for(to.kind, clause=clause, **to.target)
    now = timezone.now()
    same = {"content_object": record, "group_id": audience.group_id}
    Release.objects.standing().filter(**same, provider__in=by.agencies).update(revoked_at=now, revoked_by=by)
    row = Release.objects.create(
        **same,
        provider=by.agency,
        permission=view_record(),
        audience=audience,
        clause=clause,
        purpose=purpose,
        released_at=now,
        released_by=by,
        until=until,
        standing_order=standing_order,
        via=via,
        approved_by=second,
    )
    recording.record(
        verb="record.release",
        by=by,
        subject_kind=record.kind,
        subject_id=str(record.pk),
        data={
            "release": str(row.pk),
            "audience": str(audience.pk),
            "clause": str(clause.pk),
            "purpose": purpose,
            **({"via": str(via.pk)} if via else {}),
            **({"approved_by": str(second.pk)} if second else {}),
        },
    )
    messages.emit(kind=RELEASED, key=f"released:{row.pk}", payload={"release": str(row.pk)})
    gates.released(release=row, second=second)
    return row


def check(
    *,
    record: Record,
    to: To,
    clause: Clause,
    purpose: str,
    by: Appointment,
    until: datetime | None = None,
    via: Release | None = None,
    consented: bool = False,
) -> None:
    """Raises Refused for what `release` would refuse, but for the second officer."""
    if via is not None:
        _may_pass_on(record, via, by, consented=consented)
    else:
        _may_release(record, by)
    _check_reach(record, to, clause, purpose, by, via)
    if until is not None and until <= timezone.now():
        raise Refused("This lies in the past: nobody could read it.", field="until")
    gates.check_release(record=record, to=to, clause=clause, purpose=purpose, until=until, by=by)


def needs_second(record: Marked, by: Appointment) -> bool:
    """Whether the releasing agency wants a second officer for something so classified (R20)."""
    bound = by.agency.second_officer_above
    return bound is not None and record.classification > bound


def _check_second(record: Record, by: Appointment, second: Appointment | None) -> None:
    if not needs_second(record, by):
        return
    bound = Classification(by.agency.second_officer_above or 0).label
    if second is None:
        raise Refused(f"Above {bound} your agency wants a second officer for each release (R20).", code=SECOND)
    if second.officer_id == by.officer_id or second.agency_id not in by.agencies:
        raise Refused("The second officer is another one of your agency.", code=SECOND)


def _may_release(record: Record, by: Appointment) -> None:
    decision = decide(access_to(record, by, timezone.now()), record, "release")
    if not decision:
        raise Refused(decision.missing[0], code="forbidden", reasons=decision.missing)


def _may_pass_on(record: Record, via: Release, by: Appointment, *, consented: bool) -> None:
    """R11: by a way that is open today, and that does not forbid it; never with less than the strictest rule asks."""
    mine = access_to(record, by, timezone.now())
    decision = decide(mine, record, ONWARD)
    if not decision:
        raise Refused(decision.missing[0], code="forbidden", reasons=decision.missing)
    way = next((way for way in ways_onward(mine, record) if way.release.pk == via.pk), None)
    if way is None:
        raise Refused("The release by which your agency received it is no longer open.", code="no_basis")
    if way.rule == Onward.NEVER or (way.rule == Onward.CONSENT and not consented):
        raise Refused(f"{way.sentence} (R11).", code="forbidden")


def _check_reach(
    record: Record, to: To, clause: Clause, purpose: str, by: Appointment, via: Release | None = None
) -> None:
    if to.kind in OWN_KINDS:
        raise Refused("Own officers see it already.", field="audience")
    if record.tlp > widest_tlp(to.kind, to.circle.kind if to.circle else None):
        raise Refused(f"{Tlp(record.tlp).label} does not travel to {to.kind.label.lower()} (R7).", field="audience")
    if to.circle is not None and to.circle.closed_at is not None:
        raise Refused("It is closed: nothing new can be released to it (R4).", field="audience")
    proposal = to.proposal(provider=by.agency, clause=clause, purpose=purpose, via=via)
    found = readers(record, [proposal], timezone.now())
    if not any(reader.sees for reader in found):
        reasons = tuple(dict.fromkeys(reader.sentence for reader in found))
        say = reasons[0] if reasons else "No agency is in this audience today"
        raise Refused(f"Nobody could read it: {say}.", field="clause", code="no_basis", reasons=reasons)
    # Last: only partners are told what units and functions there are (R18).
    _check_part(to)


def _check_part(to: To) -> None:
    """A unit is open and of its agency; a function is held by somebody there today."""
    if to.unit is not None and (to.unit.closed_at is not None or to.unit.agency_id != (to.agency and to.agency.pk)):
        raise Refused("There is no such unit at this agency.", field="unit")
    if to.kind == AudienceKind.FUNCTION:
        now = timezone.now()
        staff = Appointment.objects.in_effect(now).filter(agency=to.agency).select_related("agency", "officer")
        if not any(row.function == to.function and row.is_in_effect(now) for row in staff):
            raise Refused("Nobody has this function there today.", field="function")


@transaction.atomic
def revoke(*, release: Release, by: Appointment) -> Release:
    """Take a release back: closed on the next request through every door (R13)."""
    row = Release.objects.select_for_update(of=("self",)).select_related("content_object").get(pk=release.pk)
    # What its receivers passed on, the originator takes back too (R11).
    theirs = bool(by.agencies & {row.provider_id, row.content_object.owner_id})
    if not theirs or not by.may(Permission.RECORD_RELEASE) or row.clause_id is None:
        raise Refused("Only the agency that released a record, and its originator, take it back.", code="forbidden")
    return withdraw(release=row, by=by)


def withdraw(*, release: Release, by: Appointment, recall: bool = True) -> Release:
    """As `revoke`, where another right than to release was asked for already: inside another action.

    Whoever opened the record by it is told (R16), unless that action tells them itself (`recall` False).
    """
    rows = Release.objects.select_for_update(of=("self",)).select_related("content_object", "audience", "clause")
    row = rows.get(pk=release.pk)
    if row.revoked_at is None:
        before = recalls.seeing(row.content_object) if recall else frozenset()
        row.revoked_at, row.revoked_by = timezone.now(), by
        row.save(update_fields=["revoked_at", "revoked_by"])
        recording.record(
            verb="record.revoke",
            by=by,
            subject_kind=row.kind,
            subject_id=str(row.content_object_id),
            data={"release": str(row.pk)},
        )
        if recall:
            recalls.release_ended(release=row, before=before, by=by)
    return row


@transaction.atomic
def extend_older(*, records: list[Record], to: To, clause: Clause, purpose: str, by: Appointment) -> int:
    """Release records again so that those who joined later see them too (R15); how many were."""
    for record in records:
        release(record=record, to=to, clause=clause, purpose=purpose, by=by)
    return len(records)
