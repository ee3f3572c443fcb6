"""Messages that survive: causes, the due table, idempotency keys, and the worker's health."""
