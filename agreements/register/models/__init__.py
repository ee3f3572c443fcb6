"""On what terms: agreements and the dated facts about them. What they permit is worked out, never stored."""

from agreements.register.models.actions import TreatyAction
from agreements.register.models.agreements import Agreement, Party
from agreements.register.models.clauses import Clause
from agreements.register.models.conditions import ForceCondition
from agreements.register.models.confirmations import Confirmation
from agreements.register.models.designations import Designation
from agreements.register.models.fact import Fact
from agreements.register.models.relations import Relation

__all__ = [
    "Agreement",
    "Clause",
    "Confirmation",
    "Designation",
    "Fact",
    "ForceCondition",
    "Party",
    "Relation",
    "TreatyAction",
]
