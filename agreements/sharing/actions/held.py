"""Release held entries with one tap: each to its operation's circle under the article shown beside it (R6)."""

from collections.abc import Iterable

from django.db import transaction

from agencies.directory.models import Appointment
from agreements.sharing.actions import releases
from agreements.sharing.holding import HeldRow
from agreements.sharing.models import Release
from portal.ui.errors import Refused


@transaction.atomic
def release_held(*, rows: Iterable[HeldRow], by: Appointment) -> list[Release]:
    """All of them or none. Raises Refused for one that no article lets go."""
    found = []
    for row in rows:
        if row.offer is None:
            raise Refused(row.missing, code="no_basis")
        to, clause = row.offer.to, row.offer.clause
        found.append(releases.release(record=row.record, to=to, clause=clause, purpose=row.purpose, by=by))
    return found
