"""Icons as inline SVG, from the npm package: no icon font, and they print."""

from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString, mark_safe

_ICON = '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>'


@lru_cache(maxsize=256)
def svg(name: str) -> SafeString:
    """The drawing of one bootstrap icon, hidden from screen readers; empty for an unknown name."""
    if not name.replace("-", "").isalnum():
        return SafeString("")
    path = finders.find(f"lib/bootstrap-icons/icons/{name}.svg")
    if not isinstance(path, str):
        return SafeString("")
    inside = Path(path).read_text().partition(">")[2].rpartition("</svg>")[0]
    return mark_safe(_ICON.format(inside.strip()))  # noqa: S308 - a file of the package, found by a checked name
