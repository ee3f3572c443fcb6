"""A meeting that is moved: those who attend have an alert of their own, others who opened it are told (R16)."""

from datetime import timedelta

from django.utils import timezone

from agreements.sharing.disclosure import note_opening
from agreements.sharing.policy import access
from operations.meetings import actions
from portal.outbox.models import Message
from tests.operations.meetings.conftest import Hall


def told() -> list[list[str]]:
    rows = Message.objects.filter(kind="sharing.recalled").order_by("created_at")
    return [sorted(row.payload["opened"]) for row in rows]


def test_a_moved_meeting_is_told_to_those_who_opened_it_and_do_not_attend(hall: Hall) -> None:
    cast, row = hall.cast, hall.joint()
    for who in (cast.yann, cast.yara):
        note_opening(access(who, timezone.now()), row.record)
    actions.change(meeting=row, by=cast.xenia, agenda="Cars.")
    assert told() == []
    later = row.starts_at + timedelta(days=1)
    actions.change(meeting=row, by=cast.xenia, starts_at=later, ends_at=later + timedelta(hours=1))
    assert told() == [[str(cast.yara.pk)]]
