"""Kinds of outbox messages that the register queues; payloads hold keys only."""

REGISTERED = "register.registered"
CHANGED = "register.changed"
CONFIRMED = "register.confirmed"
