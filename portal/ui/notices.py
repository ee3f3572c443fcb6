"""Notices above every page, told by the rooms: a function gives a sentence, or None when all is well."""

from collections.abc import Callable

Notice = Callable[[], str | None]
_NOTICES: list[Notice] = []


def register(notice: Notice) -> None:
    if notice not in _NOTICES:
        _NOTICES.append(notice)


def current() -> list[str]:
    return [sentence for notice in _NOTICES if (sentence := notice())]
