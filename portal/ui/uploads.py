"""A request that claims to be huge is answered before anything of it is read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

WORDS = "The request is larger than the portal accepts."


class SizeMiddleware:
    """Answers 413 by the size that is claimed. One that claims less than it sends is cut off at what it claimed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            claimed = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            claimed = 0
        if claimed > settings.UPLOAD_LIMIT_REQUEST:
            return HttpResponse(WORDS, status=413, content_type="text/plain")
        return self.get_response(request)
