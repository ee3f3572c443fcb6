"""Records come into being, are marked anew and confined. Their details are the business of their rooms."""

import uuid
from collections.abc import Collection
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.sharing import gates, kinds
from agreements.sharing.actions import recalls
from agreements.sharing.actions.audiences import audience_for, own_audience, own_officer
from agreements.sharing.actions.orders import release_by_standing_order
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Audience, Circle, MarkingChange, Record, Release
from agreements.sharing.permission import view_record
from agreements.sharing.policy import access, access_to, decide
from portal.audit import recording
from portal.keys import usable
from portal.ui.errors import Refused


@dataclass
class Marking:
    """How a record is marked: what clauses and readers are measured against (R2, R7, R10)."""

    categories: list[str] = field(default_factory=list)
    classification: int = 0
    tlp: int = Tlp.AMBER.value
    rel_to: list[str] | None = None
    display_only: bool = False
    handling_codes: list[str] = field(default_factory=list)
    handling_note: str = ""

    def values(self) -> dict[str, Any]:
        return dict(vars(self))


def marking_of(record: Record) -> Marking:
    return Marking(**{name: getattr(record, name) for name in vars(Marking())})


def marked(record: Record, marking: Marking) -> Record:
    """The record as it would be if so marked. Not to be saved."""
    found = copy(record)
    _set(found, marking)
    return found


def _set(record: Record, marking: Marking) -> None:
    for name, value in marking.values().items():
        setattr(record, name, value)


@transaction.atomic
def create(
    *,
    by: Appointment,
    kind: str,
    title: str,
    marking: Marking,
    key: uuid.UUID | None = None,
    occurred_at: datetime | None = None,
    zone: str = "",
    operation: Record | None = None,
    host: Record | None = None,
    position: tuple[float, float] | None = None,
    text: str = "",
    compartment: Circle | None = None,
    photographs: bool = False,
    shown: bool | frozenset[uuid.UUID] = True,
) -> Record:
    """Make a record owned by the author's agency, open to its own officers (R3) and to whom a standing order
    of that agency for the operation names (R6). `position` is (latitude, longitude) in degrees, WGS 84.

    `shown` are the agencies that the form said would read it: wider than that, it is held. False: nothing was
    shown, and nothing goes out; True: whoever the order reaches.
    Raises Refused when the author could not see it afterwards (R21).
    """
    kinds.get(kind)
    _check_marking(marking, by)
    latitude, longitude = position or (None, None)
    record = Record.objects.create(
        id=usable(Record, key),
        kind=kind,
        title=title,
        owner=by.agency,
        author=by,
        operation=operation,
        host=host,
        occurred_at=occurred_at or timezone.now(),
        zone=zone or by.agency.time_zone,
        latitude=latitude,
        longitude=longitude,
        search_text=text,
        compartment=compartment,
        **marking.values(),
    )
    open_to_own(record, by)
    recording.record(verb=f"{kind}.create", by=by, subject_kind=kind, subject_id=str(record.pk), data=marking.values())
    if shown is not False and operation is not None:
        told = None if shown is True else shown
        release_by_standing_order(record=record, by=by, photographs=photographs, shown=told)
    still_seen(record, by)
    return record


def _check_marking(marking: Marking, by: Appointment, *, upgrade: bool = False) -> None:
    if marking.classification > by.clearance and not upgrade:
        raise Refused("You are not cleared for this classification.", field="classification")
    if "H3" in marking.handling_codes and not marking.handling_note.strip():
        raise Refused("H3 needs a note that says what the restriction is.", field="handling_note")


def open_to_own(record: Record, by: Appointment) -> None:
    """The owner's own access rows: the agency or the compartment, and the author by name where that matters."""
    if record.compartment is not None:
        own_release(record, audience_for(AudienceKind.OWN_CIRCLE, circle=record.compartment), by)
    else:
        own_release(record, own_audience(record.owner), by)
    if record.compartment is not None or record.tlp == Tlp.RED:
        own_release(record, own_officer(record.author), by)


def own_release(record: Record, audience: Audience, by: Appointment) -> Release:
    """The standing row that lets own officers see it, made on first use."""
    row, _ = Release.objects.get_or_create(
        content_object=record,
        group_id=audience.group_id,
        permission=view_record(),
        provider=record.owner,
        revoked_at=None,
        defaults={"audience": audience, "released_by": by},
    )
    return row


