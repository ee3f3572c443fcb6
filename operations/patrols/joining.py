"""Stretches of one recording, joined by their times, in whatever order they arrive and however often."""

import base64
import hashlib
from array import array
from collections.abc import Sequence

from operations.patrols import tracks
from operations.patrols.recordings import NO_TIME, Fixes, unpack
from operations.patrols.refusing import refused
from operations.patrols.tracks import Fix, Reading

# Fixes one after the other: milliseconds, then latitude and longitude as a recording keeps them.
Stretch = list[tuple[int, int, int]]


def is_timed(fixes: Fixes) -> bool:
    """Whether each fix has its time: without, nothing tells where a stretch belongs."""
    return NO_TIME not in fixes.instants


def joined(known: Fixes, pieces: Sequence[list[Fix]]) -> Reading:
    """What is known of the recording, and these pieces of it. Two become one line where they overlap in time, and where
    one begins with the fix with which the other ended; between all others nothing was recorded.

    Raises Refused as `tracks.read` does, and for a fix without a time.
    """
    more = unpack(base64.b64decode(tracks.assembled(pieces, "").packed))
    if not is_timed(more):
        raise refused("Each point of a stretch needs its time: by that it is joined to the rest.")
    lines: list[Stretch] = []
    for stretch in sorted((*_stretches(known), *_stretches(more)), key=lambda found: (found[0][0], found[-1][0])):
        if lines and _meets(lines[-1], stretch):
            lines[-1] = _together(lines[-1], stretch)
        else:
            lines.append(stretch)
    return tracks.measured(_fixes(lines), _digest(lines))


def _stretches(fixes: Fixes) -> list[Stretch]:
    columns = (fixes.instants, fixes.latitudes, fixes.longitudes)
    return [[(columns[0][at], columns[1][at], columns[2][at]) for at in piece] for piece in fixes.pieces()]


def _meets(line: Stretch, stretch: Stretch) -> bool:
    """`stretch` begins no earlier than `line`."""
    return stretch[0][0] < line[-1][0] or stretch[0] == line[-1]


def _together(line: Stretch, stretch: Stretch) -> Stretch:
    known = set(line)
    both = [*line, *(fix for fix in stretch if fix not in known)]
    # Sorting keeps the order of fixes within one second.
    return sorted(both, key=lambda fix: fix[0])


def _fixes(lines: Sequence[Stretch]) -> Fixes:
    found = Fixes()
    for line in lines:
        found.cut()
        for instant, latitude, longitude in line:
            found.latitudes.append(latitude)
            found.longitudes.append(longitude)
            found.instants.append(instant)
    return found


def _digest(lines: Sequence[Stretch]) -> str:
    """Of the fixes themselves: however they were cut into stretches, the same recording is told by the same."""
    numbers = array("q", [number for line in lines for number in (len(line), *(part for fix in line for part in fix))])
    return hashlib.sha256(numbers.tobytes()).hexdigest()
