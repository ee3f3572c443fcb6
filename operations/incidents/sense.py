"""Whether category and text of a report agree, in plain words. It asks; it never decides. Pure functions."""

import re

from operations.incidents.choices import SeriousKind

# Beginnings of words that speak of each. English only: a text in another language is asked about nothing.
SPEAKS: dict[str, tuple[str, ...]] = {
    SeriousKind.FIREARM: ("shot", "shoot", "fired", "gunfire", "pistol", "rifle", "bullet"),
    SeriousKind.FORCE: ("baton", "handcuff", "restrain", "struck", "punch", "kick", "taser", "pepper spray", "force"),
    SeriousKind.INJURY: ("injur", "wound", "hospital", "bleed", "bled", "fractur", "unconscious", "bitten"),
    SeriousKind.DEATH: ("dead", "died", "death", "killed", "deceased", "body was", "drowned"),
    SeriousKind.RIGHTS: ("pushback", "pushed back", "asylum", "humiliat", "insult", "discriminat", "unaccompanied"),
    SeriousKind.CUSTODY: ("custody", "detain", "arrest", "cell", "prisoner"),
}
# What is part of another: a firearm is force, a death is more than an injury.
WITHIN = {
    SeriousKind.FIREARM: {SeriousKind.FORCE},
    SeriousKind.DEATH: {SeriousKind.INJURY},
    SeriousKind.CUSTODY: {SeriousKind.FORCE},
}
# What an ordinary report must not tell alone.
SERIOUS = (SeriousKind.FIREARM, SeriousKind.FORCE, SeriousKind.INJURY, SeriousKind.DEATH, SeriousKind.RIGHTS)
_NOT = re.compile(r"\b(?:no|not|nobody|none|without|never)\b(?:\s+\w+){0,3}$")


def spoken(text: str) -> dict[str, str]:
    """By kind, the first word in the text that speaks of it; what is denied ("nobody was injured") does not count."""
    found = {}
    low = text.lower()
    for kind, beginnings in SPEAKS.items():
        for match in re.finditer(rf"\b(?:{'|'.join(map(re.escape, beginnings))})\w*", low):
            if not _NOT.search(low[: match.start()].rstrip()):
                found[str(kind)] = match.group()
                break
    return found


def question(kind: str, text: str) -> str:
    """What to ask when category and text disagree; empty when they agree."""
    found = spoken(text)
    chosen = SeriousKind(kind)
    others = [k for k in found if k != kind and k not in WITHIN.get(chosen, set())]
    graver = [k for k in others if k in (SeriousKind.DEATH, SeriousKind.FIREARM)]
    if kind == SeriousKind.OTHER or (kind in SPEAKS and kind not in found):
        if others:
            word = found[others[0]]
            said = SeriousKind(others[0]).label.lower()
            return f"You chose “{chosen.label}”, and the text speaks of “{word}”: is it “{said}”?"
        return (
            ""
            if kind == SeriousKind.OTHER
            else f"You chose “{chosen.label}”, and the text says nothing of it. Is that right?"
        )
    if graver:
        return f"The text speaks of “{found[graver[0]]}”: is “{chosen.label}” the gravest of it?"
    return ""


def serious_question(text: str) -> str:
    """Of an ordinary report: whether a serious incident should be told besides; empty when nothing speaks of one."""
    found = spoken(text)
    word = next((found[kind] for kind in SERIOUS if kind in found), "")
    return f"The text speaks of “{word}”: should a serious incident be told besides, outside the chain?" if word else ""
