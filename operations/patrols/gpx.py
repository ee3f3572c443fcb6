"""GPX 1.0 and 1.1, in and out, as a stream. What comes in is hostile until proven otherwise."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from operations.patrols.recordings import EPOCH, NO_TIME, Fixes
from operations.patrols.refusing import MAX_POINTS, check_point, refused

MAX_DEPTH = 32
MAX_ELEMENT = 256 * 1024  # bytes of one tag or comment
FEED = 64 * 1024  # bytes
LONGEST_TIME = 40  # characters
FURTHEST_ZONE = timedelta(hours=14)
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
MEDIA_TYPE = "application/gpx+xml"
_NUMBER = re.compile(r"\s*[-+]?(\d{1,20}(\.\d{0,40})?|\.\d{1,40})([eE][-+]?\d{1,3})?\s*", re.ASCII)
BAD_TIME = "A point has a time that is not a time: write it as 2026-11-20T12:00:00Z."


def instant_of(text: str) -> int:
    """Milliseconds since 1970 of a time in ISO 8601; without a zone it is UTC, as GPX has it. Raises Refused."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise refused(BAD_TIME) from None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    if abs(at.utcoffset() or timedelta()) > FURTHEST_ZONE:
        raise refused("A point's time is more than 14 hours off UTC: there is no such time zone.")
    if not EARLIEST <= at <= LATEST:
        raise refused("A point's time lies before 1970 or after 2100: set the device's clock.")
    return (at - EPOCH) // timedelta(milliseconds=1)


class _Reader:
    """Takes the points out of the elements as they stream by; nothing else is built."""

    def __init__(self) -> None:
        self.tracks, self.routes = Fixes(), Fixes()
        self.stack: list[str] = []
        self.within: Fixes | None = None
        self.time: list[str] | None = None
        self.has_time = False

    def start(self, tag: str, attributes: Sequence[str]) -> None:
        name = tag.rsplit("}", 1)[-1]
        if not self.stack and name != "gpx":
            raise refused("The file is not a GPX track: its first element is not “gpx”.")
        self.stack.append(name)
        if len(self.stack) > MAX_DEPTH:
            raise refused("The file is not a GPX track: its elements are nested too deep.")
        if name in ("trkpt", "rtept"):
            self.within = self.tracks if name == "trkpt" else self.routes
            self._point(self.within, attributes)
        elif name == "time" and self.within is not None and self.stack[-2] in ("trkpt", "rtept"):
            self.time = []
        elif name in ("trkseg", "rte"):
            (self.tracks if name == "trkseg" else self.routes).cut()

    def _point(self, fixes: Fixes, attributes: Sequence[str]) -> None:
        named = dict(zip(attributes[::2], attributes[1::2], strict=False))
        texts = [named.get(name, "") for name in ("lat", "lon")]
        if not all(texts):
            raise refused("The file is XML but not a valid GPX track: a point lacks its position.")
        if not all(map(_NUMBER.fullmatch, texts)) and not all(_is_odd_number(text) for text in texts):
            raise refused("The file is XML but not a valid GPX track: a position is not two numbers.")
        latitude, longitude = map(float, texts)
        check_point(latitude, longitude)
        if not fixes.starts:
            fixes.cut()
        fixes.add(latitude, longitude)
        if len(self.tracks) + len(self.routes) > MAX_POINTS:
            raise refused(f"The track has more than {MAX_POINTS:,} points: split it, or record fewer.")

    def end(self, tag: str) -> None:
        name = self.stack.pop()
        if name == "time" and self.time is not None:
            text, self.time = "".join(self.time).strip(), None
            if text and self.within is not None:
                self.within.instants[-1] = instant_of(text)
        elif name in ("trkpt", "rtept"):
            self.within = None

    def data(self, text: str) -> None:
        if self.time is not None:
            self.time.append(text)
            if sum(map(len, self.time)) > LONGEST_TIME and "".join(self.time).strip()[LONGEST_TIME:]:
                raise refused(BAD_TIME)

    def close(self) -> None:
        """The parser asks for it."""


def _is_odd_number(text: str) -> bool:
    """NaN and the infinite are numbers to say something about: not on Earth."""
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def read(chunks: Iterable[bytes]) -> Fixes:
    """The tracks in a GPX file, or its routes if it has no track. Raises Refused with what is wrong with it."""
    reader = _Reader()
    parser = DefusedXMLParser(target=reader, forbid_dtd=True)
    # Straight from the parser: a hundred thousand points need no dictionaries and full names.
    expat: Any = parser.parser
    expat.StartElementHandler, expat.EndElementHandler = reader.start, reader.end
    expat.CharacterDataHandler, expat.DefaultHandlerExpand = reader.data, None
    expat.CommentHandler = expat.ProcessingInstructionHandler = None
    fed = 0
    try:
        for chunk in chunks:
            for place in range(0, len(chunk), FEED):
                piece = chunk[place : place + FEED]
                parser.feed(piece)
                fed += len(piece)
                if fed - max(expat.CurrentByteIndex, 0) > MAX_ELEMENT:
                    raise refused("The file is not a GPX track: it holds an element larger than 256 KB.")
        parser.close()
    except DefusedXmlException:
        raise refused("The file contains a document type or entities, which a GPX track never needs.") from None
    except (ParseError, LookupError, ValueError, AttributeError) as error:
        line = getattr(error, "position", (0,))[0]
        where = f" (line {line})" if line else ""
        raise refused(f"The file is not readable as XML{where}. Export the track as GPX 1.1.") from None
    return reader.tracks if len(reader.tracks) else reader.routes


def written(fixes: Fixes, *, name: str, marking: str, keywords: str) -> Iterator[str]:
    """A GPX 1.1 document with every fix, piece by piece. `marking` is said in it, and so travels with it."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="Entente" xmlns="http://www.topografix.com/GPX/1/1">\n'
        f"<metadata><name>{escape(name)}</name><desc>{escape(marking)}</desc>"
        f"<keywords>{escape(keywords)}</keywords></metadata>\n"
        f"<trk><name>{escape(name)}</name><cmt>{escape(marking)}</cmt>\n"
    )
    for piece in fixes.pieces():
        yield "<trkseg>\n"
        for first in range(piece.start, piece.stop, 1000):
            yield "".join(_point(fixes, index) for index in range(first, min(first + 1000, piece.stop)))
        yield "</trkseg>\n"
    yield "</trk></gpx>\n"


def _point(fixes: Fixes, index: int) -> str:
    latitude, longitude = fixes.point(index)
    if fixes.instants[index] == NO_TIME:
        return f'<trkpt lat="{latitude:.7f}" lon="{longitude:.7f}"/>\n'
    return f'<trkpt lat="{latitude:.7f}" lon="{longitude:.7f}"><time>{stamp(fixes, index)}</time></trkpt>\n'


def stamp(fixes: Fixes, index: int) -> str | None:
    """When, in UTC: with milliseconds where the device told them."""
    at = fixes.at(index)
    if at is None:
        return None
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds").replace("+00:00", "Z")
