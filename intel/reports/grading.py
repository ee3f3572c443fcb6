"""Schemes by which reports are graded: reliability of the source, credibility of the information, in exact words.

A grade means something in its scheme alone: "A1" is not the same by NATO and by the EU, so the scheme is stored
with it and none is converted. "Cannot be judged" is not the worst grade, only the last in the list. Handling parts
of the British schemes are left out, for the marking says how a report is handled.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.db.models import Q


class SchemeName(models.TextChoices):
    NATO = "nato", "NATO / Admiralty A–F, 1–6"
    EU_4X4 = "eu4x4", "European 4×4"
    UK_3X5X2 = "uk3x5x2", "UK 3×5×2"
    UK_5X5X5 = "uk5x5x5", "UK 5×5×5 (older reports)"


@dataclass(frozen=True)
class Scheme:
    """One scheme: its short word, and the meaning of each grade of source and information, in order."""

    name: SchemeName
    short: str
    origin: str
    source: Mapping[str, str]
    information: Mapping[str, str]

    @property
    def label(self) -> str:
        return str(self.name.label)


SCHEMES: dict[str, Scheme] = {
    scheme.name.value: scheme
    for scheme in (
        Scheme(
            SchemeName.NATO,
            "NATO",
            "AJP-2.1, STANAG 2511",
            {
                "A": "Completely reliable",
                "B": "Usually reliable",
                "C": "Fairly reliable",
                "D": "Not usually reliable",
                "E": "Unreliable",
                "F": "Reliability cannot be judged",
            },
            {
                "1": "Confirmed by other (independent) sources",
                "2": "Probably true",
                "3": "Possibly true",
                "4": "Doubtful",
                "5": "Improbable",
                "6": "Truth cannot be judged",
            },
        ),
        Scheme(
            SchemeName.EU_4X4,
            "EU 4×4",
            "Regulation (EU) 2016/794, Art. 29",
            {
                "A": "No doubt as to authenticity, trustworthiness, competence, or reliable in all instances",
                "B": "Reliable in most instances",
                "C": "Unreliable in most instances",
                "X": "Reliability cannot be assessed",
            },
            {
                "1": "Accuracy not in doubt",
                "2": "Known personally to the source, not to the official passing it on",
                "3": "Not known personally to the source, corroborated by other recorded information",
                "4": "Not known personally to the source and cannot be corroborated",
            },
        ),
        Scheme(
            SchemeName.UK_3X5X2,
            "UK 3×5×2",
            "National intelligence report",
            {"1": "Reliable", "2": "Untested", "3": "Not reliable"},
            {
                "A": "Known directly to the source",
                "B": "Known indirectly but corroborated",
                "C": "Known indirectly",
                "D": "Not known",
                "E": "Suspected to be false",
            },
        ),
        Scheme(
            SchemeName.UK_5X5X5,
            "UK 5×5×5",
            "National intelligence report, before 3×5×2",
            {
                "A": "Always reliable",
                "B": "Mostly reliable",
                "C": "Sometimes reliable",
                "D": "Unreliable",
                "E": "Untested",
            },
            {
                "1": "Known true without reservation",
                "2": "Known personally to the source, not to the officer",
                "3": "Not personally known to the source but corroborated",
                "4": "Cannot be judged",
                "5": "Suspected false or malicious",
            },
        ),
    )
}
PARTS = {"source_grade": "source", "information_grade": "information"}


def grades(scheme: str, field: str) -> Mapping[str, str]:
    """The grades that a scheme knows for `source_grade` or `information_grade`, with their meaning."""
    found: Mapping[str, str] = getattr(SCHEMES[scheme], PARTS[field])
    return found


def wrong(scheme: str, field: str, grade: str) -> str:
    """What to say of a grade that the scheme does not know; empty when it does."""
    known = grades(scheme, field)
    if grade in known:
        return ""
    return f"{SCHEMES[scheme].short} does not know “{grade}” for the {PARTS[field]}: it has {', '.join(known)}."


def is_one_scheme() -> Q:
    """The condition on a row: a known scheme, and both grades in it."""
    condition = Q()
    for name, scheme in SCHEMES.items():
        condition |= Q(
            scheme=name, source_grade__in=list(scheme.source), information_grade__in=list(scheme.information)
        )
    return condition
