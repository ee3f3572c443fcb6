"""Kinds of outbox messages of this room; payloads hold keys and days only."""

REMIND = "deadlines.remind"
CHANGED = "deadlines.changed"
