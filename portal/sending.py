"""A file, piece by piece: a download that is under way ends with the right to see what is downloaded (R13)."""

import time
from collections.abc import Callable, Iterator
from typing import Any

# Bytes of one piece; after so many seconds the next one is sent only once the policy was asked again.
PIECE = 64 * 1024
ASK_AFTER = 0.5


class Closed(Exception):
    """The right to see it ended while it was sent. The connection breaks off: what came is not the whole file."""


def pieces(file: Any, still: Callable[[], bool]) -> Iterator[bytes]:
    """The file, as long as `still` says yes. Raises Closed when it says no."""
    asked = time.monotonic()
    with file:
        while piece := file.read(PIECE):
            if time.monotonic() - asked > ASK_AFTER:
                if not still():
                    raise Closed
                asked = time.monotonic()
            yield piece
