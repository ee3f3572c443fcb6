"""Keys of rows."""

import uuid
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model
from uuid_utils.compat import uuid7

from portal import second_lock

_M = TypeVar("_M", bound=Model)


def new_key() -> uuid.UUID:
    """A key that sorts by time of making and can be made on a device (RFC 9562, version 7)."""
    return uuid7()


def sent_before(model: type[_M], key: uuid.UUID | None, **mine: Any) -> _M | None:
    """The row that the same officer's first sending of the same form made: the key it carries became the row's.

    `mine`: what makes a row the officer's own. A second click waits for the first, until its transaction ends.
    """
    if key is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key.int & (2**63 - 1)])
    return model._default_manager.filter(pk=key, **mine).first()


def usable(model: type[Model], key: uuid.UUID | None) -> uuid.UUID:
    """The key that a form or device chose, or a new one when it is taken: that another's row has it must not show."""
    if key is None:
        return new_key()
    with second_lock.opened("whether a key is taken"):
        taken = model._default_manager.filter(pk=key).exists()
    return new_key() if taken else key
