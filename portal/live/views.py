"""Where an open page gets its ticket."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from portal.live import tickets, topics

STREAM = "/live/stream/"


@require_GET
def ticket(request: HttpRequest) -> HttpResponse:
    """The address of the stream for this officer; 204 where there is none, and pages ask by themselves."""
    found = topics.of(request)
    # A server without the asynchronous side, as in some tests and under plain WSGI.
    if not found or "asgi.scope" not in request.META:
        return HttpResponse(status=204)
    return JsonResponse({"stream": f"{STREAM}?ticket={tickets.issue(found)}"})
