"""Finds the fixes that only a jump of the receiver can have made."""

from operations.patrols import geometry
from operations.patrols.recordings import NO_TIME, Fixes

FASTEST = 100.0  # metres a second, 360 km/h: faster than any car, train or boat of a patrol, and most helicopters
LONGEST_JUMP = 10  # fixes: whatever stays away longer has really gone there
NEAR = 250.0  # metres: within this a coarse clock, and not the receiver, makes the speed


def outliers(fixes: Fixes) -> set[int]:
    """The indexes of fixes that lie off the line for a moment and could not have been reached in time.

    A recording without times has none. Where a line goes on from the far place, it was no jump: all is kept.
    """
    found: set[int] = set()
    for piece in fixes.pieces():
        last, away = piece.start, list[int]()
        for index in piece[1:]:
            if _reached(fixes, last, index):
                found.update(away)
                last, away = index, []
                continue
            away.append(index)
            if len(away) > LONGEST_JUMP:
                last, away = index, []
        # At the very end nothing tells whether it went on from there: what is one fix alone is left out.
        found.update(away if len(away) == 1 and len(piece) > 2 else ())
    return found


def _reached(fixes: Fixes, start: int, end: int) -> bool:
    first, last = fixes.instants[start], fixes.instants[end]
    if NO_TIME in (first, last):
        return True
    metres = geometry.distance(fixes.point(start), fixes.point(end))
    return metres <= max(NEAR, FASTEST * (last - first) / 1000)
