"""What nobody with a right to it sent waits here: it discloses nothing back, and a supervisor decides item by item."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from agencies.directory.models import Appointment, Officer
from agencies.directory.roles import Permission
from operations.field import doing, items, pictures
from operations.field.choices import ItemKind, QuarantineCause, QuarantineState, ReceiptState
from operations.field.clocks import Clock
from operations.field.doing import Done, Task
from operations.field.items import Item
from operations.field.models import Quarantined, Receipt
from operations.field.receiving import Result, is_held, known_of, one_at_a_time
from portal.api.errors import flat
from portal.audit import recording
from portal.outbox import messages
from portal.ui.errors import Refused

ARRIVED = "field.quarantined"
# Of one officer. More than that is no log of a patrol.
MOST_WAITING = 2000


def last_appointment(officer: Officer) -> Appointment | None:
    """The post under which the officer acted last: its agency's supervisors decide."""
    rows = Appointment.objects.select_related("officer", "agency__country").filter(officer=officer)
    own = [row for row in rows if row.recorded_at <= timezone.now()]
    return max(own, key=_ended, default=None)


def _ended(row: Appointment) -> tuple[datetime, datetime]:
    far = datetime.max.replace(tzinfo=timezone.get_fixed_timezone(0))
    last = row.ends_on
    day = datetime.combine(last, datetime.max.time(), tzinfo=row.agency.zone) if last else None
    ends = [at for at in (row.ended_at, day) if at is not None]
    return min(ends, default=far), row.recorded_at


@transaction.atomic
def put_aside(
    *,
    officer: Officer,
    device: uuid.UUID,
    clock: Clock,
    raws: Sequence[Any],
    cause: QuarantineCause,
    post: Appointment | None = None,
    carried_by: Appointment | None = None,
) -> list[Result]:
    """Keep the items for the supervisors of the agency of that post, or of the last one. The answer holds ids and one
    word.

    Whether an item was received before, or is refused for another body, is not told either.
    """
    post = post or last_appointment(officer)
    if post is None:
        raise Refused("You have never held an appointment here.", code="forbidden")
    one_at_a_time(officer)
    room = MOST_WAITING - Quarantined.objects.waiting().filter(receipt__officer=officer).count()
    results, kept = [], 0
    for raw in raws:
        try:
            item = items.read(raw)
        except ValidationError as error:
            errors = list(flat(error.detail))
            results.append(
                Result(items.id_of(raw), ReceiptState.REFUSED, clock.received_at, code="invalid", errors=errors)
            )
            continue
        if known_of(officer, item.id) is None and kept < room:
            row = keep_aside(post, item, device, clock, cause, carried_by)
            kept += 1
            if item.kind == ItemKind.PANIC:
                _cry(row)
        results.append(Result(str(item.id), ReceiptState.QUARANTINED, clock.received_at))
    _tell(post, carried_by, kept)
    return results


@transaction.atomic
def put_photograph_aside(*, officer: Officer, device: uuid.UUID, clock: Clock, item: Item, data: bytes) -> Result:
    """The same for a photograph: its bytes are kept as they came, and drawn anew when it is admitted."""
    post = last_appointment(officer)
    if post is None:
        raise Refused("You have never held an appointment here.", code="forbidden")
    pictures.check(data, str(item.raw["sha256"]))
    one_at_a_time(officer)
    waiting = Quarantined.objects.waiting().filter(receipt__officer=officer).count()
    if known_of(officer, item.id) is None and waiting < MOST_WAITING:
        keep_aside(post, item, device, clock, QuarantineCause.NO_APPOINTMENT, None, data)
        _tell(post, None, 1)
    return Result(str(item.id), ReceiptState.QUARANTINED, clock.received_at)


def keep_aside(
    post: Appointment,
    item: Item,
    device: uuid.UUID,
    clock: Clock,
    cause: QuarantineCause,
    carried_by: Appointment | None,
    file: bytes | None = None,
) -> Quarantined:
    receipt = Receipt.objects.create(
        officer=post.officer,
        appointment=post,
        item=item.id,
        kind=item.kind,
        digest=item.digest,
        state=ReceiptState.QUARANTINED,
        device=device,
        happened_at=item.happened_at,
        made_at=item.made_at,
        sent_at=clock.sent_at,
        received_at=clock.received_at,
        drift_ms=clock.drift // timedelta(milliseconds=1),
        carried_by=carried_by,
    )
    row = Quarantined(receipt=receipt, agency=post.agency, cause=cause, item=dict(item.raw))
    if file is not None:
        row.file.save("photograph", ContentFile(file), save=False)
    row.save(force_insert=True)
    return row


