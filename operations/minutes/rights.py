"""Who may act on minutes and action items: role, sight, and whose they are."""

from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.sharing.models import Record
from operations.minutes import sittings
from operations.minutes.models import ActionItem, Minutes
from operations.planning import rights
from portal import second_lock
from portal.ui.errors import Refused

NOT_THE_SECRETARY = "Only the agency that called the meeting keeps its minutes; annotate them instead (R21)."


def require_secretary(by: Appointment, record: Record) -> None:
    """Raises Refused unless the officer sees the record, calls meetings, and it is the officer's agency's."""
    rights.require_sight(by, record, timezone.now())
    rights.require_role(by, Permission.MEETING_CALL)
    if not sittings.chairs(by, record.owner_id):
        raise Refused(NOT_THE_SECRETARY, code="forbidden")


def locked(minutes: Minutes, by: Appointment) -> Minutes:
    """The row for a change by its secretary, held with its record."""
    require_secretary(by, minutes.record)
    # The minutes first and then their record, as who agrees takes them.
    rows = Minutes.objects.select_for_update(of=("self",))
    row = rows.select_related("record__owner__country", "record__operation").get(pk=minutes.pk)
    Record.objects.select_for_update(of=("self",)).get(pk=minutes.pk)
    row.record.refresh_from_db(fields=["version"])
    return row


def side_of(row: Minutes, by: Appointment) -> Agency:
    """The officer's agency as it attended. Raises Refused when it did not."""
    side = row.sides.filter(agency__in=by.agencies).select_related("agency__country").first()
    if side is None:
        raise Refused("Your agency did not attend.", code="forbidden")
    return side.agency


@second_lock.opened("minutes are held while a partner agrees")
def held(minutes: Minutes) -> Minutes:
    rows = Minutes.objects.select_for_update(of=("self",))
    return rows.select_related("record__owner__country", "record__author").get(pk=minutes.pk)


def locked_action(action: ActionItem, by: Appointment) -> ActionItem:
    """The row for a step of its agency or of the chair. Raises Refused without sight of the minutes."""
    rights.require_sight(by, action.minutes.record, timezone.now())
    rows = ActionItem.objects.select_for_update(of=("self",)).select_related(
        "minutes__record__owner", "agency__country"
    )
    return rows.get(pk=action.pk)
