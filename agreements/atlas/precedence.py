"""Where several agreements cover the same flow: which of them governs, and why. Both stay open: a record may cross under
either, and each release says under which. The rules are the register's (`register.precedence`)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from agreements.register import precedence
from agreements.register.facts import Instant, Treaties
from agreements.register.precedence import Cover, Relations, Ruling
from agreements.sharing.policy import Channel

BOTH = "Both apply: a record may cross under either."


@dataclass(frozen=True)
class Governing:
    """The agreement that comes first, None where none does; the rule by a short code, and a sentence."""

    agreement: uuid.UUID | None
    code: str
    sentence: str


def governing(
    items: Sequence[Channel], treaties: Treaties, at: Instant, relations: Relations | None = None
) -> Governing | None:
    """Of open channels for one flow under several agreements. None where there is one agreement alone.

    An agreement governs that comes before each of the others by some article, and after none of them. One that is
    displaced between two (`displaced_by`) has no channel there, and so does not come here.
    """
    covers = {item.clause.id: (item, Cover(item.treaty, item.clause, item.ceiling)) for item in items}
    found = [
        precedence.governing(treaties, one, two, frozenset({item.sender_party, item.receiver_party}), at, relations)
        for (item, one), (_, two) in combinations(covers.values(), 2)
        if one.treaty.id != two.treaty.id
    ]
    if not found:
        return None
    others = {cover.treaty.id for _, cover in covers.values()}
    for key in sorted(others, key=lambda k: treaties[k].short_name):
        won = [row for row in found if row.governs and row.governs.treaty.id == key]
        beaten = {row.over.treaty.id for row in won if row.over}
        if beaten == others - {key} and not any(_loses(row, key) for row in found):
            sentences = dict.fromkeys(f"{row.sentence}." for row in won)
            return Governing(key, won[0].rule, f"{treaties[key].short_name} governs. {' '.join(sentences)} {BOTH}")
    return Governing(None, "both", BOTH)


def _loses(row: Ruling, key: uuid.UUID) -> bool:
    return row.over is not None and row.over.treaty.id == key
