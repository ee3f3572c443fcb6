"""Cite a record, and take the citation out (R12)."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.citations.models import Citation
from agreements.citations.strictest import is_as_strict, stricter, strictest_rule
from agreements.onward.choices import State
from agreements.onward.models import ConsentRequest
from agreements.register.choices import Onward
from agreements.register.models import Clause
from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking, marking_of
from agreements.sharing.actions.releases import To
from agreements.sharing.models import Record
from agreements.sharing.policy import access_to, decide, ways_onward
from portal.audit import recording
from portal.ui.errors import Refused

MOST = 50


def marking_after(record: Record, source: Record) -> Marking:
    """How the record is marked once it cites the source."""
    return stricter(marking_of(record), marking_of(source))


def rule_of(source: Record, by: Appointment) -> Onward:
    """The least strict rule by which the officer's agency may pass the source's content on: free for its own."""
    if source.owner_id in by.agencies:
        return Onward(source.onward)
    ways = ways_onward(access_to(source, by, timezone.now()), source)
    return ways[0].rule if ways else Onward.NEVER


@transaction.atomic
def cite(*, record: Record, source: Record, by: Appointment) -> Citation:
    """Note that an own record draws on one that the officer sees. It takes the strictest TLP, REL TO, codes and
    onward rule of both. Citing twice changes nothing. Raises Refused when the writer could not see it afterwards."""
    row = Record.objects.select_for_update().get(pk=record.pk)
    now = timezone.now()
    _may_write(row, by, now)
    if row.pk == source.pk or not decide(access_to(source, by, now), source):
        raise Refused("There is no such record.", field="source", code="not_found")
    if row.citations.count() >= MOST:
        raise Refused(f"A record cites {MOST} others at most.", field="source")
    found, new = Citation.objects.get_or_create(record=row, source=source, defaults={"cited_by": by})
    if not new:
        return found
    rule = strictest_rule(row.onward, rule_of(source, by))
    records.take_over(record=row, marking=marking_after(row, source), onward=rule, by=by)
    _note("record.cite", row, source.pk, by)
    return found


@transaction.atomic
def uncite(*, citation: Citation, by: Appointment) -> None:
    """The record draws on it no more. Its marking stays: who may mark it anew does."""
    row = Record.objects.select_for_update().get(pk=citation.record_id)
    _may_write(row, by, timezone.now())
    key = citation.source_id
    citation.delete()
    if not row.citations.exists() and row.onward != Onward.FREE:
        row.onward = Onward.FREE
        row.save(update_fields=["onward"])
    _note("record.uncite", row, key, by)


def _may_write(record: Record, by: Appointment, at: datetime) -> None:
    decision = decide(access_to(record, by, at), record, "change")
    if not decision:
        raise Refused(decision.missing[0], code="forbidden", reasons=decision.missing)
    if not by.may(Permission.RECORD_RELEASE):
        raise Refused("Your role does not permit this.", code="forbidden")


def _note(verb: str, record: Record, source: uuid.UUID, by: Appointment) -> None:
    data = {"source": str(source)}
    recording.record(verb=verb, by=by, subject_kind=record.kind, subject_id=str(record.pk), data=data)


def marking_gate(*, record: Record, marking: Marking) -> None:
    """A record is never marked more loosely than what it cites (R12)."""
    for source in _sources(record):
        missing = is_as_strict(marking, marking_of(source))
        if missing:
            raise Refused(
                f"It cites a record that is stricter: {missing} (R12). Take the citation out first.", field="tlp"
            )


def release_gate(
    *, record: Record, to: To, clause: Clause, purpose: str, until: datetime | None, by: Appointment
) -> None:
    """What a record cites of others goes on with it: as the strictest rule on the source's way allows (R11, R12)."""
    marking_gate(record=record, marking=marking_of(record))
    if record.owner_id not in by.agencies:
        return
    for source in _sources(record):
        if source.owner_id in by.agencies or (to.agency is not None and to.agency.pk == source.owner_id):
            continue
        rule = rule_of(source, by)
        if rule == Onward.NEVER:
            raise Refused(f"It cites “{_named(source, by)}”, which may go on to nobody (R12).", code="no_basis")
        if rule == Onward.CONSENT:
            _check_consent(source, to, clause, purpose, until, by)


def _named(source: Record, by: Appointment) -> str:
    seen = decide(access_to(source, by, timezone.now()), source)
    return source.title if seen else "a record that is closed to your agency now"


def _check_consent(
    source: Record, to: To, clause: Clause, purpose: str, until: datetime | None, by: Appointment
) -> None:
    """The originator of the source must have consented to the same audience, for as long."""
    asked = ConsentRequest.objects.filter(
        record=source,
        asked_by__agency__in=by.agencies,
        state__in=(State.CONSENTED, State.PASSED),
        ends_at__gt=timezone.now(),
        purpose=purpose,
        audience__kind=to.kind,
        audience__clause=clause,
        **{f"audience__{name}": value for name, value in to.target.items()},
    ).order_by("-ends_at", "-pk")
    row = asked.first()
    short = source.owner.short
    if row is None:
        raise Refused(
            f"It cites “{source.title}”: {short} must consent first. Ask on its page, for the same audience, article "
            "and purpose (R12).",
            code="no_basis",
        )
    if row.ends_at is not None and (until is None or until > row.ends_at):
        raise Refused(
            f"{short} consented to what it cites until {row.ends_at:%Y-%m-%d %H:%M} UTC: release until then.",
            field="until",
        )


def _sources(record: Record) -> list[Record]:
    return list(Record.objects.filter(cited_in__record=record).select_related("owner"))
