"""What an open page asks from time to time: whether it may go on showing what it shows (R13)."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record

# Keys of one question: a page that shows more asks several.
MOST = 100


@require_GET
def still(request: HttpRequest) -> HttpResponse:
    """204 while the officer may see each of the records `?r=`; else 410, whichever it is, hidden or unknown (R17).

    Nothing is disclosed by it: who asks has the page already, or learns nothing.
    """
    try:
        keys = {uuid.UUID(key) for key in request.GET.getlist("r")}
    except ValueError:
        return HttpResponse(status=410)
    if len(keys) > MOST:
        return HttpResponse(status=410)
    seen = Record.objects.visible_to(access_of(request)).filter(pk__in=keys).count()
    return HttpResponse(status=204 if seen == len(keys) else 410)
