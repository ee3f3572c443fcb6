"""What goes into an agency's sealed copy, how strictly that is marked, and on whose terms it goes on.

What an agency may not keep is not in its copy: nothing confined, RED, display-only, given to a unit, a function or
named officers, or given until a day. The copy is the whole agency's, and for good (R3, R4, R7).
"""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from agencies.directory.models import Appointment
from agreements.citations.actions import rule_of
from agreements.citations.models import Citation
from agreements.citations.strictest import stricter, strictest_rule
from agreements.register.choices import Onward
from agreements.sharing.actions.records import Marking, marking_of
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import Access
from operations.sealing.models import SealedText
from portal.ui.errors import Refused

# By these the agency as a whole, or its part in the operation, has a record.
OF_THE_AGENCY = frozenset(
    {
        AudienceKind.OWN_AGENCY,
        AudienceKind.AGENCY,
        AudienceKind.PARTY,
        AudienceKind.ALL_PARTIES,
        AudienceKind.CIRCLE,
    }
)


def check_marking(marking: Marking) -> None:
    """Of a text that is to be sealed: each agency keeps a copy, its own and for good."""
    if marking.tlp == Tlp.RED:
        raise Refused("A RED text is for named officers: agencies cannot sign it (R7).", field="tlp")
    if marking.display_only:
        raise Refused("Each side keeps a copy: the text cannot be display-only (R7).", field="display_only")


def kept(access: Access, records: Iterable[Record]) -> set[uuid.UUID]:
    """Keys of those among these records, all seen already, whose content the reader's agency may keep."""
    found = {record.pk: record for record in records}
    able = {
        key
        for key, record in found.items()
        if record.compartment_id is None
        and record.tlp < Tlp.RED
        and (access.owns(record.owner_id) or not record.display_only)
    }
    rows = Release.objects.standing().filter(content_object__in=able, until=None).select_related("audience")
    return {release.content_object_id for release, audience in access.grounds(rows) if audience.kind in OF_THE_AGENCY}


def kept_of(access: Access, rows: Iterable[Any]) -> list[Any]:
    """Those among these rows, all seen already, whose record the reader's agency may keep."""
    found = list(rows)
    may = kept(access, (row.record for row in found))
    return [row for row in found if row.pk in may]


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


def release_gap(copy: SealedText | None, record: Record) -> str:
    """A copy whose sources are cited no longer would go on without their owners' rules (R12)."""
    if copy is None:
        return ""
    cited = {str(key) for key in record.citations.values_list("source", flat=True)}
    missing = set(copy.content.get("sources", [])) - cited
    return "It quotes records of others that it does not cite any more: cite them again first (R12)" if missing else ""
