"""Forms of meetings."""

from operations.meetings.forms.calling import CallForm, MeetingForm, initial_of
from operations.meetings.forms.details import (
    AttendanceForm,
    CancelForm,
    FeedForm,
    ItemForm,
    LeadForm,
    MeetingFilter,
    ReplyForm,
    SendForm,
    TimeForm,
)

__all__ = [
    "AttendanceForm",
    "CallForm",
    "CancelForm",
    "FeedForm",
    "ItemForm",
    "LeadForm",
    "MeetingFilter",
    "MeetingForm",
    "ReplyForm",
    "SendForm",
    "TimeForm",
    "initial_of",
]
