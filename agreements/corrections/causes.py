"""Kinds of outbox messages that this room queues."""

PROPOSED = "corrections.proposed"
ANSWERED = "corrections.answered"
