"""An article of a later agreement may take the place of an earlier one (R30): what was released under that is read under
this, by this one's terms.

It reaches back to where the earlier channel began, if that ran until this one did; a gap between the two parts them
(R15). A successor article is a fact that widens: both parties have confirmed it before it works (R22).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC

from agreements.register.facts import ClauseFact, Instant, Treaties, Treaty
from agreements.sharing.policy.channel import (
    AgencyKey,
    Asked,
    Channel,
    channels,
    designated_agencies,
    is_asked,
)
from agreements.sharing.policy.surviving import EVE


def continuing(
    treaties: Treaties, treaty: Treaty, clause: ClauseFact, sender: AgencyKey, receiver: AgencyKey, at: Instant
) -> Iterator[Channel]:
    """The channels between two agencies, under articles that take this one's place, for what was released under it."""
    for later, article in _later(treaties, treaty, clause):
        for item in channels(treaties, later, article, sender, receiver, at):
            eve = item.since.astimezone(UTC) - EVE
            earlier = [
                *channels(treaties, treaty, clause, sender, receiver, eve),
                *continuing(treaties, treaty, clause, sender, receiver, eve),
            ]
            ends = {before.since for before in earlier if before.receiver_party == item.receiver_party}
            if ends:
                yield replace(item, since=min(ends))


def _later(treaties: Treaties, treaty: Treaty, clause: ClauseFact) -> Iterator[tuple[Treaty, ClauseFact]]:
    """Articles that take the place of this one, or of one that does; each once."""
    waiting, seen = [(treaty, clause)], {clause.id}
    while waiting:
        earlier, article = waiting.pop()
        for key in earlier.continued_in:
            for other in treaties[key].clauses if key in treaties else ():
                if other.continues == article.id and other.id not in seen:
                    seen.add(other.id)
                    waiting.append((treaties[key], other))
                    yield treaties[key], other


def continuing_of(
    treaties: Treaties, agency: AgencyKey, at: Instant, asked: Asked = None
) -> Iterator[tuple[ClauseFact, Channel]]:
    """Every channel to the agency under an article that takes another's place, with that other, where it is `asked` for."""
    for treaty in treaties.values():
        if treaty.continued_in:
            for clause in treaty.clauses:
                for other in designated_agencies(treaty, clause, at) - {agency}:
                    if is_asked(asked, clause, other):
                        for item in continuing(treaties, treaty, clause, other, agency, at):
                            yield clause, item
