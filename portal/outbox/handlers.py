"""What brings each kind of message about. Rooms register theirs in `AppConfig.ready`."""

from collections.abc import Callable, Sequence
from typing import Any

Payload = dict[str, Any]
Handler = Callable[[Payload], None]
ManyHandler = Callable[[Sequence[Payload]], None]

_handlers: dict[str, Handler] = {}
_many: dict[str, ManyHandler] = {}


def register(kind: str, function: Handler) -> None:
    """Let `function(payload)` handle messages of `kind`, each in a transaction of its own.

    It may run more than once for one message, and so brings its effects about under unique keys. It asks for rights
    again: what was allowed at emitting may not be at sending. Raise ValueError when another handles the kind.
    """
    if kind in _many or _handlers.get(kind, function) is not function:
        raise ValueError(f"Messages of kind “{kind}” have a handler already.")
    _handlers[kind] = function


def register_many(kind: str, function: ManyHandler) -> None:
    """Let `function(payloads)` handle many messages of `kind` at once, in one transaction. Promises as for `register`.

    Only for effects that are rows: what leaves the house would leave again for all of them when one fails. When it
    raises, each is handled alone, so that the one that cannot be handled holds up no other.
    """
    if kind in _handlers or _many.get(kind, function) is not function:
        raise ValueError(f"Messages of kind “{kind}” have a handler already.")
    _many[kind] = function


def unregister(kind: str) -> None:
    """Forget the handler of `kind`."""
    _handlers.pop(kind, None)
    _many.pop(kind, None)


def kinds() -> tuple[str, ...]:
    """Every kind that has a handler."""
    return tuple(sorted({*_handlers, *_many}))


def takes_many(kind: str) -> bool:
    """Whether messages of `kind` are handled many at once."""
    return kind in _many


def handle(kind: str, payload: Payload) -> None:
    """Run the handler. Raise LookupError when there is none: an older worker puts the message back so."""
    if kind in _many:
        _many[kind]([payload])
    elif kind in _handlers:
        _handlers[kind](payload)
    else:
        raise LookupError(f"No handler is registered for messages of kind “{kind}”.")


def handle_many(kind: str, payloads: Sequence[Payload]) -> None:
    """Run the handler of a kind that takes many."""
    _many[kind](payloads)
