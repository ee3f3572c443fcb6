"""All have signed: each signatory receives a copy of its own, sealed. What a side may not keep is not in its copy."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from agencies.directory.models import Appointment
from agreements.citations.actions import rule_of
from agreements.citations.models import Citation
from agreements.citations.strictest import stricter, strictest_rule
from agreements.register.choices import Onward
from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking, marking_of
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import Access, access
from operations.joint import alerting, annex
from operations.joint.actions.lapsing import lapse, outdated
from operations.joint.canonical import canonical, digest_of, digest_of_text, instant, words
from operations.joint.choices import Lapse, State
from operations.joint.content import COPY, Plain, content_of, signed_of
from operations.joint.models import JointReport, SealedCopy, Signature, Statement
from operations.joint.places import notation_of
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
        marking=marking_over(row.record, sources),
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
    cite(record, theirs, by, sight)
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
        "format": COPY,
        "owner": str(mine.agency_id),
        "content": content_of(row),
        "content_digest": mine.content_digest,
        "patrol": None if row.is_of_shift else str(row.record.host_id),
        "entries": entries,
        "entries_digest": digest_of(entries),
        "statements": [
            {
                "id": str(item.pk),
                "agency": str(item.record.owner_id),
                "revision": item.revision,
                "text": words(item.text),
            }
            for item in statements
        ],
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
    rows = list(Statement.objects.visible_to(sight).filter(pk__in=wanted).order_by("pk"))
    may = annex.kept(sight, (item.record for item in rows))
    return [item for item in rows if item.pk in may]


def marking_over(base: Record, sources: Iterable[Record]) -> Marking:
    """As strict as all that it holds (R12); its level and its categories are the highest and all of them."""
    marking = marking_of(base)
    for source in sources:
        marking = stricter(marking, marking_of(source))
        marking = replace(
            marking,
            classification=max(marking.classification, source.classification),
            categories=sorted({*marking.categories, *source.categories}),
        )
    return marking


def cite(record: Record, theirs: list[Record], by: Appointment, sight: Access) -> None:
    """The copy cites what is others': it goes on only as their rules allow (R11, R12)."""
    Citation.objects.bulk_create(Citation(record=record, source=source, cited_by=by) for source in theirs)
    rule = strictest_rule(Onward.FREE, *_rules(theirs, by, sight))
    if rule != record.onward:
        record.onward = rule
        record.save(update_fields=["onward"])


def _rules(sources: list[Record], by: Appointment, sight: Access) -> list[Onward]:
    """The onward rule of each kind of source: what came alike is asked once."""
    given: dict[uuid.UUID, set[Any]] = {source.pk: set() for source in sources}
    for release, _ in sight.grounds(Release.objects.standing().filter(content_object__in=given)):
        given[release.content_object_id].add(release.clause_id)
    alike = {
        (source.owner_id, source.onward, "H2" in source.handling_codes, frozenset(given[source.pk])): source
        for source in sources
    }
    return [rule_of(source, by) for source in alike.values()]


def release_gap(record: Record) -> str:
    """A copy whose sources are cited no longer would go on without their owners' rules (R12)."""
    copy = SealedCopy.objects.filter(pk=record.pk).first()
    if copy is None:
        return ""
    cited = {str(key) for key in record.citations.values_list("source", flat=True)}
    missing = quoted(copy) - cited
    return "It quotes records of others that it does not cite any more: cite them again first (R12)" if missing else ""


def quoted(copy: SealedCopy) -> set[str]:
    """Keys of the records of others that a copy quotes."""
    return set(copy.content.get("sources", []))
