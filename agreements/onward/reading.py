"""What pages and API show of onward transfer: the rule, what was passed on, what was asked, what can be chosen."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.onward.choices import State
from agreements.onward.models import ConsentRequest
from agreements.register.choices import Onward
from agreements.sharing.models import Record, Release
from agreements.sharing.offers import Offer, Offers, offers_for
from agreements.sharing.policy import ONWARD, Access, Way, decide, readers, ways_onward


@dataclass
class Passing:
    """For one reader of one record: whether it may go on, and what is under way between the two sides."""

    record: Record
    own: bool
    way: Way | None = None
    refused: str = ""
    requests: list[ConsentRequest] = field(default_factory=list)
    passed: list[Release] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)

    @property
    def free(self) -> bool:
        return self.way is not None and self.way.rule == Onward.FREE


def passing_of(record: Record, access: Access) -> Passing:
    """The reader's own agency's side of it alone; the originator sees all that was passed on, each by whom."""
    found = Passing(record, access.owns(record.owner_id))
    if access.appointment is None:
        return found
    rows = ConsentRequest.objects.visible_to(access).filter(record=record).with_words()
    found.requests = list(rows)
    given = Release.objects.standing().with_audience().filter(content_object=record, via__isnull=False)
    if not found.own:
        given = given.filter(provider__in=access.appointment.agencies)
    parts = "provider__country", "audience__agency__country", "audience__country", "audience__appointment__agency"
    found.passed = list(given.select_related(*parts).order_by("released_at", "pk"))
    if not found.own:
        decision = decide(access, record, ONWARD)
        found.refused = "" if decision else decision.missing[0]
        found.way = ways_onward(access, record)[0] if decision else None
    return found


def onward_offers(record: Record, access: Access, at: datetime) -> Offers:
    """What the receiver's own articles let through today, to others than the originator."""
    assert access.appointment is not None
    by = access.appointment
    found = offers_for(by, record, at, kind=record.kind, operation=record.operation)
    return replace(found, fits=[offer for offer in found.fits if _leads_on(offer, record, by.agency, at)])


def _leads_on(offer: Offer, record: Record, provider: Agency, at: datetime) -> bool:
    """Whether it reaches anybody but the originator's own."""
    officer = offer.to.appointment
    agency = officer.agency_id if officer else offer.to.agency and offer.to.agency.pk
    if agency is not None:
        return agency != record.owner_id
    proposal = offer.to.proposal(provider=provider, clause=offer.clause, purpose=offer.clause.purposes[0])
    return any(reader.sees for reader in readers(record, [proposal], at))


def own_offers(request: ConsentRequest, access: Access, at: datetime) -> list[Offer]:
    """The originator's own releases that reach whom the request is for: what it may release instead."""
    assert access.appointment is not None
    record = request.record
    found = offers_for(access.appointment, record, at, kind=record.kind, operation=record.operation)
    return [offer for offer in found.fits if _target(offer) == _wanted(request)]


def _target(offer: Offer) -> tuple[object, ...]:
    to = offer.to
    return (
        to.country and to.country.pk,
        to.agency and to.agency.pk,
        to.unit and to.unit.pk,
        to.function,
        to.circle and to.circle.pk,
        to.appointment and to.appointment.pk,
    )


def _wanted(request: ConsentRequest) -> tuple[object, ...]:
    audience = request.audience
    if audience is None:
        return (None, request.agency_id, None, "", None, None)
    return (
        audience.country_id,
        audience.agency_id,
        audience.unit_id,
        audience.function,
        audience.circle_id,
        audience.appointment_id,
    )


def steps_of(request: ConsentRequest, access: Access, at: datetime) -> dict[str, bool]:
    """What the reader may do with the request now."""
    by = access.appointment
    releases = by is not None and by.may(Permission.RECORD_RELEASE)
    owner = releases and access.owns(request.record.owner_id)
    asker = releases and access.owns(request.asked_by.agency_id)
    state, valid = request.state, request.ends_at is not None and request.ends_at > at
    return {
        "decide": owner and state == State.ASKED,
        "consent": owner and state == State.ASKED and request.audience_id is not None,
        "end": owner and state in (State.CONSENTED, State.PASSED),
        "pass": asker and state == State.CONSENTED and valid,
        "take_back": asker and state in (State.ASKED, State.CONSENTED),
    }


def open_for(access: Access) -> int:
    """How many requests wait for the own agency's answer, of records that the reader sees."""
    if access.appointment is None:
        return 0
    rows = ConsentRequest.objects.visible_to(access).filter(state=State.ASKED)
    return rows.filter(record__owner__in=access.appointment.agencies).count()
