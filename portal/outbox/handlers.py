"""What brings each kind of message about. Rooms register theirs in `AppConfig.ready`."""

from collections.abc import Callable
from typing import Any

Payload = dict[str, Any]
Handler = Callable[[Payload], None]

_handlers: dict[str, Handler] = {}


def register(kind: str, function: Handler) -> None:
    """Let `function(payload)` handle messages of `kind`.

    It runs inside a transaction, may run more than once for one message, and so brings its effects about
    under unique keys. It asks for rights again: what was allowed at emitting may not be at sending.
    """
    if _handlers.get(kind, function) is not function:
        raise ValueError(f"Messages of kind “{kind}” have a handler already.")
    _handlers[kind] = function


def unregister(kind: str) -> None:
    """Forget the handler of `kind`."""
    _handlers.pop(kind, None)


def kinds() -> tuple[str, ...]:
    """Every kind that has a handler."""
    return tuple(sorted(_handlers))


def handle(kind: str, payload: Payload) -> None:
    """Run the handler. Raise LookupError when there is none: an older worker puts the message back so."""
    if kind not in _handlers:
        raise LookupError(f"No handler is registered for messages of kind “{kind}”.")
    _handlers[kind](payload)
