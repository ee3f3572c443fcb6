"""The strictest of two records' terms: what R12 takes over. Pure functions."""

from dataclasses import replace

from agreements.register.choices import Onward
from agreements.sharing.actions.records import Marking
from agreements.sharing.policy.onward import STRICTER


def stricter(mine: Marking, theirs: Marking) -> Marking:
    """`mine` with the stricter of both where a receiver is bound: TLP, REL TO, display-only, handling codes.

    Categories and classification stay the writer's: they say what is in it.
    """
    if theirs.rel_to is None:
        rel_to = mine.rel_to
    else:
        rel_to = [code for code in theirs.rel_to if mine.rel_to is None or code in mine.rel_to]
    notes = [part for note in (mine.handling_note, theirs.handling_note) if note for part in note.split("; ")]
    return replace(
        mine,
        tlp=max(mine.tlp, theirs.tlp),
        rel_to=rel_to,
        display_only=mine.display_only or theirs.display_only,
        handling_codes=sorted({*mine.handling_codes, *theirs.handling_codes}),
        handling_note="; ".join(dict.fromkeys(notes))[:300],
    )


def is_as_strict(mine: Marking, theirs: Marking) -> str:
    """What is missing for `mine` to be as strict as `theirs`, in words; empty when nothing is."""
    if mine.tlp < theirs.tlp:
        return "TLP"
    if theirs.rel_to is not None and (mine.rel_to is None or not set(mine.rel_to) <= set(theirs.rel_to)):
        return "REL TO"
    if theirs.display_only and not mine.display_only:
        return "display only"
    codes = sorted(set(theirs.handling_codes) - set(mine.handling_codes))
    return f"handling code {', '.join(codes)}" if codes else ""


def strictest_rule(*rules: str) -> Onward:
    return max((Onward(rule) for rule in rules), key=lambda rule: STRICTER[rule])