def still_seen(record: Record, by: Appointment, *, upgrade: bool = False) -> None:
    """After every write the writer can still see the record; after an upgrade beyond the writer some other active
    officer of the owner can (R21). Otherwise it is rolled back."""
    record.refresh_from_db()
    now = timezone.now()
    if decide(access_to(record, by, now), record):
        return
    if not upgrade:
        raise Refused("After this you could not see the record yourself.", code="unseen_by_writer")
    cleared = (
        Appointment.objects.in_effect(now)
        .standing_for([record.owner_id], now)
        .filter(clearance__gte=record.classification)
    )
    others = cleared.select_related("officer", "agency__country")
    # Own records need no channel, so no treaties.
    if not any(decide(access(row, now, {}), record) for row in others):
        raise Refused(
            "No officer of your agency could see it after this.",
            field="classification",
            code="unseen_by_all",
        )


@transaction.atomic
def mark(*, record: Record, marking: Marking, by: Appointment, reason: str = "") -> Record:
    """Mark a record anew. Only its owner may (R21). Raising a level or adding a category may end releases.

    It may be raised beyond the writer's own clearance, as long as another officer of the owner can see it. Lowering one may open the record to more than the page listed if releases stand; the preview lists both.
    """
    record = Record.objects.select_for_update().get(pk=record.pk)
    upgrade = may_mark(record, marking, by)
    return _remark(record, marking, by, reason, upgrade=upgrade)


def may_mark(record: Record, marking: Marking, by: Appointment) -> bool:
    """Raises Refused for what `mark` refuses beforehand; whether it is an upgrade beyond the writer."""
    _may_change(record, by, "mark")
    upgrade = marking.classification > by.clearance
    _check_marking(marking, by, upgrade=upgrade)
    gates.check_marking(record=record, marking=marking)
    return upgrade


@transaction.atomic
def take_over(
    *, record: Record, marking: Marking, onward: str, by: Appointment, reason: str = "It cites a stricter record (R12)"
) -> Record:
    """Mark it as strictly as what it cites or takes in, where the right to that was asked for already: inside another
    action."""
    if record.onward != onward:
        record.onward = onward
        record.save(update_fields=["onward"])
    return record if marking == marking_of(record) else _remark(record, marking, by, reason)


def _remark(record: Record, marking: Marking, by: Appointment, reason: str, *, upgrade: bool = False) -> Record:
    before, saw = marking_of(record).values(), recalls.seeing(record)
    write_marking(record, marking, by)
    MarkingChange.objects.create(record=record, changed_by=by, before=before, after=marking.values(), reason=reason)
    recording.record(
        verb="record.mark",
        by=by,
        subject_kind=record.kind,
        subject_id=str(record.pk),
        data={"before": before, "after": marking.values(), "reason": reason},
    )
    still_seen(record, by, upgrade=upgrade)
    recalls.reclassified(record=record, before=saw, by=by)
    return record


def write_marking(record: Record, marking: Marking, by: Appointment) -> None:
    """What `mark` writes of the record itself, with the access rows that its own officers need for it."""
    _set(record, marking)
    record.version += 1
    record.save(update_fields=[*marking.values(), "version"])
    open_to_own(record, by)


def _may_change(record: Record, by: Appointment, verb: str) -> None:
    decision = decide(access_to(record, by, timezone.now()), record, verb)
    if not decision:
        raise Refused(decision.missing[0], code="forbidden", reasons=decision.missing)


@transaction.atomic
def touch(
    *,
    record: Record,
    by: Appointment,
    title: str | None = None,
    corrects: bool = False,
    besides: Collection[Appointment] = (),
    **values: Any,
) -> Record:
    """Change the plain columns of a record together with its details: its owner only (R21).

    `corrects`: what readers were told is changed, not only its state. Whoever opened it abroad is told (R16), but
    for those whom the caller tells itself (`besides`).
    """
    _may_change(record, by, "change")
    if title is not None:
        values["title"] = title
    for name, value in values.items():
        setattr(record, name, value)
    record.version += 1
    record.save(update_fields=[*values, "version"])
    if corrects:
        recalls.corrected(record=record, by=by, besides=besides)
        gates.corrected(record=record, by=by)
    return record
