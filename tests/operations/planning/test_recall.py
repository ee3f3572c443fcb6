"""Which steps of an operation are told to those who opened it (R16): a changed plan, and being shut out."""

from django.utils import timezone

from agreements.sharing.disclosure import note_opening
from agreements.sharing.policy import access
from operations.planning.actions import invitations, operations
from portal.outbox.models import Message
from tests.operations.planning.conftest import Desk, sees


def told() -> list[tuple[str, list[str]]]:
    """What is queued, and for which appointments."""
    rows = Message.objects.filter(kind="sharing.recalled").order_by("created_at")
    return [(row.payload["what"], sorted(row.payload["opened"])) for row in rows]


def opened(desk: Desk) -> tuple:
    row = desk.joined()
    note_opening(access(desk.cast.yann, timezone.now()), row.record)
    return row, [str(desk.cast.yann.pk)]


def test_a_changed_plan_is_told_and_saving_the_same_or_a_step_is_not(desk: Desk) -> None:
    row, yann = opened(desk)
    operations.open_operation(operation=row, by=desk.cast.xenia)
    operations.edit(operation=row, by=desk.cast.xenia, objective=row.objective)
    operations.edit(operation=row, by=desk.cast.xenia, instructions="Return at once.")
    assert told() == []
    operations.edit(operation=row, by=desk.cast.xenia, objective="Watch the river.")
    assert told() == [("corrected", yann)]


def test_whom_the_leading_agency_shuts_out_is_told(desk: Desk) -> None:
    row, yann = opened(desk)
    invitations.end_participation(operation=row, agency=desk.cast.b, by=desk.cast.xenia)
    assert not sees(desk.cast.yann, row)
    assert told() == [("withdrawn", yann)]


def test_who_leaves_by_itself_is_not(desk: Desk) -> None:
    row, _yann = opened(desk)
    invitations.end_participation(operation=row, agency=desk.cast.b, by=desk.cast.yara)
    assert not sees(desk.cast.yann, row)
    assert told() == []
