"""Send a call of danger to life, act on it, declare it over, review it (R24)."""

import math
import uuid
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.directory.limits import PHONE
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.distress.choices import CallState, Nature, Side
from agreements.distress.models import Addressee, DistressCall, Reading
from agreements.distress.reading import side_of
from agreements.sharing.policy import access
from portal.audit import recording
from portal.keys import sent_before, usable
from portal.outbox import messages
from portal.ui.errors import Refused

SENT, ACKNOWLEDGED, OVER = "distress.sent", "distress.acknowledged", "distress.over"


@transaction.atomic
def send(
    *,
    nature: str,
    position: tuple[float, float],
    call_back: str,
    reason: str,
    agencies: Collection[Agency],
    by: Appointment,
    place: str = "",
    after: DistressCall | None = None,
    key: uuid.UUID | None = None,
) -> DistressCall:
    """Send to the duty desks of `agencies`, of other countries, without any clause, for one hour from now.

    `position` is (latitude, longitude) in degrees. `after` is an earlier call of the own agency that this one
    repeats: a new hour, a new call. Sent twice under the same `key` by the same officer, it goes out once. Raises Refused at the field.
    """
    if not by.may(Permission.DISTRESS_SEND):
        raise Refused("Your role does not permit this.", code="forbidden")
    sent = sent_before(DistressCall, key, sent_by=by)
    if sent is not None:
        return sent
    _check(nature=nature, position=position, call_back=call_back, reason=reason)
    found = {agency.pk: agency for agency in agencies}
    _check_receivers(found.values(), by)
    if after is not None and after.sent_by.agency_id not in by.agencies:
        raise Refused("There is no such call.", code="not_found")
    row = DistressCall.objects.create(
        id=usable(DistressCall, key),
        nature=nature,
        latitude=position[0],
        longitude=position[1],
        place=place.strip(),
        call_back=call_back.strip(),
        reason=reason.strip(),
        sent_by=by,
        after=after,
    )
    Addressee.objects.bulk_create([Addressee(call=row, agency=agency) for agency in found.values()])
    _note("distress.send", row, by, nature=nature, agencies=list(found), after=after and after.pk)
    messages.emit(kind=SENT, key=f"{SENT}:{row.pk}", payload={"call": str(row.pk)})
    return row


def _check(*, nature: str, position: tuple[float, float], call_back: str, reason: str) -> None:
    if nature not in Nature.values:
        raise Refused("Say what the danger is.", field="nature")
    latitude, longitude = position
    if not (math.isfinite(latitude) and -90 <= latitude <= 90):
        raise Refused("Latitude is from -90 to 90 degrees.", field="latitude")
    if not (math.isfinite(longitude) and -180 <= longitude <= 180):
        raise Refused("Longitude is from -180 to 180 degrees.", field="longitude")
    try:
        PHONE(call_back.strip())
    except ValidationError as error:
        raise Refused(error.messages[0], field="call_back") from error
    if not reason.strip():
        raise Refused("Say why it cannot wait for an article: it is reviewed by it.", field="reason")


def _check_receivers(agencies: Collection[Agency], by: Appointment) -> None:
    if not agencies:
        raise Refused("Choose at least one neighbour: nobody means nobody.", field="agencies")
    for agency in agencies:
        if not agency.acts_now or agency.country_id == by.agency.country_id:
            raise Refused(f"{agency.short} is no agency of another country at work here.", field="agencies")


@transaction.atomic
def note_reading(*, call: DistressCall, by: Appointment) -> None:
    """An officer of a receiver is shown position and number: into the ledger, once for each officer (R29)."""
    _, new = Reading.objects.get_or_create(call=call, appointment=by)
    if new:
        _note("distress.read", call, by, sender=call.sent_by.agency_id)


@transaction.atomic
def acknowledge(*, call: DistressCall, by: Appointment) -> DistressCall:
    """The receiver's desk acts on it: the sender reads by whom, by function, and when."""
    row = _locked(call, by, Side.RECEIVED)
    own = row.addressees.select_related("acknowledged_by").get(agency__in=by.agencies)
    if own.acknowledged_by is not None:
        raise Refused(f"Your agency acts on it already: {own.acknowledged_by.function}.", code="state")
    own.acknowledged_by, own.acknowledged_at = by, timezone.now()
    own.save(update_fields=["acknowledged_by", "acknowledged_at"])
    _note("distress.acknowledge", row, by)
    payload = {"call": str(row.pk), "agency": str(by.agency_id)}
    messages.emit(kind=ACKNOWLEDGED, key=f"{ACKNOWLEDGED}:{own.pk}", payload=payload)
    return row


@transaction.atomic
def declare_over(*, call: DistressCall, by: Appointment) -> DistressCall:
    """The danger is over: it closes to receivers at once. Any officer of the sender's agency who may send does it."""
    row = _locked(call, by, Side.SENT)
    if not by.may(Permission.DISTRESS_SEND):
        raise Refused("Your role does not permit this.", code="forbidden")
    if row.state_at(timezone.now()) != CallState.LIVE:
        raise Refused("It is closed already.", code="state")
    row.ended_at, row.ended_by = timezone.now(), by
    row.save(update_fields=["ended_at", "ended_by"])
    _note("distress.over", row, by)
    messages.emit(kind=OVER, key=f"{OVER}:{row.pk}", payload={"call": str(row.pk)})
    return row


@transaction.atomic
def review(*, call: DistressCall, justified: bool, words: str, by: Appointment) -> DistressCall:
    """Afterwards, somebody else of the sender's agency says whether it was right to send it without an article."""
    row = _locked(call, by, Side.SENT)
    if not by.may(Permission.DISTRESS_REVIEW):
        raise Refused("Your role does not permit this.", code="forbidden")
    if row.sent_by.officer_id == by.officer_id:
        raise Refused("You sent it yourself: another officer reviews it.", code="forbidden")
    if row.state_at(timezone.now()) == CallState.LIVE:
        raise Refused("Its hour still runs: it is reviewed afterwards.", code="state")
    if row.reviewed_at is not None:
        raise Refused("It is reviewed already.", code="state")
    if not words.strip():
        raise Refused("Say why, in a sentence: it is kept.", field="words")
    row.reviewed_at, row.reviewed_by, row.justified, row.review = timezone.now(), by, justified, words.strip()
    row.save(update_fields=["reviewed_at", "reviewed_by", "justified", "review"])
    _note("distress.review", row, by, justified=justified)
    return row


def _locked(call: DistressCall, by: Appointment, side: Side) -> DistressCall:
    """The row for a change, if the officer stands on that side of it now."""
    row = DistressCall.objects.select_for_update(of=("self",)).select_related("sent_by__agency").get(pk=call.pk)
    found = side_of(row, access(by, timezone.now()))
    if found is None:
        raise Refused("There is no such call.", code="not_found")
    if found != side:
        raise Refused("This is not yours to do.", code="forbidden")
    return row


def _note(verb: str, row: DistressCall, by: Appointment, **data: object) -> None:
    """Neither position nor number: the ledger outlives the hour."""
    facts = {"reference": row.reference, **{name: value for name, value in data.items() if value is not None}}
    recording.record(verb=verb, by=by, subject_kind="distress", subject_id=row.pk, data=facts)
