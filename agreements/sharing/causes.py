"""Kinds of outbox messages that sharing queues; the alerts room brings them about."""

RELEASED = "sharing.released"
INVITED = "sharing.invited"
ANSWERED = "sharing.answered"
ASSIGNED = "sharing.assigned"
RECALLED = "sharing.recalled"
