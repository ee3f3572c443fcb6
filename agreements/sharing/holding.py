"""Own entries that nobody abroad was given, each with the one release that a tap would make (R6)."""

from dataclasses import dataclass, field
from datetime import datetime

from agreements.register.choices import Purpose
from agreements.sharing import kinds
from agreements.sharing.actions.releases import needs_second
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Circle, Record, Release
from agreements.sharing.offers import Offer, offers_for
from agreements.sharing.policy import Access
from agreements.sharing.querysets import RecordQuerySet

MOST = 200


@dataclass(frozen=True)
class HeldRow:
    """One held entry. Without an offer no article lets it go to those who take part; `missing` says why."""

    record: Record
    offer: Offer | None
    missing: str = ""

    @property
    def purpose(self) -> str:
        """The clause's first purpose; releasing by itself one may choose another."""
        return self.offer.clause.purposes[0] if self.offer else ""

    @property
    def purpose_label(self) -> str:
        return str(Purpose(self.purpose).label) if self.purpose else ""


@dataclass
class Held:
    rows: list[HeldRow] = field(default_factory=list)
    more: bool = False

    @property
    def ready(self) -> int:
        return sum(row.offer is not None for row in self.rows)


def held_rows(access: Access, place: Record | None = None) -> RecordQuerySet:
    """The agency's entries that stand released to nobody abroad: of an operation, of a host (a patrol), or all."""
    by = access.appointment
    if by is None:
        return Record.objects.none()
    rows = Record.objects.visible_to(access).filter(owner__in=by.agencies, operation__isnull=False)
    given = Release.objects.standing().filter(clause__isnull=False).values("content_object")
    rows = rows.filter(kind__in=kinds.logged_kinds()).exclude(pk__in=given)
    if place is not None:
        rows = rows.filter(operation=place) if place.kind == "operation" else rows.filter(host=place)
    return rows


def held_count(access: Access, place: Record | None = None) -> int:
    """How many, counted no further than the page of held entries shows."""
    return held_rows(access, place).capped_count(MOST)


def held_of(access: Access, place: Record | None, at: datetime) -> Held:
    """The agency's held entries, newest first, each with the release that a tap would make."""
    rows = held_rows(access, place).order_by("-occurred_at", "-pk")
    rows = rows.select_related("owner__country", "operation", "author__officer", "author__agency")
    found = list(rows[: MOST + 1])
    known: dict[object, tuple[Offer | None, str]] = {}
    return Held([_row(record, access, at, known) for record in found[:MOST]], len(found) > MOST)


def _row(record: Record, access: Access, at: datetime, known: dict[object, tuple[Offer | None, str]]) -> HeldRow:
    """Entries that are marked alike in one operation have one offer: it is worked out once."""
    rel_to = None if record.rel_to is None else tuple(sorted(record.rel_to))
    shape = (record.operation_id, tuple(sorted(record.categories)), record.classification, record.tlp, rel_to)
    if shape not in known:
        known[shape] = _offer(record, access, at)
    return HeldRow(record, *known[shape])


def _offer(record: Record, access: Access, at: datetime) -> tuple[Offer | None, str]:
    assert access.appointment is not None
    if needs_second(record, access.appointment):
        return None, "A second officer approves it: release it from its own page (R20)"
    found = offers_for(access.appointment, record, at, kind=record.kind, operation=record.operation, named=False)
    circles = [offer for offer in found.fits if offer.to.kind == AudienceKind.CIRCLE]
    if circles:
        return circles[0], ""
    if found.missing:
        return None, found.missing[0]
    if not Circle.objects.filter(record=record.operation_id, closed_at=None).exists():
        return None, "The operation is closed: nothing new goes to those who took part"
    return None, "No article reaches those who take part today"
