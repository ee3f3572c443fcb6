"""Whom a word is for: topics are opaque names, and rooms say which of them a signed-in page listens to."""

from collections.abc import Callable, Iterable

from django.http import HttpRequest

Topics = Callable[[HttpRequest], Iterable[str]]
# What every open page listens to.
ALL = "all"
_FOUND: list[Topics] = []


def register(topics: Topics) -> None:
    """Let the pages of a request listen to `topics(request)` as well."""
    if topics not in _FOUND:
        _FOUND.append(topics)


def of(request: HttpRequest) -> list[str]:
    """What the pages of this officer, in this appointment, listen to; nothing without one."""
    found = sorted({topic for function in _FOUND for topic in function(request)})
    return [ALL, *found] if found else []
