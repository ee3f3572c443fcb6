"""Where two agreements cover the same flow: which of them governs, and why. Both stay open: a record may cross under
either, and each release says under which."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from agreements.register.facts import Treaties
from agreements.sharing.policy import Channel

BOTH = "Both apply: a record may cross under either."


@dataclass(frozen=True)
class Governing:
    """The agreement that comes first, None where neither does; the rule by a short code, and a sentence."""

    agreement: uuid.UUID | None
    code: str
    sentence: str


def governing(
    items: Sequence[Channel],
    treaties: Treaties,
    concluded: Mapping[uuid.UUID, date | None],
    amending: Collection[tuple[uuid.UUID, uuid.UUID]] = (),
) -> Governing | None:
    """Of open channels for one flow under several agreements. None where there is one agreement alone.

    An agreement that is displaced between two (`displaced_by`) has no channel there, and so does not come here.
    """
    keys = list(dict.fromkeys(item.treaty.id for item in items))
    if len(keys) < 2:
        return None
    return (
        _made_under(keys, treaties)
        or _continuing(items, treaties)
        or _amending(keys, treaties, amending)
        or _later(keys, treaties, concluded)
    )


def _made_under(found: Iterable[uuid.UUID], treaties: Treaties) -> Governing | None:
    """One made under an article of another fills it in: it says the terms, the other that there may be any."""
    keys = set(found)
    for key in sorted(keys, key=lambda k: treaties[k].short_name):
        above = _above(key, treaties)
        if above and keys - {key} <= set(above):
            parent = treaties[next(k for k in above if k in keys)].short_name
            return Governing(
                key,
                "made_under",
                f"{treaties[key].short_name} governs: it was made under the {parent} and says the terms.",
            )
    return None


def _above(key: uuid.UUID, treaties: Treaties) -> list[uuid.UUID]:
    found: list[uuid.UUID] = []
    step = treaties[key].made_under_agreement
    while step is not None and step in treaties and step not in found:
        found.append(step)
        step = treaties[step].made_under_agreement
    return found


def _continuing(items: Sequence[Channel], treaties: Treaties) -> Governing | None:
    """An article that takes the place of another's comes before it (R30)."""
    by_clause = {item.clause.id: item.treaty for item in items}
    for item in items:
        earlier = by_clause.get(item.clause.continues) if item.clause.continues else None
        if earlier is not None and len({i.treaty.id for i in items}) == 2:
            words = f"{item.treaty.short_name} governs: its {item.clause.article} takes the place of the {earlier.short_name}."
            return Governing(item.treaty.id, "continues", words)
    return None


def _amending(
    keys: list[uuid.UUID], treaties: Treaties, amending: Collection[tuple[uuid.UUID, uuid.UUID]]
) -> Governing | None:
    """One that amends or replaces the others comes before them (Vienna Convention on the Law of Treaties, Art. 40)."""
    for key in keys:
        if all((key, other) in amending for other in keys if other != key):
            earlier = " and the ".join(treaties[other].short_name for other in keys if other != key)
            return Governing(key, "amends", f"{treaties[key].short_name} governs: it amends or replaces the {earlier}.")
    return None


def _later(keys: list[uuid.UUID], treaties: Treaties, concluded: Mapping[uuid.UUID, date | None]) -> Governing:
    """Between states that are parties to both, the later in time (Vienna Convention on the Law of Treaties, Art. 30)."""
    days = {key: concluded.get(key) for key in keys}
    known = {key: day for key, day in days.items() if day is not None}
    last = max(known.values(), default=None)
    latest = [key for key, day in known.items() if day == last]
    if len(known) < len(keys) or len(latest) != 1:
        return Governing(None, "both", BOTH)
    name = treaties[latest[0]].short_name
    words = f"{name} governs where the two differ: it is the later in time (Vienna Convention, Art. 30). {BOTH}"
    return Governing(latest[0], "later", words)
