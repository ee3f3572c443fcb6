"""The agenda of a meeting: its items, in their order."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from operations.meetings.actions.holding import locked, note
from operations.meetings.choices import MOST_ITEMS, MeetingState
from operations.meetings.models import AgendaItem, Meeting
from portal.ui.errors import Refused

LONGEST_TEXT = 500
LONGEST_MINUTES = 24 * 60


@transaction.atomic
def add(
    meeting: Meeting,
    *,
    by: Appointment | None,
    text: str,
    minutes: int = 0,
    presenter: Agency | None = None,
    source: str = "",
) -> AgendaItem:
    """Put an item at the end of the agenda: the caller's agency does, or the portal itself (`by` None).

    `source` names what opens the item by itself, by its key: the same source has one item, and adding it again changes
    nothing. `minutes`: how long it takes. Raises Refused at the field to blame.
    """
    row = locked(meeting, by, "writes the agenda", timezone.now()) if by else meeting
    if row.state == MeetingState.CANCELLED:
        raise Refused("This meeting is cancelled.", code="state")
    known = row.items.filter(source=source).first() if source else None
    if known is not None:
        return known
    _check(row, text, minutes, presenter)
    if row.items.count() >= MOST_ITEMS:
        raise Refused(f"An agenda has {MOST_ITEMS} items at most.", field="text")
    last = row.items.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem.objects.create(
        meeting=row,
        position=last + 1,
        text=text.strip(),
        minutes=minutes,
        presenter=presenter,
        source=source,
        added_by=by,
    )
    note("meeting.agenda_add", by, row, item=item.pk)
    return item


def _check(meeting: Meeting, text: str, minutes: int, presenter: Agency | None) -> None:
    if not text.strip():
        raise Refused("Say what is to be talked about.", field="text")
    if len(text.strip()) > LONGEST_TEXT:
        raise Refused(f"Say it in {LONGEST_TEXT} characters.", field="text")
    if not 0 <= minutes <= LONGEST_MINUTES:
        raise Refused("An item takes a day at most.", field="minutes")
    if presenter and not meeting.circle.participations.filter(agency=presenter, ended_at=None).exists():
        raise Refused("This agency is not invited.", field="presenter")


@transaction.atomic
def change(
    item: AgendaItem, *, by: Appointment, text: str, minutes: int = 0, presenter: Agency | None = None
) -> AgendaItem:
    """Word it anew."""
    row = locked(item.meeting, by, "writes the agenda", timezone.now())
    _check(row, text, minutes, presenter)
    item.text, item.minutes, item.presenter = text.strip(), minutes, presenter
    item.save(update_fields=["text", "minutes", "presenter"])
    note("meeting.agenda_change", by, row, item=item.pk)
    return item


@transaction.atomic
def move(item: AgendaItem, *, by: Appointment, earlier: bool) -> None:
    """Change places with the item before it, or after it. At the end of the list nothing happens."""
    row = locked(item.meeting, by, "writes the agenda", timezone.now())
    rows = list(row.items.all())
    place = next(n for n, other in enumerate(rows) if other.pk == item.pk)
    other = place - 1 if earlier else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
        _number(rows)
        note("meeting.agenda_move", by, row, item=item.pk, earlier=earlier)


def _number(rows: Sequence[AgendaItem]) -> None:
    for position, item in enumerate(rows, start=1):
        item.position = position
    AgendaItem.objects.bulk_update(rows, ["position"])


@transaction.atomic
def take_off(item: AgendaItem, *, by: Appointment) -> None:
    row = locked(item.meeting, by, "writes the agenda", timezone.now())
    key = item.pk
    item.delete()
    note("meeting.agenda_take_off", by, row, item=key)
