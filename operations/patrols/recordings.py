"""A recording as it is kept: every fix, packed, each with the coarsest picture that still needs it."""

import struct
import sys
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate, chain

UNIT = 10_000_000  # a position is kept in ten-millionths of a degree: 1 cm
NO_TIME = -(2**62)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A fix that only a broken receiver can have made: kept in the recording, left out of lengths and pictures.
OUTLIER = 255
_HEAD = struct.Struct("<BII")
_VERSION = 1


@dataclass
class Fixes:
    """A recording in columns, 25 bytes a fix. `starts` are the indexes at which a piece begins."""

    latitudes: "array[int]" = field(default_factory=lambda: array("q"))
    longitudes: "array[int]" = field(default_factory=lambda: array("q"))
    instants: "array[int]" = field(default_factory=lambda: array("q"))  # milliseconds since 1970, or NO_TIME
    starts: list[int] = field(default_factory=list)
    levels: bytes = b""

    def __len__(self) -> int:
        return len(self.latitudes)

    def add(self, latitude: float, longitude: float, instant: int = NO_TIME) -> None:
        """Degrees, and milliseconds since 1970."""
        self.latitudes.append(round(latitude * UNIT))
        self.longitudes.append(round(longitude * UNIT))
        self.instants.append(instant)

    def cut(self) -> None:
        """What comes next is another piece: what lies between the two was not recorded."""
        if not self.starts or self.starts[-1] != len(self):
            self.starts.append(len(self))

    def pieces(self) -> Iterator[range]:
        """The indexes of each piece that holds anything."""
        ends = [*self.starts[1:], len(self)] if self.starts else []
        for start, end in zip(self.starts, ends, strict=True):
            if end > start:
                yield range(start, end)

    def point(self, index: int) -> tuple[float, float]:
        """Latitude and longitude in degrees."""
        return self.latitudes[index] / UNIT, self.longitudes[index] / UNIT

    def at(self, index: int) -> datetime | None:
        instant = self.instants[index]
        return None if instant == NO_TIME else EPOCH + timedelta(milliseconds=instant)


def pack(fixes: Fixes) -> bytes:
    """The recording in few bytes: differences, deflated."""
    columns = [array("q", _steps(column)) for column in (fixes.latitudes, fixes.longitudes, fixes.instants)]
    head = _HEAD.pack(_VERSION, len(fixes), len(fixes.starts))
    parts = [array("q", fixes.starts), *columns]
    if sys.byteorder == "big":
        for part in parts:
            part.byteswap()
    return head + zlib.compress(b"".join([*(part.tobytes() for part in parts), fixes.levels]))


def _steps(column: "array[int]") -> Iterator[int]:
    return (later - earlier for earlier, later in zip(chain((0,), column), column, strict=False))


def unpack(packed: bytes) -> Fixes:
    """What `pack` packed: ours alone, never something that came in."""
    version, count, pieces = _HEAD.unpack_from(packed)
    if version != _VERSION:
        raise ValueError(f"A recording of version {version}.")
    data = zlib.decompress(memoryview(packed)[_HEAD.size :])
    numbers = array("q")
    numbers.frombytes(data[: 8 * (pieces + 3 * count)])
    if sys.byteorder == "big":
        numbers.byteswap()
    columns = [
        array("q", accumulate(numbers[pieces + place * count : pieces + (place + 1) * count])) for place in range(3)
    ]
    latitudes, longitudes, instants = columns
    return Fixes(
        latitudes, longitudes, instants, starts=list(numbers[:pieces]), levels=data[8 * (pieces + 3 * count) :]
    )
