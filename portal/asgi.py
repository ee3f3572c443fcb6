"""Way in for uvicorn: ordinary pages run as WSGI in a thread pool, which is twice as fast as Django under ASGI."""

import os

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from portal import memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

# Django's own stubs give the handler a response, which is the iterable of bytes that WSGI asks for.
application = WSGIMiddleware(get_wsgi_application(), workers=8)  # type: ignore[arg-type]
memory.settle()
