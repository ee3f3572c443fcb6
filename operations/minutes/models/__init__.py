"""Minutes and what hangs from them, what each agency says of them, and how often a board is to meet."""

from operations.minutes.models.agreeing import Annotation, Assent, MinutesCopy
from operations.minutes.models.minutes import ActionItem, Minutes, Point, Report, Side, Wording
from operations.minutes.models.rhythm import Kept, Rhythm

__all__ = [
    "ActionItem",
    "Annotation",
    "Assent",
    "Kept",
    "Minutes",
    "MinutesCopy",
    "Point",
    "Report",
    "Rhythm",
    "Side",
    "Wording",
]
