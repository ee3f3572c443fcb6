"""Begin minutes, change them and put them into words, put them to the agencies, withdraw them: the secretary's (R21)."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.taking_back import take_back
from agreements.sharing.models import Record
from agreements.sharing.policy import access
from operations.minutes import alerting, lifecycle, reminders, rights, sittings
from operations.minutes.actions.lapsing import lapse_all
from operations.minutes.choices import Lapse, Level, State
from operations.minutes.models import Minutes, Point, Side, Wording
from operations.sealing import basis, copies
from portal.audit import recording
from portal.keys import sent_before
from portal.ui.errors import Refused

KIND = "minutes"
TITLE_LENGTH, TEXT_LENGTH, REASON_LENGTH, MOST_WORDINGS = 200, 10_000, 300, 8
OF_MINUTES = ("opening", "place")


@transaction.atomic
def begin(
    *,
    meeting: Record,
    by: Appointment,
    marking: Marking | None = None,
    title: str = "",
    opening: str = "",
    language: str = "en",
    time: uuid.UUID | None = None,
    key: uuid.UUID | None = None,
) -> Minutes:
    """Begin the minutes of a meeting at one of its `time`s (without a key the latest that has begun): an officer of the
    agency that called it, who is their secretary. What was on the agenda are its first items.

    The agencies that were there are those whose agreement they will need. Without a marking, that of the meeting.
    Raises Refused when there are minutes already, and for a time that is ahead or cancelled.
    """
    now = timezone.now()
    sent = sent_before(Record, key, kind=KIND, author=by)
    if sent is not None:
        return Minutes.objects.get(record=sent)
    rights.require_secretary(by, meeting)
    sitting = sittings.seen(access(by, now), meeting.pk, time)
    if sitting is None:
        raise Refused("This meeting is cancelled.", code="state")
    if sitting.starts_at > now:
        raise Refused("The meeting has not begun.", code="state")
    Record.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if Minutes.objects.filter(time=sitting.time).exclude(state=State.WITHDRAWN).exists():
        raise Refused("There are minutes of this meeting already.", code="state")
    marking = marking or records.marking_of(meeting)
    copies.check_marking(marking)
    record = records.create(
        by=by, kind=KIND, title=title.strip() or f"Minutes: {meeting.title}"[:TITLE_LENGTH], marking=marking, key=key,
        occurred_at=sitting.starts_at, zone=meeting.zone, operation=meeting.operation, host=meeting,
        text=f"{opening}\n{sitting.place}", shown=False,
    )  # fmt: skip
    row = Minutes.objects.create(
        record=record, meeting=meeting.pk, time=sitting.time, starts_at=sitting.starts_at, ends_at=sitting.ends_at,
        place=sitting.place[:200], language=language, opening=opening.strip(),
    )  # fmt: skip
    Side.objects.bulk_create(Side(minutes=row, agency=agency) for agency in sittings.attended(sitting))
    Point.objects.bulk_create(
        Point(minutes=row, level=Level.ITEM, position=number, title=text[:TITLE_LENGTH], text=text[TITLE_LENGTH:])
        for number, text in enumerate(sittings.agenda_of(sitting))
    )
    return row


def attendance(row: Minutes, by: Appointment) -> list[Agency]:
    """The agencies whose agreement they need once they are put: of a draft, those that were there by what is noted
    today, and those that undertook something in it. Afterwards it stands."""
    sides = [side.agency for side in row.sides.select_related("agency__country")]
    sitting = _sitting(row, by) if row.state == State.DRAFT else None
    if sitting is None:
        return sides
    there = sittings.attended(sitting)
    acting = set(row.action_items.values_list("agency", flat=True))
    return there + [agency for agency in sides if agency.pk in acting and agency not in there]


def others(row: Minutes, by: Appointment) -> list[Agency]:
    """Those of them that are not the officer's own."""
    return [agency for agency in attendance(row, by) if agency.pk not in by.agencies]


def _sitting(row: Minutes, by: Appointment) -> sittings.Sitting | None:
    return sittings.seen(access(by, timezone.now()), row.meeting, row.time)


def _attended(row: Minutes, by: Appointment) -> None:
    """Take over who was there, if that was noted or answered since the draft began.

    Raises Refused where an action item names an article that one of them need not know (R17).
    """
    there = attendance(row, by)
    row.sides.exclude(agency__in=there).delete()
    before = set(row.sides.values_list("agency", flat=True))
    added = [Side(minutes=row, agency=agency) for agency in there if agency.pk not in before]
    if not added:
        return
    Side.objects.bulk_create(added)
    sitting = _sitting(row, by)
    known = sittings.clauses_for(sitting, there) if sitting else []
    untold = row.action_items.exclude(clause=None).exclude(clause__in=known).select_related("clause__agreement").first()
    if untold is not None:
        raise Refused(
            f"An action item names {untold.clause}, and not all who were there are parties to that: "
            "name another article in it, or the objective.",
            code="no_basis",
        )


@transaction.atomic
def change(*, minutes: Minutes, by: Appointment, version: int | None = None, **values: Any) -> Minutes:
    """Change `title`, `opening` or `place`. Once they are with the agencies, all agree anew.

    `version` is the one the officer read; raises Refused when another change came between.
    """
    row = rights.locked(minutes, by)
    lifecycle.require(row.state, "change")
    if version is not None and version != row.version:
        raise Refused("This was changed since you read it. Read it again, then repeat your change.", code="stale")
    title = str(values.get("title", row.record.title)).strip()
    columns = {"title": title} if title and title != row.record.title else {}
    details = {
        name: values[name].strip() for name in OF_MINUTES if name in values and getattr(row, name) != values[name]
    }
    if not columns and not details:
        return row
    for name, value in details.items():
        setattr(row, name, value)
    changed(row, by, **columns)
    note("minutes.change", by, row, changed=sorted({*columns, *details}), revision=row.revision)
    return row


