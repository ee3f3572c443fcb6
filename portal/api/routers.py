"""The router of every room's API."""

from typing import Any

from rest_framework.routers import SimpleRouter


class Router(SimpleRouter):
    """Typed lookups (`<uuid:pk>`), and URL names after the prefix: `records-list`, `records-detail`."""

    def __init__(self) -> None:
        super().__init__(trailing_slash=True, use_regex_path=False)

    def register(self, prefix: str, viewset: Any, basename: str | None = None) -> None:
        super().register(prefix, viewset, basename=basename or prefix)
