"""All have agreed: each agency that attended receives a copy of its own, sealed, of what it may keep."""

from datetime import datetime

from agencies.directory.models import Agency
from agreements.sharing.actions import records
from agreements.sharing.models import Record
from agreements.sharing.policy import Access, access
from operations.minutes import alerting
from operations.minutes.actions.lapsing import lapse, outdated
from operations.minutes.choices import Lapse, State
from operations.minutes.content import content_of, said_of
from operations.minutes.models import Annotation, Assent, Minutes, MinutesCopy
from operations.minutes.models.agreeing import COPY_FORMAT
from operations.sealing import copies
from operations.sealing.canonical import canonical, digest_of_text, instant
from operations.sealing.content import Plain, beside_of
from portal import second_lock
from portal.audit import recording

KIND = "minutes_copy"


@second_lock.opened("each agency that agreed receives a copy of its own")
def seal_if_complete(row: Minutes, now: datetime) -> bool:
    """Seal them when every agency's agreement stands and is over what stands today; otherwise those agree again.

    The caller holds the minutes and their record, so that neither changes meanwhile.
    """
    rows = row.approvals.standing().select_related(
        "agency__country", "by__officer", "by__agency__country", "annotation"
    )
    approvals = list(rows)
    if {item.agency_id for item in approvals} != set(row.sides.values_list("agency", flat=True)):
        return False
    old = outdated(row, now)
    if old:
        lapse(row, old, Lapse.SIGHT)
        return False
    row.state, row.agreed_at = State.AGREED, now
    row.save(update_fields=["state", "agreed_at"])
    data = {"content": approvals[0].content_digest, "sides": [str(item.agency_id) for item in approvals]}
    recording.record(verb="minutes.complete", by=None, subject_kind="minutes", subject_id=str(row.pk), data=data)
    for approval in approvals:
        alerting.agreed(_copy_for(row, approval, approvals, now))
    return True


def _copy_for(row: Minutes, mine: Assent, approvals: list[Assent], now: datetime) -> MinutesCopy:
    """The copy of one agency, made by the officer who agreed for it, of what that officer may see and keep."""
    by = mine.by
    sight = access(by, now)
    annotations = _annotations(approvals, sight)
    sources = [row.record, *(item.record for item in annotations)]
    theirs = [source for source in sources if not sight.owns(source.owner_id)]
    whole = _whole(row, mine, approvals, annotations, now)
    text = canonical(whole | {"sources": sorted(str(source.pk) for source in theirs)})
    record = records.create(
        by=by, kind=KIND, title=row.record.title, marking=copies.marking_over(row.record, sources), occurred_at=row.starts_at,
        zone=by.agency.time_zone, operation=row.record.operation, host=row.record,
        text="\n".join([row.record.search_text, *(item.text for item in annotations)]), shown=False,
    )  # fmt: skip
    copy = MinutesCopy.objects.create(
        record=record, minutes=row.pk, text=text, digest=digest_of_text(text), content_digest=mine.content_digest,
        sealed_at=now,
    )  # fmt: skip
    copies.cite(record, theirs, by, sight)
    data = {"minutes": str(row.pk), "digest": copy.digest, "content": copy.content_digest}
    recording.record(verb="minutes.seal", by=by, subject_kind=KIND, subject_id=str(record.pk), data=data)
    return copy


def _whole(row: Minutes, mine: Assent, approvals: list[Assent], annotations: list[Annotation], now: datetime) -> Plain:
    return {
        "format": COPY_FORMAT,
        "owner": str(mine.agency_id),
        "content": content_of(row),
        "content_digest": mine.content_digest,
        "annotations": [beside_of(item) for item in annotations],
        "approvals": [{**said_of(item), "digest": item.digest} for item in approvals],
        # For print: what the agencies spoke and by which clock they lived when they agreed.
        "told": told_of([item.agency for item in approvals]),
        "sealed_at": instant(now),
    }


def told_of(agencies: list[Agency]) -> list[Plain]:
    return [{"agency": str(row.pk), "zone": row.time_zone, "languages": list(row.languages)} for row in agencies]


def _annotations(approvals: list[Assent], sight: Access) -> list[Annotation]:
    """Those that belong to an agreement, as far as the agency may keep them."""
    wanted = [item.annotation_id for item in approvals if item.annotation_id]
    return copies.kept_of(sight, Annotation.objects.visible_to(sight).filter(pk__in=wanted).order_by("pk"))


def release_gap(record: Record) -> str:
    """Why the copy may go on to nobody now; empty when it may."""
    return copies.release_gap(MinutesCopy.objects.filter(pk=record.pk).first(), record)
