"""The facts about treaties as plain values, and how they are loaded."""

from agreements.register.facts.correcting import as_known, corrected, stands
from agreements.register.facts.loading import load
from agreements.register.facts.values import (
    ActionFact,
    ClauseFact,
    ConditionFact,
    Country,
    Delay,
    DesignationFact,
    Instant,
    SuccessionFact,
    Treaties,
    Treaty,
    day_words,
    remembered,
)

__all__ = [
    "ActionFact",
    "ClauseFact",
    "ConditionFact",
    "Country",
    "Delay",
    "DesignationFact",
    "Instant",
    "SuccessionFact",
    "Treaties",
    "Treaty",
    "as_known",
    "corrected",
    "day_words",
    "load",
    "remembered",
    "stands",
]
