"""Kinds of outbox messages that drafting queues; payloads hold keys only."""

ASKED = "drafting.asked"
DECIDED = "drafting.decided"
SHARED = "drafting.shared"
ACTIVATE = "drafting.activate"
