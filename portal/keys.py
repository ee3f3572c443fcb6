"""Keys of rows."""

import uuid

from uuid_utils.compat import uuid7


def new_key() -> uuid.UUID:
    """A key that sorts by time of making and can be made on a device (RFC 9562, version 7)."""
    return uuid7()
