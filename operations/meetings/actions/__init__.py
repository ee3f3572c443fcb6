"""What officers do with meetings. Pages and API call the same."""

from operations.meetings.actions.attending import (
    Invitee,
    accept_invitation,
    assign_officer,
    end_participation,
    invite_agency,
    note_attendance,
    rsvp,
    seat,
    unassign,
)
from operations.meetings.actions.calling import call, cancel, change
from operations.meetings.actions.reminding import remind_me
from operations.meetings.actions.times import cancel_time, move_time

__all__ = [
    "Invitee",
    "accept_invitation",
    "assign_officer",
    "call",
    "cancel",
    "cancel_time",
    "change",
    "end_participation",
    "invite_agency",
    "move_time",
    "note_attendance",
    "remind_me",
    "rsvp",
    "seat",
    "unassign",
]
