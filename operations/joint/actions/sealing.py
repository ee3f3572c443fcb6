"""All have signed: each signatory receives a copy of its own, sealed. What a side may not keep is not in its copy."""

from datetime import datetime

from agreements.sharing.actions import records
from agreements.sharing.models import Record
from agreements.sharing.policy import Access, access
from operations.joint import alerting, annex
from operations.joint.actions.lapsing import lapse, outdated
from operations.joint.choices import Lapse, State
from operations.joint.content import content_of, signed_of
from operations.joint.models import COPY_FORMAT, JointReport, SealedCopy, Signature, Statement
from operations.joint.places import notation_of
from operations.sealing import copies
from operations.sealing.canonical import canonical, digest_of, digest_of_text, instant
from operations.sealing.content import Plain, beside_of
from portal import second_lock
from portal.audit import recording

KIND = "sealed"


@second_lock.opened("each signatory receives a copy of its own")
def seal_if_complete(row: JointReport, now: datetime) -> bool:
    """Seal it when every side's signature stands and is over what stands today; otherwise those sides sign again.

    The caller holds the report and its record, so that neither changes meanwhile.
    """
    signatures = list(
        row.signatures.standing().select_related("agency__country", "by__officer", "by__agency__country", "statement")
    )
    if {item.agency_id for item in signatures} != set(row.sides.values_list("agency", flat=True)):
        return False
    old = outdated(row, now)
    if old:
        lapse(row, old, Lapse.ENTRIES)
        return False
    row.state, row.sealed_at = State.SEALED, now
    row.save(update_fields=["state", "sealed_at"])
    data = {"content": signatures[0].content_digest, "sides": [str(item.agency_id) for item in signatures]}
    recording.record(verb="joint.complete", by=None, subject_kind="joint", subject_id=str(row.pk), data=data)
    for signature in signatures:
        alerting.sealed(_copy_for(row, signature, signatures, now))
    return True


def _copy_for(row: JointReport, mine: Signature, signatures: list[Signature], now: datetime) -> SealedCopy:
    """The copy of one side, made by the officer who signed for it, of what that officer may see and keep."""
    by = mine.by
    sight = access(by, now)
    entries, shown = annex.entries_of(row, sight)
    statements = _statements(signatures, sight)
    sources = [row.record, *shown, *(statement.record for statement in statements)]
    theirs = [source for source in sources if not sight.owns(source.owner_id)]
    whole = _whole(row, mine, signatures, entries, statements, now)
    text = canonical(whole | {"sources": sorted(str(source.pk) for source in theirs)})
    record = records.create(
        by=by,
        kind=KIND,
        title=row.record.title,
        marking=copies.marking_over(row.record, sources),
        occurred_at=row.starts_at,
        zone=by.agency.time_zone,
        operation=row.record.operation,
        host=row.record,
        position=_position(row.record),
        text="\n".join([row.text, row.place, *(statement.text for statement in statements)]),
        shown=False,
    )
    copy = SealedCopy.objects.create(
        record=record, report=row.pk, text=text, digest=digest_of_text(text), content_digest=mine.content_digest,
        sealed_at=now,
    )  # fmt: skip
    copies.cite(record, theirs, by, sight)
    data = {"report": str(row.pk), "digest": copy.digest, "content": copy.content_digest}
    recording.record(verb="joint.seal", by=by, subject_kind=KIND, subject_id=str(record.pk), data=data)
    return copy


def _position(record: Record) -> tuple[float, float] | None:
    return None if record.latitude is None or record.longitude is None else (record.latitude, record.longitude)


def _whole(
    row: JointReport,
    mine: Signature,
    signatures: list[Signature],
    entries: list[Plain],
    statements: list[Statement],
    now: datetime,
) -> Plain:
    return {
        "format": COPY_FORMAT,
        "owner": str(mine.agency_id),
        "content": content_of(row),
        "content_digest": mine.content_digest,
        "patrol": None if row.is_of_shift else str(row.record.host_id),
        "entries": entries,
        "entries_digest": digest_of(entries),
        "statements": [beside_of(item) for item in statements],
        "signatures": [{**signed_of(item), "digest": item.digest} for item in signatures],
        # For print: what the sides spoke, by which clock they lived, how they wrote positions when it was sealed.
        "told": [
            {
                "agency": str(item.agency_id),
                "zone": item.agency.time_zone,
                "languages": list(item.agency.languages),
                "notation": notation_of(item.by.officer),
            }
            for item in signatures
        ],
        "sealed_at": instant(now),
    }


def _statements(signatures: list[Signature], sight: Access) -> list[Statement]:
    """Those that belong to a signature, as far as the side may keep them."""
    wanted = [item.statement_id for item in signatures if item.statement_id]
    return copies.kept_of(sight, Statement.objects.visible_to(sight).filter(pk__in=wanted).order_by("pk"))


def release_gap(record: Record) -> str:
    """Why the copy may go on to nobody now; empty when it may."""
    return copies.release_gap(SealedCopy.objects.filter(pk=record.pk).first(), record)