def _tell(post: Appointment, carried_by: Appointment | None, kept: int) -> None:
    if not kept:
        return
    data = {"officer": post.officer_id, "appointment": post.pk, "items": kept}
    recording.record(
        verb="field.quarantine", by=carried_by, subject_kind="agency", subject_id=post.agency_id, data=data
    )
    # One call a minute is enough, however much comes.
    minute = timezone.now().replace(second=0, microsecond=0).isoformat()
    key = f"{ARRIVED}:{post.agency_id}:{minute}"
    messages.emit(kind=ARRIVED, key=key, payload={"agency": str(post.agency_id)})


def _cry(row: Quarantined) -> None:
    """Somebody calls for help, whoever it is: that does not wait with the rest."""
    payload = {"agency": str(row.agency_id), "item": str(row.pk)}
    messages.emit(kind=ARRIVED, key=f"{ARRIVED}:{row.pk}", payload=payload)


def _locked(row: Quarantined, by: Appointment, reason: str) -> Quarantined:
    if not by.may(Permission.FIELD_SUPERVISE):
        raise Refused("Your role does not permit this.", code="forbidden")
    found = Quarantined.objects.select_for_update(of=("self",)).select_related("receipt__officer").get(pk=row.pk)
    if found.agency_id not in by.agencies:
        raise Refused("There is no such item.", code="not_found")
    if found.state != QuarantineState.WAITING:
        raise Refused("That is decided already.", code="state")
    if not reason.strip():
        raise Refused("Say why: it stands in the ledger.", field="reason")
    return found


@transaction.atomic
def admit(*, row: Quarantined, by: Appointment, reason: str) -> Quarantined:
    """Carry the item out as the supervisor's own act, for the officer may not act any more: the ledger names both.

    Its audience is not what the officer was shown: it is held. Raises Refused with what the action refuses.
    """
    found = _locked(row, by, reason)
    done = _carried_out(found, by)
    receipt = found.receipt
    receipt.state, receipt.flags = done.state, done.flags
    receipt.record = done.record.pk if done.record else None
    receipt.reference = done.record.reference if done.record else done.reference
    receipt.held = done.record is not None and is_held(done.record)
    receipt.save(update_fields=["state", "flags", "record", "reference", "held"])
    return _decided(found, by, QuarantineState.ADMITTED, reason)


def _carried_out(row: Quarantined, by: Appointment) -> Done:
    receipt = row.receipt
    if receipt.kind == ItemKind.PHOTOGRAPH:
        return _photograph(row, by)
    try:
        item = items.read(row.item)
        clock = Clock(receipt.sent_at, receipt.received_at, by_hand=receipt.carried_by_id is not None)
        at, flags = clock.happened(item.happened_at)
        body = {name: value for name, value in item.body.items() if name != "shown"}
        held = Item(**{**vars(item), "body": body})
        done = doing.do(
            Task(held, at, by, receipt.device, lambda key: _resolved(receipt.officer, key), officer=receipt.officer_id)
        )
    except ValidationError as error:
        first = flat(error.detail)[0]
        raise Refused(f"{first['field']}: {first['message']}", code="invalid") from error
    done.flags = [*flags, *done.flags]
    return done


def _photograph(row: Quarantined, by: Appointment) -> Done:
    receipt, raw = row.receipt, row.item
    body = {"observation": uuid.UUID(raw["observation"])}
    item = Item(
        receipt.item, ItemKind.PHOTOGRAPH, receipt.happened_at, receipt.made_at, None, None, body, raw, receipt.digest
    )
    with row.file.open("rb") as file:
        data = file.read()
    at, _ = Clock(receipt.sent_at, receipt.received_at).happened(receipt.made_at)
    return pictures.add(item=item, data=data, by=by, at=at, resolve=lambda key: _resolved(receipt.officer, key))


def _resolved(officer: Officer, key: uuid.UUID) -> uuid.UUID:
    receipt = known_of(officer, key)
    if receipt is not None and receipt.state == ReceiptState.QUARANTINED:
        raise Refused("It depends on an item that waits here as well: admit that first.", code="depends")
    return (receipt and receipt.record) or key


@transaction.atomic
def reject(*, row: Quarantined, by: Appointment, reason: str) -> Quarantined:
    """It is not taken in. It stays here with the reason, and the officer is not told why."""
    found = _locked(row, by, reason)
    Receipt.objects.filter(pk=found.receipt_id).update(state=ReceiptState.REFUSED)
    return _decided(found, by, QuarantineState.REJECTED, reason)


def _decided(row: Quarantined, by: Appointment, state: QuarantineState, reason: str) -> Quarantined:
    row.state, row.decided_by, row.decided_at, row.reason = state, by, timezone.now(), reason.strip()
    row.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    data = {"item": row.receipt.item, "officer": row.receipt.officer_id, "record": row.receipt.record}
    verb = "field.admit" if state == QuarantineState.ADMITTED else "field.reject"
    recording.record(
        verb=verb, by=by, subject_kind="quarantined", subject_id=row.pk, data={**data, "reason": row.reason}
    )
    return row
