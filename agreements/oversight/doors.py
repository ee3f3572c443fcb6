"""The door of an entry in words: the ledger keeps its code, and a page says which page, panel or work it was."""

from django.apps import apps

from portal.ui import menu, panels

# What the last word of a page's name stands for; any other is said as it is: `patrol-start` is "patrol start".
_ENDINGS = {
    "detail": "{}",
    "create": "new {}",
    "list": "{} list",
    "who": "who sees a {}",
    "why": "why one sees a {}",
}
_WORK = {"mail": "By mail", "support": "By support"}


def words(door: str) -> str:
    """`page oversight:ledger` is "Page: Ledger". What is known by no name stays as it is written."""
    side, _, name = door.partition(" ")
    if side == "page":
        return _page(name) if name else "A page"
    if side == "api":
        return f"API: {_plain(name)}" if name else "API"
    if side == "task":
        return f"The portal's own work: {_plain(name)}"
    return _WORK.get(door, door)


def _page(name: str) -> str:
    panel, entry = panels.title_of(name), menu.label_of(name)
    if panel or entry:
        return f"Panel: {panel}" if panel else f"Page: {entry}"
    room, _, page = name.rpartition(":")
    thing, _, ending = page.rpartition("-")
    said = _ENDINGS.get(ending, "{} " + ending) if thing else "{}"
    of = f" ({apps.get_app_config(room).verbose_name})" if room in apps.app_configs else ""
    return f"Page: {said.format(_plain(thing or ending))}{of}"


def _plain(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").replace(".", " ").replace(":", " ")