def changed(row: Minutes, by: Appointment, **columns: Any) -> None:
    """Keep a change. What the agencies read is another text then: they agree to that one."""
    is_put = row.state == State.PUT
    if is_put:
        row.revision += 1
    row.save()
    texts = [row.opening, row.place]
    texts += [f"{point.title}\n{point.text}" for point in row.points.all()]
    texts += [item.text for item in row.action_items.all()]
    row.record = records.touch(record=row.record, by=by, corrects=is_put, search_text="\n".join(texts), **columns)
    if is_put:
        lapse_all(row, Lapse.TEXT)
        alerting.ask_sides(row)


@transaction.atomic
def put_into_words(*, minutes: Minutes, by: Appointment, language: str, texts: dict[str, str]) -> Wording | None:
    """Put the minutes into another language: `texts` by the key of a point or action item, `title` and `opening`. No
    text at all takes the language away. All wordings are agreed on."""
    row = rights.locked(minutes, by)
    lifecycle.require(row.state, "change")
    if language == row.language:
        raise Refused("They were written in this language: change the text itself.", field="language")
    known = {"title", "opening", *map(str, row.points.values_list("pk", flat=True))}
    known |= {str(key) for key in row.action_items.values_list("pk", flat=True)}
    # A title of an item has a key of its own.
    known |= {f"{key}.title" for key in row.points.values_list("pk", flat=True)}
    kept = {key: text.strip() for key, text in texts.items() if text.strip()}
    if not kept.keys() <= known:
        raise Refused("There is no such point in these minutes.", field="texts")
    if any(len(text) > TEXT_LENGTH for text in kept.values()):
        raise Refused(f"{TEXT_LENGTH} characters at most.", field="texts")
    if not kept:
        gone, _ = row.wordings.filter(language=language).delete()
        if gone:
            changed(row, by)
        return None
    if row.wordings.exclude(language=language).count() >= MOST_WORDINGS:
        raise Refused(f"They are put into {MOST_WORDINGS} languages at most.", field="language")
    values = {"texts": kept, "written_by": by, "written_at": timezone.now()}
    wording, _ = Wording.objects.update_or_create(minutes=row, language=language, defaults=values)
    changed(row, by)
    note("minutes.word", by, row, language=language, revision=row.revision)
    return wording


@transaction.atomic
def put_forward(*, minutes: Minutes, by: Appointment) -> Minutes:
    """Put them to the agencies that attended: released to each under an article, and to none where one is missing (R6).
    From then on the action items bind, and those who undertook them are told."""
    row = rights.locked(minutes, by)
    lifecycle.require(row.state, "put")
    if not row.points.exists():
        raise Refused("Write down an item first.", code="state")
    now = timezone.now()
    _attended(row, by)
    row.state, row.put_at = State.PUT, now
    row.save(update_fields=["state", "put_at"])
    basis.give(row.record, basis.others_of(row, by), by, now)
    row.record = records.touch(record=row.record, by=by)
    note("minutes.put", by, row, sides=[str(side.agency_id) for side in row.sides.all()])
    alerting.ask_sides(row)
    for item in row.action_items.all():
        reminders.arm(item)
        alerting.given(item)
    return row


@transaction.atomic
def withdraw(*, minutes: Minutes, by: Appointment, reason: str) -> Minutes:
    """Take them back before all have agreed: releases are revoked, openers are told (R16), action items bind nobody."""
    row = rights.locked(minutes, by)
    lifecycle.require(row.state, "withdraw")
    if not reason.strip():
        raise Refused("Say why: your colleagues read it.", field="reason")
    alerting.settle(row)
    row.state, row.withdrawn_at, row.withdraw_reason = State.WITHDRAWN, timezone.now(), reason.strip()
    row.save(update_fields=["state", "withdrawn_at", "withdraw_reason"])
    lapse_all(row, Lapse.WITHDRAWN)
    for item in row.action_items.all():
        reminders.disarm(item)
        alerting.settle_action(item)
    row.record = take_back(row.record, by)
    note("minutes.withdraw", by, row, reason=row.withdraw_reason)
    return row


def marking_gate(*, record: Record, marking: Marking) -> None:
    """What would be sealed cannot become RED or display-only; another marking is agreed on anew."""
    if record.kind != KIND:
        return
    row = Minutes.objects.filter(pk=record.pk).first()
    if row is None or not lifecycle.may(row.state, "change"):
        return
    copies.check_marking(marking)
    if records.marking_of(record) != marking:
        lapse_all(row, Lapse.MARKING)


def release_gap(record: Record) -> str:
    """Why nothing of the minutes may be released now; empty when it may."""
    state = Minutes.objects.filter(pk=record.pk).values_list("state", flat=True).first()
    return "" if state is None or lifecycle.may(state, "release") else lifecycle.SAYS[State(state)]


def note(verb: str, by: Appointment, row: Minutes, **data: Any) -> None:
    recording.record(verb=verb, by=by, subject_kind=KIND, subject_id=str(row.pk), data=data)
