"""Terms of an article as a plain sentence, for who signs and not for who programs."""

from collections.abc import Iterable, Mapping

from agencies.directory.models import Classification
from agreements.register.choices import Category, Direction, Onward, Purpose
from agreements.register.facts import day_words
from agreements.register.models import Clause

_ONWARD = {
    Onward.NEVER: "It is never passed on.",
    Onward.CONSENT: "It is passed on only with the originator’s consent.",
    Onward.FREE: "It may be passed on freely.",
}
# Categories that are no noun by themselves.
_DATA = {
    Category.OPERATIONAL: "operational data",
    Category.CUSTOMS: "customs data",
    Category.FIREARMS: "data on firearms",
    Category.VEHICLE_REGISTRATION: "vehicle registration data",
}


def joined(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    rows = list(words)
    return " and ".join([", ".join(rows[:-1]), rows[-1]]) if len(rows) > 1 else "".join(rows)


def permits(clause: Clause) -> str:
    """Kind, text and days of an article."""
    days = [
        f"from {day_words(clause.starts_on)}" if clause.starts_on else "",
        f"until {day_words(clause.ends_on)}" if clause.ends_on else "",
    ]
    when = " ".join(word for word in days if word)
    words = [clause.get_kind_display(), clause.summary, when]
    return ". ".join(word.strip().rstrip(".") for word in words if word.strip()) + "."


def shares(clause: Clause, parties: Mapping[str, str]) -> str:
    """What may flow under it. An article that names no data shares none: default is deny."""
    if not clause.categories and not clause.purposes:
        return "Shares nothing."
    data = joined(_DATA.get(Category(word), Category(word).label.lower()) for word in clause.categories) or "no data"
    aims = joined(Purpose(word).label.lower() for word in clause.purposes) or "no purpose"
    parts = [
        f"{_way(clause, parties)} {data}, for {aims}, up to {Classification(clause.ceiling).label}.",
        f"It is kept for {clause.retention_days} days at most."
        if clause.retention_days
        else "How long it may be kept is not limited.",
        _ONWARD[Onward(clause.onward)],
    ]
    if clause.survives:
        parts.append("What was shared stays readable after the end.")
    if clause.continues_id:
        parts.append("It takes the place of an earlier article.")
    return " ".join(parts)


def _way(clause: Clause, parties: Mapping[str, str]) -> str:
    if clause.direction == Direction.ONE_WAY:
        senders, receivers = (
            joined(c.name for c in held.all()) or "nobody" for held in (clause.senders, clause.receivers)
        )
        return f"{senders} may give {receivers}"
    if len(parties) == 2:
        return f"{joined(sorted(parties.values()))} may give each other"
    return "All parties may give one another" if len(parties) != 1 else "Its agencies may give one another"
