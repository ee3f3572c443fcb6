"""How the sides of a text are asked for their word, and told that it lapsed or what another said.

Whom of a side it concerns, and in which words, each room says itself.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from agreements.alerts import raising
from operations.sealing.models import Said, SharedText
from portal.outbox import messages


@dataclass(frozen=True)
class Asking:
    """The names of a room: of the cause that its outbox handles, and of two of its kinds of alerts."""

    told: str
    awaited: str
    reopened: str

    def ask_sides(self, row: SharedText) -> None:
        """Every side whose word does not stand is asked for it, for this revision."""
        given = set(row.said.standing().values_list("agency", flat=True))
        for agency in row.sides.values_list("agency", flat=True):
            if agency not in given:
                self.tell(self.awaited, row.pk, agency, str(row.revision))

    def lapsed(self, row: SharedText, said: Iterable[Said]) -> None:
        """Each side whose word lapsed is told."""
        for item in said:
            self.tell(self.reopened, row.pk, item.agency_id, str(item.pk))

    def tell_others(self, what: str, row: SharedText, said: uuid.UUID, agency: uuid.UUID) -> None:
        """The other sides are told what one said."""
        for other in row.sides.exclude(agency=agency).values_list("agency", flat=True):
            self.tell(what, row.pk, other, str(said))

    def settle(self, row: SharedText, agency: uuid.UUID | None = None) -> None:
        """A side has said its word, or nobody need any more: it is asked no longer."""
        sides = [agency] if agency else list(row.sides.values_list("agency", flat=True))
        for side in sides:
            for revision in range(1, row.revision + 1):
                raising.settle(kind=self.awaited, key=key_of(row.pk, side, str(revision)))
            for lapsed in row.said.filter(agency=side).exclude(lapsed_at=None).values_list("pk", flat=True):
                raising.settle(kind=self.reopened, key=key_of(row.pk, side, str(lapsed)))

    def tell(self, what: str, record: uuid.UUID, agency: uuid.UUID, occurrence: str) -> None:
        payload = {"what": what, "record": str(record), "agency": str(agency), "occurrence": occurrence}
        messages.emit(kind=self.told, key=f"{what}:{record}:{agency}:{occurrence}", payload=payload)


def key_of(record: uuid.UUID, agency: uuid.UUID | str, occurrence: str) -> str:
    return f"{record}:{agency}:{occurrence}"
