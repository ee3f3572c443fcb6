"""A form that is sent twice makes one record: the key it carries becomes the record's."""

import uuid

from agencies.directory.models import Appointment, new_key
from agreements.sharing.models import Record
from portal import second_lock


def sent_before(key: uuid.UUID | None, kind: str, by: Appointment) -> Record | None:
    """The record that this officer's first sending of the same form made."""
    if key is None:
        return None
    return Record.objects.filter(pk=key, kind=kind, author=by).first()


def usable(key: uuid.UUID | None) -> uuid.UUID:
    """The key, or a new one when it is taken: that somebody else's record has it must not show (R17)."""
    with second_lock.opened("whether a key is taken"):
        taken = key is None or Record.objects.filter(pk=key).exists()
    return new_key() if key is None or taken else key
