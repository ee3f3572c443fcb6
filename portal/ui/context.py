"""What every page is told."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.ui import menu, notices, panels


def page(request: HttpRequest) -> dict[str, Any]:
    """Who acts, the menu, notices above the page, and the layout of panels' fragments.

    `layout` is the bare fragment for htmx and a whole page for a browser without scripts.
    """
    match = request.resolver_match
    return {
        "appointment": getattr(request, "appointment", None),
        "appointments": getattr(request, "appointments", ()),
        "menu_entries": menu.entries_for(request),
        "notices": notices.current(),
        "is_demo": settings.DEMO,
        # Keys of the records on this page; asked again while it is open.
        "shown": list(dict.fromkeys(getattr(request, "shown", ()))),
        "layout": "ui/fragment.html" if getattr(request, "htmx", False) else "ui/standalone.html",
        "panel_title": panels.title_of(match.view_name if match else ""),
    }
