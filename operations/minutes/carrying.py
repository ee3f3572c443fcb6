"""Overdue action items open the agenda of their board's next meeting by themselves.

One line, without content: which they are, the panel beside the agenda says to whoever may see them. It is put there
only where every agency that is invited attended the meeting of which they are: others would learn of them (R17).
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from operations.minutes import sittings
from operations.minutes.models import ActionItem, Side
from portal import second_lock

TEXT = "Overdue action items of earlier meetings"


@second_lock.opened("an overdue action item opens the next agenda, whoever called that meeting")
def carry_over(at: datetime, among: Iterable[uuid.UUID] | None = None) -> int:
    """For each of the board's meetings with something overdue, `among` these action items; how many lines are new."""
    rows = ActionItem.objects.binding().overdue(at)
    if among is not None:
        rows = rows.filter(pk__in=list(among))
    new = 0
    for minutes, time in rows.order_by().values_list("minutes", "minutes__time").distinct():
        coming = sittings.following(time, at)
        if coming is not None:
            known_to = Side.objects.filter(minutes=minutes).values_list("agency", flat=True)
            new += sittings.put_first(coming, TEXT, set(known_to))
    return new
