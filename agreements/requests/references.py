"""What a reference may look like, and which records it is of.

Whether it is of anything is asked of keys alone, by the same statements whatever comes of it (R17, R19).
"""

import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agreements.sharing.models import Opening, Record
from agreements.sharing.policy import Access
from portal import second_lock
from portal.ui.errors import Refused

RECORD = re.compile(r"([A-Z]{3})[ -]?([0-9A-F]{8})")
LINK = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
# Stands where no key was found: the statement that follows is asked all the same.
NOTHING = uuid.UUID(int=0)


@dataclass(frozen=True)
class Scheme:
    """References of another form, told by the room above that gives them out. Who has one was told so (R19).

    `find(reference, owner, asker)` gives the keys of the owner's records.
    """

    pattern: re.Pattern[str]
    find: Callable[[str, Agency, Appointment], Iterable[uuid.UUID]]


_SCHEMES: list[Scheme] = []


def register(scheme: Scheme) -> None:
    if scheme not in _SCHEMES:
        _SCHEMES.append(scheme)


def normal(text: str) -> str:
    """The one form in which a reference is kept: "REP-1A2B3C4D", a hit's, or the key in a link that was sent.

    Raises Refused for what is none. This asks how it looks alone.
    """
    links = LINK.findall(text)
    if links:
        return str(links[-1]).lower()
    short = " ".join(text.upper().split())
    if record := RECORD.fullmatch(short):
        return "-".join(record.groups())
    short = short.replace(" ", "").replace("-", "")
    if any(scheme.pattern.fullmatch(short) for scheme in _SCHEMES):
        return short
    raise Refused(
        "This is no reference. Records have one like REP-1A2B3C4D, hits one of eight signs; or paste the link.",
        field="reference",
    )


def looks_like_one(text: str) -> bool:
    """Whether a page may offer to ask with it."""
    try:
        return bool(normal(text))
    except Refused:
        return False


def _named(reference: str, owner: Agency) -> QuerySet[Record]:
    # A successor answers for what was its predecessor's (R30).
    rows = Record.objects.filter(owner__in=owner.stands_for(timezone.now()))
    if LINK.fullmatch(reference):
        return rows.filter(pk=reference)
    return rows.of_reference(reference)


def named_by(reference: str, owner: Agency) -> list[uuid.UUID]:
    """Keys of the owner's records that the reference is of: one or none, save where two end alike."""
    with second_lock.opened("which records a reference is of, by key alone"):
        return list(_named(reference, owner).order_by("pk").values_list("pk", flat=True))


def seen_already(access: Access, reference: str, owner: Agency) -> list[Record]:
    """Those among them that the officer sees. Hidden and unknown cost the same two statements (R17)."""
    keys = named_by(reference, owner)
    return list(Record.objects.visible_to(access).filter(pk__in=[*keys, NOTHING]).select_related("owner__country"))


@dataclass(frozen=True)
class Found:
    """One record that a request is for, and whether the asker was told already that it exists."""

    record: uuid.UUID
    known: bool


def found_for(reference: str, owner: Agency, asker: Appointment) -> list[Found]:
    """For the owner's side: every record that is meant. Only where the lock is open."""
    named = named_by(reference, owner)
    opened = set(Opening.objects.filter(record__in=named, appointment__in=asker.chain).values_list("record", flat=True))
    told = {
        key
        for scheme in _SCHEMES
        if scheme.pattern.fullmatch(reference)
        for key in scheme.find(reference, owner, asker)
    }
    return [Found(key, key in opened or key in told) for key in sorted({*named, *told})]
