"""Way in for uvicorn: ordinary pages run as WSGI in a thread pool, which is twice as fast as Django under ASGI; the live
stream runs beside them, without a thread of its own."""

import os

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from portal import memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

# Django's own stubs give the handler a response, which is the iterable of bytes that WSGI asks for.
pages = WSGIMiddleware(get_wsgi_application(), workers=8)  # type: ignore[arg-type]

from portal.live.hub import Hub  # noqa: E402 (the settings come first)
from portal.live.stream import Receive, Scope, Send, Stream  # noqa: E402
from portal.live.views import STREAM  # noqa: E402

stream = Stream(Hub(settings.REDIS_CLIENT_URL))


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """By the path: the stream, or a page."""
    if scope["type"] == "http" and scope["path"] == STREAM:
        await stream(scope, receive, send)
    else:
        await pages(scope, receive, send)  # type: ignore[arg-type]


memory.settle()
